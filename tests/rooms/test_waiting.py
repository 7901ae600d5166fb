"""Phones that wait for urgent news: told soon, told of their own area only, and cheap while they wait."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Collection, Iterator

import httpx
import msgspec
import pytest

from hodi import access
from hodi.access import device_by_token, set_posts
from hodi.db import Changed, Connection, Store
from hodi.errors import HodiError
from hodi.events import Draft, state
from hodi.sync import WaitingPhones, call_resync
from hodi.sync import waiting as room
from hodi.sync.token import seal, unseal
from tests.cast import COLLEAGUE, NURSE, PROMOTER, STRANGER, Worker, seat
from tests.hand import NOW, RULES, Hand, sync
from tests.harness.events import observations
from tests.harness.serve import Served

UMOJA, JIRANI = 10, 20
LONG_S = 60.0


class Board:
    """Stands for the background work's notifications: what is published reaches every queue."""

    def __init__(self) -> None:
        self.queues: list[asyncio.Queue[Changed]] = []

    @contextlib.contextmanager
    def subscribe(self) -> Iterator[asyncio.Queue[Changed]]:
        queue: asyncio.Queue[Changed] = asyncio.Queue()
        self.queues.append(queue)
        try:
            yield queue
        finally:
            self.queues.remove(queue)

    def publish(self, *units: int) -> None:
        for queue in self.queues:
            queue.put_nowait(frozenset(units))


@pytest.fixture
def seated(store: Store) -> Store:
    """A store with the cast in it."""
    store.write_now(lambda c: seat(c, NOW))
    return store


def device(store: Store, worker: Worker) -> access.Device:
    return store.read_now(lambda c: device_by_token(c, worker.token))


def registered(store: Store, worker: Worker = PROMOTER) -> tuple[int, str]:
    """A household of hers, and her phone's token."""
    hand = Hand(worker)
    household, event = hand.household()
    return household, str(sync(store, worker, [event], now=hand.now).token)


def answer_signal(store: Store, household: int, unit: int = UMOJA) -> None:
    """Something urgent, stated at a desk."""
    said = observations(signal_code="NUT_DECLINE", signal_answer="acted")
    draft = Draft(unit=unit, kind="signal.answered", household=household, observations=said)
    [receipt] = store.write_now(
        lambda c: state(c, author=NURSE.account, drafts=[draft], now=NOW + 9_000, rules=RULES)
    )
    assert receipt.verdict == "accepted"


async def all_wait(phones: WaitingPhones, count: int) -> None:
    while len(phones) < count:
        await asyncio.sleep(0)


def test_news_reaches_those_of_the_area_and_nobody_else(seated: Store) -> None:
    household, hers = registered(seated)
    _, of_colleague = registered(seated, COLLEAGUE)
    _, of_stranger = registered(seated, STRANGER)
    board = Board()

    async def story() -> None:
        phones = WaitingPhones(seated, board.subscribe)
        her = asyncio.create_task(phones.wait(device(seated, PROMOTER), hers, seconds=LONG_S))
        others = [
            asyncio.create_task(phones.wait(device(seated, who), token, seconds=LONG_S))
            for who, token in ((COLLEAGUE, of_colleague), (STRANGER, of_stranger))
        ]
        await all_wait(phones, 3)
        answer_signal(seated, household)
        board.publish(UMOJA)
        assert await her is True
        assert not any(one.done() for one in others)
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        assert len(phones) == 0

    asyncio.run(story())


