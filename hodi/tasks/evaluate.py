"""Running the rules for some households. (After a fold, and as time passes: `hodi.record.evaluating`.)"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hodi.db import Connection
from hodi.record import Household, evaluate_rules
from hodi.tasks.rules import TaskRule, runnable


def evaluate(
    connection: Connection,
    rules: Sequence[TaskRule],
    households: Iterable[Household],
    *,
    today: int,
    now: int,
) -> None:
    """Write the tasks of these households anew. `today`: local day; `now`: ms. Needs a write transaction."""
    evaluate_rules(connection, map(runnable, rules), households, today=today, now=now)
