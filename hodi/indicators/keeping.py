"""Keeping `indicator_value` fresh: only areas in which something was written that an indicator reads, and
only the months from then on, are counted again.

The fold marks in its own transaction what it has made stale (`mark`); the consumer `indicators` counts it
again (`refresh`). Each count leaves behind on which day time alone changes it next: a row's `until_day`, or
the first of the next month. So the values depend on the record and the day, and on nothing else: `rebuild`
gives the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from hodi.db import Connection, load_queries
from hodi.domain.times import month_of
from hodi.indicators.composing import sums
from hodi.indicators.indicator import Indicator
from hodi.indicators.months import month_before, month_days
from hodi.record import EARLIEST_DAY, Household, RecordSchema, ScopeTable

_sql = load_queries(__file__)

DUE_AFTER = _sql.due_after
"""The next areas in which an indicator is to be counted, with :today, :unit, :number and :count."""

Area = tuple[int, int]
"""(unit, area)."""
Areas = Mapping[Household, Collection[int]]
"""By household: the areas that it is or was in."""

_VALUE = ("unit", "area", "month", "code", "cell", "numerator", "denominator")
_DUE = ("unit", "area", "code", "since_month", "due_day")
_SOONER = (
    "(unit, area, code) DO UPDATE SET"
    " since_month = CASE WHEN excluded.since_month < indicator_due.since_month"
    " THEN excluded.since_month ELSE indicator_due.since_month END,"
    " due_day = CASE WHEN excluded.due_day < indicator_due.due_day"
    " THEN excluded.due_day ELSE indicator_due.due_day END"
)


def areas_of(connection: Connection, households: Iterable[Household]) -> Areas:
    """In which area each of these households is, as far as the record knows them."""
    scope = ScopeTable(connection)
    scope.set((unit, household, EARLIEST_DAY) for unit, household in households)
    query = _sql.areas_in_scope_postgres if connection.engine == "postgres" else _sql.areas_in_scope
    return {(unit, household): (area,) for unit, household, area in connection.rows(query, scope.params)}


def mark(
    connection: Connection,
    indicators: Iterable[Indicator],
    schema: RecordSchema,
    written: Mapping[str, Collection[Household]],
    before: Areas | None,
    *,
    today: int,
) -> None:
    """Note what is stale after these tables were written for these households; where a mapping, it gives the
    day since which. `before`: the areas that the households were in until then; None: where they are."""
    households = frozenset[Household]().union(*written.values())
    if not households:
        return
    kept = [one for one in indicators if not one.live]
    read = written.keys() & frozenset[str]().union(*(one.reads for one in kept))
    # Only what writes its household can have changed its area.
    moved = households if before is None else frozenset(written.get("household", ()))
    before = before or {}
    after = {**before, **areas_of(connection, moved)} if moved else before
    whole = {step.writes for step in schema.steps if step.since == "start"}
    stale: dict[tuple[int, int, str], int] = {}
    for table in read:
        since = _since_by_area(written[table], {} if table in whole else written[table], before, after)
        for one in kept:
            if table in one.reads:
                for (unit, area), day in since.items():
                    name, month = (unit, area, one.code), _since(one, min(day, today))
                    stale[name] = min(month, stale.get(name, month))
    rows = [(*name, since_month, 0) for name, since_month in sorted(stale.items())]
    connection.insert("indicator_due", _DUE, rows, _SOONER)


def _since_by_area(
    households: Iterable[Household], days: Collection[Household], before: Areas, after: Areas
) -> dict[Area, int]:
    """The earliest day by area; of what has none, all days."""
    found: dict[Area, int] = {}
    dated = days if isinstance(days, Mapping) else {}
    for key in households:
        day = dated.get(key, EARLIEST_DAY)
        for area in {*before.get(key, ()), *after.get(key, ())}:
            place = (key[0], area)
            found[place] = min(day, found.get(place, day))
    return found


def refresh(
    connection: Connection,
    indicators: Sequence[Indicator],
    areas: Iterable[Area],
    *,
    today: int,
    now: int,
    months_back: int,
) -> None:
    """Count again what is due in these areas. `today`: local day; `now`: ms. Needs a write transaction in
    which no other one folds or counts in their units."""
    by_code = {one.code: one for one in indicators if not one.live}
    this_month = month_of(today)
    first = month_before(this_month, months_back)
    scope = ScopeTable(connection)
    for unit, area in areas:
        about = {"unit": unit, "area": area}
        due = sorted(connection.rows(_sql.take_due, {**about, "today": today}))
        households = connection.rows(_sql.households_of_area, about)
        scope.set((unit, household, EARLIEST_DAY) for (household,) in households)
        connection.run(_sql.forget_old_months, {**about, "first": first})
        connection.run(_sql.forget_months_to_come, {**about, "last": this_month})
        for code, since in due:
            if (one := by_code.get(code)) is None:
                continue
            days = {"from_day": month_days(max(since, first))[0], "to_day": today}
            if one.monthly:
                connection.run(_sql.forget_values, {**about, "code": code, **days})
            else:
                connection.run(_sql.forget_value_of_now, {**about, "code": code})
            if households:
                given = {**scope.params, **days, "today": today, "now": now}
                found = connection.rows(sums(one.sql(), connection.engine), given)
                _keep(connection, one, unit, area, found, today)


def _keep(
    connection: Connection,
    one: Indicator,
    unit: int,
    area: int,
    found: Sequence[Sequence[object]],
    today: int,
) -> None:
    values = [
        (unit, area, month, one.code, cell, numerator, denominator)
        for month, cell, numerator, denominator, _ in found
        if numerator or denominator
    ]
    connection.insert("indicator_value", _VALUE, values)
    if then := _next(one, found, today):
        connection.insert("indicator_due", _DUE, [(unit, area, one.code, *then)])


def make_due(connection: Connection, indicators: Iterable[Indicator], unit: int) -> None:
    """Let every area of a unit be counted anew, all months that are kept."""
    for one in indicators:
        if not one.live:
            connection.run(_sql.unit_due, {"unit": unit, "code": one.code})


def ensure_current(connection: Connection, indicators: Iterable[Indicator], *, months_back: int) -> None:
    """Let every area be due for an indicator that has changed since this store was counted with it, and
    forget those that are no more."""
    marks = {one.code: f"{one.mark_of_text} {months_back}" for one in indicators if not one.live}
    rows = connection.rows(_sql.indicator_marks)
    known = msgspec.json.decode(rows[0][0], type=dict[str, str]) if rows else {}
    if known == marks:
        return
    for code in sorted(known.keys() - marks.keys()):
        connection.run(_sql.forget_values_of, {"code": code})
        connection.run(_sql.forget_due_of, {"code": code})
    for code in sorted(marks):
        if known.get(code) != marks[code]:
            connection.run(_sql.all_due, {"code": code})
    encoded = msgspec.json.encode(marks, order="sorted").decode()
    connection.run(_sql.note_indicator_marks, {"marks": encoded})


def rebuild(
    connection: Connection,
    indicators: Sequence[Indicator],
    unit: int,
    *,
    today: int,
    now: int,
    months_back: int,
) -> None:
    """Forget the values of a unit and make them anew from its record. Needs a write transaction in which no
    other one folds or counts in it."""
    connection.run(_sql.forget_values_in, {"unit": unit})
    connection.run(_sql.forget_due_in, {"unit": unit})
    make_due(connection, indicators, unit)
    areas = [(unit, area) for (area,) in connection.rows(_sql.areas_of_unit, {"unit": unit})]
    refresh(connection, indicators, areas, today=today, now=now, months_back=months_back)


def _since(one: Indicator, day: int) -> int:
    """From which month on something that was written since a day may count."""
    return month_of(day - one.later_days) if one.monthly else 0


def _next(one: Indicator, found: Sequence[Sequence[object]], today: int) -> tuple[int, int] | None:
    """The months from which on, and the day on which, time alone changes what was found. As long as a month
    has such a day of its own, it is counted again with every later one: nothing is forgotten meanwhile."""
    times: dict[int, int] = {}
    for month, _, _, _, until_day in found:
        if isinstance(until_day, int) and isinstance(month, int):
            times[month] = min(until_day, times.get(month, until_day))
    if not one.monthly:
        return (0, min(times.values())) if times else None
    following = month_days(month_of(today))[1] + 1
    return min([*times, month_of(following)]), min([*times.values(), following])
