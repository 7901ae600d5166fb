"""Places: county, sub-county, ward, facility, community health unit, promoter's area."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from hodi.db import Connection

PlaceKind = Literal["county", "sub_county", "ward", "facility", "unit", "area"]


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
    raise NotImplementedError


def place_by_number(connection: Connection, place: int) -> Place:
    """The place with a number. Raises NOT_FOUND."""
    raise NotImplementedError


def places_in(connection: Connection, parent: int, kind: PlaceKind) -> list[Place]:
    """Places of a kind that lie directly in another, by name."""
    raise NotImplementedError
