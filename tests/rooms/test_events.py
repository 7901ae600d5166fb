"""The ledger's front door, on both stores: what is accepted, known, refused, and where it stands then."""

from __future__ import annotations

import msgspec
import pytest

import hodi.events.known
from hodi.db import Connection, Store, load_queries
from hodi.domain import Observation, device_of, mix
from hodi.events import DESK, DIGEST_MODULUS, Draft, mint_ids, state
from tests.hand import NOW, RULES, Hand
from tests.harness.events import observations
from tests.rooms.ledger import (
    AREA_A,
    UMOJA,
    feed_of,
    home,
    put,
    rows,
    settled,
    verdicts,
)

# ── accepted ──


def test_what_is_stated_stands_in_the_ledger_as_it_was_stated(store: Store, hand: Hand) -> None:
    household, registered = hand.household()
    person, member = hand.member(household)
    visit = hand.visit(household)
    seen = hand.assessment(household, person, weight_kg=10.4, cough=1, muac_mm=131)
    other_day = msgspec.structs.replace(
        hand.assessment(household, person), body={"q": [1, "a"]},
        observations=(Observation(concept="weight_kg", number=9, person=visit.id, day=20_001),),
    )  # fmt: skip
    receipts = put(store, registered, member, visit, seen, other_day)
    assert [(one.verdict, one.seq) for one in receipts] == [("accepted", seq) for seq in range(1, 6)]
    assert rows(store, "SELECT kind, visit, received_at FROM event WHERE unit = 10 ORDER BY seq") == [
        ("household.registered", None, NOW), ("person.registered", None, NOW), ("visit.made", visit.id, NOW),
        ("assessment.recorded", None, NOW), ("assessment.recorded", None, NOW),
    ]  # fmt: skip
    stated = "SELECT person, concept, number, day FROM observation WHERE event = :event ORDER BY ordinal"
    assert rows(store, stated, event=seen.id) == [
        (person, "weight_kg", 10.4, seen.occurred_day), (person, "cough", 1, seen.occurred_day),
        (person, "muac_mm", 131, seen.occurred_day),
    ]  # fmt: skip
    assert rows(store, stated, event=other_day.id) == [(visit.id, "weight_kg", 9, 20_001)]
    ids = [registered.id, member.id, visit.id, seen.id, other_day.id]
    assert home(store, household) == (AREA_A, None, 5, sum(map(mix, ids)) % DIGEST_MODULUS)


def test_the_same_again_is_known_under_its_number(store: Store, hand: Hand) -> None:
    household, registered = hand.household()
    visit = msgspec.structs.replace(hand.visit(household, latrine=1), body={"b": 1, "a": {"c": None}})
    put(store, registered, visit)
    again = put(store, visit, registered, visit, now=NOW + 5)
    assert [(one.verdict, one.seq) for one in again] == [("known", 2), ("known", 1), ("known", 2)]
    assert home(store, household)[2] == 2
    assert rows(store, "SELECT COUNT(*) FROM feed") == [(2,)]
    assert rows(store, "SELECT seq FROM unit_cursor WHERE unit = 10") == [(2,)]


def test_one_event_twice_in_a_batch_is_accepted_once(store: Store, hand: Hand) -> None:
    household, registered = hand.household()
    assert verdicts(put(store, registered, registered)) == ["accepted", "known"]
    bad = msgspec.structs.replace(hand.visit(household), visit=None)
    assert verdicts(put(store, bad, bad)) == ["malformed", "malformed"]


@pytest.mark.parametrize("other", [
    {"occurred_at": NOW + 1}, {"person": 5}, {"stamp": 7}, {"body": {"a": 2}}, {"body": None},
    {"observations": observations(visit_outcome="refused")}, {"observations": ()}, {"form": "visit"},
    {"kind": "visit.seen"},
])  # fmt: skip
def test_another_content_under_the_same_id_is_a_conflict(
    sqlite_store: Store, hand: Hand, other: dict[str, object]
) -> None:
    household, registered = hand.household()
    visit = msgspec.structs.replace(hand.visit(household), body={"a": 1})
    put(sqlite_store, registered, visit)
    changed = msgspec.structs.replace(visit, **other)
    expected = "malformed" if other == {"observations": ()} else "id_conflict"
    assert verdicts(put(sqlite_store, changed)) == [expected]
    assert rows(sqlite_store, "SELECT kind FROM event WHERE id = :id", id=visit.id) == [("visit.made",)]


def test_a_batch_with_a_conflict_is_taken_in_no_further(store: Store, hand: Hand) -> None:
    household, registered = hand.household()
    put(store, registered)
    forged = msgspec.structs.replace(registered, observations=observations(head_name="Mwingine"))
    fresh = hand.visit(household)
    assert verdicts(put(store, fresh, forged)) == ["id_conflict", "id_conflict"]
    assert verdicts(put(store, registered, forged, fresh)) == ["known", "id_conflict", "id_conflict"]
    assert verdicts(put(store, fresh)) == ["accepted"]


def test_what_is_not_known_yet_travels_unharmed(store: Store, hand: Hand) -> None:
    household, registered = hand.household()
    future = hand.event(
        "spirit.consulted", (Observation(concept="aura_hue", code="ultra"),), referral_reason="moon",
        household=household,
    )  # fmt: skip
    assert verdicts(put(store, registered, future)) == ["accepted", "accepted"]
    stated = "SELECT concept, code FROM observation WHERE event = :id ORDER BY ordinal"
    assert rows(store, stated, id=future.id) == [
        ("aura_hue", "ultra"), ("referral_reason", "moon"),
    ]  # fmt: skip


