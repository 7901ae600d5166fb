"""Evaluating what was written and what is due gives what evaluating everything gives: after any sequence of
saves, hours and days, on the server and on the phone."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hodi import record
from hodi.config import ROOT
from hodi.db import Connection, Row, Store, open_store
from hodi.domain import Event, day_of
from tests.cast import ZONE
from tests.contract.histories import histories
from tests.contract.phone import Phone, running_phone
from tests.contract.rules import RULES
from tests.contract.test_any_order import as_it_may_arrive
from tests.contract.told import write

KENYA = ROOT / "content" / "kenya"
SCHEMA = record.load_record_schema(KENYA)
HOUR_MS = 3_600_000
ORDER = "ORDER BY unit, household, person, code, episode"
RESULTS = [
    f"SELECT {', '.join(SCHEMA.tables[name].columns)} FROM {name} {ORDER}" for name in ("signal", "task")
]


def moments(events: list[Event], chance: random.Random) -> Iterator[tuple[int, list[Event]]]:
    """Instants, one after another, each with what is stated then: mostly in order, some of it late or from
    a clock that runs ahead."""
    batches = as_it_may_arrive(events, chance) if chance.random() < 0.3 else _in_time(events, chance)
    now = min(event.occurred_at for event in events if event.kind == "visit.made")
    end = max(event.occurred_at for event in events) + 400 * 24 * HOUR_MS
    while batches or now < end:
        said: list[Event] = []
        while batches and (batches[0][0].occurred_at <= now + 40 * 24 * HOUR_MS):
            said += batches.pop(0)
            if chance.random() < 0.7:
                break
        yield now, said
        now += int(HOUR_MS * chance.choice((0.2, 1, 5, 24, 24, 100, 700)))
        if batches and chance.random() < 0.3:
            now = max(now, batches[0][0].occurred_at)


def _in_time(events: list[Event], chance: random.Random) -> list[list[Event]]:
    del chance
    return [[event] for event in events]


def everyone(c: Connection) -> list[tuple[int, int]]:
    return [(unit, household) for unit, household in c.rows("SELECT unit, household FROM household")]


def incrementally(c: Connection, said: list[Event], now: int) -> list[Row]:
    """What was said is folded and evaluated as the background work does it, and whoever is due."""
    write(c, said)
    waiting = c.rows("SELECT DISTINCT unit, household FROM touched")
    written = record.refold(c, SCHEMA, [(unit, household) for unit, household in waiting])
    record.evaluate_written(c, RULES, written, today=day_of(now, ZONE), now=now)
    record.evaluate_due(c, RULES, everyone(c), today=day_of(now, ZONE), now=now)
    return [row for sql in RESULTS for row in c.rows(sql)]


def everything(c: Connection, said: list[Event], now: int) -> list[Row]:
    """The same with every rule for everybody, each time."""
    write(c, said)
    record.fold(c, SCHEMA, households_max=100_000)
    record.evaluate_rules(c, RULES, everyone(c), today=day_of(now, ZONE), now=now)
    return [row for sql in RESULTS for row in c.rows(sql)]


def compare(one: Store, other: Store, seed: int, households: int, months: int) -> set[str]:
    """Both ways, moment by moment; gives the codes that were seen."""
    events, _ = histories(seed=seed, households=households, months=months)
    seen: set[str] = set()
    for store in (one, other):
        store.write_now(lambda c: record.ensure_current(c, SCHEMA))
    for now, said in moments(events, random.Random(seed)):
        rows = one.write_now(lambda c, said=said, now=now: incrementally(c, said, now))
        whole = other.write_now(lambda c, said=said, now=now: everything(c, said, now))
        assert rows == whole, f"at {now}, day {day_of(now, ZONE) - 20_000}"
        seen |= {str(row[3]) for row in rows}
    return seen


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), months=st.integers(1, 5))
def test_what_is_due_is_all_that_changes(seed: int, months: int) -> None:
    one, other = open_store("sqlite://"), open_store("sqlite://")
    try:
        compare(one, other, seed, households=2, months=months)
    finally:
        one.close()
        other.close()


def test_on_both_engines_and_every_rule(store: Store) -> None:
    other = open_store("sqlite://")
    try:
        seen = compare(store, other, seed=10, households=20, months=9)
    finally:
        other.close()
    assert seen == {rule.code for rule in RULES}, "a rule that never spoke proves nothing"


@pytest.fixture(scope="module")
def phone() -> Iterator[Phone]:
    """The phone's code, running."""
    with running_phone() as one:
        yield one


@pytest.mark.parametrize("seed", [3, 4])
def test_on_the_phone(phone: Phone, seed: int) -> None:
    events, _ = histories(seed=seed, households=4, months=6)
    other = open_store("sqlite://")
    other.write_now(lambda c: record.ensure_current(c, SCHEMA))
    phone.open(KENYA)
    chance = random.Random(seed)
    try:
        for now, said in moments(events, random.Random(seed)):
            phone.append(said)
            # Now and then its clock runs ahead, and is put right at once.
            ahead = now + (0 if chance.random() < 0.8 else 500 * 24 * HOUR_MS)
            phone.fold(today=day_of(ahead, ZONE), now=ahead)
            phone.evaluate_due(today=day_of(now, ZONE), now=now)
            whole = other.write_now(lambda c, said=said, now=now: everything(c, said, now))
            rows = [row for sql in RESULTS for row in phone.rows(sql)]
            assert rows == [tuple(row) for row in whole], f"day {day_of(now, ZONE) - 20_000}"
    finally:
        other.close()
