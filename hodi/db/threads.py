"""The threads of a store: work is handed to them from an event loop or by whoever waits."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Callable
from typing import TypeVar

from hodi.db.store import StoreClosed

T = TypeVar("T")


class Threads:
    """A few threads that do one piece of work after another, until they are closed."""

    def __init__(self, count: int, name: str) -> None:
        self._pool = concurrent.futures.ThreadPoolExecutor(count, thread_name_prefix=name)
        self._closed = False

    async def do(self, work: Callable[[], T]) -> T:
        """Do it on one of the threads. Raises StoreClosed."""
        return await asyncio.wrap_future(self._submit(work))

    def do_now(self, work: Callable[[], T]) -> T:
        """`do`, waiting."""
        return self._submit(work).result()

    def close(self) -> None:
        """Finish what was handed in and take in no more."""
        self._closed = True
        self._pool.shutdown()

    def _submit(self, work: Callable[[], T]) -> concurrent.futures.Future[T]:
        if self._closed:
            raise StoreClosed
        try:
            return self._pool.submit(work)
        except RuntimeError as error:  # closed a moment ago, or the interpreter is ending
            raise StoreClosed from error
