"""Ages by the calendar: completed years and months, and the day of birth that follows from an age told.

The only place on the server that turns days into years and months; `phone/src/domain/ages.ts` is the same
arithmetic, and `contract/vectors/ages.json` holds both to it. Whoever was born on 29 February has the
birthday on 1 March in years without that day. Days are whole days since 1970-01-01.
"""

from __future__ import annotations

import calendar
import datetime

from hodi.domain.times import date_of, day_of_date


def completed_months(birth_day: int, day: int) -> int:
    """Whole months of life on `day`; 0 before birth."""
    born, then = date_of(birth_day), date_of(day)
    months = (then.year - born.year) * 12 + then.month - born.month - (then.day < born.day)
    return max(0, months)


def completed_years(birth_day: int, day: int) -> int:
    """Whole years of life on `day`; 0 before birth."""
    return completed_months(birth_day, day) // 12


def birth_day_told(day: int, *, years: int, months: int = 0) -> int:
    """The day of birth of somebody of whom an age is told on `day`: the latest on which the age is just
    completed, so that it is the age shown until the following birthday."""
    then = date_of(day)
    year, month = divmod(then.year * 12 + then.month - 1 - years * 12 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day_of_date(datetime.date(year, month + 1, min(then.day, last)))
