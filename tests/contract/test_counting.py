"""Indicators: counting what has changed gives what counting everything anew gives, and costs by what
changed."""

from __future__ import annotations

import pathlib
import random
import types
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hodi import indicators, record
from hodi.background import consumers
from hodi.background.consumer import Context
from hodi.config import ROOT
from hodi.db import Connection, Row, Store, load_queries, open_store
from hodi.domain import Event, day_of
from tests.cast import ZONE
from tests.contract.histories import histories
from tests.contract.rules import RULES
from tests.contract.test_until import SCHEMA, moments
from tests.contract.test_work import STEPS_AT_ONCE, Village, counted
from tests.contract.told import Told, instant, write

KENYA = ROOT / "content" / "kenya"
KNOWN = indicators.load_indicators(KENYA)
MONTHS_BACK = indicators.load_limits(KENYA).months_back
VALUES = (
    "SELECT unit, area, month, code, cell, numerator, denominator FROM indicator_value ORDER BY 1, 2, 3, 4, 5"
)
TOTALS = (
    "SELECT month, code, cell, SUM(numerator), SUM(denominator) FROM indicator_value GROUP BY 1, 2, 3"
    " ORDER BY 1, 2, 3"
)


def context(now: int, pack: pathlib.Path = KENYA) -> Context:
    """What the background work is given at an instant."""
    return Context(pack=types.SimpleNamespace(folder=pack, zone=ZONE), now=now)  # type: ignore[arg-type]


def follow(c: Connection, said: list[Event], now: int, pack: pathlib.Path = KENYA) -> None:
    """What was said is folded, evaluated and counted as the background work does it."""
    write(c, said)
    given = context(now, pack)
    waiting = [
        (unit, household) for unit, household in c.rows("SELECT DISTINCT unit, household FROM touched")
    ]
    consumers.fold(c, waiting, given)
    homes = [(unit, household) for unit, household in c.rows("SELECT DISTINCT unit, household FROM rule_due")]
    consumers.due(c, homes, given)
    count(c, now, pack)


def count(c: Connection, now: int, pack: pathlib.Path = KENYA) -> list[Row]:
    """Count what is due; gives the areas that were."""
    given = context(now, pack)
    due = c.rows(indicators.DUE_AFTER, {"today": given.today, "unit": -1, "number": -1, "count": 10_000})
    consumers.count(c, [(unit, area) for unit, area in due], given)
    return due


def anew(c: Connection, now: int) -> list[Row]:
    """The values of everything, counted anew from the record."""
    indicators.rebuild(c, KNOWN, 1, today=day_of(now, ZONE), now=now, months_back=MONTHS_BACK)
    return c.rows(VALUES)


def prepared(store: Store) -> Store:
    """A store with the record's tables and marks."""
    store.write_now(lambda c: consumers.prepare(c, KENYA))
    return store


def compare(one: Store, seed: int, households: int, months: int) -> set[str]:
    """Moment by moment; gives the indicators that were seen."""
    events, _ = histories(seed=seed, households=households, months=months)
    prepared(one)
    chance, seen = random.Random(seed), set[str]()
    for now, said in moments(events, random.Random(seed)):

        def step(c: Connection, said: list[Event] = said, now: int = now) -> list[Row]:
            follow(c, said, now)
            return c.rows(VALUES)

        kept = one.write_now(step)
        if chance.random() < 0.3:
            assert kept == one.write_now(lambda c, now=now: anew(c, now)), f"day {day_of(now, ZONE) - 20_000}"
        seen |= {str(row[3]) for row in kept}
    return seen


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), months=st.integers(1, 4))
def test_counting_what_changed_is_counting_everything(seed: int, months: int) -> None:
    one = open_store("sqlite://")
    try:
        compare(one, seed, households=3, months=months)
    finally:
        one.close()


def test_on_both_engines_and_every_indicator(store: Store) -> None:
    seen = compare(store, seed=10, households=12, months=5)
    assert seen == {one.code for one in KNOWN if not one.live}, "one that was never counted proves nothing"


def told(*days: int) -> tuple[Told, int]:
    """A household that was visited on these days, and its number."""
    story = Told()
    household = story.household()
    for day in days:
        story.say("visit.made", day, household=household, visit_outcome="done")
    return story, household


def visited(c: Connection) -> dict[int, tuple[int, int]]:
    """By month, what HOUSEHOLDS_VISITED says of all areas together."""
    rows = [row for row in c.rows(TOTALS) if row[1] == "HOUSEHOLDS_VISITED"]
    return {row[0]: (row[3], row[4]) for row in rows}


