"""The work of a visit does not grow with history, nor with how many households there are. Counted in
SQLite's steps and in PostgreSQL's rows, not in seconds, so that it is the same on every machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from hodi import record
from hodi.config import ROOT
from hodi.db import Connection, Store
from hodi.domain import day_of
from hodi.record import Scope
from hodi.record.compose import compose_step
from tests.contract.rules import composed, evaluate
from tests.contract.told import Told, instant

KENYA = ROOT / "content" / "kenya"
SCHEMA = record.load_record_schema(KENYA)
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
            lambda: evaluate(c, folded[0].households, today=day_of(now), now=now),
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
        scope = Scope(c)
        scope.set([(1, household, day_of(now) - 1)])
        given = {**scope.params, "today": day_of(now), "now": now}
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
