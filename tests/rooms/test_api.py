"""The phones' doors over HTTP: the whole house is served, and talked to as a phone or a stranger would."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator

import httpx
import msgspec
import pytest

import hodi.sync.response
from hodi import access
from hodi.db import Store
from tests.cast import ASSISTANT, PASSWORD, PROMOTER, STRANGER, seat
from tests.hand import RULES, Answer, Hand, body_of, packed
from tests.harness.serve import Served

Serve = Callable[..., Served]


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
def client(sqlite_store: Store, serve: Serve) -> Iterator[httpx.Client]:
    sqlite_store.write_now(lambda c: seat(c, now_ms()))
    with httpx.Client(base_url=serve(sqlite_store).url, timeout=20) as client:
        yield client


def bearing(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def post(
    client: httpx.Client, body: bytes, token: str = PROMOTER.token, gzipped: bool = True
) -> httpx.Response:
    """One sync request."""
    headers = bearing(token) | ({"content-encoding": "gzip"} if gzipped else {})
    return client.post("/api/sync", headers=headers, content=packed(body) if gzipped else body)


def problem(response: httpx.Response) -> str:
    """The code of an error, which has the catalogue's shape whatever went wrong."""
    said = response.json()
    assert set(said) == {"error", "now"}
    assert set(said["error"]) == {"code", "detail", "says"}
    assert set(said["error"]["says"]) == {"sw", "en"} and all(said["error"]["says"].values())
    assert abs(said["now"] - now_ms()) < 60_000
    return str(said["error"]["code"])


def test_a_phone_enrols_starts_from_a_snapshot_and_syncs(client: httpx.Client, sqlite_store: Store) -> None:
    asked = {"username": "promoter", "password": PASSWORD, "app": "1.0", "language": "sw"}
    enrolled = client.post("/api/enrol", json=asked).json()
    assert {"account": 101, "role": "promoter", "unit": 10, "area": 11}.items() <= enrolled.items()
    assert enrolled["scope"]["facilities"][0]["linked"] is True
    snapshot = client.get("/api/snapshot", headers=bearing(enrolled["token"]))
    assert snapshot.headers["content-type"] == "application/vnd.sqlite3"
    assert snapshot.content.startswith(b"SQLite format 3")
    hand = Hand(PROMOTER, now_ms() - 100_000)
    hand.mint.device = enrolled["device"]
    _, registered = hand.household()
    registered = msgspec.structs.replace(registered, device=enrolled["device"])
    head = {"token": snapshot.headers["hodi-token"], "waiting": 3, "app": "1.0", "pack": "abc"}
    response = post(client, body_of(head, [registered], now_ms()), enrolled["token"])
    answer = Answer(response.content)
    assert [one.verdict for one in answer.receipts] == ["accepted"]
    [device] = [
        one
        for one in sqlite_store.read_now(lambda c: access.devices_of_unit(c, 10))
        if one.device == enrolled["device"]
    ]
    assert (device.waiting, device.app, device.pack) == (3, "1.0", "abc")
    assert abs(device.skew_ms or 0) < 5_000


def test_a_phone_renews_its_number_with_its_token(client: httpx.Client) -> None:
    renewed = client.post("/api/enrol", headers=bearing(PROMOTER.token), json={"app": "2"}).json()
    assert renewed["device"] not in (PROMOTER.device, None)
    assert renewed["account"] == PROMOTER.account
    assert post(client, body_of({}, [], now_ms()), renewed["token"]).status_code == 200


def test_nobody_enrols_without_the_right(client: httpx.Client) -> None:
    for asked, code in (
        ({"username": "promoter", "password": "wrong"}, "wrong_password"),
        ({"username": "assistant", "password": PASSWORD}, "not_allowed"),
        ({}, "wrong_password"),
        ({"username": 5}, "unreadable"),
        ([], "unreadable"),
    ):
        assert problem(client.post("/api/enrol", json=asked)) == code
    assert problem(client.post("/api/enrol", content=b"\xff{")) == "unreadable"
    assert problem(client.post("/api/enrol", content=b" " * 5_000)) == "too_large"
    assert problem(client.post("/api/enrol", headers=bearing("made-up"), json={})) == "not_signed_in"


