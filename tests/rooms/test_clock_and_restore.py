"""The server's own mishaps: a clock that ran ahead for a while, and a store brought back from a copy."""

from __future__ import annotations

import pathlib
import shutil

import pytest

from hodi.access import account_by_number, enrol
from hodi.db import Connection, Store, open_store
from hodi.domain import DAY_MS, make_id, stamp_ms
from hodi.errors import HodiError
from hodi.events import Draft, confirm_clock, mint_ids, state
from hodi.events.writers import DESK, EXCHANGE, HOUSEKEEPING
from hodi.sync import call_resync, note_restored
from tests.cast import COLLEAGUE, NURSE, PROMOTER, seat
from tests.hand import NOW, RULES, Hand, sync
from tests.harness.events import observations

UMOJA = 10
YEAR = 365 * DAY_MS


@pytest.fixture
def seated(store: Store) -> Store:
    """A store with the cast in it."""
    store.write_now(lambda c: seat(c, NOW))
    return store


def describe(store: Store, household: int, now: int) -> int:
    """State something at the desk; gives its stamp's instant, in ms."""
    draft = Draft(
        unit=UMOJA, kind="household.described", household=household, observations=observations(latrine=1)
    )
    [receipt] = store.write_now(
        lambda c: state(c, author=NURSE.account, drafts=[draft], now=now, rules=RULES)
    )
    assert receipt.verdict == "accepted"
    [[stamp]] = store.read_now(lambda c: c.rows("SELECT stamp FROM event WHERE id = :id", {"id": receipt.id}))
    return stamp_ms(stamp)


def test_a_desk_whose_clock_its_records_contradict_states_nothing_until_somebody_has_looked(
    seated: Store,
) -> None:
    hand = Hand(PROMOTER)
    (household, registered), (other, also) = hand.household(), hand.household()
    sync(seated, PROMOTER, [registered, also], now=hand.now)
    assert describe(seated, household, NOW + YEAR) >= NOW + YEAR, "nobody can know yet that it runs ahead"
    # Put right: about this household the clock and the last stamp disagree, about the other they do not.
    with pytest.raises(HodiError, match="server_clock"):
        describe(seated, household, hand.now)
    assert describe(seated, other, hand.now) < hand.now + 60_000
    seated.write_now(lambda c: confirm_clock(c, now=hand.now))
    for _ in range(2):
        assert describe(seated, household, hand.now) < hand.now + 60_000, (
            "it does not spread to the next fact"
        )
    # Later it falls behind: the confirmation is of a time that has not come.
    with pytest.raises(HodiError, match="server_clock"):
        describe(seated, household, hand.now - YEAR)


def test_a_phone_of_the_time_ahead_is_heard_again_when_the_clock_is_right(seated: Store) -> None:
    ahead, right = Hand(PROMOTER, NOW + YEAR), Hand(PROMOTER)
    household, registered = ahead.household()
    sync(seated, PROMOTER, [registered], now=ahead.now)
    right.mint.counter = 1_000
    visit = right.visit(household)
    [receipt] = sync(seated, PROMOTER, [visit], now=right.now).receipts
    assert receipt.verdict == "accepted"
    [known] = sync(seated, PROMOTER, [registered], now=right.now).receipts
    assert known.verdict == "known", "what was taken in ahead of the time stays as it is"


def numbers_given(store: Store, now: int) -> tuple[set[int], int]:
    """Ids of all the server's own writers, and the number of a phone that enrols."""

    def work(c: Connection) -> tuple[set[int], int]:
        ids = {one for writer in (DESK, EXCHANGE, HOUSEKEEPING) for one in mint_ids(c, 40, writer=writer)}
        enrolled = enrol(c, account_by_number(c, COLLEAGUE.account), app="1", now=now)
        return ids, enrolled.device.device

    return store.write_now(work)


def test_a_copy_that_is_brought_back_gives_no_number_twice(tmp_path: pathlib.Path) -> None:
    live, copy = tmp_path / "live.db", tmp_path / "copy.db"
    store = open_store(f"sqlite:///{live}")
    store.write_now(lambda c: seat(c, NOW))
    store.close()
    shutil.copy(live, copy)
    store = open_store(f"sqlite:///{live}")
    tokens = [sync(store, PROMOTER).token]
    ids, phone = numbers_given(store, NOW)
    phones = {phone}
    for _ in range(3):
        store.write_now(call_resync)
        tokens.append(sync(store, PROMOTER, token=tokens[-1]).token)
    store.close()
    for round_ in range(2):  # the copy is restored, and the restored store's own copy again
        store = open_store(f"sqlite:///{copy}")
        store.write_now(note_restored)
        more, phone = numbers_given(store, NOW + 1)
        assert not ids & more and phone not in phones
        ids, phones = ids | more, phones | {phone}
        hand = Hand(PROMOTER)
        hand.mint.counter = 100 * round_
        _, registered = hand.household()
        sync(store, PROMOTER, [registered], now=hand.now)
        for token in tokens:  # of whatever epoch: it starts over, and misses nothing
            assert registered.id in sync(store, PROMOTER, token=token, now=hand.now).ids
        tokens.append(sync(store, PROMOTER, now=hand.now).token)
        store.close()


def test_a_writer_that_the_copy_has_never_seen_leaves_its_numbers_out_too(sqlite_store: Store) -> None:
    sqlite_store.write_now(note_restored)
    for writer in (DESK, EXCHANGE, HOUSEKEEPING):
        [first] = sqlite_store.write_now(lambda c, writer=writer: mint_ids(c, 1, writer=writer))
        assert first - make_id(writer, 1) >= 1_000_000
