"""Places: county, sub-county, ward, facility, community health unit, promoter's area."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from hodi.db import Connection, Row, load_queries
from hodi.errors import INVALID_ANSWER, NOT_FOUND, HodiError

PlaceKind = Literal["county", "sub_county", "ward", "facility", "unit", "area"]

CHILDREN_OF: dict[PlaceKind, dict[str, PlaceKind]] = {
    "county": {"sub_county": "sub_county"},
    "sub_county": {"ward": "ward", "facility": "facility"},
    "ward": {"unit": "unit", "facility": "facility"},
    "unit": {"area": "area"},
    "facility": {},
    "area": {},
}
"""Which kinds of place lie in which."""

_sql = load_queries(__file__)
_COLUMNS = ("place", "kind", "parent", "name", "code", "khis_uid", "facility", "retired_at")
_STATE_ANEW = "(place) DO UPDATE SET " + ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS[1:])


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place. `facility` (of a unit) is the place number of the facility it is linked to."""

    place: int
    kind: PlaceKind
    name: str
    parent: int | None = None
    code: str | None = None
    khis_uid: str | None = None
    facility: int | None = None
    retired_at: int | None = None


def put_places(connection: Connection, places: Iterable[Place]) -> None:
    """Enter places in the register, or state them anew."""
    rows = {one.place: tuple(getattr(one, column) for column in _COLUMNS) for one in places}
    connection.insert("place", _COLUMNS, list(rows.values()), _STATE_ANEW)


def new_place(connection: Connection, place: Place) -> int:
    """Enter a place under a number of its own (`place.place` is not looked at); gives the number."""
    connection.run(_sql.hold_numbers)
    number = int(connection.rows(_sql.next_place)[0][0])
    put_places(connection, [msgspec.structs.replace(place, place=number)])
    return number


def retire_place(connection: Connection, place: Place, *, now: int) -> None:
    """Take a place out of use; what happened there stays in the books. Raises INVALID_ANSWER while something
    keeps it in use: a place in it, a linked unit, somebody who works there, a household."""
    unit = place.parent if place.kind == "area" else place.place
    if connection.rows(_sql.in_use_at, {"place": place.place, "unit": unit}):
        raise HodiError(INVALID_ANSWER, "in_use")
    connection.run(_sql.retire_place, {"place": place.place, "now": now})


def is_code_taken(connection: Connection, place: Place) -> bool:
    """Whether another place of the kind has the same code."""
    given = {"kind": place.kind, "code": place.code, "place": place.place}
    return bool(place.code) and bool(connection.rows(_sql.code_taken, given))


def place_by_number(connection: Connection, place: int) -> Place:
    """The place with a number. Raises NOT_FOUND."""
    rows = connection.rows(_sql.place, {"place": place})
    if not rows:
        raise HodiError(NOT_FOUND, "place")
    return _place(rows[0])


def places_in(connection: Connection, parent: int, kind: PlaceKind) -> list[Place]:
    """Places of a kind that lie directly in another, by name."""
    return [_place(row) for row in connection.rows(_sql.places_in, {"parent": parent, "kind": kind})]


def _place(row: Row) -> Place:
    return Place(**dict(zip(_COLUMNS, row, strict=True)))
