"""The fold's steps and the rules' SELECTs, made into whole statements.

A step says what a household's rows should be; composition adds where to look. It prefixes CTEs

    stated  the scope's events of the step's kinds, as they were stated
    fact    the same with corrections and retractions carried out: `source` names the event whose values count
    fresh   those of `fact` that are not older than the household's `since_day`

and wraps the SELECT in an INSERT, beside a DELETE that clears the rows it will write. Both run over
`scope (unit, household, since_day)`: a temporary table on SQLite, three arrays on PostgreSQL, where
a cached plan then needs no statistics of its own (`hodi.record.scope`). For a rule of `hodi.signals` the
record table that it starts from is shadowed by the scope's rows; so its text knows nothing of scopes.

Every join starts from `scope` and goes outward, so that the cost grows with what changed.
"""

from __future__ import annotations

import dataclasses
import functools
import re

from hodi.db.store import Engine
from hodi.record.schema import RecordSchema, Step, StepError
from hodi.record.tables import Table

_EVENT_COLUMNS = (
    "unit", "id", "area", "household", "person", "visit", "kind", "form", "form_version", "target",
    "occurred_at", "occurred_day", "recorded_at", "stamp", "author", "device",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class Statements:
    """What the runner executes for a step or rule: forget the scope's rows, write them anew."""

    clear: str
    write: str


@functools.cache
def compose_step(step: Step, engine: Engine) -> Statements:
    """The statements of a step on an engine."""
    table = step.table
    prefix = _scope_ctes(engine, month=step.since == "month")
    own_ctes, select = split_select(step.select)
    kinds = ", ".join(f"'{kind}'" for kind in step.facts)
    body = f"{own_ctes}\n{select}"
    if re.search(r"\bstated\b", body):
        prefix.append(f"stated AS MATERIALIZED (\n{_stated(kinds, engine)}\n)")
    if re.search(r"\bfact\b", body):
        prefix.append(f"fact AS MATERIALIZED (\n{_fact(kinds, engine, fresh=False)}\n)")
    if re.search(r"\bfresh\b", body):
        prefix.append(f"fresh AS MATERIALIZED (\n{_fact(kinds, engine, fresh=True)}\n)")
    return Statements(
        clear=_clear(step, table, engine),
        write=f"INSERT INTO {table.name} ({', '.join(table.columns)})\n{_with(prefix, own_ctes)}{select}",
    )


def rule_ctes(select: str, drives: Table, days: str, engine: Engine, before: str = "") -> str:
    """`WITH … found AS (a rule's SELECT)`, the statement to follow. The record table that the rule
    starts from is shadowed by a CTE with the scope's rows of it; the rule reaches all else from there.
    `days`: how far back those rows go from `:today`, for a table that is keyed by day; "" elsewhere.
    `before`: a CTE that still sees the table itself.
    """
    own_ctes, body = split_select(select)
    if bool(days) != ("day" in drives.key):
        raise StepError(f"a rule that starts from {drives.name} {'has no' if days else 'needs'} `days`")
    main = "main." if engine == "sqlite" else ""
    bound = f" AND given.day > :today - ({days}) AND given.day <= :today" if days else ""
    condition = f"given.unit = s.unit AND given.household = s.household{bound}"
    rows = outward("given.*", f"{main}{drives.name} given", condition, engine)
    shadow = f"{drives.name} AS MATERIALIZED (\n  SELECT given.* {rows}\n)"
    parts = [*_scope_ctes(engine, month=False), before, shadow, own_ctes, f"found AS (\n{body}\n)"]
    return f"WITH {', '.join(part for part in parts if part)}\n"


def outward(columns: str, relation: str, condition: str, engine: Engine) -> str:
    """FROM the scope to a relation by its key, in this order whatever the planner thinks: CROSS JOIN
    fixes it on SQLite, a lateral sub-query that cannot be dissolved (OFFSET 0) on PostgreSQL."""
    if engine == "sqlite":
        return f"FROM scope s CROSS JOIN {relation}\n  WHERE {condition}"
    alias = relation.rpartition(" ")[2]
    return (
        f"FROM scope s CROSS JOIN LATERAL (\n    SELECT {columns} FROM {relation}\n"
        f"    WHERE {condition} OFFSET 0\n  ) {alias}"
    )


def scope_clear(table: str, engine: Engine, condition: str = "") -> str:
    """A DELETE of the scope's rows of a table whose key starts with unit and household."""
    if engine == "sqlite":
        where = f"(unit, household) IN (SELECT unit, household FROM scope){condition}"
        return f"DELETE FROM {table} WHERE {where}"
    return (
        f"{_with(_scope_ctes(engine, month=False), '')}DELETE FROM {table} t USING scope s\n"
        f"WHERE t.unit = s.unit AND t.household = s.household{condition}"
    )


def _clear(step: Step, table: Table, engine: Engine) -> str:
    if step.since == "start":
        return scope_clear(table.name, engine)
    bound = "month >= s.since_month" if step.since == "month" else "day >= s.since_day"
    ctes = _scope_ctes(engine, month=step.since == "month")
    if engine == "postgres":
        return (
            f"{_with(ctes, '')}DELETE FROM {table.name} t USING scope s\n"
            f"WHERE t.unit = s.unit AND t.household = s.household AND t.{bound}"
        )
    key, keys = ", ".join(table.key), ", ".join(f"t.{column}" for column in table.key)
    return (
        f"{_with(ctes, '')}DELETE FROM {table.name} WHERE ({key}) IN (\n"
        f"  SELECT {keys} FROM scope s CROSS JOIN {table.name} t\n"
        f"  WHERE t.unit = s.unit AND t.household = s.household AND t.{bound}\n)"
    )


def _scope_ctes(engine: Engine, *, month: bool) -> list[str]:
    """What has to stand before a statement so that it can say `scope`. With `month`, `since_day` is
    moved back to the first day of its month, `since_month`."""
    given = "SELECT unit, household, since_day FROM temp.scope"
    if engine == "postgres":
        given = (
            "SELECT u.unit, u.household, u.since_day\n"
            "  FROM unnest(:units::bigint[], :households::bigint[], :since_days::integer[])"
            " AS u(unit, household, since_day)"
        )
    if month:
        return [
            f"given AS (\n  {given}\n)",
            "scope AS MATERIALIZED (\n  SELECT g.unit, g.household,\n"
            "    COALESCE(m.first_day, g.since_day) AS since_day, COALESCE(m.month, 0) AS since_month\n"
            "  FROM given g\n"
            "  LEFT JOIN calendar_month m ON m.first_day = (\n"
            "    SELECT MAX(n.first_day) FROM calendar_month n WHERE n.first_day <= g.since_day\n  )\n)",
        ]
    return [] if engine == "sqlite" else [f"scope AS (\n  {given}\n)"]


def _stated(kinds: str, engine: Engine, *, fresh: bool = False) -> str:
    columns = ", ".join(f"e.{column}" for column in _EVENT_COLUMNS)
    since = " AND e.occurred_day >= s.since_day" if fresh else ""
    if engine == "sqlite":
        # Without statistics SQLite may read a unit's whole ledger by its primary key instead.
        return (
            f"  SELECT {columns}\n  FROM scope s CROSS JOIN event e INDEXED BY event_of_household\n"
            f"  WHERE e.unit = s.unit AND e.household = s.household AND e.kind IN ({kinds}){since}"
        )
    # Kind by kind, because PostgreSQL may else read all kinds of a household and throw most away.
    listed = kinds.replace(", ", "), (")
    condition = f"e.unit = s.unit AND e.household = s.household AND e.kind = k.kind{since}"
    return (
        f"  SELECT {columns}\n  FROM scope s CROSS JOIN (VALUES ({listed})) AS k (kind)\n"
        f"  CROSS JOIN LATERAL (SELECT {columns} FROM event e WHERE {condition} OFFSET 0) e"
    )


def _fact(kinds: str, engine: Engine, *, fresh: bool) -> str:
    events = _stated(kinds, engine, fresh=fresh)
    return (
        f"  SELECT g.*, COALESCE(a.source, g.id) AS source FROM (\n  {events}\n  ) g\n"
        "  LEFT JOIN amendment a ON a.unit = g.unit AND a.household = g.household AND a.event = g.id\n"
        "  WHERE a.event IS NULL OR a.source IS NOT NULL"
    )


def split_select(select: str) -> tuple[str, str]:
    """A SELECT without comments, as (its own CTEs, the rest)."""
    bare = re.sub(r"[ \t]*--[^\n]*\n?", "\n", select)
    bare = re.sub(r"\n\s*\n+", "\n", bare).strip().rstrip(";")
    if not bare.upper().startswith("WITH "):
        return "", bare
    depth = 0
    for match in re.finditer(r"[()]|'[^']*'|\bSELECT\b", bare):
        token = match.group()
        depth += {"(": 1, ")": -1}.get(token, 0)
        if token == "SELECT" and depth == 0:
            return bare[5 : match.start()].strip(), bare[match.start() :]
    raise StepError("a WITH without a SELECT")


def _with(prefix: list[str], own_ctes: str) -> str:
    ctes = [*prefix, own_ctes] if own_ctes else prefix
    return f"WITH {', '.join(ctes)}\n" if ctes else ""


def steps_for_phone(schema: RecordSchema) -> list[dict[str, str | list[str]]]:
    """The steps as a phone receives them (`FoldStep` in hodi/sync/pack_model.py)."""
    found: list[dict[str, str | list[str]]] = []
    for step in schema.steps:
        composed = compose_step(step, "sqlite")
        found.append(
            {
                "name": step.name,
                "writes": step.writes,
                "kinds": sorted(step.kinds),
                "clear": composed.clear,
                "write": composed.write,
            }
        )
    return found