def test_news_from_before_the_wait_and_a_notification_that_was_lost(
    seated: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    household, token = registered(seated)
    monkeypatch.setattr(room, "LOOK_EVERY_S", 0.01)

    async def story() -> None:
        phones = WaitingPhones(seated, Board().subscribe)  # nothing is ever published
        her = asyncio.create_task(phones.wait(device(seated, PROMOTER), token, seconds=LONG_S))
        await all_wait(phones, 1)
        answer_signal(seated, household)
        assert await her is True
        assert await phones.wait(device(seated, PROMOTER), token, seconds=LONG_S) is True, (
            "it was there before"
        )
        fresh = sync(seated, PROMOTER, token=token, now=NOW + 10_000).token
        assert await phones.wait(device(seated, PROMOTER), str(fresh), seconds=0.05) is False

    asyncio.run(story())


def test_what_is_not_urgent_wakes_nobody(seated: Store) -> None:
    household, token = registered(seated)
    board = Board()

    async def story() -> None:
        phones = WaitingPhones(seated, board.subscribe)
        her = asyncio.create_task(phones.wait(device(seated, PROMOTER), token, seconds=0.5))
        await all_wait(phones, 1)
        draft = Draft(
            unit=UMOJA, kind="household.described", household=household, observations=observations(latrine=1)
        )
        await seated.write(lambda c: state(c, author=1, drafts=[draft], now=NOW + 9_000, rules=RULES))
        board.publish(UMOJA)
        assert await her is False

    asyncio.run(story())


def test_a_token_to_start_over_from_is_news_itself(seated: Store) -> None:
    _, token = registered(seated)

    async def answered(token: str | None) -> bool:
        return await WaitingPhones(seated, Board().subscribe).wait(
            device(seated, PROMOTER), token, seconds=LONG_S
        )

    for shown in (None, "", "made up", token[:-3]):
        assert asyncio.run(answered(shown)) is True
    seated.write_now(call_resync)
    assert asyncio.run(answered(token)) is True
    token = str(sync(seated, PROMOTER, now=NOW + 20_000).token)
    seated.write_now(lambda c: set_posts(c, PROMOTER.account, [12]))
    assert asyncio.run(answered(token)) is True


def test_many_wait_and_hold_no_connection(seated: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three hundred phones of an area: a look at the store for each as it begins, one for all together when
    the unit has changed, and none in between."""
    household, shown = registered(seated)
    board, hers = Board(), device(seated, PROMOTER)
    looks: list[int] = []
    look = room._latest_urgent

    def counted(c: Connection, areas: Collection[tuple[int, int]]) -> dict[tuple[int, int], int]:
        looks.append(len(areas))
        return look(c, areas)

    monkeypatch.setattr(room, "_latest_urgent", counted)
    monkeypatch.setattr(room, "LOOK_EVERY_S", LONG_S)
    held = seated.read_now(lambda c: unseal(c, shown, hers))
    assert held is not None
    many = [msgspec.structs.replace(hers, device=5_000 + n) for n in range(300)]
    tokens = seated.read_now(
        lambda c: [seal(c, msgspec.structs.replace(held, device=one.device)) for one in many]
    )

    async def story() -> None:
        phones = WaitingPhones(seated, board.subscribe)
        waits = [
            asyncio.create_task(phones.wait(one, token, seconds=LONG_S))
            for one, token in zip(many, tokens, strict=True)
        ]
        while len(looks) < len(waits):
            await asyncio.sleep(0)
        for _ in range(20):  # while they wait, the store is everybody's
            await seated.read(lambda c: c.rows("SELECT 1"))
        assert len(looks) == len(waits)
        answer_signal(seated, household)
        board.publish(UMOJA)
        assert all(await asyncio.gather(*waits))
        assert len(looks) - len(waits) == 1

    asyncio.run(story())


def test_a_phone_that_asks_again_ends_its_earlier_wait_and_too_many_are_told_so(
    seated: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, token = registered(seated)

    async def story() -> None:
        phones = WaitingPhones(seated, Board().subscribe)
        first = asyncio.create_task(phones.wait(device(seated, PROMOTER), token, seconds=LONG_S))
        await all_wait(phones, 1)
        second = asyncio.create_task(phones.wait(device(seated, PROMOTER), token, seconds=LONG_S))
        assert await first is False
        assert len(phones) == 1
        monkeypatch.setattr(room, "WAITING_MAX", 1)
        with pytest.raises(HodiError, match="store_busy"):
            await phones.wait(device(seated, COLLEAGUE), None)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)

    asyncio.run(story())


# ── over HTTP ──


@pytest.fixture
def client(sqlite_store: Store, serve: Callable[..., Served]) -> Iterator[httpx.Client]:
    sqlite_store.write_now(lambda c: seat(c, time.time_ns() // 1_000_000))
    with httpx.Client(base_url=serve(sqlite_store).url, timeout=90) as client:
        yield client


def test_only_a_phone_waits_and_a_wait_costs_less_than_a_kilobyte(client: httpx.Client) -> None:
    for headers in ({}, {"authorization": "Bearer x"}, {"cookie": f"hodi={PROMOTER.token}"}):
        refused = client.get("/api/wait", headers=headers)
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "not_signed_in")
    said = client.get("/api/wait", headers={"authorization": f"Bearer {PROMOTER.token}"})
    assert (said.status_code, said.json()) == (200, {"news": True}), "it has no token: it may sync"
    assert said.headers["cache-control"] == "no-store"
    request = said.request
    both = sum(len(name) + len(value) + 4 for one in (request, said) for name, value in one.headers.raw)
    assert both + len(said.content) + 200 < 1_000
