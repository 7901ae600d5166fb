"""How children grow: each follows a centile track of the published standards, with day-to-day variation and
an error of measuring, and some falter. The figures stand in the pack (`[growth]` of a `simulate.toml`)."""

from __future__ import annotations

import functools
import math
import random
from typing import TYPE_CHECKING

from hodi.content.simulation_model import Growth, Measure
from hodi.record.reference import growth_rows

if TYPE_CHECKING:
    from hodi.simulate.people import Person

_SWAY_DAYS = 29  # of one radian
_TURNING_DAYS = 55, 10  # a loss shows from so many days on, and for so many after it has ended


class Track:
    """A child's centiles: a z-score for each measure, and how it changes."""

    __slots__ = ("falter_day", "month_days", "phase", "recover_day", "slope", "z")

    def __init__(self, growth: Growth, month_days: float, chance: random.Random) -> None:
        shared = chance.gauss(0, 1)
        self.z = {
            name: one.mean + one.shared * shared + one.own * chance.gauss(0, 1)
            for name, one in growth.measures.items()
        }
        self.phase = chance.random() * math.tau
        self.month_days = month_days
        self.falter_day: int | None = None
        self.recover_day = 0
        self.slope = 0.0

    def falter(self, day: int, recover_day: int, slope: float) -> None:
        """From `day` on lose `slope` z a month, until `recover_day`; then regain it at the same pace."""
        self.falter_day, self.recover_day, self.slope = day, recover_day, slope

    def loss(self, day: int) -> float:
        """How much z is lost on a day."""
        if self.falter_day is None or day <= self.falter_day:
            return 0.0
        lost = self.slope * (min(day, self.recover_day) - self.falter_day) / self.month_days
        if day > self.recover_day:
            lost -= self.slope * (day - self.recover_day) / self.month_days
        return max(lost, 0.0)

    def declining(self, day: int) -> bool:
        """Whether the child has been losing ground for a while."""
        shows, after = _TURNING_DAYS
        return self.falter_day is not None and self.falter_day + shows < day <= self.recover_day + after


class Grower:
    """The growth of a pack's children. `until_days`: the age to which the standards go."""

    def __init__(self, growth: Growth, until_days: int, month_days: float) -> None:
        self._growth = growth
        self._month_days = month_days
        self.until_days = until_days

    def begin(self, person: Person, first_day: int, last_day: int, chance: random.Random) -> None:
        """Give a child a track; some falter during a span."""
        person.track = Track(self._growth, self._month_days, chance)
        falter = self._growth.falter
        if falter is not None and chance.random() < falter.share:
            fewest, most = falter.days
            start = chance.randrange(first_day - fewest, max(last_day - 40, first_day - fewest + 1))
            person.track.falter(
                start, start + chance.randrange(fewest, most), chance.uniform(*falter.monthly)
            )

    def measure(self, person: Person, name: str, day: int, chance: random.Random) -> float | None:
        """A measure of a child on a day, as somebody measures it; None where the standard does not say."""
        one = self._growth.measures[name]
        age = person.age_days(day)
        if not 0 <= age <= self.until_days or not has_standard(one.standard, age):
            return None
        if person.track is None:
            person.track = Track(self._growth, self._month_days, chance)
        track = person.track
        sway = one.sway * math.sin(track.phase + day / _SWAY_DAYS)
        z = track.z[name] - one.loss * track.loss(day) + sway
        value = one.factor * _value(one, person.sex, age, z) + chance.gauss(0, one.error)
        return round(max(value, one.least), one.places)


def has_standard(standard: str, age_days: int) -> bool:
    """Whether a standard says something of an age."""
    first, _ = reference(standard, "female")
    return age_days >= first


def _value(one: Measure, sex: str, age_days: int, z: float) -> float:
    # Beyond three standard deviations the standard goes on in steps of equal size, as WHO scores it.
    first, rows = reference(one.standard, "male" if sex == "male" else "female")
    power, median, spread = rows[min(age_days - first, len(rows) - 1)]
    bounded = min(max(z, -3.0), 3.0)
    value = _at(power, median, spread, bounded)
    if z != bounded:
        inner = _at(power, median, spread, bounded - math.copysign(1.0, z))
        value += abs(z - bounded) * (value - inner)
    return value


def _at(power: float, median: float, spread: float, z: float) -> float:
    if power == 0:
        return median * math.exp(spread * z)
    return float(median * (1 + power * spread * z) ** (1 / power))


@functools.cache
def reference(standard: str, sex: str) -> tuple[int, list[tuple[float, float, float]]]:
    """L, M, S of a standard by day of age, with the day on which it begins."""
    table = {
        int(axis): (float(power), float(median), float(spread))
        for name, of, axis, power, median, spread in growth_rows()
        if name == standard and of == sex
    }
    first = min(table)
    return first, [table[day] for day in range(first, max(table) + 1) if day in table]