def test_an_idle_sync_costs_less_than_a_kilobyte_both_ways(client: httpx.Client) -> None:
    begun = Answer(post(client, body_of({}, [], now_ms())).content).token
    response = post(client, body_of({"token": begun}, [], now_ms()))
    request = response.request
    asked = len("POST /api/sync HTTP/1.1\r\n\r\n") + len(request.content) + _headers(request.headers)
    said = (
        len("HTTP/1.1 200 OK\r\n\r\n") + int(response.headers["content-length"]) + _headers(response.headers)
    )
    assert len(response.text.splitlines()) == 2
    assert asked + said < 1_000, (asked, said)


def _headers(headers: httpx.Headers) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers.raw)


def test_a_long_answer_is_streamed_page_by_page(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hodi.sync.response, "PAGE_ENTRIES_MAX", 40)
    hand = Hand(PROMOTER, now_ms() - 1_000_000)
    household, registered = hand.household()
    events = [registered, *[hand.visit(household) for _ in range(199)]]
    assert post(client, body_of({}, events, now_ms())).status_code == 200
    response = post(client, body_of({}, [], now_ms()))
    answer = Answer(response.content)
    assert answer.ids == [event.id for event in events]
    assert sum("page" in line for line in answer.lines) == 5
    assert response.headers["content-encoding"] == "gzip"
    plain = client.post(
        "/api/sync",
        headers=bearing(PROMOTER.token) | {"accept-encoding": "identity"},
        content=body_of({}, [], now_ms()),
    )
    assert "content-encoding" not in plain.headers
    assert Answer(plain.content).ids == answer.ids


@pytest.mark.parametrize("address", ["/api/sync", "/api/snapshot"])
def test_without_a_token_that_is_ours_nothing_is_said(client: httpx.Client, address: str) -> None:
    method = "POST" if address == "/api/sync" else "GET"
    for headers in (
        {}, {"authorization": ""}, {"authorization": "Bearer"}, bearing("x"), bearing("x" * 5_000),
        {"authorization": f"Basic {PROMOTER.token}"}, {"authorization": PROMOTER.token},
        bearing("' OR 1=1 --"),
        {"cookie": f"session={PROMOTER.token}"},
    ):  # fmt: skip
        response = client.request(method, address, headers=headers)
        assert (response.status_code, problem(response)) == (401, "not_signed_in"), headers


def test_a_revoked_phone_hears_it_on_every_request(client: httpx.Client, sqlite_store: Store) -> None:
    sqlite_store.write_now(lambda c: access.revoke_device(c, PROMOTER.device or 0, now=now_ms()))
    for response in (
        post(client, body_of({}, [], now_ms())),
        client.get("/api/snapshot", headers=bearing(PROMOTER.token)),
        client.post("/api/enrol", headers=bearing(PROMOTER.token), json={}),
    ):
        assert (response.status_code, problem(response)) == (401, "device_revoked")


def test_bad_bodies_end_in_a_clear_answer_and_nothing_is_taken_in(
    client: httpx.Client, sqlite_store: Store
) -> None:
    hand = Hand(PROMOTER, now_ms() - 100_000)
    _, registered = hand.household()
    good = body_of({}, [registered], now_ms())
    cases: list[tuple[bytes, bool, int, str]] = [
        (b"", False, 400, "unreadable"),
        (b"\x1f\x8b\x08", True, 400, "unreadable"),
        (packed(good)[:-4], True, 400, "unreadable"),
        (good, True, 400, "unreadable"),
        (packed(good), False, 400, "unreadable"),
        (good.replace(b'"hodi": 1', b'"hodi": 9'), False, 400, "protocol_unknown"),
        (packed(b'{"hodi": 1, "now": 1}\n' + b" " * 100_000_000), True, 413, "too_large"),
        (good + b"\n" + b"x" * 1_000_000, False, 413, "too_large"),
        (good + b"\n{}" * 1_001, False, 413, "too_large"),
        (body_of({}, [registered], now_ms() - 700_000), False, 409, "clock_wrong"),
        (b'{"hodi":1,"now":' + b"9" * 400 + b"}", False, 400, "unreadable"),
        (b"[" * 300_000, False, 400, "unreadable"),
    ]
    for body, gzipped, status, code in cases:
        headers = bearing(PROMOTER.token) | ({"content-encoding": "gzip"} if gzipped else {})
        response = client.post("/api/sync", headers=headers, content=body)
        assert (response.status_code, problem(response)) == (status, code), body[:40]
    assert sqlite_store.read_now(lambda c: c.rows("SELECT COUNT(*) FROM event")) == [(0,)]
    assert [one.verdict for one in Answer(post(client, good).content).receipts] == ["accepted"]


