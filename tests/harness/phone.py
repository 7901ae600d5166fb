"""A promoter's phone, as the server hears it: events of her device, handed in by a real sync request."""

from __future__ import annotations

import gzip
import itertools

import httpx
import msgspec

from hodi.clock import system_clock
from hodi.domain import Event, Observation
from tests import cast
from tests.harness.events import EventBuilder


class Phone:
    """The phone of `who` against the server at `url`."""

    def __init__(self, url: str, who: cast.Worker = cast.PROMOTER) -> None:
        assert who.device is not None
        self.who = who
        area = next(place for place in cast.PLACES if place.place == who.posts[0])
        assert area.parent is not None
        self._build = EventBuilder(
            unit=area.parent, area=area.place, author=who.account, device=who.device, clock=system_clock
        )
        self.mint = self._build.mint
        self._http = httpx.Client(base_url=url, headers={"authorization": f"Bearer {who.token}"})

    def event(
        self, kind: str, *observed: Observation, id_: int | None = None, **stated: int | float | str
    ) -> Event:
        """An event of now: what `stated` names is a column, or else the value of a concept."""
        return self._build.event(kind, observed, id=id_ or self.mint.next(), **stated)

    def push(self, *events: Event, waiting: int = 0) -> list[str]:
        """One sync request; gives the verdicts."""
        head = {
            "hodi": 1,
            "now": system_clock(),
            "token": None,
            "app": "test",
            "pack": None,
            "waiting": waiting,
        }
        lines = itertools.chain([msgspec.json.encode(head)], map(msgspec.json.encode, events))
        answer = self._http.post(
            "/api/sync", content=gzip.compress(b"\n".join(lines)), headers={"content-encoding": "gzip"}
        )
        answer.raise_for_status()
        for line in answer.text.splitlines():
            said = msgspec.json.decode(line)
            if "receipts" in said:
                return [receipt[1] for receipt in said["receipts"]]
        return []


def text(concept: str, value: str) -> Observation:
    """A stated text."""
    return Observation(concept=concept, text=value)


def code(concept: str, value: str) -> Observation:
    """A stated code."""
    return Observation(concept=concept, code=value)


def number(concept: str, value: float) -> Observation:
    """A stated number, day or 0/1."""
    return Observation(concept=concept, number=value)
