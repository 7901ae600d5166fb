"""What was told of members who left or died: those that wait for the supervisor, and one of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from hodi.content import Discretion
from hodi.db import Connection, load_queries, record, records
from hodi.domain import Zone, day_of
from hodi.views.lines import Named, Who

_sql = load_queries(__file__)


@dataclasses.dataclass(frozen=True, kw_only=True)
class DepartureLine(Named):
    """A departure in a list. Columns as in the table `departure`; `worker` told it. A `confidential` one does
    not say what is restricted of it."""

    unit: int
    household: int
    person: int
    departure: int
    kind: str
    day: int
    certain: str | None
    reason: str | None
    moved_to: str | None
    moved_place: str | None
    place: str | None
    cause: str | None
    cause_told: str | None
    class_: str | None
    maternal: bool
    told_at: int
    verdict: str
    verdict_at: int | None
    answer: str | None
    worker: str | None
    area: int
    head_name: str | None
    confidential: bool = False

    @property
    def who(self) -> Who:
        """Who left or died."""
        return self.named()

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups whose deaths are reviewed one by one that this one belongs to: an age group below five
        (a code of `death_class`), maternal."""
        young = (self.class_,) if self.class_ in ("newborn", "infant", "child") else ()
        return (*young, "maternal") if self.maternal else young

    def late(self, today: int, review_days: int | None, zone: Zone) -> bool:
        """Whether it has waited longer than it should (never, where no pack says how long)."""
        return review_days is not None and today > day_of(self.told_at, zone) + review_days


def departures(c: Connection, *, unit: int) -> list[DepartureLine]:
    """The departures of a unit that wait for its supervisor: deaths first, of equals the oldest."""
    return records(c, DepartureLine, _sql.departures_of_unit, {"unit": unit})


def departure(c: Connection, *, unit: int, household: int, departure: int) -> DepartureLine | None:
    """One departure, whether it waits or not; None if there is none of that number."""
    at = {"unit": unit, "household": household, "departure": departure}
    return record(c, DepartureLine, _sql.departure, at)


def discreet_departures(lines: Iterable[DepartureLine], discretion: Discretion) -> tuple[DepartureLine, ...]:
    """Departures for a shared list: a minor's pregnancy and the cause of a death stand on the page of the
    departure only."""
    shown = []
    for line in lines:
        secret = discretion.covers_concept("maternal_death", birth_day=line.birth_day, day=line.day)
        shown.append(
            dataclasses.replace(
                line,
                cause=None,
                cause_told=None,
                maternal=line.maternal and not secret,
                confidential=line.maternal and secret,
            )
        )
    return tuple(shown)
