"""Figures of whole units for people who see aggregates only: a sub-county, a county. Counts of people
that are too small to hide anybody in are taken out here, before anything leaves the room."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from hodi.db import Connection, load_queries
from hodi.domain import DAY_MS, day_of
from hodi.domain.times import date_of, day_of_date
from hodi.indicators.limits import Limits
from hodi.indicators.suppression import Cell, Pair, Total, protect

_sql = load_queries(__file__)


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
    """Every unit under a place, in a month, with totals over the cells that are shown."""

    month: int
    units: tuple[UnitFigures, ...]
    codes: tuple[str, ...]
    households_visited: Total
    under_fives_assessed: Total
    referrals_arrived: Total
    promoters_synced: Total
    signals: dict[str, Total]


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Counts:
    households: Pair
    under_fives: Pair
    referrals: Pair
    promoters: Pair
    signals: dict[str, int]


def aggregates(
    c: Connection, *, place: int, month: int, now: int, limits: Limits, counted: Callable[[str], bool]
) -> Aggregates:  # fmt: skip
    """The figures of every unit under `place` (a sub-county or county) in `month` (year × 100 + month).

    Promoters who synced are not people who receive care and are always shown; every other count is
    protected. `counted` says which signals may be counted by name at all.
    """
    places = c.rows(_sql.units_under, {"place": place})
    counts = [_counts(c, unit=row[0], month=month, now=now, limits=limits) for row in places]
    codes = tuple(sorted({code for one in counts for code in one.signals if counted(code)}))
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


def month_days(month: int) -> tuple[int, int]:
    """First and last day of a month (year × 100 + month)."""
    year, number = divmod(month, 100)
    first = date_of(0).replace(year=year, month=number)
    following = first.replace(year=year + number // 12, month=number % 12 + 1)
    return day_of_date(first), day_of_date(following) - 1


def _counts(c: Connection, *, unit: int, month: int, now: int, limits: Limits) -> _Counts:
    at_unit: dict[str, object] = {"unit": unit}
    between = {**at_unit, **days_of(month)}
    households = c.rows(_sql.households_by_area, {**at_unit, "month": month})
    born_after = born_after_day(month, now=now, limits=limits)
    [(children, assessed)] = c.rows(_sql.under_fives, {**between, "born_after": born_after})
    [(made, arrived)] = c.rows(_sql.referrals_made, between)
    staff = promoters_of(c, unit=unit, now=now, limits=limits)
    return _Counts(
        households=(sum(row[2] for row in households), sum(row[1] for row in households)),
        under_fives=(assessed, children),
        referrals=(arrived, made),
        promoters=(sum(1 for one in staff if one.synced), len(staff)),
        signals={row[0]: row[1] for row in c.rows(_sql.signals_by_code, at_unit)},
    )


def days_of(month: int) -> dict[str, object]:
    """The parameters of statements about a month."""
    first_day, last_day = month_days(month)
    return {"first_day": first_day, "last_day": last_day}


def born_after_day(month: int, *, now: int, limits: Limits) -> int:
    """Who is born after this day is under five on the month's last day, or today if it is not over."""
    return min(month_days(month)[1], day_of(now)) - limits.under_five_days


@dataclasses.dataclass(frozen=True, kw_only=True)
class Staffed:
    """An area with a promoter; `synced`: her phone did, in the last `silent_days` days."""

    name: str
    area_name: str
    last_sync_at: int | None
    synced: bool


def promoters_of(c: Connection, *, unit: int, now: int, limits: Limits) -> list[Staffed]:
    """The areas of a unit that have a promoter, with the latest contact of a phone there."""
    at_unit = {"unit": unit}
    since = now - limits.silent_days * DAY_MS
    last = {row[0]: row[1] for row in c.rows(_sql.phones, at_unit)}  # the latest of an area stays
    found: dict[int, Staffed] = {}
    for area, area_name, account, name, _ in c.rows(_sql.promoters, at_unit):
        if account is not None and area not in found:
            at = last.get(area)
            synced = at is not None and at > since
            found[area] = Staffed(name=name, area_name=area_name, last_sync_at=at, synced=synced)
    return list(found.values())
