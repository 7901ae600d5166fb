"""How children grow: each follows a centile track of the WHO standards, with day-to-day
variation and an error of measuring, and some falter.

The distribution is Kenya's, roughly: length about one standard deviation below the standard, weight
half of one, arm circumference close to it, the three going together in the same child.
"""

from __future__ import annotations

import functools
import math
import random

from hodi.record.reference import growth_rows
from hodi.simulate.limits import limit, whole

_TABLES = {"weight": "weight_for_age", "length": "length_height_for_age", "muac": "muac_for_age"}
_LAST_DAY = whole("under_five_days")
_FIRST_MUAC_DAY = whole("muac_from_days") - 1
_MONTH = limit("month_days")


class Track:
    """A child's centiles: z-scores of weight, length and arm circumference, and how they change."""

    __slots__ = ("falter_day", "length", "muac", "phase", "recover_day", "slope", "weight")

    def __init__(self, chance: random.Random) -> None:
        shared = chance.gauss(0, 1)
        self.weight = -0.45 + 0.80 * shared + 0.50 * chance.gauss(0, 1)
        self.length = -0.95 + 0.65 * shared + 0.85 * chance.gauss(0, 1)
        self.muac = -0.10 + 0.60 * shared + 0.50 * chance.gauss(0, 1)
        self.phase = chance.random() * math.tau
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
        lost = self.slope * (min(day, self.recover_day) - self.falter_day) / _MONTH
        if day > self.recover_day:
            lost -= self.slope * (day - self.recover_day) / _MONTH
        return max(lost, 0.0)

    def declining(self, day: int) -> bool:
        """Whether the child has been losing ground for two months."""
        return self.falter_day is not None and self.falter_day + 55 < day <= self.recover_day + 10


def measure(
    track: Track, sex: str, age_days: int, day: int, chance: random.Random
) -> tuple[float, float, float | None]:
    """Weight (kg, to 0.1), length or height (cm, to 0.1) and arm circumference (mm; from six months)."""
    loss = track.loss(day)
    sway = 0.08 * math.sin(track.phase + day / 29)
    weight = _value("weight", sex, age_days, track.weight - loss + sway) + chance.gauss(0, 0.06)
    length = _value("length", sex, age_days, track.length - 0.15 * loss) + chance.gauss(0, 0.35)
    muac = None
    if age_days >= _FIRST_MUAC_DAY:
        round_cm = _value("muac", sex, age_days, track.muac - loss + sway)
        muac = float(round(10 * round_cm + chance.gauss(0, 1.2)))
    return round(max(weight, 1.2), 1), round(max(length, 40.0), 1), muac


def _value(measure_: str, sex: str, age_days: int, z: float) -> float:
    # Beyond three standard deviations the standard goes on in steps of equal size, as WHO scores it.
    power, median, spread = reference(measure_, sex)[min(age_days, _LAST_DAY)]
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
def reference(measure_: str, sex: str) -> list[tuple[float, float, float]]:
    """L, M, S by day of age to five years, from WHO's daily tables. Before a table begins, its first row."""
    table = {
        axis: (float(power), float(median), float(spread))
        for name, of, axis, power, median, spread in growth_rows()
        if name == _TABLES[measure_] and of == sex
    }
    first = min(table)
    return [table[max(day, first)] for day in range(_LAST_DAY + 1)]
