"""Trying the task rules on the histories beside them (hodi.record.histories says how those are told)."""

from __future__ import annotations

import pathlib

from hodi.db import Connection, load_queries, open_store
from hodi.record import rule_folders
from hodi.record.histories import UNIT, Case, HistoryReader, fold_cases, from_day_0, judge
from hodi.tasks.evaluate import evaluate
from hodi.tasks.rules import load_tasks

_sql = load_queries(__file__)

FIELDS = (
    "person", "episode", "opens_day", "due_day", "overdue_day", "closes_day", "done_day", "state", "detail",
)  # fmt: skip
"""What `gives` may name."""
DAYS = ("opens_day", "due_day", "overdue_day", "closes_day", "done_day")
"""Those of them that are days."""


def load_cases(pack: pathlib.Path, after: int = 0) -> list[Case]:
    """The cases of every rule of a pack, their ids above a counter. Raises CaseError."""
    reader = HistoryReader(pack, FIELDS, after)
    return [case for folder in rule_folders(pack, "tasks") for case in reader.cases(folder)]


def check_cases(connection: Connection, pack: pathlib.Path, code: str | None = None) -> list[str]:
    """Run the cases of a pack (of one rule, with `code`) in an empty store; gives what came out
    differently, in words. Needs a write transaction; roll it back afterwards."""
    cases = [case for case in load_cases(pack) if code in (None, case.code)]
    write_cases(connection, cases, pack)
    return [fault for case in cases for fault in judge(case, tasks_of(connection, case))]


def try_cases(pack: pathlib.Path) -> list[str]:
    """`check_cases` in a store of its own, in memory: for the command line. Raises CaseError, RuleError."""
    store = open_store("sqlite://")
    try:
        return store.write_now(lambda c: check_cases(c, pack))
    finally:
        store.close()


def write_cases(connection: Connection, cases: list[Case], pack: pathlib.Path) -> None:
    """Append the cases' events, fold them, and evaluate each case as of its own day. Raises CaseError for
    an event that the front door refuses."""
    fold_cases(connection, cases, pack)
    for case in cases:
        evaluate(connection, load_tasks(pack), [(UNIT, case.household)], today=case.today, now=case.now)


def tasks_of(connection: Connection, case: Case) -> list[dict[str, object]]:
    """What came out of a case: the tasks of its rule, as `gives` writes them."""
    about = {"unit": UNIT, "household": case.household, "code": case.code}
    rows = connection.rows(_sql.tasks_of_household, about)
    return [from_day_0(dict(zip(FIELDS, row, strict=True)), DAYS) for row in rows]
