"""The outbox: written with what caused it, sent at least once, in spite of partners that fail, delay or
take a message twice, and of processes that die or are too slow."""

from __future__ import annotations

import asyncio
import types
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from hodi.background import CONSUMERS, Background, deliver, leases
from hodi.config import ROOT
from hodi.db import Connection, Row, Store
from hodi.exchange import SENDERS, Message, Refused, enqueue, outbox, send_anew
from tests.cast import ZONE
from tests.contract.told import Told, instant

PACK: Any = types.SimpleNamespace(folder=ROOT / "content" / "kenya", zone=ZONE, forms={})


class Partner:
    """A partner that keeps what it takes, by key: the same again changes nothing. `answers` are played in
    turn (an error, or words), then it says "taken"."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)
        self.calls: list[Message] = []
        self.holds: dict[str, str] = {}

    async def __call__(self, message: Message) -> str:
        self.calls.append(message)
        answer = self.answers.pop(0) if self.answers else "taken"
        if isinstance(answer, Exception):
            raise answer
        self.holds[message.key] = message.payload
        return answer


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = instant(1)

    def __call__(self) -> int:
        return self.now


def put(c: Connection, key: str = "figure/1", payload: str = "7", *, now: int, unit: int = 1) -> None:
    enqueue(c, unit=unit, partner="register", key=key, payload=payload, now=now)


def rows(store: Store) -> list[Row]:
    return store.read_now(lambda c: c.rows("SELECT key, state, tries, answer FROM outbox ORDER BY key"))


def send(
    store: Store, partner: Callable[[Message], Awaitable[str]], hand: Hand, holder: str = "here"
) -> None:
    async def until_idle() -> None:
        while await deliver.deliver(store, {"register": partner}, holder=holder, clock=hand):
            pass

    asyncio.run(until_idle())


def test_production_sends_to_nobody_yet() -> None:
    assert dict(SENDERS) == {}


def test_a_message_is_there_if_what_caused_it_is(store: Store) -> None:
    hand = Hand()

    def undone(c: Connection) -> None:
        put(c, now=hand.now)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.write_now(undone)
    assert rows(store) == []
    store.write_now(lambda c: put(c, now=hand.now))
    partner = Partner()
    send(store, partner, hand)
    assert partner.holds == {"figure/1": "7"} and rows(store) == [("figure/1", "sent", 1, "taken")]
    send(store, partner, hand)
    assert len(partner.calls) == 1


def test_the_background_work_delivers(store: Store) -> None:
    hand, partner = Hand(), Partner()
    store.write_now(lambda c: put(c, now=hand.now))
    works = Background(store, PACK, clock=hand, senders={"register": partner})
    asyncio.run(works.run_until_idle())
    assert partner.holds == {"figure/1": "7"}


def test_a_partner_that_fails_is_tried_again_ever_later(store: Store) -> None:
    hand, partner = Hand(), Partner(ConnectionError("no route"), TimeoutError())
    store.write_now(lambda c: put(c, now=hand.now))
    send(store, partner, hand)
    assert rows(store) == [("figure/1", "waiting", 1, "ConnectionError")]
    hand.now += outbox.BACK_OFF_MS[0] - 1
    send(store, partner, hand)
    assert len(partner.calls) == 1, "not before"
    hand.now += 1
    send(store, partner, hand)
    hand.now += 2 * outbox.BACK_OFF_MS[0] - 1
    send(store, partner, hand)
    assert len(partner.calls) == 2, "the second wait is twice as long"
    hand.now += 1
    send(store, partner, hand)
    assert rows(store) == [("figure/1", "sent", 3, "taken")]


def test_what_is_refused_or_never_taken_is_given_up_and_can_be_sent_anew(store: Store) -> None:
    hand, partner = Hand(), Partner(Refused("409: no such organisation"))
    store.write_now(lambda c: put(c, now=hand.now))
    send(store, partner, hand)
    assert rows(store) == [("figure/1", "dead", 1, "409: no such organisation")]
    again = {"unit": 1, "partner": "register", "key": "figure/1", "now": hand.now}
    assert store.write_now(lambda c: send_anew(c, **again))
    assert not store.write_now(lambda c: send_anew(c, **again)), "it waits already"
    partner.answers = [ConnectionError()] * outbox.TRIES_MAX
    for _ in range(outbox.TRIES_MAX):
        assert rows(store)[0][1] == "waiting"
        send(store, partner, hand)
        hand.now += outbox.BACK_OFF_MS[1]
    assert rows(store) == [("figure/1", "dead", outbox.TRIES_MAX, "ConnectionError")]


def test_one_message_that_fails_holds_up_no_other(store: Store) -> None:
    hand, partner = Hand(), Partner(ConnectionError())
    for n in range(3):
        store.write_now(lambda c, n=n: put(c, f"figure/{n}", now=hand.now))
    send(store, partner, hand)
    assert sorted(partner.holds) == ["figure/1", "figure/2"]


def test_a_slow_partner_is_not_waited_for_for_ever(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "SEND_TIMEOUT_S", 0.05)
    hand = Hand()
    store.write_now(lambda c: put(c, now=hand.now))

    async def never(_: Message) -> str:
        await asyncio.Event().wait()
        return ""

    send(store, never, hand)
    assert rows(store) == [("figure/1", "waiting", 1, "TimeoutError")]


def test_a_later_payload_takes_the_place_of_an_earlier_one(store: Store) -> None:
    hand, partner = Hand(), Partner()
    store.write_now(lambda c: put(c, payload="7", now=hand.now))
    store.write_now(lambda c: put(c, payload="8", now=hand.now))
    send(store, partner, hand)
    assert [one.payload for one in partner.calls] == ["8"]
    store.write_now(lambda c: put(c, payload="8", now=hand.now))
    send(store, partner, hand)
    assert len(partner.calls) == 1, "the same again is no news"

    async def overtaken(message: Message) -> str:
        if message.payload == "9":
            await store.write(lambda c: put(c, payload="10", now=hand.now))
        return await partner(message)

    store.write_now(lambda c: put(c, payload="9", now=hand.now))
    send(store, overtaken, hand)
    assert partner.holds == {"figure/1": "10"}, "the answer to 9 does not settle 10"


def test_who_dies_after_sending_has_it_sent_again_and_the_partner_holds_it_once(store: Store) -> None:
    hand, partner = Hand(), Partner()
    store.write_now(lambda c: put(c, now=hand.now))

    class Killed(BaseException):
        pass

    async def dies(message: Message) -> str:
        await partner(message)
        raise Killed

    async def first() -> None:
        await deliver.deliver(store, {"register": dies}, holder="killed", clock=hand)

    with pytest.raises(Killed):
        asyncio.run(first())
    # A killed process releases nothing.
    store.write_now(lambda c: leases.take(c, "outbox", 1, holder="killed", now=hand.now))
    send(store, partner, hand, "other")
    assert len(partner.calls) == 1, "its lease still runs"
    hand.now += leases.LEASE_MS
    send(store, partner, hand, "other")
    assert len(partner.calls) == 2 and partner.holds == {"figure/1": "7"}
    assert partner.calls[0] == partner.calls[1], "known by its key and revision"
    assert rows(store) == [("figure/1", "sent", 1, "taken")]


def test_who_is_too_slow_writes_nothing(store: Store) -> None:
    """Its lease ran out while the partner thought; another process sent the message and had it refused."""
    hand = Hand()
    store.write_now(lambda c: put(c, now=hand.now))

    async def slow(message: Message) -> str:
        hand.now += leases.LEASE_MS
        other = {"register": Partner(Refused("gone"))}
        await deliver.deliver(store, other, holder="second", clock=hand)
        return "taken after all"

    send(store, slow, hand, "first")
    assert rows(store) == [("figure/1", "dead", 1, "gone")]


def test_two_processes_send_different_units_messages(postgres_url: str) -> None:
    from hodi.db import open_store

    stores, hand = [open_store(postgres_url), open_store(postgres_url)], Hand()
    for unit in (1, 2):
        stores[0].write_now(lambda c, unit=unit: put(c, f"unit/{unit}", now=hand.now, unit=unit))

    async def both() -> list[str]:
        # Each waits in its sender until the other is in its own.
        here, there, sent = asyncio.Event(), asyncio.Event(), []

        def sender(mine: asyncio.Event, other: asyncio.Event) -> Callable[[Message], Awaitable[str]]:
            async def send_one(message: Message) -> str:
                mine.set()
                async with asyncio.timeout(10):
                    await other.wait()
                sent.append(message.key)
                return "taken"

            return send_one

        await asyncio.gather(
            deliver.deliver(stores[0], {"register": sender(here, there)}, holder="one", clock=hand),
            deliver.deliver(stores[1], {"register": sender(there, here)}, holder="two", clock=hand),
        )
        return sorted(sent)

    assert asyncio.run(both()) == ["unit/1", "unit/2"]
    for store in stores:
        store.close()


def test_what_was_sent_long_ago_is_forgotten(store: Store) -> None:
    hand, told = Hand(), Told(1)
    told.household()
    store.write_now(told.write)
    for key in ("old", "dead"):
        store.write_now(lambda c, key=key: put(c, key, now=hand.now))
    send(store, Partner(Refused("no")), hand)
    hand.now = instant(40)
    store.write_now(lambda c: put(c, "new", now=hand.now))
    works = Background(store, PACK, clock=hand, consumers=CONSUMERS)
    asyncio.run(works.run_until_idle())
    assert {row[0] for row in rows(store)} == {"dead", "new"}