def test_a_late_visit_counts_in_its_own_month_and_leaves_earlier_ones_alone(store: Store) -> None:
    story, household = told(60)
    now = instant(62)
    prepared(store)

    def work(c: Connection) -> None:
        follow(c, story.events, now)
        assert visited(c)[202411] == (0, 1) and visited(c)[202412] == (1, 1)
        c.run(
            "UPDATE indicator_value SET numerator = 77 WHERE month = 202410 AND code = 'HOUSEHOLDS_VISITED'"
        )
        story.say("visit.made", 40, household=household, visit_outcome="done")
        follow(c, story.events[-1:], now)
        assert visited(c)[202411] == (1, 1) and visited(c)[202412] == (1, 1)
        assert visited(c)[202410] == (77, 1), "an earlier month was counted again"

    store.write_now(work)


def test_a_household_that_moves_to_another_area_takes_its_counts_along(store: Store) -> None:
    story, household = told(10)
    now = instant(20)
    prepared(store)

    def areas(c: Connection) -> set[int]:
        return {row[1] for row in c.rows(VALUES)}

    def work(c: Connection) -> None:
        follow(c, story.events, now)
        before = areas(c)
        story.say("household.moved", 15, household=household, to_unit=1, to_area=3)
        follow(c, story.events[-1:], now)
        assert areas(c) == {3} and before and before != {3}
        assert c.rows(VALUES) == anew(c, now)

    store.write_now(work)


def test_a_household_that_leaves_the_unit_is_counted_where_it_went(store: Store) -> None:
    story, household = told(10)
    now = instant(20)
    prepared(store)

    def work(c: Connection) -> None:
        follow(c, story.events, now)
        assert {row[0] for row in c.rows(VALUES)} == {1}
        story.say("household.moved", 15, household=household, to_unit=2, to_area=9)
        follow(c, story.events[-1:], now)
        assert {row[:2] for row in c.rows(VALUES)} == {(2, 9)}
        assert visited(c)[202410] == (1, 1)

    store.write_now(work)


def test_a_month_that_begins_is_there_and_one_that_is_too_old_is_gone(store: Store) -> None:
    story, _ = told(5)
    prepared(store)

    def work(c: Connection) -> None:
        follow(c, story.events, instant(20))
        assert max(visited(c)) == 202410
        assert count(c, instant(27)) == [], "nothing changes with time alone before the month is over"
        assert len(count(c, instant(28))) == 1
        assert visited(c)[202411] == (0, 1) and visited(c)[202410] == (1, 1)
        count(c, instant(28 + 400))
        assert len(visited(c)) == MONTHS_BACK + 1 and 202410 not in visited(c)

    store.write_now(work)


def test_a_child_that_turns_five_leaves_the_count_that_day(store: Store) -> None:
    story = Told()
    household = story.household()
    story.member(household, birth_day=10 - 1826)
    prepared(store)

    def children(c: Connection) -> list[tuple[object, ...]]:
        return [row[3:] for row in c.rows(TOTALS) if row[1] == "UNDER_FIVES_ASSESSED" and row[0] == 202410]

    def work(c: Connection) -> None:
        follow(c, story.events, instant(5))
        assert children(c) == [(0, 1)]
        assert count(c, instant(9)) == []
        assert len(count(c, instant(10))) == 1
        assert children(c) == []

    store.write_now(work)


def test_a_clock_that_ran_ahead_leaves_nothing_behind(store: Store) -> None:
    story, _ = told(5)
    now = instant(20)
    prepared(store)

    def work(c: Connection) -> None:
        follow(c, story.events, now)
        right = c.rows(VALUES)
        count(c, instant(800))
        assert c.rows(VALUES) != right
        consumers.look_again(c, [(1, 0)], context(now))
        count(c, now)
        assert c.rows(VALUES) == right

    store.write_now(work)


def test_a_changed_indicator_is_counted_anew_and_one_that_is_gone_is_forgotten(store: Store) -> None:
    story, _ = told(5)
    now = instant(20)
    prepared(store)

    def work(c: Connection) -> None:
        follow(c, story.events, now)
        right = c.rows(VALUES)
        indicators.ensure_current(c, KNOWN, months_back=MONTHS_BACK)
        assert count(c, now) == [], "nothing has changed"
        fewer = [one for one in KNOWN if one.code != "HOUSEHOLDS_VISITED"]
        indicators.ensure_current(c, fewer, months_back=MONTHS_BACK)
        assert (
            visited(c) == {} and c.rows("SELECT 1 FROM indicator_due WHERE code = 'HOUSEHOLDS_VISITED'") == []
        )
        indicators.ensure_current(c, KNOWN, months_back=MONTHS_BACK)
        count(c, now)
        assert c.rows(VALUES) == right

    store.write_now(work)


