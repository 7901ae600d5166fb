"""Stating something from a page and showing the page after it: the fold runs by itself a moment after
the commit, so the answer waits for it, but not for long."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from hodi import record
from hodi.db import Connection
from hodi.web.services import Services

PATIENCE_S = 1.5


async def write_and_refold(services: Services, unit: int, work: Callable[[Connection], None]) -> None:
    """Run `work` in a write, then wait until the record of `unit` is fresh. If the fold takes longer
    than PATIENCE_S the page is shown as it is; it catches up live."""
    with services.background.subscribe() as queue, contextlib.suppress(TimeoutError):
        await services.store.write(work)
        services.background.wake([unit])
        async with asyncio.timeout(PATIENCE_S):
            # What is published may be another change of the unit: the store says whether this one is folded.
            while await services.store.read(lambda c: record.is_waiting(c, unit)):
                await queue.get()
