"""A batch: what one device hands in at one moment."""

from __future__ import annotations

import dataclasses

from hodi.domain import Event


@dataclasses.dataclass(frozen=True)
class Batch:
    """Events as one device hands them in at one moment (`received_at`, ms). `waiting`: events that stay
    behind on the phone; None for a desk, which is the server's own."""

    received_at: int
    unit: int
    area: int
    account: int
    device: int
    events: tuple[Event, ...]
    waiting: int | None = 0
