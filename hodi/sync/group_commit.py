"""Group commit: the pushes of several phones in one transaction of the store.

A commit costs the same for one batch as for twenty, so whatever waits while a commit runs goes into
the next one together. If such a group fails, its batches are taken in one by one: a batch that cannot
be taken in spoils no other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

import msgspec

from hodi.access import Device
from hodi.clock import Clock
from hodi.db import Connection, Store
from hodi.domain import Receipt
from hodi.errors import STORE_BUSY, HodiError
from hodi.events import Arrival, Rules
from hodi.sync.push import push, require_clock
from hodi.sync.request import Request, read_arrivals

GROUP_EVENTS_MAX = 4_000
QUEUE_MAX = 256
READ_AT_ONCE_MAX = 100

Outcome = list[Receipt] | Exception


class _Waiting(msgspec.Struct, kw_only=True):
    device: Device
    request: Request
    arrivals: list[Arrival]
    done: asyncio.Future[list[Receipt]]


class GroupCommit:
    """Where the requests of phones meet the store. `on_append` is called after a commit that took in
    events, with the units of the phones that handed them in (it wakes the background work). Belongs to one
    event loop."""

    def __init__(
        self,
        store: Store,
        rules: Rules,
        clock: Clock,
        on_append: Callable[[Iterable[int]], None] | None = None,
    ) -> None:
        self._store = store
        self._rules = rules
        self._clock = clock
        self._on_append = on_append
        self._queue: list[_Waiting] = []
        self._writers: set[asyncio.Task[None]] = set()
        # SQLite has one writer; PostgreSQL a few, so two groups can be under way.
        self._writers_max = 1 if store.engine == "sqlite" else 2

    async def push(self, device: Device, request: Request) -> list[Receipt]:
        """`push`, together with whatever else waits; returns after the commit. Raises CLOCK_WRONG,
        DAY_FULL, and STORE_BUSY when too many wait."""
        if len(self._queue) >= QUEUE_MAX:
            raise HodiError(STORE_BUSY, "queue")
        require_clock(request.head, self._clock())
        arrivals = await self._read(request)
        done: asyncio.Future[list[Receipt]] = asyncio.get_running_loop().create_future()
        self._queue.append(_Waiting(device=device, request=request, arrivals=arrivals, done=done))
        if len(self._writers) < self._writers_max:
            writer = asyncio.create_task(self._drain())
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)
        return await done

    async def _read(self, request: Request) -> list[Arrival]:
        """The events of a request; a long one is read on a thread, so that others do not wait for it."""
        if len(request.lines) <= READ_AT_ONCE_MAX:
            return read_arrivals(request, self._rules)
        return await asyncio.to_thread(read_arrivals, request, self._rules)

    async def _drain(self) -> None:
        while self._queue:
            group = self._next_group()
            outcomes = await self._take_in(group)
            for waiting, outcome in zip(group, outcomes, strict=True):
                if waiting.done.done():  # the phone has gone; its batch stands
                    continue
                if isinstance(outcome, Exception):
                    waiting.done.set_exception(outcome)
                else:
                    waiting.done.set_result(outcome)
            units = {
                waiting.device.unit
                for waiting, outcome in zip(group, outcomes, strict=True)
                if _has_changes(outcome)
            }
            if self._on_append is not None and units:
                self._on_append(units)

    def _next_group(self) -> list[_Waiting]:
        """What waits, as far as a transaction of moderate size reaches."""
        events = count = 0
        for waiting in self._queue:
            if count and events + len(waiting.arrivals) > GROUP_EVENTS_MAX:
                break
            events += len(waiting.arrivals)
            count += 1
        group, self._queue = self._queue[:count], self._queue[count:]
        return group

    async def _take_in(self, group: Sequence[_Waiting]) -> Sequence[Outcome]:
        order = sorted(range(len(group)), key=lambda place: _lock_order(group[place].device))
        outcomes: list[Outcome] = [[] for _ in group]
        try:
            taken = await self._store.write(lambda c: [self._push(c, group[place]) for place in order])
            for place, receipts in zip(order, taken, strict=True):
                outcomes[place] = receipts
        except Exception:
            for place in order:
                outcomes[place] = await self._push_singly(group[place])
        return outcomes

    async def _push_singly(self, waiting: _Waiting) -> Outcome:
        try:
            return await self._store.write(lambda connection: self._push(connection, waiting))
        except Exception as error:
            return error

    def _push(self, connection: Connection, waiting: _Waiting) -> list[Receipt]:
        return push(
            connection,
            waiting.device,
            waiting.request,
            now=self._clock(),
            rules=self._rules,
            arrivals=waiting.arrivals,
        )


def _lock_order(device: Device) -> tuple[int, int]:
    """Two groups take units and devices in the same order, so that neither waits for the other: not even
    where one phone has two requests at once."""
    return device.unit, device.device


def _has_changes(outcome: Outcome) -> bool:
    return not isinstance(outcome, Exception) and any(receipt.verdict == "accepted" for receipt in outcome)
