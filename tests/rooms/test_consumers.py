"""The general consumer: adding one, its kinds, resuming, setting aside, and units that are leased, so that
several processes work on different units at the same time and never two on one."""

from __future__ import annotations

import asyncio
import dataclasses
import random
import subprocess
import sys
import threading
import types
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from hodi import record
from hodi.background import FOLD, Background, consumers, leases, poison
from hodi.background.consumer import Consumer, Context, Done, Item, WorkFailed, run_batch
from hodi.background.sources import Clock, Events, each_day
from hodi.config import ROOT
from hodi.db import Connection, Store, open_store
from tests.cast import ZONE
from tests.contract.told import Told, instant

PACK: Any = types.SimpleNamespace(folder=ROOT / "content" / "kenya", zone=ZONE, forms={})
SCHEMA = record.load_record_schema(PACK.folder)
PATIENCE_S = 30


def context(day: float = 28) -> Context:
    return Context(pack=PACK, now=instant(day))


def batch(store: Store, consumer: Consumer, holder: str = "here", day: float = 28, **given: Any) -> Done:
    return store.write_now(lambda c: run_batch(c, consumer, context(day), holder=holder, **given))


def all_batches(store: Store, consumer: Consumer, holder: str = "here", day: float = 28) -> None:
    done = Done(more=True)
    while done.more or done.busy:
        done = batch(store, consumer, holder, day, after=done.last)


def visits(unit: int, households: int = 2) -> Told:
    """A unit with some households, each visited once."""
    told = Told(unit)
    for _ in range(households):
        home = told.household()
        told.say("visit.made", 3, household=home, visit_outcome="done")
    return told


def counting(name: str = "counter", **given: Any) -> tuple[Consumer, list[tuple[Item, ...]]]:
    """A ledger follower that keeps what it was given."""
    seen: list[tuple[Item, ...]] = []

    def work(connection: Connection, items: Sequence[Item], _: Context) -> None:
        seen.append(tuple(items))

    return Consumer(name=name, reads=Events(), work=work, items_max=2, **given), seen


def seqs(store: Store) -> list[Item]:
    return [
        (unit, seq)
        for unit, seq in store.read_now(lambda c: c.rows("SELECT unit, seq FROM event ORDER BY 1, 2"))
    ]


# ── adding one: what docs/tour.md promises is a few lines ──


def test_a_consumer_is_added_by_an_entry(store: Store) -> None:
    def greet(connection: Connection, items: Sequence[Item], _: Context) -> None:
        rows = [(unit, "greetings", str(seq), 0) for unit, seq in items]
        connection.insert("unit_lease", ("unit", "work", "holder", "until"), rows, "(unit, work) DO NOTHING")

    entry = Consumer(name="greet", reads=Events(), work=greet, items_max=100)
    store.write_now(visits(1).write)
    works = Background(store, PACK, clock=lambda: instant(28), consumers=(*consumers.CONSUMERS, entry))
    asyncio.run(works.run_until_idle())
    assert store.read_now(lambda c: c.rows("SELECT unit FROM unit_lease WHERE work = 'greetings'")) == [(1,)]
    assert works.health()["processed"]["greet"] == len(seqs(store))  # type: ignore[index]


# ── the ledger ──


def test_a_ledger_follower_is_given_every_event_once_in_order(store: Store) -> None:
    for unit in (1, 2):
        store.write_now(visits(unit).write)
    follower, seen = counting()
    all_batches(store, follower)
    given = [item for items in seen for item in items]
    for unit in (1, 2):
        assert [item for item in given if item[0] == unit] == [
            item for item in seqs(store) if item[0] == unit
        ]
    assert all(len(items) <= 2 for items in seen)
    # It goes on where it was, in another process too.
    before = len(given)
    told = Told(3)
    told.household()
    store.write_now(told.write)
    all_batches(store, follower, holder="there")
    assert [item for items in seen for item in items][before:] == [
        item for item in seqs(store) if item[0] == 3
    ]


def test_a_new_version_begins_anew(store: Store) -> None:
    store.write_now(visits(1).write)
    follower, seen = counting()
    all_batches(store, follower)
    all_batches(store, dataclasses.replace(follower, version=lambda _: "second"))
    given = [item for items in seen for item in items]
    assert given == seqs(store) * 2


def test_what_is_not_committed_is_not_passed_over(store: Store) -> None:
    """A batch that fails at the commit leaves the position where it was."""
    store.write_now(visits(1).write)
    follower, seen = counting()
    batch(store, follower)

    class Stop(Exception):
        pass

    def stopped(c: Connection) -> None:
        run_batch(c, follower, context(), holder="here")
        raise Stop

    with pytest.raises(Stop):
        store.write_now(stopped)
    first = seen.pop()
    all_batches(store, follower)
    assert seen[0] == first


