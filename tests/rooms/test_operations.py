"""What an engineer sees of a running server: health, metrics, the log; and that none of it names anybody."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator

import apsw
import httpx
import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from hodi import __version__, record
from hodi.clock import system_clock
from hodi.config import ROOT
from hodi.db import Store, open_store
from hodi.domain import DAY_MS
from hodi.logs import JsonLines
from tests import cast
from tests.harness.cluster import Cluster
from tests.harness.phone import Phone
from tests.harness.phone import text as said
from tests.harness.serve import Served
from tests.harness.story import Story, falling_arm

PEOPLE = ("Amina", "Otieno", "Wanjiku", "Grace", "promoter", "assistant", cast.PASSWORD, "K7M2P4X")


def figure(metrics: str, name: str, **labels: str) -> float | None:
    """A metric's value, read as Prometheus reads it."""
    for family in text_string_to_metric_families(metrics):
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                return float(sample.value)
    return None


@pytest.fixture
def household(store: Store) -> int:
    """A household with a child whose arm grows thin."""
    now = system_clock()
    store.write_now(lambda c: cast.seat(c, now - 300 * DAY_MS))

    def tell(c: object) -> int:
        story = Story(c, now)  # type: ignore[arg-type]
        home = story.household("Wanjiku")
        falling_arm(story, home, story.person(home, "Amina", "Otieno"))
        return home

    return store.write_now(tell)


# ── health ──


def test_a_well_server_says_so_with_its_version(
    store: Store, household: int, serve: Callable[..., Served]
) -> None:
    url = serve(store).url
    until = time.monotonic() + 20
    while httpx.get(f"{url}/healthz").json()["households_waiting"]:
        assert time.monotonic() < until
    answer = httpx.get(f"{url}/healthz")
    said = answer.json()
    assert (answer.status_code, said["ok"], said["database"]) == (200, True, True)
    assert (said["version"], said["oldest_waiting_s"]) == (__version__, None)


def test_the_oldest_waiting_household_has_an_age(store: Store, household: int) -> None:
    first = store.read_now(record.waiting)
    assert first.households == 1
    assert first.oldest_at is not None and abs(first.oldest_at - system_clock()) < 60_000
    store.write_now(lambda c: c.run("UPDATE touched SET touched_at = touched_at - 90000"))

    def more(c: object) -> None:
        story = Story(c, system_clock())  # type: ignore[arg-type]
        story.visit(household)
        story.person(story.household("Kamau"), "Brenda", "Kamau")

    store.write_now(more)
    second = store.read_now(record.waiting)
    assert second.households == 2
    assert second.oldest_at == first.oldest_at - 90_000, "what waits keeps the instant since when it does"
    store.write_now(lambda c: c.run("UPDATE touched SET touched_at = NULL"))
    assert store.read_now(record.waiting).oldest_at is None


