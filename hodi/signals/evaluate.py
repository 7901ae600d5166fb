"""Running the rules: for some households after a fold, for all of them when the day or the hour turns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hodi.db import Connection, load_queries
from hodi.record import Household, evaluate_rules
from hodi.signals.rules import Rule, compose

_sql = load_queries(__file__)


def evaluate(
    connection: Connection, rules: Sequence[Rule], households: Iterable[Household], *, today: int, now: int
) -> None:
    """Write the signals of these households anew. `today`: local day; `now`: ms. Needs a write
    transaction. The result depends on the record, the day and the instant, and on nothing else."""
    composed = [compose(rule, connection.engine) for rule in rules]
    evaluate_rules(connection, composed, households, today=today, now=now)


def evaluate_next(
    connection: Connection,
    rules: Sequence[Rule],
    unit: int,
    *,
    after: int,
    households_max: int,
    today: int,
    now: int,
) -> list[Household]:
    """`evaluate` for the next households of a unit whose number is above `after`; gives these, in order: none
    when the unit is through. If all rules turn by the hour, only households that wait for somebody's arrival
    are looked at."""
    hourly = all(rule.turn == "hour" for rule in rules)
    query = _sql.households_awaiting_after if hourly else _sql.households_after
    given = {"unit": unit, "after": after, "households_max": households_max}
    households = [(unit, row[0]) for row in connection.rows(query, given)]
    evaluate(connection, rules, households, today=today, now=now)
    return households


def evaluate_all(
    connection: Connection, rules: Sequence[Rule], unit: int | None = None, *, today: int, now: int
) -> None:
    """Every household of a unit (None = of all), in chunks, in one transaction: for the command line and
    tests. The background work takes one transaction a chunk."""
    units = [row[0] for row in connection.rows(_sql.units)] if unit is None else [unit]
    for one in units:
        after: int | None = 0
        while after is not None:
            looked_at = evaluate_next(
                connection, rules, one, after=after, households_max=500, today=today, now=now
            )
            after = looked_at[-1][1] if looked_at else None
