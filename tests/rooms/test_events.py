"""The ledger's front door, on both stores: what is accepted, known, refused, and where it stands then."""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hodi.events.known
from hodi.db import Connection, Store, load_queries, open_store
from hodi.domain import Event, Observation, Receipt, day_of, device_of, mix
from hodi.events import DESK, DIGEST_MODULUS, Draft, Sender, append, mint_ids, read_line, state, take_in
from tests.cast import COLLEAGUE, PROMOTER, STRANGER, ZONE, Worker
from tests.hand import NOW, RULES, Hand, says

UMOJA, JIRANI, AREA_A, AREA_B, AREA_C = 10, 20, 11, 12, 21
SENDER = Sender(device=1001, unit=UMOJA, area=AREA_A, day=day_of(NOW, ZONE))


def put(store: Store, *events: Event, now: int = NOW) -> list[Receipt]:
    """Append in one transaction."""
    return store.write_now(lambda c: append(c, events, now=now, rules=RULES))


def verdicts(receipts: Sequence[Receipt]) -> list[str]:
    """Each verdict, with the code of a refusal."""
    return [one.code or one.verdict for one in receipts]


def rows(store: Store, sql: str, **params: object) -> list[tuple[object, ...]]:
    return store.read_now(lambda c: c.rows(sql, params))


def home(store: Store, household: int, unit: int = UMOJA) -> tuple[object, ...]:
    """(area, moved_unit, events, digest)."""
    [row] = rows(
        store,
        "SELECT area, moved_unit, events, digest FROM home WHERE unit = :unit AND household = :household",
        unit=unit, household=household,
    )  # fmt: skip
    return row


@pytest.fixture
def hand() -> Hand:
    return Hand(PROMOTER)


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
    {"observations": says(visit_outcome="refused")}, {"observations": ()}, {"form": "visit"},
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
    forged = msgspec.structs.replace(registered, observations=says(head_name="Mwingine"))
    fresh = hand.visit(household)
    assert verdicts(put(store, fresh, forged)) == ["id_conflict", "id_conflict"]
    assert verdicts(put(store, registered, forged, fresh)) == ["known", "id_conflict", "id_conflict"]
    assert verdicts(put(store, fresh)) == ["accepted"]


def test_what_is_not_known_yet_travels_unharmed(store: Store, hand: Hand) -> None:
    household, registered = hand.household()
    future = hand.event(
        "spirit.consulted", (Observation(concept="aura_hue", code="ultra"), *says(referral_reason="moon")),
        household=household,
    )  # fmt: skip
    assert verdicts(put(store, registered, future)) == ["accepted", "accepted"]
    stated = "SELECT concept, code FROM observation WHERE event = :id ORDER BY ordinal"
    assert rows(store, stated, id=future.id) == [
        ("aura_hue", "ultra"), ("referral_reason", "moon"),
    ]  # fmt: skip


# ── refused ──


def refusals(hand: Hand) -> list[tuple[str, Event, str, str]]:
    """Name, event, code and the word its detail must hold."""
    household = hand.mint.next()
    good = hand.visit(household)

    def but(**changes: object) -> Event:
        return msgspec.structs.replace(good, **changes)

    def values(*observations: Observation) -> Event:
        return but(observations=(*good.observations, *observations))

    return [
        ("no household", but(household=None), "malformed", "household"),
        ("no outcome", but(observations=()), "malformed", "visit_outcome"),
        ("not its own visit", but(visit=household), "malformed", "visit"),
        ("a word", values(Observation(concept="weight_kg", text="ten")), "malformed", "weight_kg"),
        ("nothing stated", values(Observation(concept="weight_kg")), "malformed", "observations"),
        ("two values", values(Observation(concept="sex", code="f", number=1)), "malformed", "observations"),
        ("too light", values(*says(weight_kg=0.4)), "out_of_range", "weight_kg below 0.5"),
        ("too heavy", values(*says(weight_kg=201)), "out_of_range", "weight_kg above 200"),
        ("neither yes nor no", values(*says(cough=2)), "out_of_range", "cough"),
        ("another's id", but(id=good.id + 2**32), "not_yours", "id"),
        ("another's device", but(device=1002), "not_yours", "id"),
        ("another day", but(occurred_day=good.occurred_day + 9), "malformed", "occurred_day"),
        ("no such day", but(occurred_day=10**6), "malformed", "occurred_day"),
        ("too long", values(Observation(concept="village", text="x" * 2001)), "malformed", "observations"),
        ("too many", values(*says(cough=1) * 200), "malformed", "observations"),
        ("a NUL character", values(*says(village="a\0b")), "malformed", "NUL"),
        ("a NUL in the body", but(body={"a": ["\0"]}), "malformed", "NUL"),
        ("half a character", values(*says(village="\ud83d")), "malformed", ""),
        ("no kind of word", but(kind="Visit Made"), "malformed", "kind"),
        ("no number", values(Observation(concept="weight_kg", number=float("nan"))), "malformed", ""),
        ("no household known, no area", but(area=None), "out_of_scope", "household"),
        ("no such target", but(target=household), "target_unknown", "target"),
        ("speaks of itself", but(target=good.id), "target_unknown", "target"),
    ]  # fmt: skip


