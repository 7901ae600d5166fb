"""Months as numbers: year × 100 + month."""

from __future__ import annotations

from hodi.domain.times import date_of, day_of_date, month_of


def month_days(month: int) -> tuple[int, int]:
    """First and last day of a month."""
    year, number = divmod(month, 100)
    first = date_of(0).replace(year=year, month=number)
    following = first.replace(year=year + number // 12, month=number % 12 + 1)
    return day_of_date(first), day_of_date(following) - 1


def month_before(month: int, months: int) -> int:
    """The month so many months before another."""
    count = month // 100 * 12 + month % 100 - 1 - months
    return count // 12 * 100 + count % 12 + 1


def months_offered(today: int, months_back: int) -> list[int]:
    """This month and those before it that are kept, this month first."""
    return [month_before(month_of(today), back) for back in range(months_back + 1)]
