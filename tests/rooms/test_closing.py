"""A server that is asked to stop keeps nobody waiting who holds a request open."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from hodi.clock import system_clock
from hodi.db import Store
from tests.cast import ASSISTANT, PASSWORD, PROMOTER, seat
from tests.harness.serve import Served


def test_held_requests_are_answered_when_the_server_stops(
    sqlite_store: Store, serve: Callable[..., Served], caplog: pytest.LogCaptureFixture
) -> None:
    """A phone that waits for news is told that there is none, a live page's stream ends as it should; the
    HTTP server has nothing to cut off."""
    sqlite_store.write_now(lambda c: seat(c, system_clock()))
    served = serve(sqlite_store)
    phone = {"authorization": f"Bearer {PROMOTER.token}"}
    asked = {"hodi": 1, "now": system_clock(), "token": None, "app": "t", "pack": "t", "waiting": 0}
    with httpx.Client(base_url=served.url, timeout=30) as client, ThreadPoolExecutor() as beside:
        synced = client.post("/api/sync", content=json.dumps(asked).encode(), headers=phone)
        token = json.loads(synced.text.splitlines()[-1])["end"]["token"]
        waits = beside.submit(client.get, "/api/wait", headers={**phone, "hodi-token": token})
        form = re.search(r'name="csrf" value="([^"]+)"', client.get("/login").text)
        assert form
        client.post("/login", data={"csrf": form[1], "username": ASSISTANT.username, "password": PASSWORD})
        with client.stream("GET", "/live") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "event: changed"
            while not len(served.app.state.phones.waiting):
                time.sleep(0.01)
            assert not waits.done()
            served.stop()
            assert waits.result().json() == {"news": False}
            list(lines)  # raises if the stream was cut in the middle
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []
