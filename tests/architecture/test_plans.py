"""No statement reads more of the ledger than it needs: on SQLite every way to `event`, `observation` and the
tables that grow with history goes by more than the unit. (A plan is right or wrong on an empty store
already, because SQLite is told how big things are: contract/planner.sqlite.sql.)"""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterator

import apsw
import pytest

from hodi.db import read_statements, statement_files
from hodi.db.schema import contract_planner, contract_schema
from hodi.db.sqlite import SqliteStore
from hodi.record import ensure_current, load_record_schema
from hodi.record.compose import compose_step
from tests.contract.rules import composed as composed_rules

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = load_record_schema(ROOT / "content" / "kenya")

# Tables that grow with every visit; those of the household alone are as small as the unit.
GROWING = (
    "event", "observation", "feed", "visit", "visit_month", "growth", "illness", "finding",
    "antenatal_contact", "touched",
)  # fmt: skip

# Statements that are to read a whole unit or store, and when they are asked.
WHOLE = {
    "cli.count_everything": "asked by hand",
    "cli.count_waiting": "asked by hand",
    "record.waiting_in_all": "reads the queue, which is as long as what waits",
    "record.units": "a rebuild, asked by hand",
    "record.waiting_in": "a rebuild, asked by hand",
    "record.waiting_in_unit": "the first row of a queue",
    "record.waiting": "the first households of a queue, in the order of its key",
}


def queries() -> Iterator[tuple[str, str]]:
    """Every named statement of the rooms that SQLite can read."""
    for path in statement_files(ROOT / "hodi"):
        for name, sql in read_statements(path).items():
            text = re.sub(r"--[^\n]*", "", sql).strip()
            if not re.search(r"\bpg_|set_config|::|\bFOR UPDATE\b", text):
                yield f"{path.parent.name}.{name}", text


def composed() -> Iterator[tuple[str, str]]:
    """Every step of the fold and every rule, as they run on the server and on phones."""
    for step in SCHEMA.steps:
        statements = compose_step(step, "sqlite")
        yield f"fold.{step.name}.clear", statements.clear
        yield f"fold.{step.name}", statements.write
    for code, statements in composed_rules("sqlite"):
        for n, statement in enumerate(statements):
            yield f"rule.{code}.{n}", statement


def with_scope(connection: apsw.Connection) -> apsw.Connection:
    connection.execute(
        "CREATE TEMP TABLE scope (unit BIGINT NOT NULL, household BIGINT NOT NULL, since_day INTEGER)"
    )
    return connection


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> apsw.Connection:
    path = tmp_path_factory.mktemp("plans") / "store.db"
    store = SqliteStore(str(path))
    store.write_now(lambda c: ensure_current(c, SCHEMA))
    store.close()
    return with_scope(apsw.Connection(str(path)))


@pytest.fixture(scope="module")
def phone() -> apsw.Connection:
    connection = apsw.Connection(":memory:")
    connection.execute(contract_schema("sqlite"))
    for name in SCHEMA.added:
        for statement in SCHEMA.tables[name].created("sqlite"):
            connection.execute(statement)
    for statement in (*contract_planner(), *SCHEMA.planner()):
        connection.execute(statement)
    return with_scope(connection)


def wide_steps(connection: apsw.Connection, sql: str) -> list[str]:
    """The steps of a plan that read a growing table whole, or by its unit alone."""
    if sql.startswith("CREATE TEMP TABLE"):
        connection.execute(sql)
        return []
    names = dict.fromkeys(re.findall(r"(?<![:\w]):([a-z_][a-z_0-9]*)", sql))
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", names)]
    called = re.findall(
        rf"\b(?:FROM|JOIN|INTO|UPDATE)\s+(main\.)?({'|'.join(GROWING)})\s+(?:AS\s+)?(\w+)", sql
    )
    # A rule's own table is shadowed by the scope's rows of it: without `main.` those are meant.
    shadowed = set(re.findall(r"\b(\w+) AS MATERIALIZED", sql))
    aliases = {alias for main, table, alias in called if main or table not in shadowed}
    aliases |= set(GROWING) - shadowed
    found = []
    for line in plan:
        match = re.match(r"(SCAN|SEARCH) (\w+)(.*)", line)
        if match and match.group(2) in aliases and (match.group(1) == "SCAN" or line.endswith("(unit=?)")):
            found.append(line)
    return found


@pytest.mark.parametrize(("name", "sql"), [pytest.param(n, s, id=n) for n, s in queries()])
def test_a_statement_reads_no_more_than_it_needs(server: apsw.Connection, name: str, sql: str) -> None:
    wide = wide_steps(server, sql)
    if name in WHOLE:
        assert wide, f"{name} reads no whole unit: take it off the list"
    else:
        assert not wide, f"{name}: {wide}"


@pytest.mark.parametrize(("name", "sql"), [pytest.param(n, s, id=n) for n, s in composed()])
def test_the_fold_and_the_rules_start_from_the_household(
    server: apsw.Connection, phone: apsw.Connection, name: str, sql: str
) -> None:
    for connection in (server, phone):
        wide = wide_steps(connection, sql)
        assert not wide, f"{name}: {wide}"
