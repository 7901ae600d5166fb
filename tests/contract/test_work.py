"""The work of a visit does not grow with history, nor with how many households there are. Counted in
SQLite's steps and in PostgreSQL's rows, not in seconds, so that it is the same on every machine."""

from __future__ import annotations

import dataclasses
import json
import re
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from hodi import record
from hodi.background import consumers
from hodi.background.consumer import Context, Done, Item, run_batch
from hodi.config import ROOT
from hodi.db import Connection, Store
from hodi.domain import day_of
from hodi.record import ScopeTable
from hodi.record.compose import compose_step
from tests.cast import ZONE
from tests.contract.rules import RULES, composed, evaluate
from tests.contract.told import Told, instant

KENYA = ROOT / "content" / "kenya"
SCHEMA = record.load_record_schema(KENYA)
PACK: Any = types.SimpleNamespace(folder=KENYA, zone=ZONE)
STEPS_AT_ONCE = 20


class Village:
    """Households that are visited every thirty days, with everything a visit can state."""

    def __init__(self, households: int) -> None:
        self.told = Told()
        self.months = 0
        self._homes = []
        for _ in range(households):
            household = self.told.household()
            members = [
                self.told.member(household, **states)
                for states in ({"birth_day": -200, "sex": "male"}, {}, {"birth_day": -25_000})
            ]
            self._homes.append((household, members))

    def pass_months(self, store: Store, months: int) -> None:
        """So many months of visits, folded."""
        for _ in range(months):
            self.visit_all()
        self.told_into(store)

    def visit_all(self) -> None:
        """Visit every household."""
        for household, members in self._homes:
            self._visit(household, members)
        self.months += 1

    def visit_one(self) -> None:
        """Visit the first household."""
        self._visit(*self._homes[0])
        self.months += 1

    def _visit(self, household: int, members: list[int]) -> None:
        day = self.months * 30
        child, mother, elder = members
        self.told.say("visit.made", day, household=household, visit_outcome="done")
        self.told.assessment(
            household,
            child,
            day,
            cough=1,
            fever=1,
            cough_days=2,
            fever_days=1,
            muac_mm=140 - self.months % 3,
            weight_kg=9.1,
            length_cm=75.2,
            measured_position="lying",
            oedema=0,
        )
        self.told.assessment(household, mother, day, cough=0, fever=0, antenatal_contacts_told=1)
        self.told.assessment(household, elder, day, walking=2, chair_rise_s=11.0, falls=0)

    def told_into(self, store: Store) -> None:
        """Append and fold what has been told."""

        def work(c: Connection) -> None:
            self.told.write(c)
            more = True
            while more:
                folded = record.fold(c, SCHEMA, households_max=100)
                more = folded.more

        store.write_now(work)

    @property
    def now(self) -> int:
        """The instant after the last visit."""
        return instant(self.months * 30 - 29)


def counted(c: Connection, work: Callable[[], object]) -> int:
    """The steps of SQLite's machine that some work takes."""
    calls = 0

    def called() -> bool:
        nonlocal calls
        calls += 1
        return False

    c.raw.set_progress_handler(called, STEPS_AT_ONCE)  # type: ignore[attr-defined]
    work()
    c.raw.set_progress_handler(None)  # type: ignore[attr-defined]
    return calls * STEPS_AT_ONCE


def steps_of_a_visit(store: Store, village: Village) -> tuple[int, int]:
    """SQLite's steps for the fold and for the rules of one more visit."""
    village.visit_one()
    now = village.now

    def work(c: Connection) -> tuple[int, int]:
        village.told.write(c)
        folded: list[record.Folded] = []
        folding = counted(c, lambda: folded.append(record.fold(c, SCHEMA, households_max=10)))
        assert len(folded[0].households) == 1
        evaluating = counted(
            c,
            lambda: evaluate(c, folded[0].households, today=day_of(now, ZONE), now=now),
        )
        return folding, evaluating

    return store.write_now(work)


def test_sqlite_folds_a_visit_in_the_same_steps_after_years(sqlite_store: Store) -> None:
    village = Village(households=4)
    village.pass_months(sqlite_store, 1)
    after_a_month = steps_of_a_visit(sqlite_store, village)
    village.pass_months(sqlite_store, 12)
    after_a_year = steps_of_a_visit(sqlite_store, village)
    village.pass_months(sqlite_store, 12)
    after_two = steps_of_a_visit(sqlite_store, village)
    assert after_two[0] < 1.1 * after_a_month[0]
    # Rules look back for a year at most; until then there is more to look at every month.
    assert after_two[1] < 1.1 * after_a_year[1]
    assert after_two[1] < 8 * after_a_month[1]


