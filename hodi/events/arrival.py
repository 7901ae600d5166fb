"""Reading one event that arrives: its words, and the event or the reason why there is none."""

from __future__ import annotations

import msgspec

from hodi.domain import Event
from hodi.errors import Problem
from hodi.events.rules import Rules


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """What was handed in. `words` is kept if it is refused; `event` is None if it could not be read."""

    words: str
    id: int
    event: Event | None
    problem: Problem | None = None
    detail: str | None = None


def read_line(line: bytes, rules: Rules) -> Arrival:
    """Read and check one event as it travels. Never raises: what is wrong is in `problem`."""
    raise NotImplementedError


def check_event(event: Event, rules: Rules) -> Arrival:
    """Check an event that was made in this process. Never raises: what is wrong is in `problem`."""
    raise NotImplementedError
