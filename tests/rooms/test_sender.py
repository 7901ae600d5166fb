"""What a phone may not state, however well formed it is: another's words taken back, a household fetched
back, a code that no slip carries, dates that cannot be, and more than a phone can fill."""

from __future__ import annotations

import msgspec
import pytest

import hodi.events.quarantine
from hodi.access import set_posts
from hodi.config import ROOT
from hodi.db import Store, load_queries, read_statements
from hodi.db.schema import migrations, statements
from hodi.domain import DAY_MS, Event, Receipt, day_of
from hodi.errors import HodiError
from hodi.events import LIMITS, Draft, read_line, state, take_in
from hodi.events.sender import Sender
from tests.cast import ASSISTANT, COLLEAGUE, NURSE, PROMOTER, STRANGER, ZONE, seat
from tests.hand import NOW, RULES, Answer, Hand, sync
from tests.harness.events import observations

UMOJA, JIRANI, AREA_A, AREA_B, AREA_C = 10, 20, 11, 12, 21


@pytest.fixture
def seated(store: Store) -> Store:
    """A store with the cast in it."""
    store.write_now(lambda c: seat(c, NOW))
    return store


def codes(answer: Answer) -> list[str]:
    return [one.code or one.verdict for one in answer.receipts]


def rows(store: Store, sql: str, **params: object) -> list[tuple[object, ...]]:
    return store.read_now(lambda c: c.rows(sql, params))


def at_desk(store: Store, author: int, draft: Draft, now: int = NOW) -> int:
    """State something on the server's pages; gives the event's id."""
    [receipt] = store.write_now(lambda c: state(c, author=author, drafts=[draft], now=now, rules=RULES))
    assert receipt.verdict == "accepted", receipt
    return receipt.id


def referred(store: Store, hand: Hand) -> tuple[int, int, Event]:
    """A household, its child and the child's referral, received from the promoter's phone."""
    household, registered = hand.household()
    child, member = hand.member(household)
    number = hand.mint.next()
    referral = hand.event(
        "referral.made",
        referral_code="4SNZGWG", referral_class="urgent", referral_due_at=hand.now,
             referral_escalate_at=hand.now,
        household=household, person=child, id=number,
    )  # fmt: skip
    assert codes(sync(store, PROMOTER, [registered, member, referral], now=hand.now)) == ["accepted"] * 3
    return household, child, referral


# ── another's statement ──


def test_a_promoter_cannot_forge_a_facilitys_advice(seated: Store, hand: Hand) -> None:
    household, child, referral = referred(seated, hand)
    treated = observations(referral_outcome="treated", evidence="facility_desk", advice="Three a day")
    seen = at_desk(
        seated, NURSE.account,
        Draft(unit=UMOJA, kind="referral.seen", household=household, person=child, target=referral.id,
              observations=treated),
        now=hand.now,
    )  # fmt: skip
    about = {"household": household, "person": child, "target": seen}
    forged = [
        hand.event("event.corrected", referral_outcome="treated", advice="One tablet a day", **about),
        hand.event("event.retracted", **about),
    ]
    answer = sync(seated, PROMOTER, forged, now=hand.now)
    assert codes(answer) == ["not_your_statement"] * 2
    kinds = rows(seated, "SELECT kind FROM event WHERE target = :seen", seen=seen)
    assert kinds == [], "nothing speaks of the nurse's word"
    assert rows(seated, "SELECT code, kind FROM quarantine ORDER BY id") == [
        ("not_your_statement", "event.corrected"), ("not_your_statement", "event.retracted"),
    ]  # fmt: skip


