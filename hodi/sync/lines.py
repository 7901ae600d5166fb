"""Lines of a response, and events as they travel to phones."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from hodi.db import Connection, Row, load_queries
from hodi.domain import Event, Observation
from hodi.events import id_set

_sql = load_queries(__file__)


class _EventLine(msgspec.Struct, frozen=True):
    event: Event


def line(name: str, value: object) -> bytes:
    """One line of a response: an object with one field."""
    return msgspec.json.encode({name: value}) + b"\n"


def event_lines(connection: Connection, unit: int, rows: Sequence[Row]) -> list[bytes]:
    """Lines of events, each given as its columns from `id` to `seq` (queries.sql)."""
    if not rows:
        return []
    values = _observations(connection, unit, {row[0]: (row[3], row[10]) for row in rows})
    return [
        msgspec.json.encode(_EventLine(_event(unit, row, values.get(row[0], ())))) + b"\n" for row in rows
    ]


def whole(number: float | None) -> float | int | None:
    """A number as it travels: without a decimal point if it needs none."""
    return int(number) if number is not None and number.is_integer() else number


def _event(unit: int, row: Row, observations: Sequence[Observation]) -> Event:
    # fmt: off
    (
        id_, area, household, person, visit, kind, form, form_version, target, occurred_at, occurred_day,
        recorded_at, stamp, author, device, seq,
    ) = row
    return Event(
        unit=unit, id=id_, area=area, household=household, person=person, visit=visit, kind=kind, form=form,
        form_version=form_version, target=target, occurred_at=occurred_at, occurred_day=occurred_day,
        recorded_at=recorded_at, stamp=stamp, author=author, device=device, seq=seq,
        observations=tuple(observations),
    )
    # fmt: on


def _observations(
    connection: Connection, unit: int, about: dict[int, tuple[int | None, int]]
) -> dict[int, list[Observation]]:
    """The values of events, in order. Their person and day, `about`, are said only where they differ."""
    found: dict[int, list[Observation]] = {}
    rows = connection.rows(_sql.values, {"unit": unit, "ids": id_set(about)})
    for event, person, concept, number, code, text, day in rows:
        event_person, event_day = about[event]
        found.setdefault(event, []).append(
            Observation(
                concept=concept,
                number=whole(number),
                code=code,
                text=text,
                person=None if person == event_person else person,
                day=None if day == event_day else day,
            )
        )
    return found