def test_an_app_of_another_country_is_told_so_and_nothing_is_taken_in(
    client: httpx.Client, sqlite_store: Store
) -> None:
    asked = {"username": "promoter", "password": PASSWORD, "app": "1.0", "language": "sw"}
    refused = client.post("/api/enrol", json={**asked, "pack_name": "example"})
    assert (refused.status_code, problem(refused)) == (409, "other_country")
    assert client.post("/api/enrol", json={**asked, "pack_name": "kenya"}).status_code == 200
    hand = Hand(PROMOTER, now_ms() - 100_000)
    _, registered = hand.household()
    for pack_name in ("example", "Kenya", ""):
        refused = post(client, body_of({"pack_name": pack_name}, [registered], now_ms()))
        assert (refused.status_code, problem(refused)) == (409, "other_country")
    assert sqlite_store.read_now(lambda c: c.rows("SELECT COUNT(*) FROM event")) == [(0,)]
    assert sqlite_store.read_now(lambda c: c.rows("SELECT COUNT(*) FROM quarantine")) == [(0,)]
    taken = post(client, body_of({"pack_name": "kenya"}, [registered], now_ms()))
    assert [one.verdict for one in Answer(taken.content).receipts] == ["accepted"]


def test_a_replayed_request_changes_nothing(client: httpx.Client, sqlite_store: Store) -> None:
    hand = Hand(PROMOTER, now_ms() - 100_000)
    household, registered = hand.household()
    body = body_of({}, [registered, hand.visit(household)], now_ms())
    answers = [Answer(post(client, body).content) for _ in range(3)]
    assert [[one.verdict for one in answer.receipts] for answer in answers] == [
        ["accepted"] * 2, ["known"] * 2, ["known"] * 2,
    ]  # fmt: skip
    assert [one.seq for one in answers[0].receipts] == [one.seq for one in answers[2].receipts]
    assert sqlite_store.read_now(lambda c: c.rows("SELECT COUNT(*) FROM event")) == [(2,)]
    # Replayed by another phone, it is refused whole and kept.
    stolen = Answer(post(client, body, STRANGER.token).content)
    assert [one.code for one in stolen.receipts] == ["not_yours"] * 2
    assert stolen.events == []


