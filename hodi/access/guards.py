"""The guards: one for each thing that can be read or done. Each raises NOT_ALLOWED or returns."""

from __future__ import annotations

from hodi.access.accounts import Account, Role
from hodi.access.places import Place, places_above
from hodi.access.searches import has_claimed
from hodi.db import Connection, load_queries
from hodi.errors import NOT_ALLOWED, NOT_FOUND, HodiError

_sql = load_queries(__file__)


def require_role(account: Account, *roles: Role) -> None:
    """The account has one of these roles."""
    _require(account.role in roles, "role")


def require_admin(account: Account) -> None:
    """Keeps accounts and devices."""
    require_role(account, "admin")


def require_unit(account: Account, unit: int) -> None:
    """Sees the board and lists of a unit: its supervisor."""
    _require(account.role == "supervisor" and unit in account.units, "unit")


def require_facility(account: Account, facility: str) -> None:
    """Works at the facility with this master facility code: its nurse."""
    _require(account.role == "nurse" and facility in account.facilities, "facility")


def require_place(connection: Connection, account: Account, place: int) -> list[Place]:
    """Sees the totals of a place above the unit: its officer, or the officer of a place that it lies in.
    Gives the places that it lies in, outermost first, and itself last."""
    _require(account.role == "officer", "place")
    above = places_above(connection, place)
    _require(any(one.place in account.places for one in above), "place")
    return above


def require_household(connection: Connection, account: Account, *, unit: int, household: int) -> None:
    """Reads a household's record: its promoter, its unit's supervisor, or a nurse to whose facility somebody
    of it was referred."""
    if account.role == "supervisor":
        require_unit(account, unit)
    elif account.role == "promoter":
        rows = connection.rows(_sql.home_area, {"unit": unit, "household": household})
        _require(unit in account.units and bool(rows) and rows[0][0] in account.areas, "household")
    elif account.role == "nurse":
        rows = connection.rows(_sql.facilities_of_household, {"unit": unit, "household": household})
        _require(any(row[0] in account.facilities for row in rows), "household")
    else:
        _require(False, "household")


def require_referral(connection: Connection, account: Account, *, unit: int, referral: int) -> None:
    """Reads and answers a referral: the facility it is for, the facility its unit is linked to, the
    unit's supervisor, the area's promoter; and a nurse who has claimed it, because the person brought her the
    slip. Raises NOT_FOUND if there is none."""
    rows = connection.rows(_sql.referral, {"unit": unit, "referral": referral})
    if not rows:
        raise HodiError(NOT_FOUND, "referral")
    facility, area = rows[0]
    if account.role == "nurse":
        own = facility in account.facilities or unit in account.units
        _require(own or has_claimed(connection, account, unit=unit, referral=referral), "referral")
    elif account.role == "promoter":
        _require(unit in account.units and area in account.areas, "referral")
    else:
        require_unit(account, unit)


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise HodiError(NOT_ALLOWED, what)
