"""The end of a process, told to those who hold a request open: each answers at once, so that a restart makes
no phone and no page wait."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator


class Closing:
    """Whether the process has been asked to stop. Belongs to its event loop."""

    def __init__(self) -> None:
        self._begun = asyncio.Event()
        self._called: set[Callable[[], None]] = set()

    @property
    def has_begun(self) -> bool:
        """True from the moment the process is asked to stop."""
        return self._begun.is_set()

    def begin(self) -> None:
        """Take no more waits, and end those that are held."""
        self._begun.set()
        for let_go in list(self._called):
            let_go()

    def calls(self, let_go: Callable[[], None]) -> None:
        """Call `let_go` when the process is asked to stop; at once if it has been."""
        self._called.add(let_go)
        if self.has_begun:
            let_go()

    @contextlib.contextmanager
    def calls_within(self, let_go: Callable[[], None]) -> Iterator[None]:
        """The same, while the block runs."""
        self.calls(let_go)
        try:
            yield
        finally:
            self._called.discard(let_go)

    async def rest(self, seconds: float) -> None:
        """Sleep, but no longer than until the process is asked to stop."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._begun.wait(), seconds)
