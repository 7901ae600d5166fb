"""Stating events in tests in a line each, and putting them into a store by the front door."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import pathlib

from hodi import record
from hodi.config import ROOT
from hodi.content import load
from hodi.content.concepts import Concept, load_concepts
from hodi.db import Connection, Row
from hodi.domain import DAY_MS, Event, Observation, Zone, day_of, day_start, make_id
from hodi.events import Rules, append, load_rules
from hodi.events.limits import LIMITS
from tests.cast import ZONE

KENYA = ROOT / "content" / "kenya"
SCHEMA = record.load_record_schema(KENYA)
DAY_0 = 20_000
UNIT, AREA, AUTHOR, DEVICE = 1, 2, 7, 9
HOUR_MS = 3_600_000
RECORDED_FIRST = 1_580_000_000_000
"""What happened before was typed in then: the front door takes nothing that is said to be older."""
_COLUMN = {"code": "code", "text": "text"}


@dataclasses.dataclass(frozen=True)
class Country:
    """Where something is told: the pack's folder, its time zone, and which day (since 1970) is day 0."""

    folder: pathlib.Path
    zone: Zone
    day_0: int = DAY_0

    @functools.cached_property
    def concepts(self) -> dict[str, Concept]:
        """What can be stated of everybody there; each programme's own among them."""
        return load_concepts(self.folder)[0]

    @functools.cached_property
    def rules(self) -> Rules:
        """What its front door asks of an event."""
        return load_rules(self.folder)

    @functools.cached_property
    def schema(self) -> record.RecordSchema:
        """The tables and steps of its record."""
        return record.load_record_schema(self.folder)

    def instant(self, day: float) -> int:
        """Nine hours into a day counted from day 0, or as far into it as a fraction of 24 hours says."""
        fraction = day % 1 or 0.375
        return day_start(int(self.day_0 + day // 1), self.zone) + int(fraction * DAY_MS)


IN_KENYA = Country(KENYA, ZONE)
_EXAMPLE = ROOT / "content" / "example"
IN_COSTA_CLARA = Country(_EXAMPLE, load(_EXAMPLE).zone, day_0=20_170)
"""The example country. Its day 14 has 25 hours and its day 168 has 23: 5 April and 7 September 2025."""


def instant(day: float) -> int:
    """An instant in Kenya: nine in the morning of a day counted from day 0, or what a fraction says."""
    return IN_KENYA.instant(day)


class Told:
    """What is told, in order. Days, and values of concepts of type `day`, are counted from day 0."""

    def __init__(self, unit: int = UNIT, country: Country = IN_KENYA) -> None:
        self.events: list[Event] = []
        self.country = country
        self._unit = unit
        self._ids = (make_id(DEVICE, n) for n in itertools.count(1))
        self._written = 0

    def say(
        self,
        kind: str,
        day: float,
        *,
        household: int,
        person: int | None = None,
        target: int | None = None,
        visit: int | None = None,
        form: str | None = None,
        stamp: int | None = None,
        **states: object,
    ) -> int:
        """State an event; gives its id."""
        id_, at = next(self._ids), self.country.instant(day)
        self.events.append(
            Event(
                unit=self._unit,
                id=id_,
                kind=kind,
                area=AREA,
                household=household,
                person=person,
                target=target,
                visit=id_ if kind == "visit.made" else visit,
                form=form,
                occurred_at=at,
                occurred_day=day_of(at, self.country.zone),
                recorded_at=max(at, LIMITS.recorded_at_min),
                stamp=len(self.events) + 1 if stamp is None else stamp,
                author=AUTHOR,
                device=DEVICE,
                observations=tuple(observation(name, value, self.country) for name, value in states.items()),
            )
        )
        return id_

    def household(self, day: float = -1_500, **states: object) -> int:
        """Register a household; gives its number."""
        household = next(self._ids)
        self.say("household.registered", day, household=household, **{"head_name": "Mkuu", **states})
        return household

    def member(self, household: int, day: float = -1_500, **states: object) -> int:
        """Register a member; gives the number."""
        person = next(self._ids)
        described = {"given_name": "Jina", "sex": "female", "birth_day": -9_000, **states}
        self.say("person.registered", day, household=household, person=person, **described)
        return person

    def assessment(self, household: int, person: int, day: float, **states: object) -> int:
        """State an assessment; gives its id."""
        return self.say("assessment.recorded", day, household=household, person=person, form="form", **states)

    def write(self, connection: Connection) -> None:
        """Append what has not been written yet."""
        events, self._written = self.events[self._written :], len(self.events)
        write(connection, events, self.country)

    def fold(self, connection: Connection, query: str) -> list[Row]:
        """Append, fold, and give the rows of a query."""
        self.write(connection)
        while record.fold(connection, self.country.schema, households_max=200).more:
            pass
        return connection.rows(query)


def write(connection: Connection, events: list[Event], country: Country = IN_KENYA) -> None:
    """Append events; none may be refused."""
    receipts = append(connection, events, now=instant(5_000), rules=country.rules)
    refused = [(receipt.code, receipt.detail) for receipt in receipts if receipt.verdict == "refused"]
    assert not refused, refused


def observation(concept: str, value: object, country: Country = IN_KENYA) -> Observation:
    """One stated value, in the field that its concept has."""
    type_ = country.concepts[concept].type
    if type_ in _COLUMN:
        return Observation(concept=concept, **{_COLUMN[type_]: value})  # type: ignore[arg-type]
    assert isinstance(value, int | float)
    return Observation(concept=concept, number=value + country.day_0 if type_ == "day" else value)
