"""One community unit, one shard: a distributed PostgreSQL can take the store over without a change of
code only while every key starts with the unit and every join is made on it (docs/scale.md)."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterator

import pytest

from hodi.db import read_statements, statement_files

ROOT = pathlib.Path(__file__).resolve().parents[2]
LEDGER_AND_RECORD = ROOT / "contract" / "schema.sql"
SERVER = ROOT / "hodi" / "db" / "schema.sql"
ADDED = sorted([ROOT / "contract/record/00_urgency.sql", *ROOT.glob("content/*/programmes/*/record/*.sql")])

# Small tables that are the same everywhere: reference tables, a copy on each machine.
REFERENCE = {
    "growth_reference": "published figures, the same for everyone",
    "calendar_month": "a calendar",
    "urgency": "the pack's classes in their order",
    "antenatal_schedule": "the pack's schedule",
    "place": "the register of places: some 20,000 rows for the nation",
    "account": "one row a worker",
    "post": "one row a worker and place",
    "device": "one row a phone, found by its token before its unit is known",
    "session": "log-ins of the last days, found by their cookie",
    "login_attempt": "names and addresses that failed lately",
    "own_writer": "one row a server process",
    "setting": "a handful of rows",
}
# Tables that grow with the work but are keyed by an id of the server's own.
KEYED_BY_ID = {
    "quarantine": "what was refused may name no unit at all; read by an index that starts with unit",
    "quarantine_content": "one row for one of the quarantine's, read by its id alone",
    "access_log": "a log-in or a search concerns no unit; read by an index that starts with unit",
}
# Indexes of distributed tables that do not start with the unit: each a query asked of all units at once.
# On one machine it is one seek; on many, one seek on each, which is what a facility or a slip asks for.
INDEX_ACROSS_UNITS = {
    "indicator_due_at": "which areas are to be counted again, in whichever unit",
    "rule_due_at": "whose time has come, in whichever unit",
    "referral_to": "a facility's expected referrals: those of its own units and of any other",
    "referral_open_to": "a facility receives from several units, and looks for those it awaits",
    "referral_by_code": "a slip may come from any unit",
    "access_log_by_time": "an administrator reads the log of everybody, latest first",
    "access_log_of_account": "an administrator reads what one account did, latest first",
}
# Statements that read a distributed table without naming a unit, and why they may.
STATEMENT_ACROSS_UNITS = {
    "views.referrals_expected": "a facility sees the referrals made to it, from whichever unit",
    "views.referrals_by_code": "the slip's code is all that is known",
    "views.referrals_by_words": "a facility searches the referrals made to it",
    "views.arrivals_since": "a facility sees the referrals made to it, from whichever unit",
    "access.place_facts": "another pack, or a whole register: what is true of every area is found anew",
    "access.place_facts_below": "a place has changed: each area below it, by its unit",
    "record.units": "a rebuild goes through the units one by one",
    "record.all_due": "a rule has changed: everybody is due",
    "record.forget_due": "a rule is no more",
    "background.units_after_tick": "a consumer looks for the units whose clock ran ahead",
    "indicators.due_after": "a consumer looks for the areas that are to be counted again",
    "indicators.all_due": "an indicator has changed: every area is due",
    "indicators.forget_values_of": "an indicator is no more",
    "indicators.forget_due_of": "an indicator is no more",
    "indicators.values_under": "the figures of a place: of each unit below it, by its key",
    "background.due_after": "a consumer looks for the households that are due",
    "background.units_behind": "a consumer looks for the units that it has not yet followed",
    "background.units_before_tick": "a consumer looks for the units whose day or hour has not been done",
    "background.poisoned": "the few items that a consumer has set aside, of all units",
    "exchange.units_due": "delivery looks for the units with messages that are due",
    "cli.list_units": "the command line lists the units of a store",
    "simulate.find_anything": "whether a store is empty, asked once before it is seeded",
    "views.signals_of_linked_units": "counts of the units that a facility is linked to",
}
# Composed over the households of `scope` before they run (hodi/record/compose.py).
FOLDED = ("fold.", "rule.", "record.due_in_scope", "indicators.areas_in_scope")


def tables() -> dict[str, list[str]]:
    """Every table with the columns of its primary key."""
    found = {}
    for path in (LEDGER_AND_RECORD, SERVER, *ADDED):
        text = without_comments(path.read_text())
        for name, body in re.findall(r"CREATE TABLE (\w+) \((.*?)\n\)", text, re.DOTALL):
            key = re.search(r"PRIMARY KEY \(([^)]*)\)", body)
            assert key, f"{name} has no primary key"
            found[name] = [column.strip() for column in key.group(1).split(",")]
    return found


def without_comments(sql: str) -> str:
    """SQL without its `--` comments."""
    return re.sub(r"--[^\n]*", "", sql)


DISTRIBUTED = {name for name, key in tables().items() if key[0] == "unit"}


def test_every_key_of_ledger_and_record_starts_with_the_unit() -> None:
    for name, key in tables().items():
        if name not in REFERENCE and name not in KEYED_BY_ID:
            assert key[0] == "unit", f"{name} is keyed by {key}"


def test_exceptions_are_needed() -> None:
    for name in REFERENCE | KEYED_BY_ID:
        assert name in tables(), f"there is no table {name}"
        assert name not in DISTRIBUTED, f"{name} starts with the unit: take it off the list"


def test_every_index_starts_with_the_unit_or_says_why_not() -> None:
    text = without_comments(LEDGER_AND_RECORD.read_text() + SERVER.read_text())
    seen = set()
    for name, table, columns in re.findall(r"CREATE (?:UNIQUE )?INDEX (\w+) ON (\w+) \(([^)]*)\)", text):
        seen.add(name)
        if table in REFERENCE or name in INDEX_ACROSS_UNITS:
            continue
        assert columns.split(",")[0].strip() == "unit", f"index {name} starts with {columns.split(',')[0]}"
    assert seen >= set(INDEX_ACROSS_UNITS), "an exception for an index that is not there"


def test_no_unique_index_spans_units() -> None:
    # A distributed database cannot hold uniqueness across shards.
    text = without_comments(LEDGER_AND_RECORD.read_text() + SERVER.read_text())
    for name, table, columns in re.findall(r"CREATE UNIQUE INDEX (\w+) ON (\w+) \(([^)]*)\)", text):
        assert table in REFERENCE or columns.split(",")[0].strip() == "unit", name


def statements() -> Iterator[tuple[str, str]]:
    """Every SQL statement of the house: rooms' queries, the fold's steps, the packs' rules."""
    for path in statement_files(ROOT / "hodi"):
        for name, sql in read_statements(path).items():
            yield f"{path.parent.name}.{name}", without_comments(sql)
    for path in sorted(set((ROOT / "contract" / "record").glob("*.sql")) - set(ADDED)):
        yield f"fold.{path.stem}", without_comments(path.read_text())
    for path in ADDED:
        step = re.sub(r"CREATE TABLE .*?;", "", without_comments(path.read_text()), flags=re.DOTALL)
        yield f"fold.{path.stem}", step
    for path in sorted(ROOT.glob("content/*/programmes/*/*/*/*.sql")):  # rules and indicators
        yield f"rule.{path.parent.name}", without_comments(path.read_text())


