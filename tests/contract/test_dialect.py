"""The fold and the rules are written in the dialect of docs/sql.md, and every composed statement starts
from the scope."""

from __future__ import annotations

import pathlib
import re

import pytest

from hodi.config import ROOT
from hodi.db import Store
from hodi.record import ScopeTable, ensure_current, load_record_schema
from hodi.record.compose import compose_step
from hodi.signals.rules import COLUMNS
from tests.contract.rules import composed as composed_rules

KENYA = ROOT / "content" / "kenya"
SCHEMA = load_record_schema(KENYA)
FILES = [
    *sorted((ROOT / "contract" / "record").glob("*.sql")),
    *sorted((ROOT / "content").glob("*/programmes/*/*/*/*.sql")),  # rules and indicators
]
CONTEXT = sorted((ROOT / "content").glob("*/programmes/*/context.sql"))
OWN_FUNCTIONS = {  # everything that may be followed by a bracket
    "cast", "coalesce", "count", "exp", "first_value", "floor", "lag", "last_value", "lead", "ln", "max",
    "min",
    "nullif", "over", "power", "row_number", "substr", "sum", "exists", "in", "as", "and", "or", "not",
    "when",
    "case", "then", "else", "from", "join", "on", "where", "select", "by", "filter", "materialized", "having",
    "all", "with",
}  # fmt: skip
FORBIDDEN = {
    r"(?<!LEFT )(?<!CROSS )\bJOIN\b": "only LEFT JOIN and CROSS JOIN",
    r"\b(RIGHT|FULL|INNER|NATURAL|LATERAL)\b": "only LEFT JOIN and CROSS JOIN",
    r"\b(LIKE|ILIKE|GLOB|REGEXP|SIMILAR)\b": "patterns differ in case",
    r"\b(REAL|FLOAT|NUMERIC|DECIMAL)\b": "DOUBLE PRECISION",
    r"::": "CAST",
    r"->": "no rule reads JSON",
    r"\bDISTINCT\s+ON\b": "ROW_NUMBER",
    r"\b(CURRENT_DATE|CURRENT_TIMESTAMP|CURRENT_TIME)\b": ":today and :now",
    r"\b(TRUE|FALSE)\b": "0 and 1",
    r"\b(INDEXED|COLLATE|RETURNING|LIMIT|OFFSET)\b": "composition's business, or unordered",
    r"\bISNULL\b|\bNOTNULL\b|\bIS\s+NOT\s+DISTINCT\b|\bIS\s+DISTINCT\b": "IS NULL",
    r"[\"`\[\]]": "plain names",
    r"==|!=": "= and <>",
    r"\b(MAX|MIN)\s*\([^()]*,": "the greater of two is a CASE",
    r"\bCAST\s*\((?!FLOOR\(|NULL AS)": "CAST(FLOOR(x) AS …)",
}


def bare(path: pathlib.Path) -> str:
    """A file's SQL without comments, literals and the tables that it makes."""
    text = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
    return re.sub(r"'[^']*'", "''", re.sub(r"CREATE TABLE .*?;", "", text, flags=re.DOTALL))


def complaints(sql: str) -> list[str]:
    """What the dialect refuses in a text."""
    found = []
    for pattern, instead in FORBIDDEN.items():
        found += [f"{match.group()!r}: {instead}" for match in re.finditer(pattern, sql, re.IGNORECASE)]
    names = {name.lower() for name in re.findall(r"\b([A-Za-z_][A-Za-z_0-9]*)\s*\(", sql)}
    ctes = {name.lower() for name in re.findall(r"\b(\w+)\s+AS\s*(?:MATERIALIZED\s*)?\(", sql)}
    found += [f"{name}(): not on every engine" for name in sorted(names - OWN_FUNCTIONS - ctes)]
    if re.search(r"\bFROM\s+\w+(?:\s+\w+)?\s*,", sql):
        found.append("a comma between tables: CROSS JOIN")
    if re.search(r"\bFROM\s*\(", sql):
        found.append("a sub-query in FROM: a CTE")
    return found


@pytest.mark.parametrize("path", [*FILES, *CONTEXT], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_dialect(path: pathlib.Path) -> None:
    assert complaints(bare(path)) == []


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT MAX(a, b) FROM t", "SELECT ROUND(x, 2) FROM t", "SELECT a FROM t JOIN u ON u.a = t.a",
        "SELECT a FROM t, u", "SELECT IFNULL(a, 0) FROM t", "SELECT GREATEST(a, 1) FROM t",
        "SELECT a::int FROM t",
        "SELECT a FROM t WHERE b LIKE 'x'", "SELECT CAST(a / 2 AS INTEGER) FROM t", "SELECT a ->> 'b' FROM t",
        "SELECT a FROM (SELECT 1 AS a) x", "SELECT strftime('%Y', a) FROM t", "SELECT a FROM t WHERE b == 1",
        "SELECT CAST(a AS REAL) FROM t", "SELECT DISTINCT ON (a) a FROM t", "SELECT a FROM t WHERE b IS TRUE",
    ],
)  # fmt: skip
def test_the_dialect_test_sees_what_it_should(sql: str) -> None:
    assert complaints(sql)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_file_begins_with_its_meaning_and_source(path: pathlib.Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(r"-- [A-Za-z_]+: \S", text), "the first line says what it is about"
    if path.name in ("rule.sql", "indicator.sql") or "growth" in path.stem or "illness" in path.stem:
        assert "-- Source:" in text


def test_steps_give_the_columns_of_their_tables(store: Store) -> None:
    def work(c: object) -> None:
        ensure_current(c, SCHEMA)
        scope = ScopeTable(c)
        scope.set([(1, 1, 0)])
        for step in SCHEMA.steps:
            statements = compose_step(step, c.engine)
            c.run(statements.clear, scope.params)
            c.run(statements.write, scope.params)
        for _, statements in composed_rules(c.engine):
            for statement in statements:
                c.run(statement, {**scope.params, "today": 1, "now": 1})

    store.write_now(work)
    assert set(COLUMNS) < set(SCHEMA.tables["signal"].columns)


def plans(store: Store) -> list[tuple[str, str]]:
    """What SQLite does for each composed statement: (name, a line of its plan)."""

    def work(c: object) -> list[tuple[str, str]]:
        ensure_current(c, SCHEMA)
        ScopeTable(c)
        composed = []
        for step in SCHEMA.steps:
            statements = compose_step(step, "sqlite")
            composed += [(f"{step.name}, clear", statements.clear), (f"{step.name}, write", statements.write)]
        for code, made in composed_rules("sqlite"):
            create, *others = sorted(made, key=lambda sql: not sql.startswith("CREATE"))
            c.run(create)
            composed += [(code, statement) for statement in others]
        given = {"today": 1, "now": 1}
        return [
            (name, row[3]) for name, sql in composed for row in c.rows(f"EXPLAIN QUERY PLAN {sql}", given)
        ]

    return store.write_now(work)


def test_sqlite_reads_no_contract_table_whole(sqlite_store: Store) -> None:
    ledger = {name for name, table in SCHEMA.tables.items() if table.key[0] == "unit"}
    seen = 0
    for name, line in plans(sqlite_store):
        scanned = re.match(r"SCAN (\w+)", line)
        assert not (scanned and scanned.group(1) in ledger), f"{name}: {line}"
        searched = re.match(r"SEARCH (\w+) USING (.*)", line)
        if searched and "unit=?" in line:
            seen += 1
            assert re.search(r"household=\?|event=\?", line), f"{name} reads a whole unit: {line}"
            assert "INDEX referral" not in line, f"{name} reads a whole unit: {line}"
    assert seen > 30
