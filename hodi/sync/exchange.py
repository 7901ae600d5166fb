"""Group commit: the pushes of several phones in one transaction of the store."""

from __future__ import annotations

from collections.abc import Callable

from hodi.access import Device
from hodi.clock import Clock
from hodi.db import Store
from hodi.domain import Receipt
from hodi.events import Rules
from hodi.sync.request import Request


class Exchange:
    """Where requests of phones meet the store. `on_append` is called after a commit that took in
    events (it wakes the clockwork)."""

    def __init__(
        self, store: Store, rules: Rules, clock: Clock, on_append: Callable[[], None] | None = None
    ) -> None:
        raise NotImplementedError

    async def push(self, device: Device, request: Request) -> list[Receipt]:
        """`push`, together with whatever else waits; returns after the commit."""
        raise NotImplementedError