def test_an_event_that_fails_is_set_aside_and_tried_again(store: Store) -> None:
    store.write_now(visits(1, households=4).write)
    everything, bad, seen = seqs(store), seqs(store)[3], []
    broken = True

    def work(connection: Connection, items: Sequence[Item], _: Context) -> None:
        if broken and bad in items:
            raise ArithmeticError("a fact nobody thought of")
        seen.extend(items)

    now = instant(28)
    follower = Consumer(name="careful", reads=Events(), work=work, items_max=5)
    works = Background(store, PACK, clock=lambda: now, consumers=(follower,))
    asyncio.run(works.run_until_idle())
    assert seen == [item for item in everything if item != bad]
    # Another process sees it as well, and leaves it.
    other = Background(store, PACK, clock=lambda: now, consumers=(follower,))
    asyncio.run(other.run_until_idle())
    for one in (works, other):
        assert one.health()["set_aside"] == [
            {"consumer": "careful", "unit": 1, "item": bad[1], "error": "ArithmeticError", "failures": 1}
        ]
    broken = False
    now += poison.BACK_OFF_MS[0]
    asyncio.run(other.run_until_idle())
    assert seen[-1] == bad and len(seen) == len(everything)
    assert other.health()["set_aside"] == []


# ── the clock ──


def test_a_clock_does_each_unit_once_a_day(store: Store) -> None:
    for unit in (1, 2, 3):
        store.write_now(visits(unit).write)
    seen: list[Item] = []
    daily = Consumer(
        name="daily", reads=Clock(each_day), items_max=2, work=lambda c, items, _: seen.extend(items)
    )
    all_batches(store, daily, day=28)
    all_batches(store, daily, day=28.5)
    today = context(28).today
    assert sorted(seen) == [(unit, today) for unit in (1, 2, 3)]
    all_batches(store, daily, day=31)  # nothing ran for two days: it is done once
    assert sorted(seen[3:]) == [(unit, today + 3) for unit in (1, 2, 3)]


# ── leases ──


def test_two_processes_fold_different_units_at_the_same_time(
    postgres_url: str,
) -> None:
    """Each is in the middle of its transaction when the other begins: neither could go on alone."""
    stores = [open_store(postgres_url), open_store(postgres_url)]
    for unit in (1, 2):
        stores[0].write_now(visits(unit).write)
    stores[0].write_now(lambda c: record.ensure_current(c, SCHEMA))
    stores[0].write_now(lambda c: leases.prepare(c, "record", (1, 2)))
    both_inside = threading.Barrier(2)

    def work(connection: Connection, items: Sequence[Item], now: Context) -> None:
        both_inside.wait(PATIENCE_S)
        consumers.fold(connection, items, now)
        both_inside.wait(PATIENCE_S)

    fold = dataclasses.replace(FOLD, work=work, items_max=2)
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda n: batch(stores[n], fold, f"process {n}", after=(n, 10**15)), (0, 1))
    assert {one.units, other.units} == {frozenset({1}), frozenset({2})}
    assert stores[0].read_now(lambda c: c.rows("SELECT DISTINCT unit FROM household ORDER BY unit")) == [
        (1,),
        (2,),
    ]
    for store in stores:
        store.close()


def test_a_unit_that_another_process_is_at_is_left_alone(postgres_url: str) -> None:
    stores = [open_store(postgres_url), open_store(postgres_url)]
    stores[0].write_now(visits(1).write)
    stores[0].write_now(lambda c: record.ensure_current(c, SCHEMA))
    batch(stores[0], FOLD)  # the unit's row is made
    inside, go_on = threading.Event(), threading.Event()

    def work(connection: Connection, items: Sequence[Item], now: Context) -> None:
        inside.set()
        assert go_on.wait(PATIENCE_S)
        consumers.fold(connection, items, now)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(batch, stores[0], dataclasses.replace(FOLD, work=work), "first")
        assert inside.wait(PATIENCE_S)
        second = batch(stores[1], FOLD, "second")
        assert second == Done(last=second.last, busy=True), "nothing done, and somebody has to come back"
        go_on.set()
        assert len(first.result(PATIENCE_S).items) == 2
    assert batch(stores[1], FOLD, "second").items == ()
    for store in stores:
        store.close()


_KILLED = """
import sys, types
from hodi.background import FOLD, consumers
from hodi.background.consumer import Context, run_batch
from hodi.config import ROOT
from hodi.db import open_store
from tests.cast import ZONE
import dataclasses

def work(connection, items, context):
    consumers.fold(connection, items, context)
    print("folded", flush=True)
    sys.stdin.read()  # killed here, with everything written and nothing committed

pack = types.SimpleNamespace(folder=ROOT / "content" / "kenya", zone=ZONE, forms={})
context = Context(pack=pack, now=int(sys.argv[2]))
store = open_store(sys.argv[1])
fold = dataclasses.replace(FOLD, work=work)
store.write_now(lambda c: run_batch(c, fold, context, holder="killed"))
"""


