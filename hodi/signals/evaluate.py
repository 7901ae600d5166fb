"""Running the rules for some households. (After a fold, and as time passes: `hodi.record.evaluating`.)"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hodi.db import Connection
from hodi.record import Household, evaluate_rules
from hodi.signals.rules import Rule, runnable


def evaluate(
    connection: Connection, rules: Sequence[Rule], households: Iterable[Household], *, today: int, now: int
) -> None:
    """Write the signals of these households anew, by every rule. `today`: local day; `now`: ms. Needs a write
    transaction. The result depends on the record, the day and the instant, and on nothing else."""
    evaluate_rules(connection, map(runnable, rules), households, today=today, now=now)
