"""A rule's SELECT, made into whole statements.

A rule gives the rows that hold, and says when time alone changes its result next:

    until_day   first local day on which the row is different or gone (NULL: not by the day)
    until_at    the same as an instant, in ms (NULL: not by the hour)
    holds       0 for a row that does not hold yet: of it only the time counts (a rule without this column
                gives only rows that hold)

The earliest time of each household is kept in `rule_due`: so the turn of a day, or a moment that has come,
concerns only the households whose time it is. A rule that gives neither `until_day` nor `until_at` is asked
again each day, or each hour, for every household with rows in the table that it starts from.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from typing import Literal

from hodi.db.store import Engine
from hodi.record.compose import outward, scope_clear
from hodi.record.rules import RuleText

Turn = Literal["day", "hour"]

_TIMES = (("holds", "INTEGER"), ("until_day", "INTEGER"), ("until_at", "BIGINT"))
_HOUR_MS = 3_600_000

FORGETTING = 2
"""How many of a rule's statements forget what it said before; `forgetting` does that for several rules."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Result:
    """What a kind of rule writes: its `table`, the `columns` that a rule's SELECT gives, with their types,
    and the statement that writes the table from them, which stand in `<table>_row` under the alias r. A rule
    says nothing of households and members that do not agree that information is kept, unless `of_refused`."""

    table: str
    columns: tuple[tuple[str, str], ...]
    write: str
    of_refused: bool = False


@functools.lru_cache(maxsize=512)
def statements_of(text: RuleText, result: Result, turn: Turn, engine: Engine) -> tuple[str, ...]:
    """The statements of a rule on an engine, over the scope. Needs :today and :now. The first `FORGETTING` of
    them forget what it said before."""
    condition, row = f" AND code = '{text.code}'", f"{result.table}_row"
    clear = (scope_clear(result.table, engine, condition), scope_clear("rule_due", engine, condition))
    later = _later(text, turn, engine)
    rows = _rows(text, result)
    if engine == "postgres":
        found = text.found(engine, f"rule_later AS (\n{later}\n)" if later else "")
        due = _due(text, row, "SELECT unit, household, turn, until FROM rule_later" if later else "")
        write = f"{found}, {row} AS MATERIALIZED (\n{rows}\n),\ndue_rows AS (\n{due}\n)\n{result.write}"
        return (*clear, write)
    columns = ", ".join(f"{name} {type_}" for name, type_ in (*result.columns, *_TIMES))
    return (
        *clear,
        f"CREATE TEMP TABLE IF NOT EXISTS {row} ({columns})",
        f"DELETE FROM temp.{row}",
        f"INSERT INTO temp.{row}\n{text.found(engine)}{rows}",
        result.write,
        _due(text, row, later),
    )


@functools.cache
def forgetting(table: str, engine: Engine) -> str:
    """Forget the scope's rows that some rules wrote in a table. Needs their :codes, the keys of an object."""
    return scope_clear(table, engine, " AND code IN (SELECT k.key FROM json_each(:codes) AS k)")


def _rows(text: RuleText, result: Result) -> str:
    """The rule's rows in households that are here, with the three columns of time. Of who has refused that
    more is kept there are none."""
    given = {name: _gives(text, name) for name, _ in _TIMES}
    columns = [f"r.{name}" for name, _ in result.columns]
    columns.append("r.holds" if given["holds"] else "1 AS holds")
    columns.append("r.until_day" if given["until_day"] else "CAST(NULL AS INTEGER) AS until_day")
    columns.append("r.until_at" if given["until_at"] else "CAST(NULL AS BIGINT) AS until_at")
    rows = (
        f"SELECT {', '.join(columns)}\nFROM found r\n"
        "LEFT JOIN household h ON h.unit = r.unit AND h.household = r.household\n"
    )
    if result.of_refused:
        return f"{rows}WHERE COALESCE(h.here, 1) = 1"
    return (
        f"{rows}LEFT JOIN person q ON q.unit = r.unit AND q.household = r.household AND q.person = r.person\n"
        "WHERE COALESCE(h.here, 1) = 1 AND h.refused_day IS NULL AND q.refused_day IS NULL"
    )


def _due(text: RuleText, row: str, later: str) -> str:
    """The earliest times of each household."""
    times = [later] if later else []
    for name, turn in (("until_day", "day"), ("until_at", "instant")):
        if _gives(text, name):
            # A time that is past already would be due for ever.
            present, next_time = (":today", ":today + 1") if turn == "day" else (":now", f":now + {_HOUR_MS}")
            times.append(
                f"SELECT unit, household, '{turn}' AS turn,"
                f" CAST(CASE WHEN {name} > {present} THEN {name} ELSE {next_time} END AS BIGINT) AS until"
                f" FROM {row} WHERE {name} IS NOT NULL"
            )
    return (
        "INSERT INTO rule_due (unit, household, code, turn, until)\n"
        f"SELECT d.unit, d.household, '{text.code}', d.turn, MIN(d.until)\nFROM (\n  "
        + "\n  UNION ALL\n  ".join(times)
        + "\n) AS d\nGROUP BY d.unit, d.household, d.turn"
    )


def _later(text: RuleText, turn: Turn, engine: Engine) -> str:
    """Times that do not come from the rule's rows: when rows that are dated later come into sight (a clock
    that ran ahead dated them); and of a rule that says nothing about time, the next day or hour."""
    times = []
    if not (_gives(text, "until_day") or _gives(text, "until_at")):
        next_time = ("day", ":today + 1") if turn == "day" else ("instant", f":now + {_HOUR_MS}")
        times.append(_of_drives(text, "", next_time[0], next_time[1], engine))
    if text.days:
        times.append(_of_drives(text, " AND given.day > :today", "day", "given.day", engine))
    return "\n  UNION ALL\n  ".join(times)


def _of_drives(text: RuleText, condition: str, turn: str, until: str, engine: Engine) -> str:
    where = f"given.unit = s.unit AND given.household = s.household{condition}"
    columns = "given.unit, given.household" + (", given.day" if "day" in text.drives.key else "")
    rows = outward(columns, f"{text.drives.name} given", where, engine)
    return f"SELECT given.unit, given.household, '{turn}' AS turn, CAST({until} AS BIGINT) AS until {rows}"


def _gives(text: RuleText, name: str) -> bool:
    return bool(re.search(rf"\bAS\s+{name}\b", text.select))
