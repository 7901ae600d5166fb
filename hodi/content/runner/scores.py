"""Scores against published standards, by the LMS method (Cole and Green 1992)."""

from __future__ import annotations

import math
from collections.abc import Callable

Lms = tuple[float, float, float]
"""Lambda, median and coefficient of variation at one point of a standard's axis."""

_NO_DIFFERENCE = 1e-6
"""A place on the axis this close to a whole point is that point: decimals are not exact in a machine."""


def lms_score(
    measure: str, at: float, value: float, *, bounded: bool, standard: Callable[[str, int], Lms | None]
) -> float:
    """The z-score of a value, rounded to two decimals; NaN where the standard says nothing of that place.

    Between two points of the axis L, M and S are interpolated. `bounded`: beyond three standard deviations
    the score goes on in steps of the last one, as WHO has it for weight and arm circumference (Child Growth
    Standards, Methods and development, 2006, chapter 7)."""
    if not (math.isfinite(at) and math.isfinite(value)) or value <= 0:
        return math.nan
    point = math.floor(at + _NO_DIFFERENCE)
    part = at - point if at - point > _NO_DIFFERENCE else 0.0
    below = standard(measure, point)
    above = standard(measure, point + 1) if part else below
    if below is None or above is None:
        return math.nan
    power, median, spread = (low + part * (high - low) for low, high in zip(below, above, strict=True))
    z = float(((value / median) ** power - 1) / (power * spread))
    if bounded and abs(z) > 3:
        side = 1 if z > 0 else -1
        third, second = (
            float(median * (1 + side * steps * power * spread) ** (1 / power)) for steps in (3, 2)
        )
        z = side * 3 + (value - third) / (side * (third - second))
    return math.floor(100 * z + 0.5) / 100
