"""The lists behind the figures of whole units: as many rows as the figure says, and nobody's name, age or
place below the unit. What a row has is what an officer can act on: when it was done, how long it waits."""

from __future__ import annotations

import dataclasses
from typing import Literal

from hodi.db import Connection, load_queries, records
from hodi.domain import DAY_MS, day_of
from hodi.indicators.aggregates import born_after_day, days_of, promoters_of
from hodi.indicators.limits import Limits

_sql = load_queries(__file__)

Measure = Literal["households", "under_fives", "referrals", "synced", "signals"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Listed:
    """One row behind a figure. `counts`: whether it stands in the numerator. `day`: when it was done (a
    visit, an assessment, an arrival, a sync), or since when a signal is open; `lag_days`: how long that
    took, for a referral. `name` is a health worker's."""

    unit: int
    counts: bool
    day: int | None = None
    lag_days: int | None = None
    class_: str | None = None
    name: str | None = None


def listed(
    c: Connection, measure: Measure, *, unit: int, month: int, code: str, now: int, limits: Limits
) -> list[Listed]:  # fmt: skip
    """The rows behind one figure of a unit, those of the numerator first; `code` names a signal."""
    at_unit: dict[str, object] = {"unit": unit}
    if measure == "households":
        visits = records(c, _Done, _sql.households_listed, {**at_unit, "month": month})
        rows = [Listed(unit=unit, counts=one.done_day is not None, day=one.done_day) for one in visits]
    elif measure == "under_fives":
        born_after = born_after_day(month, now=now, limits=limits)
        params = {**at_unit, **days_of(month), "born_after": born_after}
        days = [one.day for one in records(c, _Child, _sql.under_fives_listed, params)]
        rows = [Listed(unit=unit, counts=day is not None, day=day) for day in days]
    elif measure == "referrals":
        made = records(c, _Referral, _sql.referrals_listed, {**at_unit, **days_of(month)})
        rows = [one.listed(unit) for one in made]
    elif measure == "synced":
        staff = promoters_of(c, unit=unit, now=now, limits=limits)
        rows = [
            Listed(
                unit=unit,
                counts=one.synced,
                name=f"{one.name}, {one.area_name}",
                day=None if one.last_sync_at is None else day_of(one.last_sync_at),
            )
            for one in staff
        ]
    else:
        signals = records(c, _Signal, _sql.signals_listed, {**at_unit, "code": code})
        rows = [Listed(unit=unit, counts=True, class_=one.class_, day=one.since_day) for one in signals]
    return sorted(rows, key=lambda row: not row.counts)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Done:
    done_day: int | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Child:
    illness_day: int | None
    growth_day: int | None

    @property
    def day(self) -> int | None:
        """The latest assessment of either kind."""
        return max((day for day in (self.illness_day, self.growth_day) if day is not None), default=None)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Referral:
    class_: str
    made_at: int
    arrived_at: int | None

    def listed(self, unit: int) -> Listed:
        """The row of a list."""
        lag = None if self.arrived_at is None else max(0, self.arrived_at - self.made_at) // DAY_MS
        day = day_of(self.made_at)
        return Listed(unit=unit, counts=lag is not None, class_=self.class_, day=day, lag_days=lag)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Signal:
    class_: str
    since_day: int