def test_the_units_of_a_killed_process_are_taken_over(postgres_url: str) -> None:
    store = open_store(postgres_url)
    store.write_now(visits(1).write)
    store.write_now(lambda c: record.ensure_current(c, SCHEMA))
    batch(store, FOLD)  # the unit's row is made
    command = [sys.executable, "-c", _KILLED, postgres_url, str(instant(28))]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"folded\n"
        assert batch(store, FOLD).busy, "the other process is at it"
        other.kill()
        other.wait()
    done = Done(busy=True)
    while done.busy:  # until the database has noticed
        done = batch(store, FOLD)
    assert len(done.items) == 2
    assert store.read_now(lambda c: c.rows("SELECT COUNT(*) FROM household")) == [(2,)]
    store.close()


def test_a_lease_lasts_until_it_ends_and_then_goes_to_who_asks(store: Store) -> None:
    now = instant(1)
    store.write_now(lambda c: leases.prepare(c, "outbox", [7]))

    def take(holder: str, at: int) -> bool:
        return store.write_now(lambda c: leases.take(c, "outbox", 7, holder=holder, now=at))

    assert take("first", now)
    assert not take("second", now + leases.LEASE_MS - 1)
    store.write_now(lambda c: leases.renew(c, "outbox", 7, holder="first", now=now + 1_000))
    assert not take("second", now + leases.LEASE_MS)
    assert take("second", now + 1_000 + leases.LEASE_MS)
    # Who was too slow writes nothing: the check is made in the transaction of the result.
    with pytest.raises(leases.LeaseLost):
        store.write_now(
            lambda c: (
                c.run("UPDATE unit_lease SET until = 0"),
                leases.renew(c, "outbox", 7, holder="first", now=now),
            )
        )
    store.write_now(lambda c: leases.release(c, "outbox", 7, holder="first"))
    assert not take("third", now), "nor does it release what is another's"
    # Even when the other is through with it: what it did came in between.
    store.write_now(lambda c: leases.release(c, "outbox", 7, holder="second"))
    with pytest.raises(leases.LeaseLost):
        store.write_now(lambda c: leases.renew(c, "outbox", 7, holder="first", now=now))


def test_a_lease_keeps_transactions_of_others_away(store: Store) -> None:
    store.write_now(visits(1).write)
    follower, seen = counting()
    batch(store, follower)
    seen.clear()
    now = instant(28)
    store.write_now(lambda c: leases.take(c, "counter", 1, holder="there", now=now))
    assert batch(store, follower, "here").busy and not seen
    assert batch(store, follower, "there").items, "its holder may"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_unit_is_ever_folded_by_two_at_once(postgres_url: str, seed: int) -> None:
    """Four processes fold what four writers append, with failures in between; in the end the record is what a
    rebuild makes of the ledger."""
    chance, units = random.Random(seed), (1, 2, 3, 4, 5)
    stores = [open_store(postgres_url) for _ in range(4)]
    told = {unit: visits(unit, households=3) for unit in units}
    for one in told.values():
        stores[0].write_now(one.write)
    stores[0].write_now(lambda c: record.ensure_current(c, SCHEMA))
    guard, inside, met = threading.Lock(), set(), []
    over = threading.Event()

    def work(connection: Connection, items: Sequence[Item], now: Context) -> None:
        mine = {unit for unit, _ in items}
        with guard:
            met.extend(mine & inside)
            inside.update(mine)
            fails = chance.random() < 0.2
        try:
            consumers.fold(connection, items, now)
            if fails:
                raise KeyboardInterrupt  # as a kill would: rolled back, and nothing set aside
        finally:
            with guard:
                inside.difference_update(mine)

    fold = dataclasses.replace(FOLD, work=work, items_max=4)

    def process(number: int) -> None:
        last: Item | None = (chance.choice(units), 0)
        while not over.is_set() or waits(stores[number]):
            try:
                last = batch(stores[number], fold, f"process {number}", after=last).last
            except KeyboardInterrupt:
                last = None
            except WorkFailed as error:  # pragma: no cover
                raise AssertionError(error) from error

    def writer(unit: int) -> None:
        one = told[unit]
        homes = sorted({event.household for event in one.events if event.household})
        for day in range(4, 20):
            one.say("visit.made", day, household=homes[day % len(homes)], visit_outcome="done")
            stores[unit % 4].write_now(one.write)

    with ThreadPoolExecutor(9) as pool:
        going = [pool.submit(process, number) for number in range(4)]
        try:
            for done in [pool.submit(writer, unit) for unit in units]:
                done.result()
        finally:
            over.set()
        for one_process in going:
            one_process.result(PATIENCE_S)
    assert met == []
    kept = dump(stores[0])
    stores[0].write_now(lambda c: record.rebuild(c, SCHEMA))
    assert kept == dump(stores[0]) and kept["visit"]
    for store in stores:
        store.close()


def waits(store: Store) -> bool:
    return bool(store.read_now(lambda c: c.rows("SELECT 1 FROM touched LIMIT 1")))


def dump(store: Store) -> dict[str, list[tuple[object, ...]]]:
    tables = {step.writes for step in SCHEMA.steps}
    read: Callable[[str], list[tuple[object, ...]]] = lambda table: store.read_now(  # noqa: E731
        lambda c: sorted(c.rows(f"SELECT * FROM {table}"), key=repr)
    )
    return {table: read(table) for table in tables}
