"""Trying the task rules on the histories beside them (hodi.record.histories says how those are written)."""

from __future__ import annotations

import pathlib

from hodi.db import Connection, load_queries
from hodi.record import Household
from hodi.record.histories import RuleCases, of_household
from hodi.tasks.evaluate import evaluate
from hodi.tasks.rules import load_tasks

_sql = load_queries(__file__)

_FIELDS = (
    "person", "episode", "opens_day", "due_day", "overdue_day", "closes_day", "done_day", "state", "detail",
)  # fmt: skip


def _evaluate(
    connection: Connection, pack: pathlib.Path, households: list[Household], today: int, now: int
) -> None:
    evaluate(connection, load_tasks(pack), households, today=today, now=now)


CASES = RuleCases(
    kind="tasks",
    fields=_FIELDS,
    days=("opens_day", "due_day", "overdue_day", "closes_day", "done_day"),
    rows=of_household(_sql.tasks_of_household),
    evaluate=_evaluate,
)
