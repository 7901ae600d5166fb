"""The guards: one for each thing that can be read or done. Each raises NOT_ALLOWED or returns."""

from __future__ import annotations

from hodi.access.accounts import Account, Role
from hodi.db import Connection


def require_role(account: Account, *roles: Role) -> None:
    """The account has one of these roles."""
    raise NotImplementedError


def require_admin(account: Account) -> None:
    """Keeps accounts and devices."""
    raise NotImplementedError


def require_unit(account: Account, unit: int) -> None:
    """Sees the board and lists of a unit: its CHA."""
    raise NotImplementedError


def require_facility(account: Account, facility: str) -> None:
    """Works at the facility with this master facility code: its nurse."""
    raise NotImplementedError


def require_sub_county(account: Account, sub_county: int) -> None:
    """Sees the totals of a sub-county."""
    raise NotImplementedError


def require_household(connection: Connection, account: Account, *, unit: int, household: int) -> None:
    """Reads a household's record: its promoter, its unit's CHA, or a nurse to whose facility somebody
    of it was referred."""
    raise NotImplementedError


def require_referral(connection: Connection, account: Account, *, unit: int, referral: int) -> None:
    """Reads and answers a referral: the facility it is for, a facility linked to its unit, the unit's
    CHA, the area's promoter."""
    raise NotImplementedError


def log_read(
    connection: Connection, account: Account, action: str, *, now: int, unit: int | None = None,
    household: int | None = None, person: int | None = None, detail: str | None = None,
) -> None:
    """Note who read or downloaded what (`action`: read, download, search, login, enrol, revoke)."""
    raise NotImplementedError