_NO_ALIAS = (
    "ON|WHERE|CROSS|JOIN|LEFT|INNER|GROUP|ORDER|SET|UNION|LIMIT|WINDOW|SELECT|VALUES|USING|FOR|HAVING|EXCEPT|DO"
    "|RETURNING"
)
_RELATION = re.compile(
    rf"\b(?:FROM|JOIN|UPDATE)\s+(\w+)(?:\s+(?:AS\s+)?(?!(?:{_NO_ALIAS})\b)(\w+))?", re.IGNORECASE
)
_COMMA_JOIN = re.compile(r"\bFROM\s+\w+(?:\s+(?:AS\s+)?\w+)?\s*,\s*(?!json)\w+", re.IGNORECASE)


def unit_is_tied(sql: str, alias: str) -> bool:
    """Whether a statement ties the unit of one of its relations to another's, or to a parameter."""
    column = rf"\b{alias}\.unit\b"
    return bool(
        re.search(rf"{column}\s*(?:=|IN\b)|=\s*{column}|\({column}[^)]*\)\s*(?:=|IN\b)", sql, re.IGNORECASE)
        or re.search(r"USING\s*\(\s*unit\b", sql, re.IGNORECASE)
    )


ALL_STATEMENTS = [pytest.param(name, sql, id=name) for name, sql in statements()]


@pytest.mark.parametrize(("name", "sql"), ALL_STATEMENTS)
def test_every_join_is_made_on_the_unit(name: str, sql: str) -> None:
    assert not _COMMA_JOIN.search(sql), f"{name}: write JOIN … ON, so that the unit can be seen in it"
    relations = [(table, alias or table) for table, alias in _RELATION.findall(sql)]
    if len(relations) < 2:
        return
    for table, alias in relations:
        if table in DISTRIBUTED and alias != table:
            assert unit_is_tied(sql, alias) or stands_alone(sql, alias), (
                f"{name} joins {table} without its unit"
            )


def stands_alone(sql: str, alias: str) -> bool:
    """Whether a relation is the only one of its own SELECT (a branch of a union, a CTE over one table)."""
    for part in re.split(r"\(|\)|\bUNION ALL\b|\bUNION\b", sql):
        if any(alias in pair for pair in _RELATION.findall(part)):
            return len(_RELATION.findall(part)) == 1
    return False


@pytest.mark.parametrize(("name", "sql"), ALL_STATEMENTS)
def test_a_statement_names_the_unit(name: str, sql: str) -> None:
    read = {table for table, _ in _RELATION.findall(sql)}
    if not read & DISTRIBUTED or name.startswith(FOLDED):
        return
    named = read & {"touched", "scope"} or re.search(r"\bunit\s*(?:=\s*(?:CAST\s*\(\s*)?:|IN\s*\()", sql)
    if name in STATEMENT_ACROSS_UNITS:
        assert not named, f"{name} names a unit: take it off the list"
    else:
        assert named, f"{name} reads {', '.join(sorted(read & DISTRIBUTED))} of all units"
