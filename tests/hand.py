"""A worker's hand: states events the way a phone does, with ids and stamps of its own."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from hodi.access import device_by_token
from hodi.db import Store
from hodi.domain import Event, Receipt
from hodi.sync import pull, push, read_request
from tests.cast import PLACES, REACH, Worker
from tests.harness.events import IN_KENYA, EventBuilder

NOW = 1_780_000_000_000
"""Some instant in May 2026; the tests' time begins here."""

RULES = IN_KENYA.rules


class Hand(EventBuilder):
    """Writes for one worker on her phone. `now` moves by a second with every event."""

    def __init__(self, worker: Worker, now: int = NOW) -> None:
        assert worker.device is not None
        area = worker.posts[0]
        unit = next(place.parent for place in PLACES if place.place == area) or 0
        super().__init__(
            unit=unit, area=area, author=worker.account, device=worker.device, clock=self._next_second
        )
        self.now = now

    def move(self, household: int, unit: int, area: int) -> Event:
        """A household goes to live elsewhere."""
        return self.event("household.moved", household=household, to_unit=unit, to_area=area)

    def _next_second(self) -> int:
        self.now += 1_000
        return self.now


def body_of(head: Mapping[str, object], lines: Iterable[Event | bytes], now: int) -> bytes:
    """The body of a sync request, not packed."""
    first = json.dumps(
        {"hodi": 1, "now": now, "token": None, "app": "test", "pack": "test", "waiting": 0, **head}
    )
    rest = [line if isinstance(line, bytes) else msgspec.json.encode(line) for line in lines]
    return b"\n".join([first.encode(), *rest])


def packed(body: bytes) -> bytes:
    """Gzipped, as it travels."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()


class Answer:
    """What a phone reads in the answer to a sync."""

    def __init__(self, text: bytes) -> None:
        self.lines: list[dict[str, object]] = [json.loads(line) for line in text.splitlines()]
        self.receipts = [Receipt(*row) for row in self._first("receipts", [])]
        self.events = [msgspec.convert(line["event"], Event) for line in self.lines if "event" in line]
        self.left = sorted({one for line in self.lines for one in line.get("left", ())})  # type: ignore[attr-defined]
        self.households = self._first("households", None)
        self.scope = self._first("scope", None)
        self.end = self._first("end", {})
        self.token = self.end.get("token")

    def _first(self, name: str, missing: object) -> object:
        return next((line[name] for line in self.lines if name in line), missing)

    @property
    def ids(self) -> list[int]:
        """Ids of the events, in order."""
        return [event.id for event in self.events]


def sync(
    store: Store,
    worker: Worker,
    lines: Sequence[Event | bytes] = (),
    *,
    now: int = NOW,
    phone_now: int | None = None,
    **head: object,
) -> Answer:
    """One sync of a worker's phone, without HTTP. `now` is the server's time; `phone_now` the phone's."""
    device = store.read_now(lambda c: device_by_token(c, worker.token))
    request = read_request(body_of(head, lines, now if phone_now is None else phone_now), gzipped=False)
    receipts = store.write_now(lambda c: push(c, device, request, now=now, rules=RULES))
    return Answer(
        store.read_now(lambda c: b"".join(pull(c, device, request, receipts, now=now, reach=REACH)))
    )
