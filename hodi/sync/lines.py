"""Lines of an answer, and events as they travel to phones."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from hodi.db import Connection, Row, load_queries
from hodi.domain import Event, Observation
from hodi.events import id_set

_sql = load_queries(__file__)


class _Told(msgspec.Struct, frozen=True, omit_defaults=True):
    event: Event
    pos: int | None = None


def line(name: str, value: object) -> bytes:
    """One line of an answer: an object with one field."""
    return msgspec.json.encode({name: value}) + b"\n"


def event_lines(connection: Connection, unit: int, rows: Sequence[tuple[int | None, Row]]) -> list[bytes]:
    """Lines of events, each given as its position and the columns from `id` to `seq` (queries.sql)."""
    if not rows:
        return []
    observations = _observations(connection, unit, {row[0]: (row[3], row[10]) for _, row in rows})
    return [
        msgspec.json.encode(_Told(_event(unit, row, observations.get(row[0], ())), pos)) + b"\n"
        for pos, row in rows
    ]


def _event(unit: int, row: Row, observations: Sequence[Observation]) -> Event:
    (
        id_, area, household, person, visit, kind, form, form_version, target, occurred_at, occurred_day,
        recorded_at, stamp, author, device, seq,
    ) = row  # fmt: skip
    return Event(
        unit=unit, id=id_, area=area, household=household, person=person, visit=visit, kind=kind, form=form,
        form_version=form_version, target=target, occurred_at=occurred_at, occurred_day=occurred_day,
        recorded_at=recorded_at, stamp=stamp, author=author, device=device, seq=seq,
        observations=tuple(observations),
    )  # fmt: skip


def _observations(
    connection: Connection, unit: int, about: dict[int, tuple[int | None, int]]
) -> dict[int, list[Observation]]:
    """The values of events, whose person and day are given, in order. A person or a day travels only
    where it differs from the event's; a whole number without its decimal point."""
    found: dict[int, list[Observation]] = {}
    for event, person, concept, number, code, text, day in connection.rows(
        _sql.values, {"unit": unit, "ids": id_set(about)}
    ):
        event_person, event_day = about[event]
        found.setdefault(event, []).append(
            Observation(
                concept=concept,
                number=int(number) if number is not None and number.is_integer() else number,
                code=code,
                text=text,
                person=None if person == event_person else person,
                day=None if day == event_day else day,
            )
        )
    return found
