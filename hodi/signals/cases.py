"""Trying the signal rules on the histories beside them (hodi.record.histories says how those are written)."""

from __future__ import annotations

import pathlib

from hodi.db import Connection, load_queries
from hodi.record import Household
from hodi.record.histories import RuleCases, of_household
from hodi.signals.evaluate import evaluate
from hodi.signals.rules import load_rules

_sql = load_queries(__file__)

_FIELDS = (
    "person", "episode", "class", "state", "first_day", "last_day", "detail", "number_1", "number_2",
    "escalated",
)  # fmt: skip


def _evaluate(
    connection: Connection, pack: pathlib.Path, households: list[Household], today: int, now: int
) -> None:
    evaluate(connection, load_rules(pack), households, today=today, now=now)


CASES = RuleCases(
    kind="signals",
    fields=_FIELDS,
    days=("first_day", "last_day"),
    rows=of_household(_sql.signals_of_household),
    evaluate=_evaluate,
)