@pytest.mark.parametrize("number", range(23))
def test_what_is_wrong_is_refused_with_its_reason_and_kept(
    sqlite_store: Store, hand: Hand, number: int
) -> None:
    _, event, code, detail = refusals(hand)[number]
    [receipt] = put(sqlite_store, event)
    assert (receipt.verdict, receipt.code) == ("refused", code)
    assert detail in (receipt.detail or "")
    assert rows(sqlite_store, "SELECT COUNT(*) FROM event") == [(0,)]
    [kept] = rows(sqlite_store, "SELECT unit, device, event, code, kind, resolved_at FROM quarantine")
    assert kept[:4] == (event.unit, event.device, event.id, code)
    assert kept[5] is None


def test_refused_ones_do_not_hold_up_the_others(store: Store, hand: Hand) -> None:
    household, registered = hand.household()
    wrong = [refusals(hand)[number][1] for number in range(23)]  # each with an id of its own
    receipts = put(store, registered, *wrong, hand.visit(household))
    assert (receipts[0].verdict, receipts[-1].verdict) == ("accepted", "accepted")
    assert {one.verdict for one in receipts[1:-1]} == {"refused"}
    assert [one.id for one in receipts[1:-1]] == [event.id for event in wrong]
    assert rows(store, "SELECT COUNT(*) FROM quarantine") == [(len(wrong),)]


def test_the_list_of_refusals_is_run_to_its_end(hand: Hand) -> None:
    assert len(refusals(hand)) == 23


@pytest.mark.parametrize("line", [
    b"", b"{", b"null", b"[]", b"7", b'"x"', b"{}", b'{"id": "7"}',
    b'{"id": true}', b'{"id": 9007199254740993}',
    b'{"id": -1}', b"\xff\xfe", b'{"id": 1, "kind": "\\ud800"}', b'{"id": 1e400}', b"[" * 60_000, b"\0",
])  # fmt: skip
def test_lines_that_are_no_events_are_malformed(line: bytes) -> None:
    arrival = read_line(line, RULES)
    assert arrival.problem is not None
    assert arrival.problem.code == "malformed"
    assert arrival.raw == line


def test_deep_nesting_is_refused_not_followed() -> None:
    deep = b'{"id": 4299262263299, "body": ' + b'{"a":' * 5_000 + b"1" + b"}" * 5_000 + b"}"
    assert read_line(deep, RULES).problem is not None


# ── targets ──


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
    corrected = hand.event("event.corrected", says(weight_kg=9), household=household, target=seen.id)
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


def settled(store: Store, hand: Hand) -> tuple[int, list[Event]]:
    """A household with a member and a visit."""
    household, registered = hand.household()
    person, member = hand.member(household)
    events = [registered, member, hand.visit(household), hand.assessment(household, person, weight_kg=9)]
    assert verdicts(put(store, *events)) == ["accepted"] * 4
    return household, events


def feed_of(store: Store, unit: int, area: int) -> list[tuple[object, ...]]:
    return rows(
        store,
        "SELECT event, leaver FROM feed WHERE unit = :unit AND area = :area ORDER BY pos",
        unit=unit,
        area=area,
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


def test_the_desk_states_under_ids_and_stamps_of_its_own(store: Store, hand: Hand) -> None:
    household, events = settled(store, hand)
    draft = Draft(unit=UMOJA, kind="household.described", household=household, observations=says(latrine=1))
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


def test_a_refusal_is_kept_once_and_closed_when_it_is_mended(store: Store, hand: Hand) -> None:
    household, registered = hand.household()
    put(store, registered)
    visit = hand.visit(household)
    line = msgspec.json.encode(visit).replace(b'"done"', b'"done\\u0000"')

    def hand_in(words: bytes) -> list[Receipt]:
        arrivals = [read_line(words, RULES)]
        return store.write_now(lambda c: take_in(c, arrivals, now=NOW, rules=RULES, sender=SENDER))

    assert verdicts(hand_in(line)) == verdicts(hand_in(line)) == ["malformed"]
    kept = "SELECT k.content, q.resolved_at FROM quarantine q JOIN quarantine_content k ON k.id = q.id"
    assert rows(store, kept) == [(line.decode(), None)]
    assert verdicts(hand_in(msgspec.json.encode(visit))) == ["accepted"]
    assert rows(store, kept) == [(line.decode(), NOW)]


def test_what_is_no_text_is_kept_spelt_out(store: Store) -> None:
    arrivals = [read_line(b'\xff\x00{"id"', RULES)]
    [receipt] = store.write_now(lambda c: take_in(c, arrivals, now=NOW, rules=RULES, sender=SENDER))
    assert (receipt.id, receipt.code) == (0, "malformed")
    assert rows(store, "SELECT content FROM quarantine_content") == [('\\xff\\u0000{"id"',)]


# ── any order, any number of times ──


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
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
