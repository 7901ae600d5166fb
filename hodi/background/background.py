"""Keeps the consumers going: one task each, woken by `wake` or by time, with back-off after a failure.

A household that cannot be folded blocks no other: a failing batch is halved until the household is
found, which is then left aside, visibly, and tried again later. What may pass by itself (a lost
connection, a full disk) only makes the consumer wait.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractContextManager

from hodi.background import consumers
from hodi.background.changes import Changes
from hodi.background.consumers import FOLD_HOUSEHOLDS_MAX, Done
from hodi.clock import Clock, system_clock
from hodi.content import Pack
from hodi.db import Changed, Store, StoreClosed
from hodi.record import FoldFailed, Household, load_record_schema
from hodi.signals import load_rules

FOLD_POLL_S = 1.0
TURN_POLL_S = 20.0
_BACK_OFF_S = (0.5, 300.0)
_ASIDE_BACK_OFF_S = (60.0, 3600.0)

_log = logging.getLogger(__name__)


@dataclasses.dataclass(kw_only=True)
class _Failure:
    """A failure that is being waited out. `says` names the kind of error, never anybody's data."""

    times: int = 0
    says: str = ""
    until_ms: int = 0

    def note(self, error: BaseException, now: int, bounds_s: tuple[float, float]) -> float:
        """One more; gives how long to wait, in seconds."""
        self.times += 1
        cause = error.__cause__ or error
        self.says = type(cause).__name__
        wait_s = min(bounds_s[0] * 2.0 ** min(self.times - 1, 20), bounds_s[1])
        self.until_ms = now + int(wait_s * 1000)
        return wait_s


class Background:
    """Everything that happens by itself in one process. Belongs to the event loop that starts it."""

    def __init__(self, store: Store, pack: Pack, *, clock: Clock = system_clock) -> None:
        self._store = store
        self._pack = pack
        self._schema = load_record_schema(pack.folder)
        self._rules = load_rules(pack.folder)
        self._clock = clock
        self._households_max = FOLD_HOUSEHOLDS_MAX
        self._aside: dict[Household, _Failure] = {}
        self._failures: dict[str, _Failure] = {}
        self._folded = 0
        self._changes = Changes(store)
        self._last: Household | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._working = asyncio.Lock()

    async def start(self) -> None:
        """Begin. What waits from an earlier run is taken up at once."""
        self._loop = asyncio.get_running_loop()
        await self._store.write(lambda c: consumers.prepare(c, self._schema))
        await self._changes.start()
        self._tasks = [
            asyncio.create_task(self._keep_going("fold", self._fold_once, FOLD_POLL_S), name="fold"),
            asyncio.create_task(self._keep_going("day", self._turn_day, TURN_POLL_S), name="day"),
            asyncio.create_task(self._keep_going("hour", self._turn_hour, TURN_POLL_S), name="hour"),
        ]

    async def stop(self) -> None:
        """Finish the piece of work in hand, then stop. Call it before the store is closed."""
        async with self._working:
            for task in self._tasks:
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await self._changes.stop()

    def wake(self, units: Iterable[int] | None = None) -> None:
        """Events were appended: do not wait for the next round. May be called from any thread. This process
        folds them; the others on the same database would find them within FOLD_POLL_S."""
        del units  # the queue in the store says it better
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    def publish(self, units: Iterable[int]) -> None:
        """Something that pages show of these units changed without a fold: a phone has synced."""
        self._changes.publish(units)

    def subscribe(self) -> AbstractContextManager[asyncio.Queue[Changed]]:
        """A queue of the units whose record or signals have just become fresh, or that were announced, in
        any process on the database; None when all should be looked at."""
        return self._changes.subscribe()

    async def run_until_idle(self) -> None:
        """Return when nothing waits any more (households left aside excepted) and the turns are through.
        Works whether or not the background was started."""
        await self._store.write(lambda c: consumers.prepare(c, self._schema))
        for work in (self._fold_once, self._turn_day, self._turn_hour):
            while await work():
                pass

    def health(self) -> dict[str, object]:
        """State of each consumer. `ok` is False while one is failing; households left aside are named
        by number."""
        failing = {name: f"{one.says} ({one.times} times)" for name, one in self._failures.items()}
        aside = [
            {"unit": unit, "household": household, "error": one.says, "times": one.times}
            for (unit, household), one in sorted(self._aside.items())
        ]
        return {
            "ok": not failing,
            "failing": failing,
            "aside": aside,
            "households_folded": self._folded,
            "running": sum(not task.done() for task in self._tasks),
        }

    async def _keep_going(self, name: str, work: Callable[[], Awaitable[bool]], poll_s: float) -> None:
        while True:
            try:
                more = await work()
                self._failures.pop(name, None)
            except StoreClosed:
                return
            except Exception as error:
                failure = self._failures.setdefault(name, _Failure())
                wait_s = failure.note(error, self._clock(), _BACK_OFF_S)
                _log.exception("the consumer %s failed; it tries again in %.0f s", name, wait_s)
                await asyncio.sleep(wait_s)
                continue
            if more:
                await asyncio.sleep(0)
            elif name == "fold":
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), poll_s)
                self._wake.clear()
            else:
                await asyncio.sleep(poll_s)

    async def _fold_once(self) -> bool:
        async with self._working:
            now = self._clock()
            aside = {household for household, one in self._aside.items() if one.until_ms > now}
            households_max = self._households_max
            try:
                done = await self._store.write(
                    lambda c: consumers.fold(
                        c,
                        self._schema,
                        self._rules,
                        households_max=households_max,
                        aside=aside,
                        after=self._last,
                        now=now,
                        utc_offset_min=self._pack.utc_offset_min,
                    )
                )
            except FoldFailed as error:
                self._narrow(error, now)
                return True
            self._households_max = min(FOLD_HOUSEHOLDS_MAX, households_max * 2)
            self._folded += len(done.households)
            self._last = done.last
            for household in done.households & self._aside.keys():
                del self._aside[household]
            return self._publish(done)

    def _narrow(self, error: FoldFailed, now: int) -> None:
        """Halve the batch, or put the household aside that failed alone."""
        if len(error.households) > 1:
            self._households_max = max(1, len(error.households) // 2)
            return
        (household,) = error.households
        failure = self._aside.setdefault(household, _Failure())
        failure.note(error, now, _ASIDE_BACK_OFF_S)
        _log.error("household %d of unit %d cannot be folded", household[1], household[0], exc_info=error)

    async def _turn_day(self) -> bool:
        return await self._turn("day")

    async def _turn_hour(self) -> bool:
        return await self._turn("hour")

    async def _turn(self, which: str) -> bool:
        async with self._working:
            now = self._clock()
            done = await self._store.write(
                lambda c: consumers.turn(
                    c,
                    self._rules,
                    "day" if which == "day" else "hour",
                    now=now,
                    utc_offset_min=self._pack.utc_offset_min,
                )
            )
            return self._publish(done)

    def _publish(self, done: Done) -> bool:
        if done.units:
            self._changes.publish(done.units)
        return done.more