def test_a_promoter_amends_what_she_stated_and_not_what_a_colleague_or_an_assistant_did(
    seated: Store, hand: Hand
) -> None:
    household, registered = hand.household()
    visit = hand.visit(household)
    sync(seated, PROMOTER, [registered, visit], now=hand.now)
    corrected = at_desk(
        seated, ASSISTANT.account,
        Draft(unit=UMOJA, kind="event.corrected", household=household, target=visit.id,
              observations=observations(visit_outcome="refused")),
        now=hand.now,
    )  # fmt: skip
    mine = hand.event("event.retracted", household=household, target=visit.id)
    hers = hand.event("event.retracted", household=household, target=corrected)
    own_amendment = hand.event("event.retracted", household=household, target=mine.id)
    batch = [mine, hers, own_amendment]
    assert codes(sync(seated, PROMOTER, batch, now=hand.now)) == [
        "accepted",
        "not_your_statement",
        "accepted",
    ]
    assert codes(sync(seated, PROMOTER, batch, now=hand.now)) == ["known", "not_your_statement", "known"]
    # A colleague who takes the area over describes anew; she does not rewrite.
    seated.write_now(lambda c: set_posts(c, COLLEAGUE.account, [AREA_A]))
    successor = Hand(COLLEAGUE, hand.now)
    successor.area = AREA_A
    batch = [
        successor.event("event.corrected", head_name="Mwingine", household=household, target=registered.id),
        successor.event("household.described", head_name="Mwingine", household=household),
    ]
    assert codes(sync(seated, COLLEAGUE, batch, now=successor.now)) == ["not_your_statement", "accepted"]


# ── a household fetched back ──


def test_a_former_promoter_cannot_take_a_household_back(seated: Store, hand: Hand) -> None:
    household, registered = hand.household()
    token = sync(seated, PROMOTER, [registered], now=hand.now).token
    away = observations(to_unit=JIRANI, to_area=AREA_C)
    at_desk(
        seated, ASSISTANT.account,
        Draft(unit=UMOJA, kind="household.moved", household=household, observations=away), now=hand.now,
    )  # fmt: skip
    there = Hand(STRANGER, hand.now)
    secret = there.visit(household)
    assert codes(sync(seated, STRANGER, [secret], now=there.now)) == ["accepted"]
    back = hand.move(household, UMOJA, AREA_A)
    answer = sync(seated, PROMOTER, [back, hand.visit(household)], token=token, now=hand.now, waiting=1)
    assert codes(answer) == ["out_of_scope", "accepted"], "late work is welcome, a move is not"
    for asked in ({"token": answer.token}, {"token": None}, {"token": token, "households": []}):
        assert secret.id not in sync(seated, PROMOTER, now=hand.now, **asked).ids  # type: ignore[arg-type]
    home = "SELECT area FROM home WHERE unit = :unit AND household = :household AND moved_unit IS NULL"
    assert rows(seated, home, unit=JIRANI, household=household) == [(AREA_C,)]


def test_who_was_sent_elsewhere_moves_no_household_after_herself(seated: Store, hand: Hand) -> None:
    household, registered = hand.household()
    token = sync(seated, PROMOTER, [registered], now=hand.now).token
    seated.write_now(lambda c: set_posts(c, PROMOTER.account, [AREA_B]))
    after_me = hand.move(household, UMOJA, AREA_B)
    answer = sync(seated, PROMOTER, [after_me], token=token, now=hand.now, waiting=5)
    assert codes(answer) == ["out_of_scope"]


def test_a_move_that_was_received_is_known_when_it_comes_again(seated: Store, hand: Hand) -> None:
    household, registered = hand.household()
    away = hand.move(household, UMOJA, AREA_B)
    batch = [registered, away]
    assert codes(sync(seated, PROMOTER, batch, now=hand.now)) == ["accepted"] * 2
    assert codes(sync(seated, PROMOTER, batch, now=hand.now)) == ["known"] * 2


# ── codes and dates ──


@pytest.mark.parametrize(
    "code", ["", "x", "4snzgwg", "4SNZ GWG", "rufaa ya Wanjiku 0712", "K7M2P4Y", "<b>", "2" * 500]
)
def test_a_referrals_code_is_one_that_a_slip_can_carry(seated: Store, hand: Hand, code: str) -> None:
    household, child, referral = referred(seated, hand)
    said = [one if one.concept != "referral_code" else msgspec.structs.replace(one, text=code)
            for one in referral.observations]  # fmt: skip
    other = hand.event("referral.made", said, household=household, person=child)
    assert codes(sync(seated, PROMOTER, [other], now=hand.now)) == ["malformed"]


