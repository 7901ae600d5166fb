"""The one front door."""

from __future__ import annotations

from collections.abc import Sequence

from hodi.db import Connection
from hodi.domain import Event, Receipt
from hodi.events.arrival import Arrival
from hodi.events.rules import Rules


def append(connection: Connection, events: Sequence[Event], *, now: int, rules: Rules) -> list[Receipt]:
    """State events in the ledger: one receipt each, in the same order. `now` is the server's time, in
    ms. Give at most a few thousand at a time, in one `store.write`."""
    raise NotImplementedError


def take_in(
    connection: Connection, arrivals: Sequence[Arrival], *, now: int, rules: Rules,
    unit: int | None = None, device: int | None = None,
) -> list[Receipt]:
    """`append` for events that were read and judged before; `unit` and `device` name the sender in
    the quarantine."""
    raise NotImplementedError