# ── refused ──


def test_a_target_may_stand_in_the_ledger_or_in_the_batch_in_any_order(store: Store, hand: Hand) -> None:
    household, registered = hand.household()
    first, second = hand.visit(household), hand.visit(household)
    put(store, registered, first)
    of_ledger = hand.event("event.retracted", household=household, target=first.id)
    of_batch = hand.event("event.retracted", household=household, target=second.id)
    assert verdicts(put(store, of_batch, of_ledger, second)) == ["accepted"] * 3


def test_what_speaks_of_a_refused_event_is_refused_with_it(store: Store, hand: Hand) -> None:
    household, registered = hand.household()
    wrong = hand.visit(household, weight_kg=500)
    of_wrong = hand.event("event.corrected", household=household, target=wrong.id)
    of_that = hand.event("event.retracted", household=household, target=of_wrong.id)
    assert verdicts(put(store, of_that, of_wrong, wrong, registered)) == [
        "target_unknown", "target_unknown", "out_of_range", "accepted",
    ]  # fmt: skip


def test_nobody_corrects_another_household_under_cover_of_her_own(store: Store, hand: Hand) -> None:
    _, theirs_registered = hand.household()
    mine, mine_registered = hand.household()
    put(store, theirs_registered, mine_registered)
    sly = hand.event("event.retracted", household=mine, target=theirs_registered.id)
    slyer = hand.event("event.retracted", target=theirs_registered.id)
    assert [one.detail for one in put(store, sly, slyer)] == ["target: of another household"] * 2


def test_a_correction_touches_the_record_of_what_it_corrects(store: Store, hand: Hand) -> None:
    household, registered = hand.household()
    person, member = hand.member(household)
    long_ago = hand.now - 40 * 86_400_000
    seen = msgspec.structs.replace(
        hand.assessment(household, person, weight_kg=8), occurred_at=long_ago,
        occurred_day=hand.visit(household).occurred_day - 40,
    )  # fmt: skip
    put(store, registered, member, seen)
    store.write_now(lambda c: c.run("DELETE FROM touched"))
    corrected = hand.event("event.corrected", weight_kg=9, household=household, target=seen.id)
    retracted = hand.event("event.retracted", household=household, target=corrected.id)
    assert verdicts(put(store, corrected)) == ["accepted"]
    touched = "SELECT kind, since_day FROM touched WHERE unit = 10 AND household = :household ORDER BY kind"
    assert rows(store, touched, household=household) == [
        ("assessment.recorded", seen.occurred_day), ("event.corrected", corrected.occurred_day),
    ]  # fmt: skip
    store.write_now(lambda c: c.run("DELETE FROM touched"))
    put(store, retracted)
    assert ("assessment.recorded", seen.occurred_day) in rows(store, touched, household=household)


def test_an_identity_touches_the_household_from_its_beginning(store: Store, hand: Hand) -> None:
    household, registered = hand.household()
    put(store, registered, hand.visit(household), hand.visit(household))
    assert rows(store, "SELECT kind, since_day FROM touched ORDER BY kind") == [
        ("household.registered", -100_000), ("visit.made", registered.occurred_day),
    ]  # fmt: skip


# ── moves ──


def test_the_desk_states_under_ids_and_stamps_of_its_own(store: Store, hand: Hand) -> None:
    household, events = settled(store, hand)
    draft = Draft(
        unit=UMOJA, kind="household.described", household=household, observations=observations(latrine=1)
    )
    behind = NOW - 300_000  # the server's clock is behind the phone's, yet its word is the later one
    receipts = store.write_now(lambda c: state(c, author=104, drafts=[draft, draft], now=behind, rules=RULES))
    assert verdicts(receipts) == ["accepted", "accepted"]
    stated = rows(store, "SELECT id, stamp, author, device FROM event WHERE author = 104 ORDER BY seq")
    assert [device_of(int(str(row[0]))) for row in stated] == [DESK, DESK]
    assert int(str(stated[0][1])) > max(event.stamp for event in events)
    assert int(str(stated[1][1])) > int(str(stated[0][1]))
    assert feed_of(store, UMOJA, AREA_A)[-1] == (stated[1][0], None)


def test_numbers_of_the_server_never_come_twice(store: Store) -> None:
    first = store.write_now(lambda c: mint_ids(c, 3))
    second = store.write_now(lambda c: mint_ids(c, 2))
    assert len({*first, *second}) == 5
    assert sorted(first + second) == first + second


# ── quarantine ──


def test_the_cost_of_a_known_id_is_a_lookup(sqlite_store: Store) -> None:
    sql = load_queries(hodi.events.known.__file__).known
    plan = sqlite_store.read_now(lambda c: _plan(c, sql))
    assert "SEARCH e USING PRIMARY KEY (unit=? AND id=?)" in plan or "SEARCH e USING INDEX" in plan
    assert "SCAN e" not in plan


def _plan(connection: Connection, sql: str) -> str:
    return "\n".join(
        str(row[3]) for row in connection.rows(f"EXPLAIN QUERY PLAN {sql}", {"unit": 1, "ids": "{}"})
    )


def test_the_rules_are_the_packs() -> None:
    assert RULES.kinds["referral.made"].urgent
    assert "referral.made" in RULES.urgent and "visit.made" not in RULES.urgent
    assert RULES.concepts["weight_kg"].max == 200