def test_impossible_dates_are_refused_with_their_own_sentence(seated: Store, hand: Hand) -> None:
    household, registered = hand.household()
    visit, year = hand.visit(household), 365 * DAY_MS

    def but(**changes: int) -> Event:
        day = day_of(changes.get("occurred_at", visit.occurred_at), ZONE)
        return msgspec.structs.replace(visit, **{"id": hand.mint.next(), "occurred_day": day, **changes})

    def dated(**changes: int) -> Event:
        event = but(**changes)
        return msgspec.structs.replace(event, visit=event.id)

    batch = [
        registered,
        dated(occurred_at=NOW + 70 * year),
        dated(occurred_at=NOW + 2 * DAY_MS),
        dated(recorded_at=0),
        dated(recorded_at=LIMITS.recorded_at_min - 1),
        dated(occurred_at=LIMITS.occurred_at_min - 1),
        dated(occurred_at=NOW - 3 * year),
    ]
    answer = sync(seated, PROMOTER, batch, now=hand.now)
    assert codes(answer) == ["accepted", *["date_impossible"] * 5, "accepted"]


def test_what_is_dated_or_stamped_ahead_is_refused_alone_and_not_set_aside_for_a_supervisor(
    seated: Store, hand: Hand
) -> None:
    household, registered = hand.household()
    ahead = hand.now + LIMITS.clock_tolerance_ms + 60_000
    stamped = msgspec.structs.replace(hand.visit(household), stamp=hand.stamper.next(ahead))
    dated = hand.visit(household)
    dated = msgspec.structs.replace(dated, recorded_at=ahead)
    fine = msgspec.structs.replace(hand.visit(household), stamp=registered.stamp + 1)
    answer = sync(seated, PROMOTER, [registered, stamped, dated, fine], now=hand.now)
    assert codes(answer) == ["accepted", "clock_wrong", "clock_wrong", "accepted"]
    assert rows(seated, "SELECT COUNT(*) FROM quarantine") == [(0,)]


# ── sizes ──


def large(hand: Hand, household: int, size: int) -> bytes:
    """A visit whose raw answers make it `size` bytes long."""
    bare = msgspec.json.encode(msgspec.structs.replace(hand.visit(household), body={"a": ""}))
    return bare.replace(b'"a":""', b'"a":"' + b"x" * (size - len(bare)) + b'"')


def test_an_event_of_more_than_64_kb_is_refused_and_the_beginning_of_it_kept(
    seated: Store, hand: Hand
) -> None:
    household, registered = hand.household()
    fits = large(hand, household, LIMITS.event_bytes_max)
    too_large = large(hand, household, LIMITS.event_bytes_max + 1)
    huge = large(hand, household, 800_000)
    answer = sync(seated, PROMOTER, [registered, fits, too_large, huge], now=hand.now)
    assert codes(answer) == ["accepted", "accepted", "event_too_large", "event_too_large"]
    assert [one.id for one in answer.receipts][2:] == [
        msgspec.json.decode(one)["id"] for one in (too_large, huge)
    ]
    kept = (
        "SELECT q.bytes, LENGTH(k.content), q.kind FROM quarantine q JOIN quarantine_content k ON k.id = q.id"
    )
    assert rows(seated, f"{kept} ORDER BY q.bytes") == [
        (len(too_large), LIMITS.refused_bytes_kept_max, "visit.made"),
        (len(huge), LIMITS.refused_bytes_kept_max, "visit.made"),
    ]  # fmt: skip


def test_what_is_kept_of_a_refused_text_never_grows_beyond_the_limit(sqlite_store: Store) -> None:
    for words in (b"\xff" * 400_000, b"\0" * 100_000, "ü".encode() * 100_000):
        sqlite_store.write_now(lambda c, words=words: append_words(c, words))
    lengths = rows(sqlite_store, "SELECT LENGTH(CAST(content AS BLOB)) FROM quarantine_content")
    assert all(int(str(length)) <= LIMITS.refused_bytes_kept_max for (length,) in lengths)
    assert len(lengths) == 3


def append_words(connection: object, words: bytes) -> list[Receipt]:
    """Hand in words that are no event."""
    sender = Sender(device=1001, unit=UMOJA, area=AREA_A, day=20_600)
    return take_in(connection, [read_line(words, RULES)], now=NOW, rules=RULES, sender=sender)  # type: ignore[arg-type]


