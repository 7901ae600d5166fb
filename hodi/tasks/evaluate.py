"""Running the rules for some households: after a fold, and when the day turns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hodi.db import Connection, load_queries
from hodi.record import Household, evaluate_rules
from hodi.tasks.rules import TaskRule, compose

_sql = load_queries(__file__)

HOUSEHOLDS_AT_ONCE = 500


def evaluate(
    connection: Connection,
    rules: Sequence[TaskRule],
    households: Iterable[Household],
    *,
    today: int,
    now: int,
) -> None:
    """Write the tasks of these households anew. `today`: local day; `now`: ms. Needs a write transaction."""
    composed = [compose(rule, connection.engine) for rule in rules]
    evaluate_rules(connection, composed, households, today=today, now=now)


def evaluate_all(
    connection: Connection, rules: Sequence[TaskRule], unit: int, *, today: int, now: int
) -> None:
    """`evaluate` for every household of a unit, some hundred at a time."""
    after = 0
    while True:
        given = {"unit": unit, "after": after, "households_max": HOUSEHOLDS_AT_ONCE}
        households = [(unit, row[0]) for row in connection.rows(_sql.households_after, given)]
        evaluate(connection, rules, households, today=today, now=now)
        if len(households) < HOUSEHOLDS_AT_ONCE:
            return
        after = households[-1][1]
