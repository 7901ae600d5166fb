"""Trying indicators on the histories beside them (hodi.record.histories says how those are written).

A case looks at the month of its `today`, or with `month: -1` at the one before. `gives` lists a row for each
thing that is counted there: `{person: child, numerator: 1, denominator: 1}`. `person` is a promoter's name
where promoters are counted.
"""

from __future__ import annotations

import pathlib
from collections.abc import Iterable

from hodi import signals, tasks
from hodi.db import Connection
from hodi.db.store import Row
from hodi.domain.times import month_of
from hodi.indicators.composing import rows
from hodi.indicators.indicator import load_indicators
from hodi.indicators.months import month_before, month_days
from hodi.record import EARLIEST_DAY, Household, ScopeTable
from hodi.record.histories import UNIT, Case, CaseError, RuleCases

_FIELDS = ("numerator", "denominator", "day", "from_day", "class", "cell", "month", "person", "done_at")
_CELL = _FIELDS.index("cell")


def _evaluate(
    connection: Connection, pack: pathlib.Path, households: list[Household], today: int, now: int
) -> None:
    """Signals and tasks, which an indicator may read."""
    signals.evaluate(connection, signals.load_rules(pack), households, today=today, now=now)
    tasks.evaluate(connection, tasks.load_tasks(pack), households, today=today, now=now)


def _rows(connection: Connection, pack: pathlib.Path, case: Case) -> Iterable[Row]:
    (one,) = (one for one in load_indicators(pack) if one.code == case.code)
    if one.live:
        statement = rows(one.sql(), connection.engine, _promoters(case))
        return connection.rows(statement, {"today": case.today, "now": case.now})
    scope = ScopeTable(connection)
    scope.set([(UNIT, case.household, EARLIEST_DAY)])
    first_day = month_days(month_before(month_of(case.today), -case.month))[0]
    given = {"from_day": first_day, "to_day": first_day, "today": case.today, "now": case.now}
    found = connection.rows(rows(one.sql(), connection.engine), {**scope.params, **given})
    if one.cells and (unknown := {str(row[_CELL]) for row in found} - one.cells.keys()):
        cells = ", ".join(sorted(unknown))
        raise CaseError(
            f"{case.code}, {case.name!r}: gives the cell {cells}, which indicator.toml does not name"
        )
    return found


def _promoters(case: Case) -> str:
    """The relation that an indicator about promoters starts from, as the case has it."""
    return " UNION ALL ".join(
        f"SELECT CAST({UNIT} AS BIGINT) AS unit, CAST({area} AS BIGINT) AS area,"
        f" CAST({area} AS BIGINT) AS account,"
        f" CAST({'NULL' if synced is None else synced} AS BIGINT) AS last_sync_at"
        for area, synced in case.promoters
    )


CASES = RuleCases(
    kind="indicators",
    file="indicator.sql",
    fields=_FIELDS,
    days=("day", "from_day"),
    rows=_rows,
    evaluate=_evaluate,
)
