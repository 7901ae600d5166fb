"""The lists behind the figures of whole units: as many rows as the figure says, and nobody's name, age or
place below the unit. What a row has is what an officer can act on: when it was done, how long it waits."""

from __future__ import annotations

import dataclasses

from hodi.db import Connection, load_queries
from hodi.indicators.composing import rows
from hodi.indicators.indicator import Indicator
from hodi.indicators.months import month_days
from hodi.indicators.suppression import protect
from hodi.record import EARLIEST_DAY, ScopeTable

_sql = load_queries(__file__)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Listed:
    """One row behind a figure. `counts`: whether it stands in the numerator. `day`: when it was done;
    `done_at` the same as an instant (ms); `from_day`: since when it waits; `class_`: how urgent it is.
    `name` is a health worker's."""

    unit: int
    counts: bool
    day: int | None = None
    done_at: int | None = None
    from_day: int | None = None
    class_: str | None = None
    name: str | None = None

    @property
    def days(self) -> int | None:
        """How long it took."""
        return None if self.day is None or self.from_day is None else max(0, self.day - self.from_day)


def listed(
    c: Connection,
    one: Indicator,
    *,
    unit: int,
    month: int,
    cell: str,
    today: int,
    now: int,
    suppress_below: int,
) -> list[Listed]:
    """The rows behind one figure of a unit, those of the numerator first; none where the figure may not be
    shown: a kept figure may be older than the record by some seconds."""
    given: dict[str, object] = {"unit": unit, "today": today, "now": now}
    names: dict[int, str] = {}
    if one.live:
        for area, area_name, account, name, _ in c.rows(_sql.promoters, {"unit": unit}):
            if account is not None:
                names.setdefault(area, f"{name}, {area_name}")
    else:
        scope = ScopeTable(c)
        scope.set((unit, row[0], EARLIEST_DAY) for row in c.rows(_sql.households_of_unit, {"unit": unit}))
        given |= scope.params
        if one.monthly:
            given["from_day"] = given["to_day"] = month_days(month)[0]
    found = [
        Listed(
            unit=unit,
            counts=bool(counts),
            day=day,
            done_at=done_at,
            from_day=from_day,
            class_=class_,
            name=names.get(place),
        )
        for counts, _, day, from_day, class_, its, _, place, done_at in c.rows(
            rows(one.sql(), c.engine), given
        )
        if its == cell
    ]
    counts = sum(row.counts for row in found)
    pair = (counts, None if one.unit == "count" else len(found))
    [shown], _ = protect([pair], below=suppress_below if one.small_numbers == "hidden" else 0)
    return sorted(found, key=lambda row: not row.counts) if shown.shown else []
