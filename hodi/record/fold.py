"""The fold: from facts to the longitudinal record, a batch of households at a time.

`events.append` leaves in `touched` which households changed, by which kinds of event and since when.
The fold takes the rows of a few hundred households, and runs the steps of the record one after another,
each over those households that its kinds have touched. Whatever order events arrive in, the rows are the
same, because a step writes what the household's facts say and nothing else.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence

from hodi.db import Connection, load_queries
from hodi.record.compose import compose_step, scope_clear
from hodi.record.schema import RecordSchema, Step
from hodi.record.scope import EARLIEST_DAY, Household, ScopeTable
from hodi.record.upkeep import ensure_current, is_prepared

_sql = load_queries(__file__)

REBUILD_HOUSEHOLDS_MAX = 500

Touched = Mapping[Household, Mapping[str, int]]
"""By household: kinds of event that touched it, with the earliest day."""
Written = Mapping[str, Mapping[Household, int]]
"""By table: the households for which it was written, with the day since which."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Folded:
    """What a fold did: the `households` whose record is fresh now, and whether others wait."""

    households: frozenset[Household]
    more: bool

    @property
    def units(self) -> frozenset[int]:
        """The units of the households."""
        return frozenset(unit for unit, _ in self.households)


def fold(connection: Connection, schema: RecordSchema, *, households_max: int) -> Folded:
    """Refold the first `households_max` of the households that wait, whatever their unit. For one process
    alone: the background work holds the units first, and chooses (hodi/background/consumer.py)."""
    if not is_prepared(connection):
        ensure_current(connection, schema)
    waiting = connection.rows(_sql.waiting, {"households_max": households_max + 1})
    batch: list[Household] = [(unit, household) for unit, household in waiting[:households_max]]
    refold(connection, schema, batch)
    return Folded(households=frozenset(batch), more=len(waiting) > households_max)


def refold(connection: Connection, schema: RecordSchema, households: Sequence[Household]) -> Written:
    """Take these households off the queue and run the steps that their events touch. Needs a write
    transaction in which no other one folds their units; if it raises, the transaction must be rolled
    back. Gives which tables were written for which households, and since which day."""
    if not households:
        return {}
    scope = ScopeTable(connection)
    touched = _take(connection, scope, households)
    written: dict[str, dict[Household, int]] = {}
    for step in schema.steps:
        if rows := _run(connection, scope, step, touched):
            written[step.writes] = {(unit, household): since_day for unit, household, since_day in rows}
    return written


def rebuild(connection: Connection, schema: RecordSchema, unit: int | None = None) -> Folded:
    """Forget the record of a unit (None = of all) and make it anew from the ledger. Signals are not
    touched; evaluate them for the households that this gives. Needs a write transaction in which no other
    one folds these units."""
    ensure_current(connection, schema)
    units = [row[0] for row in connection.rows(_sql.units)] if unit is None else [unit]
    done: set[Household] = set()
    for one in units:
        for step in schema.steps:
            connection.run(f"DELETE FROM {step.writes} WHERE unit = :unit", {"unit": one})
        connection.run(_sql.touch_unit, {"unit": one, "since_day": EARLIEST_DAY})
        waiting: list[Household] = [(one, row[0]) for row in connection.rows(_sql.waiting_in, {"unit": one})]
        for start in range(0, len(waiting), REBUILD_HOUSEHOLDS_MAX):
            refold(connection, schema, waiting[start : start + REBUILD_HOUSEHOLDS_MAX])
        done.update(waiting)
    return Folded(households=frozenset(done), more=False)


def _take(connection: Connection, scope: ScopeTable, batch: Sequence[Household]) -> Touched:
    """Take the rows of these households off the queue. What is appended from now on queues them again."""
    scope.set((unit, household, EARLIEST_DAY) for unit, household in batch)
    names = "unit, household, kind, since_day"
    if connection.engine == "postgres":
        names = ", ".join(f"t.{name}" for name in names.split(", "))
    statement = f"{scope_clear('touched', connection.engine)} RETURNING {names}"
    touched: dict[Household, dict[str, int]] = defaultdict(dict)
    for unit, household, kind, since_day in connection.rows(statement, scope.params):
        touched[unit, household][kind] = since_day
    return touched


def _run(
    connection: Connection, scope: ScopeTable, step: Step, touched: Touched
) -> list[tuple[int, int, int]]:
    rows = []
    for (unit, household), kinds in touched.items():
        days = [since_day for kind, since_day in kinds.items() if kind in step.kinds]
        if days:
            rows.append((unit, household, min(days)))
    if rows:
        scope.set(rows)
        statements = compose_step(step, connection.engine)
        connection.run(statements.clear, scope.params)
        connection.run(statements.write, scope.params)
    return rows