def test_sqlite_folds_a_visit_in_the_same_steps_among_many(open_stores: Callable[[str], Store]) -> None:
    work = []
    for households in (3, 150):
        store, village = open_stores("sqlite"), Village(households)
        village.pass_months(store, 3)
        work.append(sum(steps_of_a_visit(store, village)))
    assert work[1] < 1.1 * work[0]


def rows_of_a_visit(store: Store, village: Village) -> tuple[int, int]:
    """The rows that PostgreSQL handles for the fold and for the rules of one more visit."""
    village.visit_one()
    now = village.now

    def work(c: Connection) -> tuple[int, int]:
        village.told.write(c)
        [(household,)] = c.rows("SELECT DISTINCT household FROM touched")
        scope = ScopeTable(c)
        scope.set([(1, household, day_of(now, ZONE) - 1)])
        given = {**scope.params, "today": day_of(now, ZONE), "now": now}
        statements = [
            compose_step(step, "postgres") for step in SCHEMA.steps if "assessment.recorded" in step.kinds
        ]
        folding = sum(handled(c, sql, given) for one in statements for sql in (one.clear, one.write))
        evaluating = sum(handled(c, sql, given) for _, both in composed("postgres") for sql in both)
        return folding, evaluating

    found = store.write_now(work)
    village.told_into(store)
    return found


