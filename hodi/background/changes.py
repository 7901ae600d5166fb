"""Publish and subscribe: which units have changed, for the pages that wait in this process, at once, and
for those of the other processes on the same database, by the store's notifications."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Iterator

from hodi.db import Changed, Store, StoreClosed

BATCH_S = 0.1
"""Changes that come this close together go to the other processes as one notification."""
_RETRY_S = 2.0

_log = logging.getLogger(__name__)


class Changes:
    """Changed units. Belongs to the event loop that starts it; also works, in this process alone, when it
    was not started."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._subscribers: set[asyncio.Queue[Changed]] = set()
        self._unsent: set[int] = set()
        self._wake = asyncio.Event()
        self._sending = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to notify the other processes, and to receive their notifications."""
        self._tasks = [
            asyncio.create_task(self._keep_sending(), name="notify"),
            asyncio.create_task(self._keep_receiving(), name="subscribe"),
        ]

    async def stop(self) -> None:
        """Send what is unsent, then stop."""
        async with self._sending:
            for task in self._tasks:
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._tasks:
            with contextlib.suppress(Exception):  # the others read the store when a page is opened
                await self._send()
        self._tasks = []

    def publish(self, units: Iterable[int]) -> None:
        """What pages show of these units has changed."""
        changed = frozenset(units)
        self._deliver(changed)
        self._unsent |= changed
        self._wake.set()

    @contextlib.contextmanager
    def subscribe(self) -> Iterator[asyncio.Queue[Changed]]:
        """A queue of what is published, here or by another process."""
        queue: asyncio.Queue[Changed] = asyncio.Queue()
        self._subscribers.add(queue)
        try:
            yield queue
        finally:
            self._subscribers.discard(queue)

    def _deliver(self, changed: Changed) -> None:
        for queue in tuple(self._subscribers):
            queue.put_nowait(changed)

    async def _keep_sending(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(BATCH_S)
            self._wake.clear()
            try:
                async with self._sending:
                    await self._send()
            except StoreClosed:
                return
            except Exception as error:
                _log.warning("cannot notify other processes yet: %s", type(error).__name__)
                await asyncio.sleep(_RETRY_S)
                self._wake.set()

    async def _send(self) -> None:
        units, self._unsent = self._unsent, set()
        try:
            await self._store.notify(units)
        except Exception:
            self._unsent |= units
            raise

    async def _keep_receiving(self) -> None:
        async for changed in self._store.notifications():
            self._deliver(changed)
