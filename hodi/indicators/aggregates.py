"""Figures of whole units for people who see aggregates only: a sub-county, a county. Counts of people
that are too small to hide anybody in are suppressed here, before anything leaves the room."""

from __future__ import annotations

import dataclasses

from hodi.db import Connection, load_queries
from hodi.domain import DAY_MS, day_of
from hodi.domain.times import date_of, day_of_date
from hodi.indicators.limits import Limits

_sql = load_queries(__file__)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cell:
    """A count as it may be shown. `shown` is False where it was suppressed; `count` is then 0.

    `of` is the denominator (None = a plain count), suppressed together with its numerator. `held`
    marks a total that is large enough but would give a small count away.
    """

    count: int
    of: int | None = None
    shown: bool = True
    held: bool = False

    @property
    def pct(self) -> int | None:
        """Whole per cent, rounded down so that 100 means all; None where it would mislead."""
        return self.count * 100 // self.of if self.shown and self.of else None


@dataclasses.dataclass(frozen=True, kw_only=True)
class UnitFigures:
    """One unit in a month; `code` is its number in the national list. `signals` counts what is open today,
    by the code of the rule."""

    unit: int
    name: str
    code: str | None
    ward_name: str
    sub_county_name: str
    households_visited: Cell
    under_fives_assessed: Cell
    referrals_arrived: Cell
    promoters_synced: Cell
    signals: dict[str, Cell]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Aggregates:
    """Every unit under a place, in a month, with totals over all of them."""

    month: int
    units: tuple[UnitFigures, ...]
    codes: tuple[str, ...]
    households_visited: Cell
    under_fives_assessed: Cell
    referrals_arrived: Cell
    promoters_synced: Cell
    signals: dict[str, Cell]


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Counts:
    households: tuple[int, int]
    under_fives: tuple[int, int]
    referrals: tuple[int, int]
    promoters: tuple[int, int]
    signals: dict[str, int]


def aggregates(c: Connection, *, place: int, month: int, now: int, limits: Limits) -> Aggregates:
    """The figures of every unit under `place` (a sub-county or county) in `month` (year × 100 + month).

    Pairs are (numerator, denominator). Promoters who synced are not people who receive care and
    are never suppressed; every other count is.
    """
    places = c.rows(_sql.units_under, {"place": place})
    counts = [_counts(c, unit=row[0], month=month, now=now, limits=limits) for row in places]
    codes = tuple(sorted({code for one in counts for code in one.signals}))
    visited, visited_total = protect([one.households for one in counts], below=limits.suppress_below)
    assessed, assessed_total = protect([one.under_fives for one in counts], below=limits.suppress_below)
    arrived, arrived_total = protect([one.referrals for one in counts], below=limits.suppress_below)
    synced, synced_total = protect([one.promoters for one in counts], below=0)
    by_code = {
        code: protect([(one.signals.get(code, 0), None) for one in counts], below=limits.suppress_below)
        for code in codes
    }
    units = tuple(
        UnitFigures(
            unit=row[0],
            name=row[1],
            code=row[2],
            ward_name=row[3],
            sub_county_name=row[4],
            households_visited=visited[i],
            under_fives_assessed=assessed[i],
            referrals_arrived=arrived[i],
            promoters_synced=synced[i],
            signals={code: by_code[code][0][i] for code in codes},
        )
        for i, row in enumerate(places)
    )
    return Aggregates(
        month=month,
        units=units,
        codes=codes,
        households_visited=visited_total,
        under_fives_assessed=assessed_total,
        referrals_arrived=arrived_total,
        promoters_synced=synced_total,
        signals={code: by_code[code][1] for code in codes},
    )


def protect(pairs: list[tuple[int, int]] | list[tuple[int, None]], *, below: int) -> tuple[list[Cell], Cell]:
    """Suppress small counts of a column, and its total where the total would give one away.

    A cell is suppressed if its numerator or denominator lies between 1 and `below` − 1. The total
    is suppressed if exactly one cell is, or if the suppressed ones sum up to less than `below`.
    """

    def small(number: int | None) -> bool:
        return number is not None and 0 < number < below

    hidden = [pair for pair in pairs if small(pair[0]) or small(pair[1])]
    cells = [
        Cell(count=0, of=None if of is None else 0, shown=False)
        if small(count) or small(of)
        else Cell(count=count, of=of)
        for count, of in pairs
    ]
    count = sum(pair[0] for pair in pairs)
    of = None if any(pair[1] is None for pair in pairs) else sum(pair[1] or 0 for pair in pairs)
    gives_away = len(hidden) == 1 or (bool(hidden) and sum(pair[0] for pair in hidden) < below)
    if gives_away or small(count) or small(of):
        held = not (small(count) or small(of))
        return cells, Cell(count=0, of=None if of is None else 0, shown=False, held=held)
    return cells, Cell(count=count, of=of)


def month_days(month: int) -> tuple[int, int]:
    """First and last day of a month (year × 100 + month)."""
    year, number = divmod(month, 100)
    first = date_of(0).replace(year=year, month=number)
    following = first.replace(year=year + number // 12, month=number % 12 + 1)
    return day_of_date(first), day_of_date(following) - 1


def _counts(c: Connection, *, unit: int, month: int, now: int, limits: Limits) -> _Counts:
    first_day, last_day = month_days(month)
    at_unit: dict[str, object] = {"unit": unit}
    between = {**at_unit, "first_day": first_day, "last_day": last_day}
    households = c.rows(_sql.households_by_area, {**at_unit, "month": month})
    # A child counts who is under five on the month's last day, or today if the month is not over.
    born_after = min(last_day, day_of(now)) - limits.under_five_days
    [(children, assessed)] = c.rows(_sql.under_fives, {**between, "born_after": born_after})
    [(made, arrived)] = c.rows(_sql.referrals_made, between)
    staffed = {row[0] for row in c.rows(_sql.promoters, at_unit) if row[2] is not None}
    since = now - limits.silent_days * DAY_MS
    synced = {row[0] for row in c.rows(_sql.phones, at_unit) if row[1] is not None and row[1] > since}
    return _Counts(
        households=(sum(row[2] for row in households), sum(row[1] for row in households)),
        under_fives=(assessed, children),
        referrals=(arrived, made),
        promoters=(len(staffed & synced), len(staffed)),
        signals={row[0]: row[1] for row in c.rows(_sql.signals_by_code, at_unit)},
    )
