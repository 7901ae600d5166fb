"""Sync without HTTP, on both stores: what a phone hands in, what it is told, and what it cannot do."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import pathlib
import threading
import zlib
from collections.abc import Callable

import apsw
import msgspec
import pytest

import hodi.sync.group_commit
import hodi.sync.response
from hodi import sync as protocol
from hodi.access import Device, device_by_token, set_posts
from hodi.db import Connection, Store
from hodi.domain import Event, Receipt, mix
from hodi.errors import HodiError
from hodi.events import DIGEST_MODULUS, Draft, state
from hodi.sync import GroupCommit, build_snapshot, call_resync, read_request
from tests.cast import ASSISTANT, COLLEAGUE, NURSE, PROMOTER, STRANGER, Worker, seat
from tests.hand import NOW, RULES, Answer, Hand, body_of, packed, sync
from tests.harness.events import observations

UMOJA, JIRANI, AREA_A, AREA_B, AREA_C = 10, 20, 11, 12, 21


@pytest.fixture
def store(store: Store) -> Store:
    """A store with the cast seated."""
    store.write_now(lambda c: seat(c, NOW))
    return store


@pytest.fixture
def small_store(sqlite_store: Store) -> Store:
    """The same on SQLite alone."""
    sqlite_store.write_now(lambda c: seat(c, NOW))
    return sqlite_store


def codes(answer: Answer) -> list[str]:
    return [one.code or one.verdict for one in answer.receipts]


def device_of_worker(store: Store, worker: Worker) -> Device:
    return store.read_now(lambda c: device_by_token(c, worker.token))


def a_household(hand: Hand) -> tuple[int, list[Event]]:
    household, registered = hand.household()
    person, member = hand.member(household)
    return household, [
        registered,
        member,
        hand.visit(household),
        hand.assessment(household, person, weight_kg=9),
    ]


# ── push, then pull ──


def test_receipts_come_in_the_order_handed_in_and_nothing_comes_back(store: Store, hand: Hand) -> None:
    started = sync(store, PROMOTER).token
    _, events = a_household(hand)
    wrong = msgspec.json.encode(events[2]).replace(b'"done"', b'"done\\u0000"')
    answer = sync(store, PROMOTER, [events[3], wrong, *events[:2], b"rubbish"], token=started)
    assert [one.id for one in answer.receipts] == [events[3].id, events[2].id, events[0].id, events[1].id, 0]
    assert codes(answer) == ["accepted", "malformed", "accepted", "accepted", "malformed"]
    assert answer.events == []
    ids = [events[3].id, events[0].id, events[1].id]
    assert answer.end["digest"] == [3, sum(map(mix, ids)) % DIGEST_MODULUS]


def test_what_one_phone_states_another_of_the_area_is_told_and_nobody_else(store: Store, hand: Hand) -> None:
    _, events = a_household(hand)
    sync(store, PROMOTER, events)
    store.write_now(lambda c: set_posts(c, COLLEAGUE.account, [AREA_A]))
    told = sync(store, COLLEAGUE)
    assert told.ids == [event.id for event in events]
    assert [event.observations for event in told.events] == [event.observations for event in events]
    assert [event.seq for event in told.events] == [1, 2, 3, 4]
    assert all(event.body is None and event.received_at is None for event in told.events)
    assert sync(store, STRANGER).events == []


def test_nothing_to_say_and_nothing_to_learn_is_two_lines(store: Store, hand: Hand) -> None:
    first = sync(store, PROMOTER, a_household(hand)[1])
    idle = sync(store, PROMOTER, token=first.token)
    assert [list(line) for line in idle.lines] == [["hello"], ["end"]]
    assert idle.token == first.token
    assert sync(store, PROMOTER, token=idle.token).lines == idle.lines


def test_urgent_news_comes_before_everything_else(store: Store, hand: Hand) -> None:
    household, events = a_household(hand)
    begun = sync(store, PROMOTER, events).token
    referral = hand.event(
        "referral.made",
        referral_code="4SNZGWG", referral_class="urgent", referral_due_at=NOW, referral_escalate_at=NOW,
        household=household, person=events[1].person,
    )  # fmt: skip
    begun = sync(store, PROMOTER, [referral], token=begun).token
    described = Draft(
        unit=UMOJA, kind="household.described", household=household, observations=observations(latrine=1)
    )
    seen = Draft(
        unit=UMOJA, kind="referral.seen", household=household, person=events[1].person, target=referral.id,
        observations=observations(referral_outcome="treated", evidence="facility_desk"),
    )  # fmt: skip
    store.write_now(lambda c: state(c, author=NURSE.account, drafts=[described, seen], now=NOW, rules=RULES))
    told = sync(store, PROMOTER, token=begun)
    assert [event.kind for event in told.events] == ["referral.seen", "household.described"]


def test_pages_can_be_cut_anywhere_and_the_rest_comes_again(
    small_store: Store, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [event for _ in range(7) for event in a_household(hand)[1]]
    sync(small_store, PROMOTER, events)
    small_store.write_now(lambda c: set_posts(c, COLLEAGUE.account, [AREA_A]))
    monkeypatch.setattr(hodi.sync.response, "PAGE_ENTRIES_MAX", 5)
    monkeypatch.setattr(hodi.sync.response, "RESPONSE_LINES_MAX", 12)
    held: list[int] = []
    token, requests = None, 0
    while True:
        answer = sync(small_store, COLLEAGUE, token=token)
        requests += 1
        pages: list[list[int]] = [[]]
        for line in answer.lines:
            if "event" in line:
                pages[-1].append(line["event"]["id"])  # type: ignore[index]
            if "page" in line and len(pages) == 1:
                held += pages[0]  # the first page arrives, then the network goes
                token = line["page"]["token"]  # type: ignore[index]
                pages.append([])
        if len(pages) == 1:
            held += pages[0]
            break
    assert held == [event.id for event in events]
    assert requests == 6
    whole = sync(small_store, COLLEAGUE)
    assert whole.end["has_more"] is True and len(whole.events) == 10


def test_the_senders_own_events_come_back_only_when_it_starts_over(store: Store, hand: Hand) -> None:
    _, events = a_household(hand)
    answer = sync(store, PROMOTER, events, token=sync(store, PROMOTER).token)
    assert answer.events == []
    assert sync(store, PROMOTER).ids == [event.id for event in events]


# ── households that move ──


def test_a_household_that_left_is_announced_and_its_late_work_is_welcome(store: Store, hand: Hand) -> None:
    household, events = a_household(hand)
    token = sync(store, PROMOTER, events).token
    late = [hand.visit(household), hand.visit(household)]
    moved = Hand(COLLEAGUE, hand.now).move(household, JIRANI, AREA_C)
    desk = Draft(unit=UMOJA, kind="household.moved", household=household, observations=moved.observations)
    store.write_now(lambda c: state(c, author=ASSISTANT.account, drafts=[desk], now=hand.now, rules=RULES))
    answer = sync(store, PROMOTER, late[:1], token=token)
    assert codes(answer) == ["accepted"]
    assert answer.left == [household]
    assert answer.end["digest"] == [0, 0]
    # Once more, long after the phone has heard of it.
    assert codes(sync(store, PROMOTER, late, token=answer.token)) == ["known", "accepted"]
    told = sync(store, STRANGER)
    assert {event.id for event in told.events} >= {event.id for event in [*events, *late]}
    assert {event.unit for event in told.events} == {JIRANI}
    assert told.end["digest"][0] == 7


def test_a_household_that_comes_back_brings_everything_the_phones_own_too(store: Store, hand: Hand) -> None:
    household, events = a_household(hand)
    token = sync(store, PROMOTER, events).token
    away = hand.move(household, UMOJA, AREA_B)
    gone = sync(store, PROMOTER, [away], token=token)
    assert (gone.left, gone.events) == ([household], [])
    back = Hand(COLLEAGUE, hand.now).move(household, UMOJA, AREA_A)
    assert codes(sync(store, COLLEAGUE, [back])) == ["accepted"]
    returned = sync(store, PROMOTER, token=gone.token)
    assert returned.left == []
    assert sorted(returned.ids) == sorted(event.id for event in [*events, away, back])


def test_a_household_that_left_and_returned_between_two_syncs_was_never_away(
    store: Store, hand: Hand
) -> None:
    household, events = a_household(hand)
    token = sync(store, PROMOTER, events).token
    answer = sync(store, PROMOTER, [hand.move(household, JIRANI, AREA_C), hand.visit(household)], token=token)
    there = Hand(STRANGER, hand.now)
    sync(store, STRANGER, [there.move(household, UMOJA, AREA_A)])
    after = sync(store, PROMOTER, token=token)
    assert answer.left == [household]
    assert after.left == []
    assert len(after.events) == 7
    assert after.end["digest"][0] == 7


# ── scope, epoch, token ──


def test_a_promoter_sent_to_another_area_is_told_the_new_and_loses_the_old(store: Store, hand: Hand) -> None:
    household, events = a_household(hand)
    token = sync(store, PROMOTER, events).token
    other, theirs = a_household(Hand(COLLEAGUE))
    sync(store, COLLEAGUE, theirs)
    waiting = hand.visit(household)
    store.write_now(lambda c: set_posts(c, PROMOTER.account, [AREA_B]))
    answer = sync(store, PROMOTER, [waiting], token=token)
    assert codes(answer) == ["accepted"], "work done before the news came"
    assert answer.left == [household]
    assert answer.scope["area"]["place"] == AREA_B  # type: ignore[index]
    assert answer.ids == [event.id for event in theirs]
    # While more waits, the old area stays within reach; then its token has been given up.
    more = sync(store, PROMOTER, [hand.visit(household)], token=token, waiting=2)
    more = sync(store, PROMOTER, [hand.visit(household)], token=more.token, waiting=1)
    assert codes(more) == ["accepted"]
    answer = sync(store, PROMOTER, [hand.visit(household)], token=more.token, waiting=0)
    assert codes(answer) == ["accepted"]
    assert codes(sync(store, PROMOTER, [hand.visit(household)], token=answer.token)) == ["out_of_scope"]
    assert codes(sync(store, PROMOTER, [hand.visit(other)])) == ["out_of_scope"]


def test_a_changed_supervisor_is_said_without_starting_over(store: Store, hand: Hand) -> None:
    token = sync(store, PROMOTER, a_household(hand)[1]).token
    store.write_now(lambda c: set_posts(c, ASSISTANT.account, [JIRANI]))
    answer = sync(store, PROMOTER, token=token)
    assert answer.scope["supervisor"] is None  # type: ignore[index]
    assert answer.events == []
    assert sync(store, PROMOTER, token=answer.token).scope is None


@pytest.mark.parametrize("whom", [{}, {"area": AREA_A}, {"device": PROMOTER.device}])
def test_a_resync_can_be_called_for(small_store: Store, hand: Hand, whom: dict[str, int]) -> None:
    _, events = a_household(hand)
    token = sync(small_store, PROMOTER, events).token
    theirs = sync(small_store, COLLEAGUE).token
    small_store.write_now(lambda c: call_resync(c, **whom))
    again = sync(small_store, PROMOTER, token=token)
    assert again.ids == [event.id for event in events]
    assert again.left == []
    assert sync(small_store, PROMOTER, token=again.token).events == []
    other = sync(small_store, COLLEAGUE, token=theirs)
    assert (other.token == theirs) == bool(whom)


def test_a_store_brought_back_from_an_old_copy_is_noticed(small_store: Store, hand: Hand) -> None:
    _, events = a_household(hand)
    token = sync(small_store, PROMOTER, events).token
    for table in ("event", "observation", "feed", "home"):
        small_store.write_now(lambda c, table=table: c.run(f"DELETE FROM {table}"))  # type: ignore[misc]
    small_store.write_now(lambda c: c.run("DELETE FROM unit_cursor"))
    answer = sync(small_store, PROMOTER, token=token)
    assert answer.end["digest"] == [0, 0]
    assert codes(sync(small_store, PROMOTER, events, token=answer.token)) == ["accepted"] * 4


def test_a_token_says_nothing_to_others_and_cannot_be_made_up(store: Store, hand: Hand) -> None:
    _, events = a_household(hand)
    token = str(sync(store, PROMOTER, events).token)
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    bent = base64.urlsafe_b64encode(bytes([raw[0], raw[1], raw[2] ^ 1, *raw[3:]])).decode()
    for shown in (bent, token[:-2], "", "AAAA", "not a token", "é", "x" * 5_000):
        assert sync(store, PROMOTER, token=shown).ids == [event.id for event in events], shown
    # Another phone that shows it gets its own area's events from the start, not a place in this one's.
    assert sync(store, STRANGER, token=token).events == []
    out = Hand(STRANGER).event("visit.made", visit_outcome="done", unit=UMOJA, area=AREA_A)
    assert codes(sync(store, STRANGER, [out], token=token)) == ["malformed"]
    sly = Hand(STRANGER).visit(events[0].household or 0)
    assert codes(
        sync(store, STRANGER, [msgspec.structs.replace(sly, unit=UMOJA, area=AREA_A)], token=token)
    ) == ["out_of_scope"]


# ── after a mismatch ──


def test_after_a_mismatch_only_what_differs_is_sent(store: Store, hand: Hand) -> None:
    token = sync(store, PROMOTER).token
    same, lost, unknown = (a_household(hand)[1] for _ in range(3))
    answer = sync(store, PROMOTER, [*same, *lost, *unknown], token=token)

    def home(events: list[Event]) -> list[int]:
        return [
            events[0].household or 0,
            len(events),
            sum(mix(event.id) for event in events) % DIGEST_MODULUS,
        ]

    elsewhere = a_household(Hand(COLLEAGUE))[1]
    sync(store, COLLEAGUE, elsewhere)
    unheard_of = 4_299_262_999_999
    digests = [home(same), home(lost[:-1]), home(elsewhere), [unheard_of, 3, 77]]
    pushed = hand.visit(same[0].household or 0)
    mended = sync(store, PROMOTER, [pushed], token=answer.token, households=digests)
    assert mended.households == sorted([lost[0].household or 0, unknown[0].household or 0, unheard_of])
    assert mended.left == [elsewhere[0].household]
    assert mended.ids == [event.id for event in [*lost, *unknown]]
    kinds = [next(iter(line)) for line in mended.lines]
    assert kinds == ["hello", "receipts", "left", "households", *["event"] * 8, "page", "end"]


def test_differences_come_in_pages(small_store: Store, hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    events = [event for _ in range(5) for event in a_household(hand)[1]]
    token = sync(small_store, PROMOTER, events).token
    monkeypatch.setattr(hodi.sync.response, "PAGE_ENTRIES_MAX", 8)
    monkeypatch.setattr(hodi.sync.response, "DIFFERENT_HOUSEHOLDS_MAX", 4)
    mended = sync(small_store, PROMOTER, token=token, households=[])
    assert len(mended.households or []) == 4  # type: ignore[arg-type]
    assert mended.ids == [event.id for event in events[:16]]
    assert sum("page" in line for line in mended.lines) == 2


# ── clock ──


TEN_MIN, A_LITTLE = 600_000, 1_000


@pytest.mark.parametrize("skew", [-2 * 365 * 86_400_000, -TEN_MIN - 1, TEN_MIN + 1, 10**12])
def test_a_wrong_clock_stops_the_whole_request(small_store: Store, hand: Hand, skew: int) -> None:
    device = device_of_worker(small_store, PROMOTER)
    request = read_request(body_of({"now": NOW + skew}, a_household(hand)[1], NOW), gzipped=False)
    with pytest.raises(HodiError, match="clock_wrong: now"):
        small_store.write_now(lambda c: protocol.push(c, device, request, now=NOW, rules=RULES))
    assert small_store.read_now(lambda c: c.rows("SELECT COUNT(*) FROM event")) == [(0,)]


@pytest.mark.parametrize("field", ["recorded_at", "stamp"])
def test_what_is_dated_ahead_is_not_taken_in_but_known_if_it_was(
    store: Store, hand: Hand, field: str
) -> None:
    household, registered = hand.household()
    ahead = hand.now + 2 * TEN_MIN
    value = ahead if field == "recorded_at" else hand.stamper.next(ahead)
    event = msgspec.structs.replace(registered, **{field: value})
    [receipt] = sync(store, PROMOTER, [event], now=hand.now).receipts
    assert (receipt.code, receipt.detail) == ("clock_wrong", field)
    assert codes(sync(store, PROMOTER, [event], now=ahead)) == ["accepted"]
    assert codes(sync(store, PROMOTER, [event], now=hand.now)) == ["known"]
    assert household


# ── what must not be possible ──


def test_nobody_speaks_in_anothers_name(store: Store, hand: Hand) -> None:
    household, events = a_household(hand)
    theirs, their_events = a_household(Hand(STRANGER))
    sync(store, PROMOTER, events)
    sync(store, STRANGER, their_events)
    good = hand.visit(household)

    def but(**changes: object) -> Event:
        return msgspec.structs.replace(good, **changes)

    minted = 5_000_000_000_000
    strangers = (STRANGER.device or 0) * 2**32 + 999
    forged = {
        "not_yours": [
            but(author=STRANGER.account),
            but(id=strangers, device=STRANGER.device, visit=strangers),
            but(device=STRANGER.device),
            hand.event("worker.assigned"),
            hand.event(
                "departure.reviewed", departure_verdict="approved", household=household,
                person=events[1].person, target=events[0].id,
            ),
            hand.event(
                "referral.seen", referral_outcome="treated", evidence="facility_desk",
                household=household, person=events[1].person, target=events[0].id,
            ),
        ],
        "out_of_scope": [
            but(unit=JIRANI),
            but(unit=JIRANI, area=AREA_C, household=theirs),
            but(area=AREA_B),
            but(area=AREA_C),
            but(household=theirs),
            but(household=minted),
            hand.event("household.registered", head_name="X", household=minted),
            hand.event("mood.noted", area=None, unit=JIRANI),
        ],
        "malformed": [hand.move(household, UMOJA, AREA_C), hand.move(household, 77, 78)],
        "target_unknown": [hand.event("event.retracted", household=household, target=their_events[0].id)],
    }  # fmt: skip
    for code, some in forged.items():
        for event in some:
            assert codes(sync(store, PROMOTER, [event])) == [code], event
    stated = store.read_now(lambda c: c.rows("SELECT COUNT(*) FROM event WHERE unit = 10"))
    assert stated == [(4,)]


def test_an_earlier_number_of_the_same_worker_is_hers(store: Store, hand: Hand) -> None:
    household, events = a_household(hand)
    store.write_now(
        lambda c: c.insert(
            "device", ("device", "account", "unit", "area", "token", "enrolled_at"),
            [(1900, PROMOTER.account, UMOJA, AREA_A, "x", NOW)],
        )
    )  # fmt: skip
    assert household
    # The old number's household is not known here yet: its events may come in from the new phone.
    assert codes(sync(store, PROMOTER, events)) == ["accepted"] * 4
    earlier = 1900 * 2**32 + 5
    visit = msgspec.structs.replace(hand.visit(household), id=earlier, visit=earlier, device=1900)
    assert codes(sync(store, PROMOTER, [visit])) == ["accepted"]


@pytest.mark.parametrize(("body", "code"), [
    (b"", "unreadable"), (b"\0\1\2", "unreadable"), (b"[]", "unreadable"), (b"{}", "unreadable"),
    (b'{"hodi": 1}', "unreadable"), (b'{"hodi": 2, "now": 5}', "protocol_unknown"),
    (b'{"hodi": 1, "now": "x"}', "unreadable"), (b'{"hodi": 1, "now": -5}', "unreadable"),
    (b'{"hodi": 1, "now": 5, "waiting": 1e99}', "unreadable"), (b"\xff\xff", "unreadable"),
    (b'{"hodi": 1, "now": 5, "app": "' + b"x" * 65 + b'"}', "unreadable"),
    (b'{"hodi": 1, "now": 5, "app": "\\u0000"}', "unreadable"), (b"[" * 200_000, "unreadable"),
    (b'{"hodi": 1, "now": 5}\n' + b"{}\n" * 1_001, "too_large"), (b" " * 1_000_001, "too_large"),
])  # fmt: skip
def test_a_body_that_cannot_be_read_is_refused_whole(body: bytes, code: str) -> None:
    with pytest.raises(HodiError) as raised:
        read_request(body, gzipped=False)
    assert raised.value.problem.code == code


def test_a_small_file_that_unpacks_to_a_huge_one_is_not_unpacked() -> None:
    bomb = packed(b'{"hodi": 1, "now": 5}\n' + b" " * 200_000_000)
    assert len(bomb) < 1_000_000
    with pytest.raises(HodiError, match="too_large"):
        read_request(bomb, gzipped=True)


def test_a_packed_body_must_be_whole() -> None:
    whole = packed(b'{"hodi": 1, "now": 5}')
    assert read_request(whole, gzipped=True).head.now == 5
    with pytest.raises(HodiError, match="more than one member"):
        read_request(whole + whole, gzipped=True)
    for damaged in (whole[:-9], whole[5:], b"", whole[:12] + b"\xff\xff" + whole[14:]):
        with pytest.raises(HodiError, match="unreadable"):
            read_request(damaged, gzipped=True)


# ── snapshot ──


def opened(content: bytes) -> apsw.Connection:
    file = apsw.Connection(":memory:")
    file.deserialize("main", zlib.decompress(content, 31))
    return file


def test_a_snapshot_is_what_a_pull_from_nothing_would_bring(
    store: Store, hand: Hand, tmp_path: pathlib.Path
) -> None:
    staying, going = a_household(hand), a_household(hand)
    person = hand.event("visit.noted", weight_kg=7.25, village="Mtoni", household=staying[0], person=77)
    odd = msgspec.structs.replace(
        person, id=hand.mint.next(),
        observations=(msgspec.structs.replace(person.observations[0], person=78, day=20_002),),
    )  # fmt: skip
    areal = hand.event("area.noted", cough=1)
    sync(store, PROMOTER, [*staying[1], *going[1], person, odd, areal])
    sync(store, PROMOTER, [hand.move(going[0], UMOJA, AREA_B)])
    device = device_of_worker(store, PROMOTER)
    taken = store.read_now(lambda c: build_snapshot(c, device))
    file = opened(taken.content)
    pulled = {event.id: event for event in sync(store, PROMOTER).events}
    columns = [
        "id", "area", "household", "person", "visit", "kind", "form", "form_version", "target", "occurred_at",
        "occurred_day", "recorded_at", "stamp", "author", "device", "seq",
    ]  # fmt: skip
    rows = list(file.execute(f"SELECT {', '.join(columns)} FROM event"))
    assert {row[0]: row for row in rows} == {
        id_: tuple(getattr(event, column) for column in columns) for id_, event in pulled.items()
    }
    stated = list(
        file.execute(
            "SELECT event, person, concept, number, code, text, day FROM observation ORDER BY event, ordinal"
        )
    )
    assert stated == [
        (event.id, one.person, one.concept, one.number, one.code, one.text, one.day)
        for event in sorted(pulled.values(), key=lambda event: event.id)
        for one in event.observations
    ]
    going_on = sync(store, PROMOTER, token=taken.token)
    assert [list(line) for line in going_on.lines] == [["hello"], ["scope"], ["end"]]
    assert going_on.end["digest"][0] == 6


def test_a_shelf_keeps_a_snapshot_until_the_area_changes(small_store: Store, hand: Hand) -> None:
    shelf, device = protocol.SnapshotShelf(), device_of_worker(small_store, PROMOTER)
    household, events = a_household(hand)
    sync(small_store, PROMOTER, events)
    first = small_store.read_now(lambda c: shelf.take(c, device))
    sync(small_store, COLLEAGUE, a_household(Hand(COLLEAGUE))[1])
    second = small_store.read_now(lambda c: shelf.take(c, device))
    assert second.content is first.content
    assert second.token != first.token
    sync(small_store, PROMOTER, [hand.visit(household)])
    third = small_store.read_now(lambda c: shelf.take(c, device))
    assert len(list(opened(third.content).execute("SELECT 1 FROM event"))) == 5


# ── group commit ──


def requests_of(hands: list[Hand]) -> list[protocol.Request]:
    return [read_request(body_of({}, a_household(hand)[1], NOW), gzipped=False) for hand in hands]


def test_pushes_that_wait_together_are_committed_together(store: Store) -> None:
    workers = [PROMOTER, COLLEAGUE, STRANGER]
    devices = [device_of_worker(store, worker) for worker in workers]
    news: list[set[int]] = []

    async def run() -> list[list[Receipt]]:
        exchange = GroupCommit(store, RULES, lambda: NOW, lambda units: news.append(set(units)))
        hands = [Hand(worker) for worker in workers]
        pushes = [
            exchange.push(device, request)
            for _ in range(10)
            for device, request in zip(devices, requests_of(hands), strict=True)
        ]
        return await asyncio.gather(*pushes)

    taken = asyncio.run(run())
    assert all(receipt.verdict == "accepted" for receipts in taken for receipt in receipts)
    assert len(taken) == 30
    assert store.read_now(lambda c: c.rows("SELECT COUNT(*) FROM event")) == [(120,)]
    assert len(news) < 30, "several batches share a transaction"
    assert set().union(*news) == {UMOJA, JIRANI}


def test_a_batch_that_fails_spoils_no_other(small_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    devices = [device_of_worker(small_store, worker) for worker in (PROMOTER, COLLEAGUE, STRANGER)]
    real = hodi.sync.group_commit.push

    def failing(
        connection: Connection, device: Device, request: protocol.Request, **rest: object
    ) -> list[Receipt]:
        receipts = real(connection, device, request, **rest)  # type: ignore[arg-type]
        if device.device == COLLEAGUE.device:
            raise RuntimeError("the disk is full")
        return receipts

    monkeypatch.setattr(hodi.sync.group_commit, "push", failing)

    async def run() -> list[object]:
        exchange = GroupCommit(small_store, RULES, lambda: NOW)
        requests = requests_of([Hand(PROMOTER), Hand(COLLEAGUE), Hand(STRANGER)])
        pushes = [exchange.push(device, request) for device, request in zip(devices, requests, strict=True)]
        return list(await asyncio.gather(*pushes, return_exceptions=True))

    first, second, third = asyncio.run(run())
    assert isinstance(second, RuntimeError)
    assert [one.verdict for receipts in (first, third) for one in receipts] == ["accepted"] * 8  # type: ignore[attr-defined]
    assert small_store.read_now(lambda c: c.rows("SELECT DISTINCT device FROM event ORDER BY 1")) == [
        (1001,),
        (1003,),
    ]


def test_a_phone_that_goes_away_has_handed_in_all_the_same(small_store: Store) -> None:
    device = device_of_worker(small_store, PROMOTER)

    async def run() -> None:
        exchange = GroupCommit(small_store, RULES, lambda: NOW)
        [request] = requests_of([Hand(PROMOTER)])
        pushing = asyncio.create_task(exchange.push(device, request))
        await asyncio.sleep(0)
        pushing.cancel()
        [again] = requests_of([Hand(PROMOTER)])
        assert [one.verdict for one in await exchange.push(device, again)] == ["known"] * 4

    asyncio.run(run())


def test_too_many_at_once_are_told_to_come_again(small_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hodi.sync.group_commit, "QUEUE_MAX", 2)
    device = device_of_worker(small_store, PROMOTER)

    async def run() -> list[object]:
        exchange = GroupCommit(small_store, RULES, lambda: NOW)
        hand = Hand(PROMOTER)
        pushes = [exchange.push(device, requests_of([hand])[0]) for _ in range(6)]
        return list(await asyncio.gather(*pushes, return_exceptions=True))

    outcomes = asyncio.run(run())
    busy = [one for one in outcomes if isinstance(one, HodiError) and one.problem.code == "store_busy"]
    assert busy and len(busy) < 6


# ── two requests of one phone at once ──


def test_two_processes_with_requests_of_the_same_phones_take_them_in_one_order(
    open_stores: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two phones with two requests each, at two processes on one database, in opposite order. Each group
    stops after its first phone until the other has had its first, too, or cannot: taken in the order of
    arrival, each would then wait for what the other holds."""
    store = open_stores("postgres")
    store.write_now(lambda c: seat(c, NOW))
    phones = [device_of_worker(store, one) for one in (PROMOTER, COLLEAGUE)]
    asked = read_request(body_of({}, [], NOW), gzipped=False)
    first_each = threading.Barrier(2)
    groups = threading.local()
    attempts: list[int] = []
    push = hodi.sync.group_commit.push

    def pushing(connection: Connection, device: Device, *rest: object, **more: object) -> list[Receipt]:
        receipts = push(connection, device, *rest, **more)  # type: ignore[arg-type]
        attempts.append(device.device)
        if getattr(groups, "met", None) is None:
            groups.met = True
            with contextlib.suppress(threading.BrokenBarrierError):
                first_each.wait(2)
        return receipts

    monkeypatch.setattr(hodi.sync.group_commit, "push", pushing)

    async def story() -> None:
        processes = [GroupCommit(store, RULES, lambda: NOW) for _ in range(2)]
        arriving = [(processes[0], one) for one in phones] + [(processes[1], one) for one in phones[::-1]]
        await asyncio.gather(*(process.push(one, asked) for process, one in arriving))

    asyncio.run(story())
    assert sorted(attempts) == sorted([one.device for one in phones] * 2), "nothing had to be done again"
