"""Running rules, signals and tasks alike: all of them for some households, those that read what a fold has
written, and those whose time has come. The result depends on the record, the day and the instant, and on
nothing else: however it was reached, it is the same as that of evaluating everything.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec

from hodi.db import Connection, load_queries
from hodi.db.store import Engine
from hodi.record.rule_statements import FORGETTING, forgetting
from hodi.record.scope import EARLIEST_DAY, Household, ScopeTable

_sql = load_queries(__file__)

Results = Mapping[str, Collection[Household]]
"""By table of results (signal, task): the households for which rules wrote it."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Runnable:
    """A rule as it is run: the table of its results, the tables that it reads, a `mark` that changes whenever
    what it does may, and its statements on an engine, the first `FORGETTING` of which forget."""

    code: str
    table: str
    reads: frozenset[str]
    mark: str
    statements: Callable[[Engine], tuple[str, ...]]


def evaluate_rules(
    connection: Connection,
    rules: Iterable[Runnable],
    households: Iterable[Household],
    *,
    today: int,
    now: int,
) -> Results:
    """Write what these rules say of these households anew. `today`: local day; `now`: ms. Needs a write
    transaction in which no other one evaluates rules for their units."""
    same = frozenset(households)
    return _run(connection, [(rule, same) for rule in rules], today=today, now=now)


def evaluate_written(
    connection: Connection,
    rules: Iterable[Runnable],
    written: Mapping[str, Collection[Household]],
    *,
    today: int,
    now: int,
) -> Results:
    """`evaluate_rules` after a fold that wrote these tables for these households: each rule for the
    households of which a table that it reads was written."""
    work = []
    for rule in rules:
        households: frozenset[Household] = frozenset().union(*(written.get(name, ()) for name in rule.reads))
        work.append((rule, households))
    return _run(connection, work, today=today, now=now)


def evaluate_due(
    connection: Connection,
    rules: Iterable[Runnable],
    households: Iterable[Household],
    *,
    today: int,
    now: int,
) -> Results:
    """`evaluate_rules` for these households, each by the rules whose time has come for it."""
    scope = ScopeTable(connection)
    scope.set((unit, household, EARLIEST_DAY) for unit, household in households)
    query = _sql.due_in_scope_postgres if connection.engine == "postgres" else _sql.due_in_scope
    due: dict[str, set[Household]] = defaultdict(set)
    for unit, household, code in connection.rows(query, {**scope.params, "today": today, "now": now}):
        due[code].add((unit, household))
    work = [(rule, frozenset(due.get(rule.code, ()))) for rule in rules]
    return _run(connection, work, today=today, now=now)


def ensure_rules_current(connection: Connection, rules: Iterable[Runnable]) -> None:
    """Let every household be due at once for a rule that has changed since this store was evaluated with it,
    and forget what rules say that are no more."""
    marks = {f"{rule.table} {rule.code}": rule.mark for rule in rules}
    rows = connection.rows(_sql.rule_marks)
    known = msgspec.json.decode(rows[0][0], type=dict[str, str]) if rows else {}
    if known == marks:
        return
    for name in sorted(known.keys() - marks.keys()):
        table, code = name.split()
        connection.run(f"DELETE FROM {table} WHERE code = :code", {"code": code})
        connection.run(_sql.forget_due, {"code": code})
    for name in sorted(marks):
        if known.get(name) != marks[name]:
            connection.run(_sql.all_due, {"code": name.split()[1], "until": EARLIEST_DAY})
    encoded = msgspec.json.encode(marks, order="sorted").decode()
    connection.run(_sql.note_rule_marks, {"marks": encoded})


def make_due(connection: Connection, rules: Iterable[Runnable], unit: int) -> None:
    """Let every household of a unit be due at once for every rule."""
    for rule in rules:
        connection.run(_sql.unit_due, {"unit": unit, "code": rule.code, "until": EARLIEST_DAY})


def _run(
    connection: Connection, work: Iterable[tuple[Runnable, frozenset[Household]]], *, today: int, now: int
) -> Results:
    """Rules that concern the same households have one scope, and forget together."""
    together: dict[frozenset[Household], list[Runnable]] = {}
    for rule, households in work:
        if households:
            together.setdefault(households, []).append(rule)
    written: dict[str, set[Household]] = defaultdict(set)
    scope = ScopeTable(connection) if together else None
    for households, rules in together.items():
        assert scope is not None
        scope.set((unit, household, EARLIEST_DAY) for unit, household in households)
        given = {**scope.params, "today": today, "now": now}
        _forget(connection, rules, scope.params)
        for rule in rules:
            for statement in rule.statements(connection.engine)[FORGETTING:]:
                connection.run(statement, given)
            written[rule.table] |= households
    return written


def _forget(connection: Connection, rules: Sequence[Runnable], scope: Mapping[str, object]) -> None:
    codes: dict[str, list[str]] = defaultdict(list)
    for rule in rules:
        codes[rule.table].append(rule.code)
        codes["rule_due"].append(rule.code)
    for table, of_table in codes.items():
        named = msgspec.json.encode(dict.fromkeys(of_table, 0)).decode()
        connection.run(forgetting(table, connection.engine), {**scope, "codes": named})
