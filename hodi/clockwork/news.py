"""Who is told when something is fresh: pages that listen here, at once, and the other processes on the
same database, which tell the pages that listen there."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Iterator

from hodi.db import Announced, Store, StoreClosed

GATHER_S = 0.1
"""What comes this close together is told to the other processes as one."""
_AGAIN_S = 2.0

_log = logging.getLogger(__name__)


class News:
    """News of units. Belongs to the event loop that starts it; also works, in this process alone, when it
    was not started."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queues: set[asyncio.Queue[Announced]] = set()
        self._untold: set[int] = set()
        self._wake = asyncio.Event()
        self._telling = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to tell the other processes, and to hear them."""
        self._tasks = [
            asyncio.create_task(self._keep_telling(), name="tell"),
            asyncio.create_task(self._keep_hearing(), name="hear"),
        ]

    async def stop(self) -> None:
        """Tell what is still to be told, then stop."""
        async with self._telling:
            for task in self._tasks:
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._tasks:
            with contextlib.suppress(Exception):  # the others look for themselves when a page is opened
                await self._tell()
        self._tasks = []

    def announce(self, units: Iterable[int]) -> None:
        """What pages show of these units has changed."""
        fresh = frozenset(units)
        self._spread(fresh)
        self._untold |= fresh
        self._wake.set()

    @contextlib.contextmanager
    def listen(self) -> Iterator[asyncio.Queue[Announced]]:
        """A queue of what is announced, here or by another process."""
        queue: asyncio.Queue[Announced] = asyncio.Queue()
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    def _spread(self, announced: Announced) -> None:
        for queue in tuple(self._queues):
            queue.put_nowait(announced)

    async def _keep_telling(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER_S)
            self._wake.clear()
            try:
                async with self._telling:
                    await self._tell()
            except StoreClosed:
                return
            except Exception as error:
                _log.warning("cannot tell other processes yet: %s", type(error).__name__)
                await asyncio.sleep(_AGAIN_S)
                self._wake.set()

    async def _tell(self) -> None:
        units, self._untold = self._untold, set()
        try:
            await self._store.announce(units)
        except Exception:
            self._untold |= units
            raise

    async def _keep_hearing(self) -> None:
        async for announced in self._store.announcements():
            self._spread(announced)
