"""Any order, repetition and number of writers ends in the same ledger."""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hodi.db import Store, open_store
from hodi.domain import Event
from tests.cast import COLLEAGUE, PROMOTER, STRANGER, Worker
from tests.hand import Hand
from tests.rooms.ledger import (
    AREA_A,
    AREA_B,
    AREA_C,
    JIRANI,
    UMOJA,
    home,
    put,
    rows,
    settled,
    verdicts,
)


def story() -> list[Event]:
    """A household's life in which nothing depends on the order of arrival."""
    hand = Hand(PROMOTER)
    household, registered = hand.household()
    person, member = hand.member(household)
    visits = [hand.visit(household) for _ in range(3)]
    seen = [hand.assessment(household, person, weight_kg=8 + n) for n in range(3)]
    to_b = hand.move(household, UMOJA, AREA_B)
    elsewhere = Hand(COLLEAGUE, hand.now)
    there = elsewhere.visit(household)
    to_c = elsewhere.move(household, JIRANI, AREA_C)
    return [registered, member, *visits, *seen, to_b, there, to_c]


def final(store: Store, events: Sequence[Event]) -> tuple[object, ...]:
    """Where the household ended up and what is known of it there."""
    household = events[0].household or 0
    whole = rows(store, "SELECT id, kind, stamp FROM event WHERE unit = 20 ORDER BY id")
    return (
        home(store, household, JIRANI),
        whole,
        len(rows(store, "SELECT 1 FROM observation WHERE unit = 20")),
    )


@given(seed=st.integers(0, 2**32), cuts=st.lists(st.integers(0, 22), max_size=5))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_repetition_ends_in_the_same_ledger(
    tmp_path_factory: pytest.TempPathFactory, seed: int, cuts: list[int]
) -> None:
    events = story()
    chance = random.Random(seed)
    arriving = [*events, *events]
    chance.shuffle(arriving)
    store = open_store("sqlite://")
    try:
        borders = [0, *sorted(cuts), len(arriving)]
        for begin, end in itertools.pairwise(borders):
            assert "refused" not in verdicts(put(store, *arriving[begin:end]))
        straight = open_store("sqlite://")
        try:
            put(straight, *events)
            assert final(store, events) == final(straight, events)
        finally:
            straight.close()
    finally:
        store.close()


# ── many at once ──


def test_numbers_are_gapless_and_in_commit_order_whoever_writes(open_stores: object) -> None:
    store: Store = open_stores("postgres")  # type: ignore[operator]
    batches_each, workers = 12, (PROMOTER, COLLEAGUE, STRANGER)
    failures: list[BaseException] = []
    seen_by_reader: list[int] = []
    done = threading.Event()

    def write(worker: Worker) -> None:
        hand = Hand(worker)
        hand.unit = UMOJA  # all into one ledger
        try:
            for _ in range(batches_each):
                household, registered = hand.household()
                put(store, registered, *[hand.visit(household) for _ in range(9)])
        except BaseException as error:
            failures.append(error)

    def follow() -> None:
        """A reader that goes on from the last number it saw must miss none."""
        last = 0
        while True:
            finished = done.is_set()
            found = [
                int(str(row[0]))
                for row in rows(
                    store, "SELECT seq FROM event WHERE unit = 10 AND seq > :last ORDER BY seq", last=last
                )
            ]
            seen_by_reader.extend(found)
            last = found[-1] if found else last
            if finished:
                return

    writers = [threading.Thread(target=write, args=(worker,)) for worker in workers for _ in range(1)]
    reader = threading.Thread(target=follow)
    reader.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    done.set()
    reader.join()
    assert not failures
    total = batches_each * len(workers) * 10
    assert seen_by_reader == list(range(1, total + 1))


def test_two_units_that_exchange_households_do_not_wait_for_each_other(open_stores: object) -> None:
    store: Store = open_stores("postgres")  # type: ignore[operator]
    here, there = Hand(PROMOTER), Hand(STRANGER)
    going = [settled(store, here)[0] for _ in range(6)]
    coming = [settled(store, there)[0] for _ in range(6)]
    failures: list[BaseException] = []

    def run(hand: Hand, households: list[int], unit: int, area: int) -> None:
        try:
            for household in households:
                assert (
                    verdicts(put(store, hand.move(household, unit, area), hand.visit(household)))
                    == ["accepted"] * 2
                )
        except BaseException as error:
            failures.append(error)

    threads = [
        threading.Thread(target=run, args=(here, going, JIRANI, AREA_C)),
        threading.Thread(target=run, args=(there, coming, UMOJA, AREA_A)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    here = "SELECT unit, COUNT(*) FROM home WHERE moved_unit IS NULL GROUP BY unit ORDER BY unit"
    assert rows(store, here) == [
        (UMOJA, 6), (JIRANI, 6),
    ]  # fmt: skip