def test_the_pack_is_sent_once(client: httpx.Client) -> None:
    response = client.get("/api/pack?forms=2")
    pack = response.json()
    assert response.headers["etag"] == f'"{pack["version"]}"'
    again = client.get("/api/pack?forms=2", headers={"if-none-match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert set(pack) >= {
        "name", "version", "utc_offset_min", "languages", "schema", "fold", "signals", "reference", "kinds",
        "concepts", "forms", "limits", "referral", "words",
    }  # fmt: skip
    assert pack["concepts"]["weight_kg"]["max"] == RULES.concepts["weight_kg"].max
    assert {rule["code"] for rule in pack["signals"]} >= {"NUT_DECLINE", "REF_NOSHOW"}
    assert pack["words"]["sw"]["signal.NUT_DECLINE.title"]
    plain = client.get("/api/pack?forms=2", headers={"accept-encoding": "identity"})
    assert json.loads(plain.content) == pack


@pytest.mark.parametrize("asked", ["/api/pack", "/api/pack?forms=1", "/api/pack?forms=two"])
def test_an_app_that_cannot_run_the_forms_keeps_its_pack(client: httpx.Client, asked: str) -> None:
    kept = client.get(asked, headers={"if-none-match": '"older"'})
    assert (kept.status_code, kept.content) == (304, b"")
    none_yet = client.get(asked)
    assert problem(none_yet) == "protocol_unknown"
    assert client.get("/api/pack?forms=3").json()["form_model"] == 2


def test_a_supervisors_cookie_opens_no_phones_door(client: httpx.Client, sqlite_store: Store) -> None:
    account = sqlite_store.read_now(lambda c: access.account_by_number(c, ASSISTANT.account))
    session = sqlite_store.write_now(lambda c: access.open_session(c, account, now=now_ms()))
    response = client.get("/api/snapshot", headers=bearing(session.token or ""))
    assert (response.status_code, problem(response)) == (401, "not_signed_in")


def test_what_is_wrong_with_one_visit_is_said_of_that_visit(client: httpx.Client) -> None:
    hand = Hand(PROMOTER, now_ms() - 100_000)
    household, registered = hand.household()
    heavy = hand.visit(household, weight_kg=900)
    response = post(client, body_of({}, [registered, heavy, b'{"id": 5}', hand.visit(household)], now_ms()))
    assert [(one.verdict, one.code) for one in Answer(response.content).receipts] == [
        ("accepted", None), ("refused", "out_of_range"), ("refused", "malformed"), ("accepted", None),
    ]  # fmt: skip
    assert "900" not in str(Answer(response.content).receipts), "no value is repeated"


def test_numbers_that_no_column_holds_are_unreadable_not_an_error_of_ours(client: httpx.Client) -> None:
    for households in (
        [[2**64, 1, 1]], [[2**70, 1, 1]], [[1, 2**63, 1]], [[1, 1, 2**53]], [[-1, 1, 1]], [[1, 1]],
        [[1.5, 1, 1]], [["1", 1, 1]], [None], 5,
    ):  # fmt: skip
        response = post(client, body_of({"households": households}, [], now_ms()))
        assert (response.status_code, problem(response)) == (400, "unreadable"), households
    fine = post(client, body_of({"households": [[2**53 - 1, 2**53 - 1, 2**52]]}, [], now_ms()))
    assert fine.status_code == 200


def test_the_keys_of_an_account_are_the_same_for_its_phone_and_for_who_logs_in(
    client: httpx.Client, sqlite_store: Store
) -> None:
    log_in = {"username": PROMOTER.username, "password": PASSWORD}
    logged_in = client.post("/api/keys", json=log_in).json()
    assert set(logged_in) == {"account", "recovery", "export"}
    assert logged_in["account"] == PROMOTER.account
    assert len(base64.b64decode(logged_in["recovery"])) == len(base64.b64decode(logged_in["export"])) == 32
    assert logged_in["recovery"] != logged_in["export"]
    assert client.post("/api/keys", json={}, headers=bearing(PROMOTER.token)).json() == logged_in
    log = sqlite_store.read_now(lambda c: c.rows("SELECT account FROM access_log WHERE action = 'recover'"))
    assert [row[0] for row in log] == [PROMOTER.account]

    theirs = client.post("/api/keys", json={"username": ASSISTANT.username, "password": PASSWORD}).json()
    assert not {theirs["recovery"], theirs["export"]} & {logged_in["recovery"], logged_in["export"]}


def test_the_keys_are_given_to_nobody_else(client: httpx.Client, sqlite_store: Store) -> None:
    wrong = client.post("/api/keys", json={"username": PROMOTER.username, "password": "not this"})
    assert problem(wrong) == "wrong_password"
    assert problem(client.post("/api/keys", json={})) == "wrong_password"
    assert problem(client.post("/api/keys", json={}, headers=bearing("guess"))) == "not_signed_in"
    sqlite_store.write_now(lambda c: c.run("UPDATE device SET revoked_at = 1"))
    assert problem(client.post("/api/keys", json={}, headers=bearing(PROMOTER.token))) == "device_revoked"
