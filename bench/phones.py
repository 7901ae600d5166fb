"""Phones without a screen: they speak contract/sync.md over HTTP and keep their token, nothing else.
Lines are made before the clock starts, so that the load costs the machine little."""

from __future__ import annotations

import dataclasses
import gzip
import http.client
import time
from collections.abc import Sequence

import msgspec

from bench.population import Promoter
from hodi.domain import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class SyncResult:
    """What one sync brought: verdicts of the pushed events, events pulled, bytes of both bodies."""

    accepted: int
    refused: int
    pulled: int
    sent: int
    received: int
    seconds: float
    token: str
    has_more: bool


class Refused(RuntimeError):
    """The server answered a sync with an error."""


class Phone:
    """One promoter's phone on a connection that stays open."""

    def __init__(self, promoter: Promoter, port: int) -> None:
        self.promoter = promoter
        self.token: str | None = None
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = {
            "Authorization": f"Bearer {promoter.token}",
            "Content-Type": "application/x-ndjson",
            "Accept-Encoding": "gzip",
        }

    def start_from_snapshot(self) -> tuple[int, float]:
        """Fetch the snapshot and take its token; its size in bytes, and seconds."""
        started = time.perf_counter()
        self._connection.request("GET", "/api/snapshot", headers=self._headers)
        response = self._connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise Refused(f"snapshot: {response.status} {content[:300]!r}")
        self.token = response.headers["Hodi-Token"]
        return len(content), time.perf_counter() - started

    def begin_now(self) -> None:
        """Sync once, page by page, until nothing is left to fetch: the token then stands at the present."""
        while self.sync().has_more:
            pass

    def sync(self, batch: bytes = b"", *, compressed: bool = True) -> SyncResult:
        """One sync: hand in a batch (see `lines`) and fetch what is new. Phones compress what they send."""
        body = self._head() + batch
        if compressed:
            body = gzip.compress(body, 1)
            self._headers["Content-Encoding"] = "gzip"
        else:
            self._headers.pop("Content-Encoding", None)
        started = time.perf_counter()
        try:
            response, content = self._post(body)
        except (ConnectionError, http.client.RemoteDisconnected):
            # An idle connection that the server has closed: a browser, too, opens another and asks again.
            self._connection.close()
            response, content = self._post(body)
        seconds = time.perf_counter() - started
        if response.status != 200:
            raise Refused(f"sync: {response.status} {content[:300]!r}")
        received = len(content)
        if response.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return self._read(content, sent=len(body), received=received, seconds=seconds)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _post(self, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
        self._connection.request("POST", "/api/sync", body, self._headers)
        response = self._connection.getresponse()
        return response, response.read()

    def _head(self) -> bytes:
        head = {
            "hodi": 1,
            "now": time.time_ns() // 1_000_000,
            "token": self.token,
            "app": "bench",
            "pack": None,
            "waiting": 0,
        }
        return msgspec.json.encode(head) + b"\n"

    def _read(self, content: bytes, *, sent: int, received: int, seconds: float) -> SyncResult:
        accepted = refused = pulled = 0
        end: dict[str, object] | None = None
        for line in content.splitlines():
            if line.startswith(b'{"event"'):
                pulled += 1
                continue
            if line.startswith(b'{"receipts"'):
                accepted, refused = line.count(b',"accepted",'), line.count(b',"refused",')
            elif line.startswith(b'{"end"'):
                end = msgspec.json.decode(line)["end"]
        if end is None:
            raise Refused("the answer was cut")
        self.token = str(end["token"])
        return SyncResult(
            accepted=accepted,
            refused=refused,
            pulled=pulled,
            sent=sent,
            received=received,
            seconds=seconds,
            token=self.token,
            has_more=bool(end["has_more"]),
        )


def lines(events: Sequence[Event]) -> bytes:
    """Events as the lines of a push."""
    return b"".join(msgspec.json.encode(event) + b"\n" for event in events)
