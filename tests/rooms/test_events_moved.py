"""Households that move: within the unit, to another, and what is stated around it."""

from __future__ import annotations

import msgspec
import pytest

from hodi.db import Store
from hodi.domain import mix
from hodi.events import DIGEST_MODULUS
from tests.cast import COLLEAGUE, STRANGER
from tests.hand import Hand
from tests.rooms.ledger import (
    AREA_A,
    AREA_B,
    AREA_C,
    JIRANI,
    UMOJA,
    feed_of,
    home,
    put,
    rows,
    settled,
    verdicts,
)


def test_a_move_within_the_unit_feeds_the_new_area(store: Store, hand: Hand) -> None:
    household, events = settled(store, hand)
    moved = hand.move(household, UMOJA, AREA_B)
    assert verdicts(put(store, moved)) == ["accepted"]
    assert home(store, household)[:3] == (AREA_B, None, 5)
    assert feed_of(store, UMOJA, AREA_A)[-1] == (0, household)
    assert feed_of(store, UMOJA, AREA_B) == [(event.id, None) for event in [*events, moved]]
    later = hand.visit(household)
    put(store, later)
    assert feed_of(store, UMOJA, AREA_B)[-1] == (later.id, None)


def test_a_move_to_another_unit_takes_the_history_along(store: Store, hand: Hand) -> None:
    household, events = settled(store, hand)
    moved = hand.move(household, JIRANI, AREA_C)
    put(store, moved)
    ids = [event.id for event in [*events, moved]]
    assert home(store, household)[:2] == (AREA_A, JIRANI)
    assert home(store, household, JIRANI) == (AREA_C, None, 5, sum(map(mix, ids)) % DIGEST_MODULUS)
    copies = rows(store, "SELECT id, seq FROM event WHERE unit = 20 ORDER BY seq")
    assert copies == list(zip(ids, range(1, 6), strict=True))
    assert feed_of(store, JIRANI, AREA_C) == [(id_, None) for id_ in ids]
    for table in ("event", "observation"):
        both = f"SELECT COUNT(*) FROM {table} WHERE unit = :unit"
        assert rows(store, both, unit=UMOJA) == rows(store, both, unit=JIRANI)
    touched = rows(store, "SELECT DISTINCT kind FROM touched WHERE unit = 20 AND since_day = -100000")
    assert {row[0] for row in touched} == {event.kind for event in [*events, moved]}


def test_late_work_follows_the_household_however_far_it_went(store: Store, hand: Hand) -> None:
    household, _ = settled(store, hand)
    late = hand.visit(household)
    put(store, hand.move(household, JIRANI, AREA_C))
    put(store, Hand(STRANGER, hand.now).move(household, UMOJA, AREA_B))
    put(store, Hand(COLLEAGUE, hand.now + 5_000).move(household, JIRANI, AREA_C))
    [receipt] = put(store, late)
    assert receipt.verdict == "accepted"
    assert rows(store, "SELECT unit, seq FROM event WHERE id = :id", id=late.id) == [(JIRANI, receipt.seq)]
    assert verdicts(put(store, late)) == ["known"]
    assert home(store, household)[:2] == (AREA_B, JIRANI)
    assert home(store, household, JIRANI)[:3] == (AREA_C, None, 8)
    assert rows(store, "SELECT COUNT(*) FROM event WHERE unit = 20") == [(8,)]


def test_events_of_a_household_that_left_are_still_known_where_it_was(store: Store, hand: Hand) -> None:
    household, events = settled(store, hand)
    put(store, hand.move(household, JIRANI, AREA_C))
    assert verdicts(put(store, *events)) == ["known"] * 4
    forged = msgspec.structs.replace(events[2], body={"other": 1})
    assert verdicts(put(store, forged)) == ["id_conflict"]


@pytest.mark.parametrize("backwards", [False, True])
def test_of_two_moves_the_later_stamp_decides_in_any_order(store: Store, hand: Hand, backwards: bool) -> None:
    household, _ = settled(store, hand)
    to_b, to_c = hand.move(household, UMOJA, AREA_B), hand.move(household, JIRANI, AREA_C)
    for move in (to_c, to_b) if backwards else (to_b, to_c):
        assert verdicts(put(store, move)) == ["accepted"]
    assert home(store, household)[1] == JIRANI
    assert home(store, household, JIRANI)[:2] == (AREA_C, None)
    assert rows(store, "SELECT COUNT(*) FROM event WHERE unit = 20 AND kind = 'household.moved'") == [(2,)]


def test_a_move_and_the_visits_around_it_in_one_batch(store: Store, hand: Hand) -> None:
    household, registered = hand.household()
    batch = [registered, hand.visit(household), hand.move(household, JIRANI, AREA_C), hand.visit(household)]
    assert verdicts(put(store, *batch)) == ["accepted"] * 4
    assert rows(store, "SELECT COUNT(*) FROM event WHERE unit = 20") == [(4,)]
    assert home(store, household, JIRANI)[:3] == (AREA_C, None, 4)


def test_a_move_is_undone_by_another_move_only(store: Store, hand: Hand) -> None:
    household, _ = settled(store, hand)
    moved = hand.move(household, UMOJA, AREA_B)
    put(store, moved)
    retracted = hand.event("event.retracted", household=household, target=moved.id)
    assert verdicts(put(store, retracted)) == ["malformed"]
    put(store, hand.move(household, UMOJA, AREA_A))
    assert home(store, household)[0] == AREA_A


# ── the server's own words ──
