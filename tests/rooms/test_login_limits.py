"""Guessing at the log-in, one after another and all at once; and that nobody can lock somebody else out."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable

import httpx
import pytest

from hodi import access
from hodi.access import hashing
from hodi.access.attempts import ADDRESS_LEAK_MS, ADDRESS_TRIES_MAX, FREE_TRIES, NAME_TRIES_MAX
from hodi.access.hashing import HashingPool
from hodi.clock import system_clock
from hodi.db import Store
from hodi.errors import HodiError
from tests import cast
from tests.hand import NOW
from tests.harness.serve import Served

AT_ONCE = 300


def log_in(
    store: Store,
    username: str,
    password: str,
    *,
    address: str = "192.0.2.1",
    browser: str = "",
    now: int = NOW,
) -> str:
    """What comes of one attempt: the account's username, or the code of the refusal."""
    client = access.Client(address=address, browser=browser)
    try:
        attempt = access.check_password(store, username, password, now=now, client=client)
        return asyncio.run(attempt).username
    except HodiError as error:
        return error.problem.code


@pytest.fixture
def store(store: Store) -> Store:
    store.write_now(lambda c: cast.seat(c, NOW))
    return store


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that was really held against a hash."""
    seen: list[str] = []
    compare = hashing.is_right

    def counted(password_hash: str, password: str) -> bool:
        seen.append(password)
        return compare(password_hash, password)

    monkeypatch.setattr(hashing, "is_right", counted)
    return seen


def test_guesses_at_once_are_worth_no_more_than_guesses_in_a_row(
    store: Store, serve: Callable[..., Served], looked_at: list[str]
) -> None:
    url = serve(store).url
    form = httpx.get(f"{url}/login")
    token = re.search(r'name="csrf" value="([^"]+)"', form.text)
    assert token

    async def guess_at_once() -> list[int]:
        connections = httpx.Limits(max_connections=AT_ONCE)
        async with httpx.AsyncClient(cookies=form.cookies, timeout=60, limits=connections) as browser:
            fields = {"csrf": token.group(1), "username": "nurse"}
            guesses = [{**fields, "password": f"guess {n}"} for n in range(AT_ONCE)]
            answers = await asyncio.gather(*(browser.post(f"{url}/login", data=guess) for guess in guesses))
            return [answer.status_code for answer in answers]

    answers = Counter(asyncio.run(guess_at_once()))
    assert sum(answers.values()) == AT_ONCE
    assert set(answers) <= {401, 429, 503}, answers
    assert answers[401] == len(looked_at) == FREE_TRIES + 1


def test_a_stranger_elsewhere_locks_nobody_out(store: Store) -> None:
    for _ in range(20):
        log_in(store, "nurse", "wrong", address="203.0.113.9")
    assert log_in(store, "nurse", cast.PASSWORD, address="203.0.113.9") == "too_many_tries"
    assert log_in(store, "nurse", cast.PASSWORD, address="192.0.2.1") == "nurse"


def test_many_addresses_together_do_not_guess_on_and_a_known_browser_still_gets_in(
    store: Store, looked_at: list[str]
) -> None:
    known = store.write_now(lambda c: access.browser_token(c, "nurse"))
    for n in range(NAME_TRIES_MAX + 30):
        log_in(store, "nurse", "wrong", address=f"198.51.100.{n}")
    assert len(looked_at) == NAME_TRIES_MAX
    assert log_in(store, "nurse", cast.PASSWORD, address="192.0.2.1") == "too_many_tries"
    assert log_in(store, "nurse", cast.PASSWORD, address="192.0.2.1", browser=known) == "nurse"
    for forged in (known[:-1] + ("0" if known[-1] != "0" else "1"), "x." + known.split(".")[1], "."):
        refused = log_in(store, "nurse", cast.PASSWORD, address="192.0.2.1", browser=forged)
        assert refused == "too_many_tries"
    others = store.write_now(lambda c: access.browser_token(c, "promoter"))
    assert log_in(store, "nurse", cast.PASSWORD, address="192.0.2.1", browser=others) == "too_many_tries"


def test_a_known_browser_is_no_way_to_guess(store: Store, looked_at: list[str]) -> None:
    known = store.write_now(lambda c: access.browser_token(c, "nurse"))
    for n in range(20):
        log_in(store, "nurse", "wrong", address=f"198.51.100.{n}", browser=known)
    assert len(looked_at) == FREE_TRIES + 1


def test_one_address_tries_one_password_with_few_names_only(store: Store, looked_at: list[str]) -> None:
    for n in range(ADDRESS_TRIES_MAX + 20):
        log_in(store, f"worker-{n}", "password1", address="203.0.113.9")
    assert len(looked_at) == ADDRESS_TRIES_MAX
    assert log_in(store, "nurse", cast.PASSWORD, address="203.0.113.9") == "too_many_tries"
    later = NOW + ADDRESS_LEAK_MS
    assert log_in(store, "nurse", cast.PASSWORD, address="203.0.113.9", now=later) == "nurse"


def test_one_subscriber_s_many_addresses_are_one(store: Store, looked_at: list[str]) -> None:
    for n in range(20):
        log_in(store, "nurse", "wrong", address=f"2001:db8:1:2::{n:x}")
    assert len(looked_at) == FREE_TRIES + 1
    assert log_in(store, "nurse", cast.PASSWORD, address="2001:db8:1:3::1") == "nurse"


def test_a_room_full_of_people_with_one_address_logs_in(store: Store) -> None:
    for _ in range(ADDRESS_TRIES_MAX + 20):
        assert log_in(store, "nurse", cast.PASSWORD) == "nurse"


def test_a_full_queue_says_so_and_counts_nothing(store: Store) -> None:
    async def story() -> list[str]:
        pool = HashingPool(queue_max=1)
        async with pool.place():
            codes = []
            for _ in range(FREE_TRIES + 10):
                try:
                    await access.check_password(store, "nurse", cast.PASSWORD, now=NOW, pool=pool)
                except HodiError as error:
                    codes.append(error.problem.code)
            try:
                await pool.hash("another password")
            except HodiError as error:
                codes.append(error.problem.code)
        account = await access.check_password(store, "nurse", cast.PASSWORD, now=NOW, pool=pool)
        return [*codes, account.username]

    assert asyncio.run(story()) == ["login_busy"] * (FREE_TRIES + 11) + ["nurse"]


def test_what_is_counted_names_nobody(store: Store) -> None:
    log_in(store, "nurse", "wrong", address="192.0.2.77")
    kept = store.read_now(lambda c: c.rows("SELECT subject FROM login_attempt"))
    assert len(kept) == 3
    for (subject,) in kept:
        assert "nurse" not in subject and "192.0.2" not in subject


def test_the_address_is_the_one_that_a_trusted_proxy_names(
    store: Store, serve: Callable[..., Served]
) -> None:
    def statuses(url: str) -> list[int]:
        seen = []
        for n in range(FREE_TRIES + 3):
            asked = {"username": "nurse", "password": "wrong"}
            headers = {"x-forwarded-for": f"198.51.100.{n}"}
            seen.append(httpx.post(f"{url}/api/enrol", json=asked, headers=headers).status_code)
        return seen

    assert statuses(serve(store).url) == [401] * (FREE_TRIES + 3)
    untrusted = serve(store, environ={"HODI_PROXIES": "192.0.2.254"}).url
    assert statuses(untrusted)[-1] == 429, "whoever is no proxy of ours cannot choose an address"


def test_revoking_a_phone_reaches_every_number_made_with_its_token(
    store: Store, serve: Callable[..., Served]
) -> None:
    with httpx.Client(base_url=serve(store).url) as client:

        def enrol(token: str | None = None) -> dict[str, object]:
            named = {"username": "promoter", "password": cast.PASSWORD}
            headers = {"authorization": f"Bearer {token}"} if token else {}
            answer = client.post("/api/enrol", json={} if token else named, headers=headers)
            assert answer.status_code == 200, answer.text
            return dict(answer.json())

        def status(token: object) -> int:
            return client.get("/api/snapshot", headers={"authorization": f"Bearer {token}"}).status_code

        first = enrol()
        second = enrol(str(first["token"]))
        third = enrol(str(second["token"]))
        stolen_again = enrol(str(first["token"]))
        another_phone = enrol()
        now = system_clock()
        gone = store.write_now(lambda c: access.revoke_device(c, int(str(second["device"])), now=now))
        chain = (first, second, third, stolen_again)
        assert sorted(gone) == sorted(int(str(one["device"])) for one in chain)
        assert [status(one["token"]) for one in chain] == [401] * 4
        assert status(another_phone["token"]) == 200
        assert status(cast.PROMOTER.token) == 200
        again = client.post("/api/enrol", headers={"authorization": f"Bearer {first['token']}"}, json={})
        assert (again.status_code, again.json()["error"]["code"]) == (401, "device_revoked")
        store.write_now(lambda c: access.revoke_devices(c, cast.PROMOTER.account, now=now))
        assert status(another_phone["token"]) == status(cast.PROMOTER.token) == 401
        assert status(cast.COLLEAGUE.token) == 200


def test_no_number_is_made_with_a_token_that_is_being_revoked(store: Store) -> None:
    promoter = store.read_now(lambda c: access.account_by_number(c, cast.PROMOTER.account))
    device = cast.PROMOTER.device
    assert device is not None
    store.write_now(lambda c: access.revoke_device(c, device, now=NOW))
    # Whoever was read as in use a moment ago comes to the write only now.
    with pytest.raises(HodiError) as refused:
        store.write_now(lambda c: access.enrol(c, promoter, app=None, now=NOW, renews=device))
    assert refused.value.problem.code == "device_revoked"


def test_a_page_that_fetches_by_itself_keeps_no_log_in_alive(
    sqlite_store: Store, serve: Callable[..., Served]
) -> None:
    clock = {"now": system_clock()}
    sqlite_store.write_now(lambda c: cast.seat(c, clock["now"]))
    browser = httpx.Client(base_url=serve(sqlite_store, clock=lambda: clock["now"]).url)
    form = browser.get("/login")
    token = re.search(r'name="csrf" value="([^"]+)"', form.text)
    assert token
    fields = {"csrf": token.group(1), "username": "assistant", "password": cast.PASSWORD}
    assert browser.post("/login", data=fields).status_code == 303

    def after(minutes: int, **headers: str) -> int:
        clock["now"] += minutes * 60_000
        return browser.get("/board", headers=headers).status_code

    by_itself = {"hx-request": "true"}
    assert [after(10, **by_itself) for _ in range(5)] == [200] * 5
    assert after(5) == 200, "somebody opened it: from now on an hour counts anew"
    assert [after(10, **by_itself) for _ in range(6)] == [200] * 6
    assert after(1, **by_itself) == 401