def handled(c: Connection, sql: str, given: dict[str, object]) -> int:
    """The rows that pass through every node of a statement's plan, those thrown away included."""

    def nodes(node: dict[str, object]) -> Iterator[dict[str, object]]:
        yield node
        for child in node.get("Plans", ()):  # type: ignore[attr-defined]
            yield from nodes(child)

    [(plan,)] = c.rows(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", given)
    top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    total = 0.0
    for node in nodes(top):
        thrown_away = sum(float(count) for name, count in node.items() if name.startswith("Rows Removed by"))  # type: ignore[arg-type]
        total += (float(node["Actual Rows"]) + thrown_away) * float(node["Actual Loops"])  # type: ignore[arg-type]
    return int(total)


def test_postgres_folds_a_visit_with_the_same_rows_after_years(open_stores: Callable[[str], Store]) -> None:
    store, village = open_stores("postgres"), Village(households=40)
    village.pass_months(store, 1)
    after_a_month = rows_of_a_visit(store, village)
    village.pass_months(store, 12)
    after_a_year = rows_of_a_visit(store, village)
    village.pass_months(store, 12)
    after_two = rows_of_a_visit(store, village)
    assert after_two[0] < 1.2 * after_a_month[0]
    assert after_two[1] < 1.2 * after_a_year[1]


def test_postgres_folds_a_visit_with_the_same_rows_among_many(open_stores: Callable[[str], Store]) -> None:
    work = []
    for households in (3, 150):
        store, village = open_stores("postgres"), Village(households)
        village.pass_months(store, 3)
        work.append(sum(rows_of_a_visit(store, village)))
    assert work[1] < 1.1 * work[0]


class Watched:
    """A connection that notes for which rules statements are run."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self.engine, self.codes = connection, connection.engine, list[str]()

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    def run(self, sql: str, params: Mapping[str, object] | None = None) -> None:
        if re.search(r"DELETE FROM (?:signal|task)\b", sql):
            self.codes += json.loads(str((params or {})["codes"]))
        self._connection.run(sql, params)


def asked_after(store: Store, say: Callable[[Village], object]) -> list[str]:
    """The rules that are asked after something was stated, of a village a month old."""
    village = Village(households=2)
    village.pass_months(store, 1)
    now = village.now
    say(village)

    def work(c: Connection) -> list[str]:
        village.told.write(c)
        waiting = [(1, row[0]) for row in c.rows("SELECT DISTINCT household FROM touched")]
        written = record.refold(c, SCHEMA, waiting)
        watched = Watched(c)
        record.evaluate_written(watched, RULES, written, today=day_of(now, ZONE), now=now)  # type: ignore[arg-type]
        return watched.codes

    return store.write_now(work)


def test_after_a_save_only_rules_that_read_what_was_written_are_asked(
    open_stores: Callable[[str], Store],
) -> None:
    home, (child, *_) = Village(households=2)._homes[0]
    referral = {
        "referral_code": "KX37",
        "referral_class": "urgent",
        "referral_due_at": 1,
        "referral_escalate_at": 2,
    }
    for engine in ("sqlite", "postgres"):

        def asked(kind: str, engine: str = engine, **states: Any) -> list[str]:
            store = open_stores(engine)
            return asked_after(store, lambda v: v.told.say(kind, 31, household=home, **states))

        of_visits = [rule.code for rule in RULES if rule.reads & {"visit", "visit_month"}]
        assert asked("visit.made", visit_outcome="done") == of_visits and len(of_visits) < len(RULES)
        of_referrals = [rule.code for rule in RULES if "referral" in rule.reads]
        assert asked("referral.made", person=child, **referral) == of_referrals and of_referrals
        of_all = [rule.code for rule in RULES]
        assert asked("household.described", latrine=1) == of_all, "whether a household is here concerns all"


def test_rules_of_one_save_forget_together(open_stores: Callable[[str], Store]) -> None:
    """What rules said before is forgotten by table, not rule by rule; a scope is not set again for a step or
    rule that concerns the same households."""
    for engine in ("sqlite", "postgres"):
        store, village = open_stores(engine), Village(households=2)
        village.pass_months(store, 1)
        village.visit_all()
        now = village.now

        def work(c: Connection, village: Village = village, now: int = now, engine: str = engine) -> None:
            village.told.write(c)
            waiting = [(1, row[0]) for row in c.rows("SELECT DISTINCT household FROM touched")]
            listening = Listening(c)
            given: Any = listening
            written = record.refold(given, SCHEMA, waiting)
            folding = len(listening.statements)
            record.evaluate_written(given, RULES, written, today=day_of(now, ZONE), now=now)
            asked = [rule for rule in RULES if rule.reads & written.keys()]
            assert len(asked) > 5
            evaluating = listening.statements[folding:]
            assert sum("DELETE FROM rule_due" in sql for sql in evaluating) == 1
            assert sum(bool(re.search(r"DELETE FROM (signal|task)\b", sql)) for sql in evaluating) == 2
            if engine == "sqlite":
                assert sum(sql == "DELETE FROM temp.scope" for sql in evaluating) == 1

        store.write_now(work)


class Listening:
    """A connection that notes the statements that are run."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self.engine, self.statements = connection, connection.engine, list[str]()

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    def run(self, sql: str, params: Mapping[str, object] | None = None) -> None:
        self.statements.append(sql)
        self._connection.run(sql, params)


def turn(c: Connection, now: int) -> tuple[int, int]:
    """The households that a turn of the day asks about, and SQLite's steps for it."""
    asked: list[Item] = []

    def work(c: Connection, items: Sequence[Item], context: Context) -> None:
        asked.extend(items)
        consumers.due(c, items, context)

    consumer = next(one for one in consumers.CONSUMERS if one.name == "due")
    consumer = dataclasses.replace(consumer, work=work)

    def batches() -> None:
        done = Done(more=True)
        while done.more:
            context = Context(pack=PACK, now=now)
            done = run_batch(c, consumer, context, holder="here", after=done.last)

    steps = counted(c, batches)
    return len(asked), steps


def test_a_day_costs_what_happens_in_it(open_stores: Callable[[str], Store]) -> None:
    """A turn of the day asks nothing about households whose day has not come, however many there are."""
    steps = []
    for households in (3, 150):
        store, village = open_stores("sqlite"), Village(households)
        village.pass_months(store, 3)
        store.write_now(lambda c: record.ensure_rules_current(c, RULES))
        first = store.write_now(lambda c, now=village.now: turn(c, now))
        assert first[0] == households, "at first everybody is asked"
        tomorrow = village.now + 24 * 3_600_000
        nobody, quiet = store.write_now(lambda c, now=tomorrow: turn(c, now))
        assert nobody == 0, "nothing changes with time alone for any of them"
        steps.append(quiet)
        village.told.say(
            "referral.made",
            village.months * 30 - 29,
            household=village._homes[0][0],
            person=village._homes[0][1][0],
            referral_code="KX37",
            referral_class="urgent",
            referral_due_at=tomorrow,
            referral_escalate_at=tomorrow + 1,
        )
        village.told_into(store)
        store.write_now(lambda c, village=village: all_rules(c, village))
        assert store.write_now(lambda c, now=tomorrow: turn(c, now))[0] == 1, "whose time has come"
    assert steps[1] <= steps[0] + STEPS_AT_ONCE


def all_rules(c: Connection, village: Village) -> None:
    homes = [(1, household) for household, _ in village._homes]
    record.evaluate_rules(c, RULES, homes, today=day_of(village.now, ZONE), now=village.now)