class Villages(Village):
    """A village whose households live in areas of five each."""

    def spread(self, store: Store) -> None:
        """Move them there, folded and counted, all rules evaluated."""
        for n, (household, _) in enumerate(self._homes):
            self.told.say("household.moved", 0, household=household, to_unit=1, to_area=100 + n // 5)
        self.settle(store)

    def settle(self, store: Store) -> None:
        """Fold and count what has been told."""

        def work(c: Connection) -> None:
            self.told.write(c)
            follow(c, [], self.now)

        store.write_now(work)

    def steps_of_a_visit(self, store: Store) -> tuple[int, int]:
        """SQLite's steps for counting again after one more visit, and how many areas it concerned."""
        self.visit_one()
        now = self.now

        def work(c: Connection) -> tuple[int, int]:
            self.told.write(c)
            given = context(now)
            waiting = [(1, row[0]) for row in c.rows("SELECT DISTINCT household FROM touched")]
            consumers.fold(c, waiting, given)
            areas: list[list[Row]] = []
            steps = counted(c, lambda: areas.append(count(c, now)))
            return steps, len(areas[0])

        return store.write_now(work)


def test_one_visit_costs_the_same_among_many_areas_and_after_a_year(
    open_stores: Callable[[str], Store],
) -> None:
    steps: dict[tuple[int, int], int] = {}
    for households, months in ((5, 2), (150, 2), (5, 14)):
        store, village = prepared(open_stores("sqlite")), Villages(households)
        village.spread(store)
        for _ in range(months):
            village.visit_all()
        village.settle(store)
        village.steps_of_a_visit(store)  # the month may have turned: then it is every area's
        village.months -= 1
        found, areas = village.steps_of_a_visit(store)
        assert areas == 1, "only the area that was visited is counted again"
        steps[households, months] = found
    assert steps[150, 2] <= 1.1 * steps[5, 2] + STEPS_AT_ONCE
    assert steps[5, 14] <= 1.1 * steps[5, 2] + STEPS_AT_ONCE


def test_rules_that_were_evaluated_say_what_they_wrote(sqlite_store: Store) -> None:
    village = Village(households=2)
    village.pass_months(sqlite_store, 1)
    village.visit_one()

    def work(c: Connection) -> Any:
        village.told.write(c)
        waiting = [(1, row[0]) for row in c.rows("SELECT DISTINCT household FROM touched")]
        written = record.refold(c, SCHEMA, waiting)
        results = record.evaluate_written(c, RULES, written, today=day_of(village.now, ZONE), now=village.now)
        return waiting, written, results

    waiting, written, results = sqlite_store.write_now(work)
    assert set(results) == {"signal", "task"} and all(set(rows) == set(waiting) for rows in results.values())
    assert set(written["growth"]) == set(waiting)

    assert all(day >= day_of(village.now, ZONE) - 2 for day in written["growth"].values())


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_the_roll_up_of_a_place_reads_only_its_units_months(
    open_stores: Callable[[str], Store], engine: str
) -> None:
    """One statement, by the key: what it reads does not grow with months kept or with other places."""
    store = open_stores(engine)

    def work(c: Connection) -> str:
        c.insert(
            "place",
            ("place", "kind", "parent", "name"),
            [(1, "county", None, "A"), (2, "ward", 1, "B"), (3, "unit", 2, "C"), (4, "unit", 2, "D")],
        )
        c.insert(
            "indicator_value",
            ("unit", "area", "month", "code", "cell", "numerator", "denominator"),
            [
                (unit, area, month, "X", "", 1, 2)
                for unit in range(3, 60)
                for area in (1, 2)
                for month in range(40)
            ],
        )
        sql = load_queries(indicators.__file__).values_under
        given = {"place": 1, "month": 7, "also": 0}
        assert sorted(c.rows(sql, given)) == [(3, "X", "", 4, 8), (4, "X", "", 4, 8)]
        explain = "EXPLAIN QUERY PLAN" if engine == "sqlite" else "EXPLAIN"
        if engine == "postgres":
            c.run("ANALYZE indicator_value")
        return "\n".join(str(row[-1]) for row in c.rows(f"{explain} {sql}", given))

    plan = store.write_now(work)
    if engine == "sqlite":
        assert "unit=? AND month=?" in plan and "SCAN v" not in plan
    else:
        assert "Seq Scan on indicator_value" not in plan
