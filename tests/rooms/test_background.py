"""What happens by itself: folding after an append, turning with the day and the hour, going on after a
stop, and a household that fails blocking no other."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import threading
import types
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest

from hodi import record
from hodi.background import CONSUMERS, FOLD, Background, consumers, leases, poison
from hodi.background import background as background_module
from hodi.background.consumer import Consumer, Context, Done, Item, WorkFailed, rules_of, run_batch
from hodi.config import ROOT
from hodi.content import Pack
from hodi.db import Changed, Connection, Store, load_queries, open_store
from tests.cast import ZONE
from tests.contract.told import UNIT, Told, instant
from tests.harness.cut import cut_listening
from tests.harness.serve import Served

KENYA = ROOT / "content" / "kenya"
SCHEMA = record.load_record_schema(KENYA)
RULES = rules_of(KENYA)
PACK: Any = types.SimpleNamespace(folder=KENYA, zone=ZONE, forms={})


class Hand:
    """A clock that is moved by hand."""

    def __init__(self, day: float) -> None:
        self.now = instant(day)

    def __call__(self) -> int:
        return self.now

    def to(self, day: float) -> None:
        """Put it to a day."""
        self.now = instant(day)


def started(store: Store, hand: Hand, pack: Pack = PACK) -> Background:
    return Background(store, pack, clock=hand)


def run(work: Callable[[], Awaitable[None]]) -> None:
    """Run a story that must be over in half a minute."""

    async def within() -> None:
        async with asyncio.timeout(30):
            await work()

    asyncio.run(within())


async def named(queue: asyncio.Queue[Changed]) -> frozenset[int]:
    """The next units that are announced by number."""
    while (units := await queue.get()) is None:
        pass
    return units


def falling(told: Told) -> int:
    """A household with a child whose arm is falling; gives the child."""
    household = told.household()
    child = told.member(household, birth_day=-400)
    for day, muac_mm in ((0, 142), (14, 139), (28, 136)):
        told.assessment(household, child, day, muac_mm=muac_mm)
    return child


def signalled(store: Store) -> list[tuple[object, ...]]:
    return store.read_now(lambda c: c.rows("SELECT code, person, state FROM signal ORDER BY code, person"))


def waiting(store: Store) -> int:
    return int(store.read_now(lambda c: c.rows("SELECT COUNT(DISTINCT household) FROM touched"))[0][0])


def test_an_append_is_folded_judged_and_announced(store: Store) -> None:
    told, hand = Told(), Hand(28)
    child = falling(told)

    async def story() -> None:
        works = Background(store, PACK, clock=hand, consumers=(FOLD,))
        await works.start()
        with works.subscribe() as queue:
            await store.write(told.write)
            works.wake([UNIT])
            assert await named(queue) == frozenset({UNIT})
        await works.stop()
        assert works.health()["ok"] is True

    run(story)
    assert signalled(store) == [("NUT_DECLINE", child, "open")]
    assert waiting(store) == 0


def test_what_follows_a_fold_closely_is_gathered(store: Store) -> None:
    gather_s = 2.0
    began: list[float] = []
    told = Told()

    async def story() -> None:
        loop = asyncio.get_running_loop()

        def fold(connection: Connection, items: list[Item], context: Context) -> None:
            began.append(loop.time())
            FOLD.work(connection, items, context)

        gathering = dataclasses.replace(FOLD, work=fold, gather_s=gather_s)
        works = Background(store, PACK, clock=Hand(28), consumers=(gathering,))
        await works.start()
        with works.subscribe() as queue:
            for _ in range(2):
                falling(told)
                await store.write(told.write)
                works.wake([UNIT])
                assert await named(queue) == frozenset({UNIT})
        await works.stop()

    run(story)
    first, second = began
    assert second - first >= gather_s / 2


def test_what_waits_from_an_earlier_run_is_taken_up(sqlite_store: Store) -> None:
    told, hand = Told(), Hand(28)
    child = falling(told)
    sqlite_store.write_now(told.write)
    run(lambda: started(sqlite_store, hand).run_until_idle())
    assert signalled(sqlite_store) == [("NUT_DECLINE", child, "open")]


def test_a_signal_expires_when_the_day_turns(store: Store) -> None:
    told, hand = Told(), Hand(117)
    falling(told)
    store.write_now(told.write)
    works = started(store, hand)
    run(works.run_until_idle)
    assert len(signalled(store)) == 1
    hand.to(118)
    run(works.run_until_idle)
    assert signalled(store) == []


def test_a_clock_that_ran_ahead_takes_no_signal_with_it(store: Store) -> None:
    told, hand = Told(), Hand(28)
    falling(told)
    store.write_now(told.write)
    works = started(store, hand)
    run(works.run_until_idle)
    assert len(signalled(store)) == 1
    hand.to(400)
    run(works.run_until_idle)
    assert signalled(store) == []
    hand.to(29)
    run(works.run_until_idle)
    run(works.run_until_idle)
    assert len(signalled(store)) == 1


def test_a_no_show_appears_when_the_hour_turns(store: Store) -> None:
    told, hand = Told(), Hand(1.3)
    household = told.household()
    child = told.member(household, birth_day=-400)
    told.say(
        "referral.made",
        0,
        household=household,
        person=child,
        referral_code="KX37",
        referral_class="urgent",
        referral_due_at=instant(1),
        referral_escalate_at=instant(2),
    )
    store.write_now(told.write)
    works = started(store, hand)
    run(works.run_until_idle)
    assert signalled(store) == []
    hand.to(1.5)
    run(works.run_until_idle)
    assert [code for code, _, _ in signalled(store)] == ["REF_NOSHOW"]


def batch_of(store: Store, consumer: Consumer, day: float, **given: Any) -> Done:
    context = Context(pack=PACK, now=instant(day))
    return store.write_now(lambda c: run_batch(c, consumer, context, holder="here", **given))


def named_consumer(name: str) -> Consumer:
    return next(one for one in CONSUMERS if one.name == name)


def test_who_is_due_is_evaluated_some_at_a_time(sqlite_store: Store) -> None:
    told, due = [Told(unit) for unit in (1, 2, 3)], named_consumer("due")
    for one in told:
        falling(one)
        sqlite_store.write_now(one.write)
    sqlite_store.write_now(lambda c: record.fold(c, SCHEMA, households_max=100))
    sqlite_store.write_now(lambda c: record.ensure_rules_current(c, RULES))
    sqlite_store.write_now(lambda c: leases.prepare(c, "record", (1, 2, 3)))
    seen, done = [], Done(more=True)
    while done.more:
        done = batch_of(sqlite_store, due, 28, items_max=1, after=done.last)
        seen.append(len(signalled(sqlite_store)))
    assert seen == [1, 2, 3], "each household is a transaction"
    assert batch_of(sqlite_store, due, 28).items == ()


def test_a_rule_that_has_changed_is_asked_about_everybody_at_once(sqlite_store: Store) -> None:
    told, hand = Told(), Hand(28)
    falling(told)
    sqlite_store.write_now(told.write)
    run(started(sqlite_store, hand).run_until_idle)
    sqlite_store.write_now(lambda c: c.run("DELETE FROM signal"))
    run(started(sqlite_store, hand).run_until_idle)
    assert signalled(sqlite_store) == [], "nothing was written, and nobody is due"
    older = [dataclasses.replace(rule, mark="older") for rule in RULES]
    sqlite_store.write_now(lambda c: record.ensure_rules_current(c, older))
    sqlite_store.write_now(lambda c: c.run("DELETE FROM rule_due"))
    run(started(sqlite_store, hand).run_until_idle)
    assert len(signalled(sqlite_store)) == 1


def test_a_rule_that_is_no_more_leaves_nothing_behind(sqlite_store: Store) -> None:
    told, hand = Told(), Hand(28)
    falling(told)
    sqlite_store.write_now(told.write)
    run(started(sqlite_store, hand).run_until_idle)
    others = [rule for rule in RULES if rule.code != "NUT_DECLINE"]
    sqlite_store.write_now(lambda c: record.ensure_rules_current(c, others))
    assert signalled(sqlite_store) == []
    gone = "SELECT COUNT(*) FROM rule_due WHERE code = 'NUT_DECLINE'"
    assert sqlite_store.read_now(lambda c: c.rows(gone)) == [(0,)]


def test_a_changed_fold_touches_everybody(sqlite_store: Store) -> None:
    told = Told()
    falling(told)
    sqlite_store.write_now(told.write)
    run(lambda: started(sqlite_store, Hand(28)).run_until_idle())
    sqlite_store.write_now(lambda c: record.ensure_current(c, SCHEMA))
    assert waiting(sqlite_store) == 0
    changed = tuple(
        dataclasses.replace(step, select=step.select + " ") if step.writes == "growth" else step
        for step in SCHEMA.steps
    )
    sqlite_store.write_now(lambda c: record.ensure_current(c, dataclasses.replace(SCHEMA, steps=changed)))
    assert waiting(sqlite_store) == 1


def fail_for(monkeypatch: pytest.MonkeyPatch, bad: set[int]) -> list[int]:
    """Make the rules fail whenever one of these households is in the batch; gives the batches' sizes."""
    evaluate, sizes = record.evaluate_written, []

    def failing(c: Connection, rules: Any, written: Any, **given: Any) -> Any:
        households = set().union(*written.values())
        sizes.append(len(households))
        if any(household in bad for _, household in households):
            raise ArithmeticError("a fact nobody thought of")
        return evaluate(c, rules, written, **given)

    monkeypatch.setattr(consumers.record, "evaluate_written", failing)
    return sizes


