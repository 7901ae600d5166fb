"""Places: county, sub-county, ward, facility, community health unit, promoter's area."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from hodi.db import Connection, Row, load_queries
from hodi.errors import NOT_FOUND, HodiError

PlaceKind = Literal["county", "sub_county", "ward", "facility", "unit", "area"]

_sql = load_queries(__file__)
_COLUMNS = ("place", "kind", "parent", "name", "code", "khis_uid", "facility")
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


def put_places(connection: Connection, places: Iterable[Place]) -> None:
    """Enter places in the register, or state them anew."""
    rows = {one.place: tuple(getattr(one, column) for column in _COLUMNS) for one in places}
    connection.insert("place", _COLUMNS, list(rows.values()), _STATE_ANEW)


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
