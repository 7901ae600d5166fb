"""Rows that are the same on every machine and in every country: WHO's growth standards, the calendar."""

from __future__ import annotations

import datetime
import functools
import importlib
from collections.abc import Callable, Mapping
from decimal import Decimal

from hodi.domain.times import day_of_date

Rows = list[tuple[str | int | float, ...]]

# Module of pygrowup, and what turns its axis into ours: days stay days, centimetres become millimetres.
_MEASURES = {
    "weight_for_age": ("wfa", 1),
    "length_height_for_age": ("lfa", 1),
    "muac_for_age": ("acfa", 1),
    "weight_for_length": ("wfl", 10),
    "weight_for_height": ("wfh", 10),
}
_FIRST_YEAR, _LAST_YEAR = 1990, 2060


@functools.cache
def growth_rows() -> Rows:
    """(measure, sex, axis, L, M, S) of the WHO Child Growth Standards, as published."""
    rows: Rows = []
    for measure, (module, factor) in _MEASURES.items():
        data: dict[str, dict[Decimal, dict[str, Decimal]]] = importlib.import_module(
            f"pygrowup.tables.by_day.{module}"
        ).DATA
        for sex in ("male", "female"):
            for axis, lms in data[sex].items():
                rows.append((measure, sex, int(axis * factor), *(float(lms[part]) for part in "lms")))
    return rows


@functools.cache
def month_rows() -> Rows:
    """(year × 100 + month, first day, last day) of every month that anything can have happened in."""
    rows: Rows = []
    for year in range(_FIRST_YEAR, _LAST_YEAR + 1):
        for month in range(1, 13):
            first = datetime.date(year, month, 1)
            following = datetime.date(year + month // 12, month % 12 + 1, 1)
            rows.append((year * 100 + month, day_of_date(first), day_of_date(following) - 1))
    return rows


STANDARDS: Mapping[str, Callable[[], Rows]] = {"who_growth_standards": growth_rows}
"""Published figures that a programme's table may be filled with, by the name it gives them."""