def test_a_household_that_fails_blocks_no_other(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    told, hand = Told(), Hand(28)
    children = [falling(told) for _ in range(20)]
    homes = [event.household for event in told.events if event.kind == "household.registered"]
    bad = {homes[3], homes[11]}
    sizes = fail_for(monkeypatch, bad)
    store.write_now(told.write)
    works = started(store, hand)
    run(works.run_until_idle)
    assert {person for _, person, _ in signalled(store)} == set(children) - {children[3], children[11]}
    assert waiting(store) == 2, "its facts stay in the queue"
    aside = works.health()["set_aside"]
    assert {(one["unit"], one["item"], one["error"]) for one in aside} == {  # type: ignore[attr-defined,index]
        (UNIT, household, "ArithmeticError") for household in bad
    }
    assert len(sizes) < 40, "found by halving, not one by one"
    # Once the reason is gone it is folded when its time has come.
    monkeypatch.undo()
    run(works.run_until_idle)
    assert waiting(store) == 2, "not before"
    hand.now += 61_000
    run(works.run_until_idle)
    assert waiting(store) == 0
    assert works.health()["set_aside"] == []
    assert len(signalled(store)) == 20


def test_what_may_pass_puts_nobody_aside(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import apsw

    told, hand = Told(), Hand(28)
    falling(told)
    sqlite_store.write_now(told.write)
    passed = 0

    def full(*_: object, **__: object) -> None:
        nonlocal passed
        passed += 1
        raise apsw.FullError("database or disk is full")

    monkeypatch.setattr(consumers.record, "evaluate_written", full)
    monkeypatch.setattr(background_module, "BACK_OFF_S", (0.01, 0.02))

    async def story() -> None:
        works = started(sqlite_store, hand)
        await works.start()
        while passed < 3:
            await asyncio.sleep(0.01)
        health = works.health()
        assert health["ok"] is False and health["set_aside"] == []
        assert "FullError" in str(health["failing"])
        monkeypatch.undo()
        while waiting(sqlite_store):
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        assert works.health()["ok"] is True
        await works.stop()

    run(story)


def test_a_failure_names_its_households_and_writes_nothing(sqlite_store: Store) -> None:
    told = Told()
    falling(told)
    household = told.events[0].household
    sqlite_store.write_now(told.write)
    batch_of(sqlite_store, FOLD, 28)
    # Something in the store stands in the way of one table's rows.
    sqlite_store.write_now(lambda c: record.ensure_current(c, SCHEMA))
    stop = "CREATE TEMP TRIGGER stop BEFORE INSERT ON growth BEGIN SELECT RAISE(ABORT, 'no'); END"
    sqlite_store.write_now(lambda c: c.run(stop))
    with pytest.raises(WorkFailed) as failure:
        batch_of(sqlite_store, FOLD, 28)
    assert failure.value.items == ((UNIT, household),)
    assert sqlite_store.read_now(lambda c: c.rows("SELECT COUNT(*) FROM household")) == [(0,)]
    assert waiting(sqlite_store) == 1


def test_two_processes_that_fold_at_once_do_not_meet(open_stores: Callable[[str], Store]) -> None:
    store, told, hand = open_stores("postgres"), Told(), Hand(28)
    children = [falling(told) for _ in range(30)]
    works = [started(store, hand), started(store, hand)]

    async def story() -> None:
        await store.write(told.write)
        await asyncio.gather(*(one.run_until_idle() for one in works))

    run(story)
    assert {person for _, person, _ in signalled(store)} == set(children)
    assert all(one.health()["set_aside"] == [] for one in works)


def test_what_one_process_folds_the_pages_of_another_hear(postgres_url: str) -> None:
    told, hand = Told(), Hand(28)
    child = falling(told)
    stores = [open_store(postgres_url), open_store(postgres_url)]
    # Only the process that is woken folds: the other receives a notification.
    slow = (dataclasses.replace(FOLD, poll_s=60.0),)
    here, there = (Background(store, PACK, clock=hand, consumers=slow) for store in stores)

    async def soon(queue: asyncio.Queue[Changed]) -> Changed:
        async with asyncio.timeout(2):
            return await queue.get()

    async def story() -> None:
        with here.subscribe() as queue_here, there.subscribe() as queue_there:
            await asyncio.gather(here.start(), there.start())
            assert await soon(queue_here) is None and await soon(queue_there) is None
            await stores[0].write(told.write)
            here.wake([UNIT])
            assert await soon(queue_there) == frozenset({UNIT})
            assert queue_here.get_nowait() == frozenset({UNIT}), "and it hears itself once, at once"
            await stores[0].write(cut_listening)
            assert await soon(queue_here) is None and await soon(queue_there) is None
            told.assessment(1, child, 42, muac_mm=133)
            await stores[0].write(told.write)
            here.wake([UNIT])
            assert await soon(queue_there) == frozenset({UNIT})
            there.publish([UNIT + 1])
            await there.stop()
            assert await soon(queue_here) == frozenset({UNIT})
            assert await soon(queue_here) == frozenset({UNIT + 1}), "told before it stopped"
        await here.stop()
        assert queue_here.empty()

    run(story)
    for store in stores:
        store.close()


def test_under_overload_households_take_turns(store: Store) -> None:
    told = [Told(unit) for unit in (1, 2, 3)]
    homes = [(unit, one.household()) for unit, one in enumerate(told, 1) for _ in range(3)]
    for one in told:
        store.write_now(one.write)
    seen: dict[Item, int] = dict.fromkeys(homes, 0)

    def fold_and_touch(c: Connection, items: Any, context: Context) -> None:
        # Whatever is folded is touched again at once: the queue is never empty.
        record.refold(c, SCHEMA, items)
        touch(c, items)

    consumer, bad = dataclasses.replace(FOLD, work=fold_and_touch), homes[4]
    store.write_now(lambda c: poison.set_aside(c, "fold", bad, ValueError("no"), now=instant(28)))
    store.write_now(lambda c: leases.prepare(c, "record", (1, 2, 3)))
    last = None
    for _ in range(12):
        done = batch_of(store, consumer, 28, items_max=2, after=last)
        assert len(done.items) == 2 and done.more
        for home in done.items:
            seen[home] += 1
        last = done.last
    assert seen.pop(bad) == 0
    assert set(seen.values()) == {3}, "each of the eight as often as every other"


def touch(connection: Connection, homes: Iterable[tuple[int, int]]) -> None:
    rows = [(unit, household, "visit.made", 0) for unit, household in homes]
    connection.insert("touched", ("unit", "household", "kind", "since_day"), rows)


def test_the_background_work_goes_round(store: Store) -> None:
    told, hand, batches = Told(), Hand(28), []
    homes = {told.household() for _ in range(7)}

    def busy(c: Connection, items: Any, context: Context) -> None:
        consumers.fold(c, items, context)
        batches.append(items)
        if len(batches) < 7:
            touch(c, items)

    store.write_now(told.write)
    fold = dataclasses.replace(FOLD, work=busy, items_max=3)
    run(Background(store, PACK, clock=hand, consumers=(fold,)).run_until_idle)
    # Three rounds of seven in seven batches of three, although the first are always waiting.
    assert {sum((UNIT, home) in batch for batch in batches[:7]) for home in homes} == {3}
    assert waiting(store) == 0


def test_the_queue_is_read_by_its_index_alone(open_stores: Callable[[str], Store]) -> None:
    store = open_stores("postgres")
    store.write_now(lambda c: touch(c, ((n % 50, n) for n in range(20_000))))
    given = {"unit": 3, "number": 17, "count": 400}

    def plan(connection: Connection) -> str:
        record.ScopeTable(connection)
        query = load_queries(consumers.__file__).touched_after
        return "\n".join(row[0] for row in connection.rows(f"EXPLAIN {query}", given))

    for before in ("SELECT 1", "ANALYZE touched"):
        store.write_now(lambda c, before=before: c.run(before))
        found = store.write_now(plan)
        assert "Index Only Scan using touched_pkey" in found, found
        assert "Index Cond: (ROW(unit, household)" in found, found
        assert "Sort" not in found and "Hash" not in found, found


def test_a_store_that_is_closed_first_ends_it_quietly(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    quick = tuple(dataclasses.replace(one, poll_s=0.01) for one in CONSUMERS)

    async def story() -> None:
        works = Background(store, PACK, clock=Hand(28), consumers=quick)
        await works.start()
        await asyncio.sleep(0.05)
        await asyncio.to_thread(store.close)
        works.publish([UNIT])
        while works.health()["running"]:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        assert works.health()["ok"] is True
        await works.stop()
        await works.stop()

    run(story)
    assert caplog.records == []


def test_a_server_stops_before_its_store(
    store: Store,
    serve: Callable[..., Served],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    served, told = serve(store), Told()
    for _ in range(20):
        falling(told)
        store.write_now(told.write)
    served.stop()
    store.close()
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("store-")]
