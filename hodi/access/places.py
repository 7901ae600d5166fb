"""The register of places: levels of the pack's (hodi/content/levels.py), units, areas, facilities."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from hodi.access.place_facts import refresh_place_facts
from hodi.db import Connection, Row, load_queries
from hodi.errors import INVALID_ANSWER, NOT_FOUND, HodiError

_sql = load_queries(__file__)
_COLUMNS = ("place", "kind", "parent", "name", "code", "hmis_uid", "facility", "retired_at")
_STATE_ANEW = "(place) DO UPDATE SET " + ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS[1:])


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place. `kind`: a level of the pack, or `facility`; `facility` (of a unit) is
    the place number of the facility it is linked to."""

    place: int
    kind: str
    name: str
    parent: int | None = None
    code: str | None = None
    hmis_uid: str | None = None
    facility: int | None = None
    retired_at: int | None = None


def put_places(connection: Connection, places: Iterable[Place]) -> None:
    """Enter places in the register, or state them anew."""
    stated = {one.place: one for one in places}
    only = next(iter(stated.values())) if len(stated) == 1 else None
    below = only.place if only is not None and _lies_where_it_lay(connection, only) else None
    rows = [tuple(getattr(one, column) for column in _COLUMNS) for one in stated.values()]
    connection.insert("place", _COLUMNS, rows, _STATE_ANEW)
    refresh_place_facts(connection, below=below)


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


def places_above(connection: Connection, place: int) -> list[Place]:
    """What a place lies in, from the top down, and the place itself; empty if there is none."""
    return [_place(row) for row in connection.rows(_sql.places_above, {"place": place})]


def places_in(connection: Connection, parent: int, kind: str) -> list[Place]:
    """Places of a kind that lie directly in another, by name."""
    return [_place(row) for row in connection.rows(_sql.places_in, {"parent": parent, "kind": kind})]


def _lies_where_it_lay(connection: Connection, stated: Place) -> bool:
    """Whether a place is new, or stays within what it lay in."""
    rows = connection.rows(_sql.place, {"place": stated.place})
    return not rows or _place(rows[0]).parent == stated.parent


def _place(row: Row) -> Place:
    return Place(**dict(zip(_COLUMNS, row, strict=True)))
