"""The fold: from facts to the longitudinal record, a batch of households at a time.

`events.append` leaves in `touched` which households changed, by which kinds of event and since when.
The fold takes the rows of a few hundred households, and runs the steps of the record one after another,
each over those households that its kinds have touched. Whatever order events arrive in, the rows are the
same, because a step writes what the household's facts say and nothing else.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Mapping

from hodi.db import Connection, load_queries
from hodi.db.passing import may_pass
from hodi.record.compose import compose_step, scope_clear
from hodi.record.schema import RecordSchema, Step
from hodi.record.scope import EARLIEST_DAY, Household, Scope
from hodi.record.upkeep import ensure_current, is_prepared

_sql = load_queries(__file__)

REBUILD_HOUSEHOLDS_MAX = 500
_BEFORE_ALL: Household = (-1, -1)

Touched = Mapping[Household, Mapping[str, int]]
"""By household: kinds of event that touched it, with the earliest day."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Folded:
    """What a fold did: the `households` whose record is fresh now, the `last` of them in the order in which
    they are taken, and whether others wait."""

    households: frozenset[Household]
    more: bool
    last: Household | None = None

    @property
    def units(self) -> frozenset[int]:
        """The units of the households."""
        return frozenset(unit for unit, _ in self.households)


class FoldFailed(Exception):
    """A batch that could not be folded: nothing of it was written. `households` are its members."""

    def __init__(self, households: frozenset[Household]) -> None:
        super().__init__(f"the record of {len(households)} households could not be folded")
        self.households = households

    @classmethod
    def of(cls, households: frozenset[Household], error: Exception) -> Exception:
        """What to raise for an error met with these households: the error itself if it may pass."""
        return error if may_pass(error) else cls(households)


def fold(
    connection: Connection,
    schema: RecordSchema,
    *,
    households_max: int,
    aside: Collection[Household] = (),
    after: Household | None = None,
) -> Folded:
    """Fold at most `households_max` of the households that wait, leaving out those put `aside`. Households
    take turns: given the last one of the fold before, it goes on `after` it and comes round to the first, so
    that nobody waits for ever however many are touched meanwhile. Needs a write transaction; raises
    FoldFailed, and then the transaction must be rolled back."""
    scope = Scope(connection)
    if not is_prepared(connection):
        ensure_current(connection, schema)
    found = _waiting(connection, after, households_max + len(aside) + 1)
    waiting = [household for household in found if household not in aside]
    batch, more = waiting[:households_max], len(waiting) > households_max
    if not batch:
        return Folded(households=frozenset(), more=False, last=after)
    try:
        touched = _take(connection, scope, batch)
        for step in schema.steps:
            _run(connection, scope, step, touched)
    except Exception as error:
        raise FoldFailed.of(frozenset(batch), error) from error
    return Folded(households=frozenset(batch), more=more, last=batch[-1])


def rebuild(connection: Connection, schema: RecordSchema, unit: int | None = None) -> Folded:
    """Forget the record of a unit (None = of all) and make it anew from the ledger. Signals are not
    touched; evaluate them for the households that this gives."""
    ensure_current(connection, schema)
    Scope(connection)
    units = [row[0] for row in connection.rows(_sql.units)] if unit is None else [unit]
    for one in units:
        for step in schema.steps:
            connection.run(f"DELETE FROM {step.writes} WHERE unit = :unit", {"unit": one})
        connection.run(_sql.touch_unit, {"unit": one, "since_day": EARLIEST_DAY})
    done: set[Household] = set()
    while True:
        folded = fold(connection, schema, households_max=REBUILD_HOUSEHOLDS_MAX)
        done |= folded.households
        if not folded.more:
            return Folded(households=frozenset(done), more=False)


def _waiting(connection: Connection, after: Household | None, count: int) -> list[Household]:
    """The next households in turn: those after this one, then those from the first up to it."""
    found = _waiting_after(connection, after or _BEFORE_ALL, count)
    if after is None or len(found) == count:
        return found
    again = _waiting_after(connection, _BEFORE_ALL, count - len(found))
    return found + [household for household in again if household <= after]


def _waiting_after(connection: Connection, after: Household, count: int) -> list[Household]:
    given = {"unit": after[0], "household": after[1], "households_max": count}
    return [(unit, household) for unit, household in connection.rows(_sql.waiting, given)]


def _take(connection: Connection, scope: Scope, batch: list[Household]) -> Touched:
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


def _run(connection: Connection, scope: Scope, step: Step, touched: Touched) -> None:
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
