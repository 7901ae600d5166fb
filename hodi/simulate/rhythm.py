"""How a promoter works: on which days, at what hours, how many households of the month she reaches, and
when her phone finds a network."""

from __future__ import annotations

import random

from hodi.domain import day_start, month_of
from hodi.domain.times import date_of
from hodi.simulate.people import Household
from hodi.simulate.plan import AreaPlan, Span

_HOUR = 3_600_000
_REGISTRATION_DAYS_MIN = 15


class Promoter:
    """One promoter's habits, drawn once, and her list of the month."""

    def __init__(self, area: AreaPlan, span: Span, chance: random.Random) -> None:
        workdays = chance.choices((3, 4, 5), (25, 40, 35))[0]
        self._weekdays = frozenset(chance.sample(range(6), workdays))
        self._diligence = area.diligence or min(1.0, max(0.3, chance.gauss(0.78, 0.16)))
        self._starts_h = chance.uniform(8.2, 9.8)
        network = chance.choices((0.95, 0.8, 0.5, 0.25), (30, 40, 20, 10))[0]
        self._network = 1.0 if area.stories else network  # a story must be told to its end
        self._silent_from = span.last_day - area.silent_days if area.silent_days else span.last_day + 1
        self._left: list[Household] = []
        self._month = -1  # none yet
        self._registering_until = _end_of_registration(span.first_day)
        self._span = span
        self.skew_ms = int(min(max(chance.gauss(0, 50_000), -280_000), 280_000))

    def works(self, day: int) -> bool:
        """Whether a day is one of her working days."""
        return date_of(day).weekday() in self._weekdays

    def starts_ms(self, chance: random.Random) -> int:
        """When her first visit begins, in ms after the day began."""
        return int((self._starts_h + chance.gauss(0, 0.25)) * _HOUR)

    def calls(self, day: int, households: list[Household], chance: random.Random) -> list[Household]:
        """The households she calls at on a day: first all are registered, then each month as many
        as she reaches, spread over the working days."""
        if not self.works(day):
            return []
        month = 0 if day <= self._registering_until else month_of(day)
        if self._month != month:
            self._month = month
            self._left = self._list_of_month(households, registering=month == 0, chance=chance)
        days = sum(self.works(later) for later in range(day, self._last_day_of(day) + 1))
        count = len(self._left) / max(days, 1)
        today = min(len(self._left), int(count) + (chance.random() < count % 1))
        called, self._left = self._left[:today], self._left[today:]
        return called

    def _list_of_month(
        self, households: list[Household], *, registering: bool, chance: random.Random
    ) -> list[Household]:
        listed = [one for one in households if registering or one.story is None]
        chance.shuffle(listed)
        if registering:
            return listed
        listed = listed[: round(len(listed) * self._diligence)]
        # Homes with small children tend to come first.
        return sorted(listed, key=lambda one: not self._has_small_children(one) and chance.random() < 0.5)

    def _has_small_children(self, household: Household) -> bool:
        return any(person.age(self._span.last_day) < 6 for person in household.members)

    def _last_day_of(self, day: int) -> int:
        if day <= self._registering_until:
            return self._registering_until
        last = day
        while month_of(last + 1) == month_of(day):
            last += 1
        return last

    def syncs_at(self, day: int, done_at: int, chance: random.Random) -> int | None:
        """When her phone hands in the day's events (ms), or None if it finds no network that day."""
        evening = day_start(day, self._span.zone) + int(chance.uniform(16.5, 20.5) * _HOUR)
        online = chance.random() < self._network and day < self._silent_from
        return max(done_at + 60_000, evening) if online else None


def _end_of_registration(first_day: int) -> int:
    last = first_day + _REGISTRATION_DAYS_MIN
    while month_of(last + 1) == month_of(last):
        last += 1
    return last