def test_a_stuck_fold_is_seen_in_health_and_metrics(
    store: Store, household: int, serve: Callable[..., Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(*_: object, **__: object) -> None:
        raise apsw.FullError("database or disk is full")

    monkeypatch.setattr("hodi.background.consumers.record.refold", stuck)
    store.write_now(lambda c: c.run("UPDATE touched SET touched_at = touched_at - 600000"))
    url = serve(store).url
    until = time.monotonic() + 20
    while (answer := httpx.get(f"{url}/healthz")).status_code == 200:
        assert time.monotonic() < until
    assert answer.json()["oldest_waiting_s"] >= 600
    metrics = httpx.get(f"{url}/metrics").text
    assert (figure(metrics, "hodi_oldest_waiting_seconds") or 0) >= 600
    assert figure(metrics, "hodi_waiting_households") == 1
    assert figure(metrics, "hodi_background_failing", consumer="fold") == 1


def test_a_household_set_aside_is_seen_in_the_metrics(
    sqlite_store: Store, serve: Callable[..., Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Amina Otieno")

    def tell(c: object) -> None:
        cast.seat(c, system_clock() - DAY_MS)  # type: ignore[arg-type]
        Story(c, system_clock()).household("Wanjiku")  # type: ignore[arg-type]

    sqlite_store.write_now(tell)
    monkeypatch.setattr("hodi.background.consumers.record.refold", fail)
    url, until = serve(sqlite_store).url, time.monotonic() + 20
    while figure(text := httpx.get(f"{url}/metrics").text, "hodi_households_set_aside") != 1:
        assert time.monotonic() < until
    assert "Amina" not in text + httpx.get(f"{url}/healthz").text


def test_a_lost_database_is_said_in_json_and_found_again(
    postgres: Cluster, postgres_url: str, serve: Callable[..., Served]
) -> None:
    store = open_store(postgres_url)
    url = serve(store).url
    assert httpx.get(f"{url}/healthz").status_code == 200
    name = urllib.parse.urlsplit(postgres_url).path.lstrip("/")
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            answer = httpx.get(f"{url}/healthz", timeout=20)
            assert answer.status_code == 503
            assert answer.headers["content-type"] == "application/json"
            said = answer.json()
            assert (said["ok"], said["database"], said["version"]) == (False, False, __version__)
            metrics = httpx.get(f"{url}/metrics", timeout=20)
            assert metrics.status_code == 200 and figure(metrics.text, "hodi_database_up") == 0
        finally:
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
    until = time.monotonic() + 30
    while httpx.get(f"{url}/healthz", timeout=20).status_code != 200:
        assert time.monotonic() < until
    assert figure(httpx.get(f"{url}/metrics").text, "hodi_database_up") == 1


def test_a_store_that_answers_nothing_any_more_is_no_500(
    sqlite_store: Store, serve: Callable[..., Served]
) -> None:
    url = serve(sqlite_store).url
    sqlite_store.close()
    answer = httpx.get(f"{url}/healthz")
    assert (answer.status_code, answer.json()["database"]) == (503, False)


# ── metrics ──


def test_metrics_count_requests_events_and_log_ins_by_pattern(
    sqlite_store: Store, serve: Callable[..., Served]
) -> None:
    sqlite_store.write_now(lambda c: cast.seat(c, system_clock() - DAY_MS))
    url = serve(sqlite_store).url
    phone = Phone(url)
    registered = phone.event("household.registered", said("head_name", "Grace"), household=phone.mint.next())
    assert phone.push(registered) == ["accepted"]
    asked = {"username": "promoter", "password": "wrong"}
    assert httpx.post(f"{url}/api/enrol", json=asked).status_code == 401
    assert httpx.post(f"{url}/api/enrol", json={**asked, "password": cast.PASSWORD}).status_code == 200
    for number in (77, 78):
        httpx.get(f"{url}/people/10/{number}/5")
    httpx.get(f"{url}/Amina-Otieno")
    httpx.request("BREW", f"{url}/login")
    answer = httpx.get(f"{url}/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    text = answer.text
    assert figure(text, "hodi_info", version=__version__) == 1
    by_pattern = {"method": "GET", "route": "/people/{unit}/{household}/{person}", "status": "303"}
    assert figure(text, "hodi_http_requests_total", **by_pattern) == 2
    assert figure(text, "hodi_sync_events_total", verdict="accepted") == 1
    assert figure(text, "hodi_logins_total", result="wrong_password") == 1
    assert figure(text, "hodi_logins_total", result="right") == 1
    assert figure(text, "hodi_http_request_seconds_count", route="/api/sync") == 1
    assert figure(text, "hodi_database_up") == 1
    assert "# TYPE hodi_background_items_total counter" in text, "what the background work counts"
    assert "Amina" not in text and "/77/" not in text and "BREW" not in text


def test_only_monitoring_reads_the_metrics(sqlite_store: Store, serve: Callable[..., Served]) -> None:
    url = serve(sqlite_store).url
    outside = httpx.get(f"{url}/metrics", headers={"x-forwarded-for": "203.0.113.5"})
    assert outside.status_code == 404 and "hodi_" not in outside.text
    named = serve(sqlite_store, environ={"HODI_MONITORS": "203.0.113.5"}).url
    assert httpx.get(f"{named}/metrics").status_code == 404
    assert httpx.get(f"{named}/metrics", headers={"x-forwarded-for": "203.0.113.5"}).status_code == 200


# ── the log ──


@contextlib.contextmanager
def server(store: str, log: pathlib.Path) -> Iterator[str]:
    """`python -m hodi serve` in a process of its own, its log in a file; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"HODI_STORE": store, "HODI_PORT": str(port), "PATH": os.environ["PATH"]}
    with log.open("w") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "hodi", "serve"], cwd=ROOT, env=settings, stdout=subprocess.DEVNULL,
            stderr=written,
        )  # fmt: skip
        try:
            url, until = f"http://127.0.0.1:{port}", time.monotonic() + 60
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if httpx.get(f"{url}/healthz").status_code == 200:
                        break
                assert process.poll() is None and time.monotonic() < until, log.read_text()
            yield url
        finally:
            process.terminate()
            process.wait(30)


def test_the_log_has_a_line_for_each_request_and_names_nobody(tmp_path: pathlib.Path) -> None:
    url = f"sqlite:///{tmp_path / 'hodi.db'}"
    store = open_store(url)
    now = system_clock()
    store.write_now(lambda c: cast.seat(c, now - 300 * DAY_MS))

    def tell(c: object) -> tuple[int, int]:
        story = Story(c, now)  # type: ignore[arg-type]
        home = story.household("Wanjiku")
        child = story.person(home, "Amina", "Otieno")
        falling_arm(story, home, child)
        story.fold()
        return home, child

    home, child = store.write_now(tell)
    store.close()
    with server(url, tmp_path / "log") as address:
        browser = httpx.Client(base_url=address)
        form = browser.get("/login").text
        token = re.search(r'name="csrf" value="([^"]+)"', form)
        assert token
        for password in ("wrong", cast.PASSWORD):
            fields = {"csrf": token.group(1), "username": "assistant", "password": password}
            browser.post("/login", data=fields)
        page = browser.get(f"/people/10/{home}/{child}", headers={"x-request-id": "0123456789abcdef"})
        assert page.status_code == 200 and "Amina" in page.text
        assert page.headers["x-request-id"] == "0123456789abcdef"
        assert browser.get("/board?area=Amina").headers["x-request-id"] != page.headers["x-request-id"]
        forged = browser.get(
            "/nowhere/Amina%20Otieno", headers={"x-request-id": "Amina Otieno\r\n{}".strip()[:12]}
        )
        assert "Amina" not in forged.headers["x-request-id"]
    text = (tmp_path / "log").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    requests = [line for line in lines if line["says"] == "request"]
    mine = next(line for line in requests if line["request"] == "0123456789abcdef")
    assert (mine["route"], mine["status"], mine["method"]) == (
        "/people/{unit}/{household}/{person}", 200, "GET",
    )  # fmt: skip
    assert len({line["request"] for line in requests}) == len(requests) >= 6
    for word in (*PEOPLE, str(home), str(child), "127.0.0.1"):
        assert word not in text, word


def test_an_error_in_the_log_says_where_and_not_what(
    sqlite_store: Store, serve: Callable[..., Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        try:
            raise ValueError("Key (name)=(Amina Otieno) already exists")
        except ValueError as error:
            raise RuntimeError("while reading Amina Otieno") from error

    monkeypatch.setattr("hodi.web.pages.front.page", fail)
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("hodi.web")
    monkeypatch.setattr(logger, "handlers", [handler])
    answer = httpx.get(serve(sqlite_store).url)
    assert answer.status_code == 500
    number = answer.headers["x-request-id"]
    assert number in answer.text, "the page tells the number by which the fault is found"
    failed = next(line for line in map(json.loads, written.getvalue().splitlines()) if "error" in line)
    assert (failed["request"], failed["level"], failed["route"]) == (number, "error", "/")
    assert [one["kind"] for one in failed["error"]][:2] == ["RuntimeError", "ValueError"]
    assert any("front.py" in place for place in failed["error"][0]["where"])
    assert "Amina" not in written.getvalue()
