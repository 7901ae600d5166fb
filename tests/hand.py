"""A worker's hand: states events the way a phone does, with ids and stamps of its own."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from hodi.access import device_by_token
from hodi.config import ROOT
from hodi.db import Store
from hodi.domain import Event, IdMint, Observation, Receipt, Stamper, day_of
from hodi.events import load_rules
from hodi.sync import pull, push, read_request
from tests.cast import PLACES, REACH, ZONE, Worker

NOW = 1_780_000_000_000
"""Some instant in May 2026; the tests' time begins here."""

RULES = load_rules(ROOT / "content" / "kenya")


def says(**values: float | str) -> tuple[Observation, ...]:
    """Observations by concept: as a number, a code or a text, whichever the concept holds."""
    stated = []
    for concept, value in values.items():
        listed = RULES.concepts.get(concept)
        holds = listed.holds if listed else "number" if isinstance(value, int | float) else "text"
        stated.append(Observation(**{"concept": concept, holds: value}))
    return tuple(stated)


class Hand:
    """Writes for one worker on her phone. `now` moves by a second with every event."""

    def __init__(self, worker: Worker, now: int = NOW) -> None:
        assert worker.device is not None
        self.worker = worker
        self.now = now
        self.area = worker.posts[0]
        self.unit = next(place.parent for place in PLACES if place.place == self.area) or 0
        self.mint = IdMint(worker.device)
        self.stamper = Stamper()

    def event(self, kind: str, observations: Iterable[Observation] = (), **columns: object) -> Event:
        """An event now, with what is given; everything else is as her phone would have it."""
        self.now += 1_000
        stated: dict[str, object] = {
            "unit": self.unit,
            "id": self.mint.next(),
            "kind": kind,
            "area": self.area,
            "occurred_at": self.now,
            "recorded_at": self.now,
            "stamp": self.stamper.next(self.now),
            "author": self.worker.account,
            "device": self.worker.device,
            "observations": tuple(observations),
            **columns,
        }
        stated.setdefault("occurred_day", day_of(int(str(stated["occurred_at"])), ZONE))
        return msgspec.convert(stated, Event)

    def household(self, household: int | None = None) -> tuple[int, Event]:
        """A new household and its registration."""
        number = household or self.mint.next()
        return number, self.event("household.registered", says(head_name="Mkuu"), household=number)

    def member(self, household: int) -> tuple[int, Event]:
        """A new member of a household."""
        person = self.mint.next()
        stated = says(given_name="Mtoto", sex="female", birth_day=20_000)
        return person, self.event("person.registered", stated, household=household, person=person)

    def visit(self, household: int, **values: float | str) -> Event:
        """A call at a household."""
        id_ = self.mint.next()
        return self.event(
            "visit.made", says(visit_outcome="done", **values), household=household, id=id_, visit=id_
        )

    def assessment(self, household: int, person: int, **values: float | str) -> Event:
        """An assessment of a member."""
        return self.event(
            "assessment.recorded", says(**values), household=household, person=person, form="under_five",
            form_version=1,
        )  # fmt: skip

    def move(self, household: int, unit: int, area: int) -> Event:
        """A household goes to live elsewhere."""
        return self.event("household.moved", says(to_unit=unit, to_area=area), household=household)


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
