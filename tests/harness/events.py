"""The builder of events for tests: whoever states them, by whatever way they then go, they are made here."""

from __future__ import annotations

import dataclasses
import functools
import pathlib
from collections.abc import Callable, Iterable, Mapping

import msgspec

from hodi import record
from hodi.config import ROOT
from hodi.content.concepts import Concept, load_concepts
from hodi.domain import DAY_MS, Event, IdMint, Observation, Stamper, Zone, day_of, day_start
from hodi.events import Rules, load_rules
from hodi.events.limits import LIMITS

_COLUMNS = frozenset(Event.__struct_fields__)


@dataclasses.dataclass(frozen=True)
class Country:
    """Where events happen: the pack's folder, and the day (since 1970) that a history calls day 0."""

    folder: pathlib.Path
    day_0: int = 20_000

    @functools.cached_property
    def concepts(self) -> dict[str, Concept]:
        """What can be stated of everybody there; each programme's own among them."""
        return load_concepts(self.folder)[0]

    @functools.cached_property
    def rules(self) -> Rules:
        """What the server asks of an event there."""
        return load_rules(self.folder)

    @functools.cached_property
    def schema(self) -> record.RecordSchema:
        """The tables and steps of its record."""
        return record.load_record_schema(self.folder)

    @property
    def zone(self) -> Zone:
        """Its time zone."""
        return self.rules.zone

    def instant(self, day: float) -> int:
        """Nine hours into a day counted from day 0, or as far into it as a fraction of 24 hours says."""
        fraction = day % 1 or 0.375
        return day_start(int(self.day_0 + day // 1), self.zone) + int(fraction * DAY_MS)


IN_KENYA = Country(ROOT / "content" / "kenya")
IN_COSTA_CLARA = Country(ROOT / "content" / "example", day_0=20_170)
"""The example country. Its day 14 has 25 hours and its day 168 has 23: 5 April and 7 September 2025."""


def observations(country: Country = IN_KENYA, /, **values: object) -> tuple[Observation, ...]:
    """Values by concept, each in the field that its concept has: number, code or text. What no concept has
    is a number or a text, as it comes."""
    stated = []
    for concept, value in values.items():
        listed = country.rules.concepts.get(concept)
        field = listed.holds if listed else "number" if isinstance(value, int | float) else "text"
        stated.append(msgspec.convert({"concept": concept, field: value}, Observation))
    return tuple(stated)


class EventBuilder:
    """Builds the events of one account's device: numbers, stamps and dates them. `clock` gives the instant
    (ms) at which the next is stated."""

    def __init__(
        self, *, unit: int, area: int | None, author: int, device: int, clock: Callable[[], int],
        country: Country = IN_KENYA,
    ) -> None:  # fmt: skip
        self.unit, self.area, self.author, self.device = unit, area, author, device
        self.clock = clock
        self.country = country
        self.mint = IdMint(device)
        self.stamper = Stamper()

    def event(self, kind: str, observed: Iterable[Observation] = (), **stated: object) -> Event:
        """An event of now. What `stated` names is a column of the event, or else the value of a concept.
        A visit is its own visit."""
        now = self.clock()
        columns, values = parted(stated)
        columns = {
            "unit": self.unit,
            "kind": kind,
            "area": self.area,
            "occurred_at": now,
            "recorded_at": max(now, LIMITS.recorded_at_min),
            "author": self.author,
            "device": self.device,
            "observations": (*observed, *observations(self.country, **values)),
            **columns,
        }
        if "id" not in columns:
            columns["id"] = self.mint.next()
        if "stamp" not in columns:
            columns["stamp"] = self.stamper.next(now)
        columns.setdefault("occurred_day", day_of(int(str(columns["occurred_at"])), self.country.zone))
        if kind == "visit.made":
            columns.setdefault("visit", columns["id"])
        return msgspec.convert(columns, Event)

    def household(self, household: int | None = None, **stated: object) -> tuple[int, Event]:
        """A new household and its registration."""
        number = household or self.mint.next()
        stated = {"head_name": "Mkuu", **stated}
        return number, self.event("household.registered", household=number, **stated)

    def member(self, household: int, **stated: object) -> tuple[int, Event]:
        """A new member of a household and the registration: a girl unless it is said otherwise."""
        person = self.mint.next()
        stated = {"given_name": "Mtoto", "sex": "female", "birth_day": 20_000, **stated}
        return person, self.event("person.registered", household=household, person=person, **stated)

    def visit(self, household: int, **stated: object) -> Event:
        """A call at a household, at which somebody was seen unless it is said otherwise."""
        return self.event("visit.made", household=household, **{"visit_outcome": "done", **stated})

    def assessment(self, household: int, person: int, **stated: object) -> Event:
        """An assessment of a member, with the form for children unless it is said otherwise."""
        stated = {"form": "under_five", "form_version": 1, **stated}
        return self.event("assessment.recorded", household=household, person=person, **stated)


def parted(stated: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """The columns of an event, and the values by concept."""
    columns = {name: value for name, value in stated.items() if name in _COLUMNS}
    return columns, {name: value for name, value in stated.items() if name not in _COLUMNS}
