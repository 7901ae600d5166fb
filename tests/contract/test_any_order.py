"""Facts may arrive in any order and in any batches: the record is the same as one made anew from the
ledger. Proven on random histories, and once on a large one, on both of the server's engines; in Kenya, and in
the example country, where days of 23 and of 25 hours are among them."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hodi import record
from hodi.db import Connection, Store, open_store
from hodi.domain import Event, day_of
from tests.contract import costa_clara, tables
from tests.contract.histories import histories
from tests.contract.rules import evaluate
from tests.contract.told import IN_COSTA_CLARA, IN_KENYA, Country, write


def fold_all(c: Connection, now: int, households_max: int, country: Country = IN_KENYA) -> None:
    """Fold and evaluate until nothing waits."""
    more = True
    while more:
        folded = record.fold(c, country.schema, households_max=households_max)
        today = day_of(now, country.zone)
        evaluate(c, folded.households, today=today, now=now, pack=country.folder)
        more = folded.more


def incremental(
    store: Store, batches: list[list[Event]], now: int, country: Country = IN_KENYA
) -> tables.Tables:
    """The record of events that arrive in these batches, each folded at once."""

    def work(c: Connection) -> tables.Tables:
        for n, batch in enumerate(batches):
            write(c, batch, country)
            fold_all(c, now, 1 + n % 3, country)
        return tables.read(lambda sql: c.rows(sql), country.schema)

    return store.write_now(work)


def rebuilt(store: Store, now: int, country: Country = IN_KENYA) -> tables.Tables:
    """The record made anew from the ledger."""

    def work(c: Connection) -> tables.Tables:
        folded = record.rebuild(c, country.schema)
        today = day_of(now, country.zone)
        evaluate(c, folded.households, today=today, now=now, pack=country.folder)
        return tables.read(lambda sql: c.rows(sql), country.schema)

    return store.write_now(work)


def as_it_may_arrive(events: list[Event], chance: random.Random) -> list[list[Event]]:
    """The events in another order, in batches. What speaks of another event comes with it or after it,
    as the front door demands, and a household's registration comes first."""
    place = {event.id: chance.random() for event in events}
    for event in events:
        if event.kind == "household.registered":
            place[event.id] = -1
    for event in events:  # in the order of stating, so that chains follow
        if event.target is not None:
            place[event.id] = max(place[event.id], place[event.target] + 1e-9)
    ordered = sorted(events, key=lambda event: place[event.id])
    batches, n = [], 0
    while n < len(ordered):
        size = chance.choice((1, 2, 7, 40))
        batches.append(ordered[n : n + size])
        n += size
    return batches


@pytest.mark.parametrize(
    ("country", "told", "households"),
    [(IN_KENYA, histories, 30), (IN_COSTA_CLARA, costa_clara.histories, 12)],
    ids=["kenya", "example"],
)
def test_a_rebuild_gives_the_same_tables(
    store: Store, country: Country, told: Callable[..., tuple[list[Event], int]], households: int
) -> None:
    events, now = told(seed=7, households=households, months=10)
    batches = as_it_may_arrive(events, random.Random(7))
    half = len(batches) // 2
    incremental(store, batches[:half], now, country)
    whole = incremental(store, batches[half:], now, country)
    assert all(whole.values()), "a table without rows proves nothing"
    assert tables.differences(whole, rebuilt(store, now, country)) == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), order=st.integers(0, 2**32), months=st.integers(1, 7))
def test_any_arrival_order_gives_the_same_record(seed: int, order: int, months: int) -> None:
    events, now = histories(seed=seed, households=2, months=months)
    assert_any_order(events, order, now, IN_KENYA)


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32), order=st.integers(0, 2**32), months=st.integers(1, 7))
def test_any_arrival_order_in_the_example_country(seed: int, order: int, months: int) -> None:
    events, now = costa_clara.histories(seed=seed, households=2, months=months)
    assert_any_order(events, order, now, IN_COSTA_CLARA)


def assert_any_order(events: list[Event], order: int, now: int, country: Country) -> None:
    """Events in another order and in batches give the record of the same at once, and of a rebuild."""
    batches = as_it_may_arrive(events, random.Random(order))
    with_gaps, at_once = open_store("sqlite://"), open_store("sqlite://")
    try:
        one = incremental(with_gaps, batches, now, country)
        other = incremental(at_once, [events], now, country)
        assert tables.differences(one, other) == []
        assert tables.differences(one, rebuilt(with_gaps, now, country)) == []
    finally:
        with_gaps.close()
        at_once.close()


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32))
def test_no_state_of_a_referral_is_a_dead_end(seed: int) -> None:
    """Whatever is told in whatever order: what has not ended has an owner and a next time."""
    store = open_store("sqlite://")
    events, now = histories(seed=seed, households=6, months=4)

    def work(c: Connection) -> list[tuple[object, ...]]:
        write(c, events)
        fold_all(c, now, households_max=50)
        return c.rows(
            "SELECT r.state, r.owner, r.due_at, r.escalate_at, r.return_day, h.here, p.state FROM referral r"
            " JOIN household h ON h.unit = r.unit AND h.household = r.household"
            " JOIN person p ON p.unit = r.unit AND p.household = r.household AND p.person = r.person"
        )

    for state, owner, due_at, escalate_at, return_day, here, person in store.write_now(work):
        ended = state in ("closed", "cancelled", "died") or (state == "seen" and due_at is None)
        assert (due_at is None) == (owner == "nobody") == (escalate_at is None)
        assert due_at is not None or ended or not here or person == "died", state
        assert due_at is None or (not ended and here and person != "died"), state
        assert due_at is None or escalate_at >= due_at
        assert state != "seen" or due_at is None or return_day is not None
    store.close()
