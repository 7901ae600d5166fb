"""What the front door refuses: with which reason, and what is kept of it."""

from __future__ import annotations

import msgspec
import pytest

from hodi.db import Store
from hodi.domain import Event, Observation, Receipt
from hodi.events import read_line, take_in
from tests.hand import NOW, RULES, Hand
from tests.harness.events import observations
from tests.rooms.ledger import (
    SENDER,
    put,
    rows,
    verdicts,
)


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
        ("too light", values(*observations(weight_kg=0.4)), "out_of_range", "weight_kg below 0.5"),
        ("too heavy", values(*observations(weight_kg=201)), "out_of_range", "weight_kg above 200"),
        ("neither yes nor no", values(*observations(cough=2)), "out_of_range", "cough"),
        ("another's id", but(id=good.id + 2**32), "not_yours", "id"),
        ("another's device", but(device=1002), "not_yours", "id"),
        ("another day", but(occurred_day=good.occurred_day + 9), "malformed", "occurred_day"),
        ("no such day", but(occurred_day=10**6), "malformed", "occurred_day"),
        ("too long", values(Observation(concept="village", text="x" * 2001)), "malformed", "observations"),
        ("too many", values(*observations(cough=1) * 200), "malformed", "observations"),
        ("a NUL character", values(*observations(village="a\0b")), "malformed", "NUL"),
        ("a NUL in the body", but(body={"a": ["\0"]}), "malformed", "NUL"),
        ("half a character", values(*observations(village="\ud83d")), "malformed", ""),
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
