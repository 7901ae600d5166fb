"""Histories: events stated in a line each, by the day, and put into a store by the front door."""

from __future__ import annotations

from hodi import record
from hodi.db import Connection, Row
from hodi.domain import Event
from hodi.events import append
from tests.harness.events import IN_COSTA_CLARA, IN_KENYA, Country, EventBuilder

__all__ = ["DAY_0", "IN_COSTA_CLARA", "IN_KENYA", "SCHEMA", "UNIT", "Country", "Told", "instant", "write"]

SCHEMA = IN_KENYA.schema
DAY_0 = IN_KENYA.day_0
UNIT, AREA, AUTHOR, DEVICE = 1, 2, 7, 9
_LONG_AGO = -1_500


class Told:
    """Events in order. Days, and values of concepts of type `day`, are counted from the country's day 0."""

    def __init__(self, unit: int = UNIT, country: Country = IN_KENYA) -> None:
        self.events: list[Event] = []
        self.country = country
        self._now = country.instant(0)
        self._build = EventBuilder(
            unit=unit, area=AREA, author=AUTHOR, device=DEVICE, country=country, clock=lambda: self._now
        )
        self._written = 0

    def say(self, kind: str, day: float, *, household: int, **states: object) -> int:
        """State an event; gives its id."""
        return self._keep(self._build.event(kind, household=household, **self._dated(day, states)))

    def household(self, day: float = _LONG_AGO, **states: object) -> int:
        """Register a household; gives its number."""
        number, event = self._build.household(**self._dated(day, states))  # type: ignore[arg-type]
        self._keep(event)
        return number

    def member(self, household: int, day: float = _LONG_AGO, **states: object) -> int:
        """Register a member, a grown woman unless it is said otherwise; gives the number."""
        described = self._dated(day, {"given_name": "Jina", "birth_day": -9_000, **states})
        person, event = self._build.member(household, **described)
        self._keep(event)
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

    def _keep(self, event: Event) -> int:
        self.events.append(event)
        return event.id

    def _dated(self, day: float, states: dict[str, object]) -> dict[str, object]:
        """What is stated on a day, its own days counted since 1970. What is said later has a later stamp,
        whatever its day."""
        self._now = self.country.instant(day)
        dated: dict[str, object] = {"stamp": len(self.events) + 1}
        for name, value in states.items():
            if name == "stamp" and value is None:
                continue
            concept = self.country.concepts.get(name)
            is_day = concept is not None and concept.type == "day" and isinstance(value, int | float)
            dated[name] = value + self.country.day_0 if is_day else value  # type: ignore[operator]
        return dated


def instant(day: float) -> int:
    """An instant in Kenya: nine in the morning of a day counted from day 0, or what a fraction says."""
    return IN_KENYA.instant(day)


def write(connection: Connection, events: list[Event], country: Country = IN_KENYA) -> None:
    """Append events; none may be refused."""
    receipts = append(connection, events, now=instant(5_000), rules=country.rules)
    refused = [(receipt.code, receipt.detail) for receipt in receipts if receipt.verdict == "refused"]
    assert not refused, refused