def test_a_full_quarantine_costs_a_push_nothing_of_what_is_in_it(sqlite_store: Store) -> None:
    """Neither the push nor the board names the table that holds the words, and both reach their rows by an
    index."""
    room = load_queries(hodi.events.quarantine.__file__)
    board = read_statements(ROOT / "hodi/views/board.sql")["quarantined"]
    of_sender: dict[str, object] = {"unit": 1, "device": 1}
    seeks: list[tuple[str, dict[str, object], str]] = [
        (room.kept_in_quarantine, of_sender, "COVERING INDEX quarantine_of_device (unit=? AND device=?"),
        (
            room.resolve_quarantine,
            {**of_sender, "events": "{}", "now": 1},
            "quarantine_of_device (unit=? AND device=? AND resolved_at=? AND event=?)",
        ),
        (board, {"unit": 1}, "quarantine_of_unit (unit=? AND resolved_at=?)"),
    ]
    for statement, params, index in seeks:
        assert "content" not in statement
        plan = "\n".join(
            str(row[3]) for row in rows(sqlite_store, f"EXPLAIN QUERY PLAN {statement}", **params)
        )
        assert index in plan, plan


def test_a_phone_fills_no_more_than_its_day(
    seated: Store, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = msgspec.structs.replace(LIMITS, device_day_bytes_max=20_000)
    monkeypatch.setattr("hodi.events.sender.LIMITS", small)
    household, registered = hand.household()
    fill = [registered, large(hand, household, 15_000)]
    assert codes(sync(seated, PROMOTER, fill, now=hand.now)) == ["accepted"] * 2
    assert codes(sync(seated, PROMOTER, [*fill, *fill], now=hand.now)) == ["known"] * 4, (
        "nothing is filled twice"
    )
    wrong = large(hand, household, 6_000).replace(b'"done"', b'"done\\u0000"')
    assert codes(sync(seated, PROMOTER, [wrong], now=hand.now)) == ["malformed"]
    with pytest.raises(HodiError, match="day_full"):
        sync(seated, PROMOTER, [hand.visit(household)], now=hand.now)
    # It still hears what is new, a colleague still sends, and tomorrow it sends again.
    assert sync(seated, PROMOTER, now=hand.now).end["digest"]
    assert codes(sync(seated, COLLEAGUE, [Hand(COLLEAGUE, hand.now).household()[1]], now=hand.now)) == [
        "accepted"
    ]
    hand.now += DAY_MS
    assert codes(sync(seated, PROMOTER, [hand.visit(household)], now=hand.now)) == ["accepted"]
    assert rows(
        seated, "SELECT COUNT(*) FROM device_usage WHERE device = :device", device=PROMOTER.device
    ) == [(1,)]


def test_an_older_stores_quarantine_comes_along(open_stores: object) -> None:
    """What was kept before there were hashes stays, cut to its limit, and its row can still be closed."""
    store: Store = open_stores("sqlite")  # type: ignore[operator]
    for table in ("quarantine", "quarantine_content", "device_usage"):
        store.write_now(lambda c, table=table: c.run(f"DROP TABLE {table}"))  # type: ignore[misc]
    first = migrations("sqlite")[1]
    old = [one for one in statements(first) if "quarantine" in one]
    for statement in old:
        store.write_now(lambda c, s=statement: c.run(s))  # type: ignore[misc]
    columns = ("id", "unit", "device", "received_at", "event", "code", "content")
    kept = [(1, UMOJA, 1001, NOW, 77, "malformed", "x" * 8_000_000), (2, None, None, NOW, None, "x", "?")]
    store.write_now(lambda c: c.insert("quarantine", columns, kept))
    for statement in statements(migrations("sqlite")[3]):
        store.write_now(lambda c, s=statement: c.run(s))  # type: ignore[misc]
    assert rows(store, "SELECT id, event, bytes, hash FROM quarantine ORDER BY id") == [
        (1, 77, 8_000_000, None), (2, None, 1, None),
    ]  # fmt: skip
    assert rows(store, "SELECT LENGTH(content) FROM quarantine_content ORDER BY id") == [(65_536,), (1,)]
