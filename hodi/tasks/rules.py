"""A pack's task rules, read from `programmes/*/tasks/<CODE>/` and composed for an engine.

A rule's folder holds `rule.sql` (whose window is when), `task.toml` (what it is called, which form does it,
on whose word) and `cases.yaml`. A row is a window: `opens_day`, `due_day`, `overdue_day`, `closes_day`, and
`done_day` once it was done; `episode` names what it follows from, so that two phones make the same task of
the same facts. Rows may lie ahead: whoever shows them looks at their days.
"""

from __future__ import annotations

import functools
import pathlib

from hodi.db.store import Engine
from hodi.record import Described, Result, Runnable, rule_folders, statements_of

COLUMNS = (
    "unit", "household", "person", "episode", "opens_day", "due_day", "overdue_day", "closes_day", "done_day",
    "detail",
)  # fmt: skip
"""What a rule's SELECT gives at least; the runner adds `code`, `state` and `form`."""
_TYPES = (
    "BIGINT", "BIGINT", "BIGINT", "BIGINT", "INTEGER", "INTEGER", "INTEGER", "INTEGER", "INTEGER", "TEXT",
)  # fmt: skip


class TaskRule(Described, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule: `task.toml`, with the SQL beside it. `form` does it ("" = a visit does); `rank`: its place
    among tasks of one day, the most pressing first. `of_refused`: of households too that do not agree that
    information is kept."""

    form: str = ""
    rank: int = 50
    of_refused: bool = False

    def for_phone(self) -> dict[str, object]:
        """The rule as a phone receives it (`TaskRule` in hodi/sync/pack_model.py)."""
        return {
            "code": self.code,
            "reads": sorted(reads_of(self)),
            "statements": compose(self, "sqlite"),
            "rank": self.rank,
            "title": f"task.{self.code}.title",
            "says": {detail: f"task.{self.code}.says.{detail}" for detail in self.says},
            **({"form": self.form} if self.form else {}),
        }


@functools.cache
def load_tasks(pack: pathlib.Path) -> tuple[TaskRule, ...]:
    """The task rules of a pack's folder, by code. Raises RuleError for one that is not whole."""
    return tuple(folder.described("task.toml", TaskRule) for folder in rule_folders(pack, "tasks"))


@functools.cache
def _result(code: str, form: str, of_refused: bool) -> Result:
    columns = [f"r.{name}" for name in COLUMNS]
    return Result(
        table="task",
        of_refused=of_refused,
        columns=tuple(zip(COLUMNS, _TYPES, strict=True)),
        write=(
            "INSERT INTO task (unit, household, person, code, episode, opens_day, due_day, overdue_day,"
            " closes_day, done_day, state, form, detail)\n"
            f"SELECT {', '.join(columns[:3])}, '{code}', {', '.join(columns[3:9])},\n"
            "  CASE WHEN r.done_day IS NOT NULL THEN 'done' WHEN d.day >= r.opens_day THEN 'dismissed'\n"
            f"    ELSE 'open' END,\n  {repr(form) if form else 'NULL'}, r.detail\n"
            "FROM task_row r\n"
            "LEFT JOIN task_dismissal d ON d.unit = r.unit AND d.household = r.household\n"
            f"  AND d.person = r.person AND d.code = '{code}' AND d.episode = r.episode\n"
            "WHERE r.holds = 1"
        ),
    )


def compose(rule: TaskRule, engine: Engine) -> tuple[str, ...]:
    """The statements of a rule on an engine, to be run one after another: forget the scope's tasks of this
    code, write them anew, and note when time alone changes them next."""
    return statements_of(rule.sql(), _result(rule.code, rule.form, rule.of_refused), "day", engine)


def runnable(rule: TaskRule) -> Runnable:
    """The rule as it is run."""
    return Runnable(
        code=rule.code,
        table="task",
        reads=reads_of(rule),
        mark=f"{rule.sql().mark} {rule.form} {rule.of_refused}",
        statements=functools.partial(compose, rule),
    )


def reads_of(rule: TaskRule) -> frozenset[str]:
    """The tables by which its result changes: whether the household is here, who agrees that information
    is kept, and what was put aside, count
    always."""
    return frozenset((*rule.sql().reads, "household", "person", "task_dismissal"))
