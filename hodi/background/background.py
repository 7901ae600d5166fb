"""Keeps the consumers going: one task each, woken by `wake` or by time, with back-off after a failure.

An item that cannot be processed holds up no other: a failing batch is halved until the item is found, which
is then set aside, visibly, and tried again later. What may pass by itself (a lost connection, a full disk)
only makes the consumer wait.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager

from hodi.background import consumers, deliver, metrics, poison
from hodi.background.changes import Changes
from hodi.background.consumer import Consumer, Context, Done, Item, WorkFailed, run_batch
from hodi.clock import Clock, system_clock
from hodi.content import Pack
from hodi.db import Changed, Store, StoreClosed
from hodi.exchange import SENDERS, Sender

DELIVER_POLL_S = 5.0
BUSY_POLL_S = 0.05
"""How soon to look again at units that another process is at."""
BACK_OFF_S = (0.5, 300.0)
_BATCHES_AT_ONCE = {"sqlite": 1, "postgres": 2}

_log = logging.getLogger(__name__)


@dataclasses.dataclass(kw_only=True)
class _State:
    """What a process remembers of a consumer: where it goes on, how much at a time, and what fails."""

    items_max: int = 0
    last: Item | None = None
    failures: int = 0
    error: str = ""
    processed: int = 0
    aside: Mapping[Item, poison.Poisoned] = dataclasses.field(default_factory=dict)
    wake: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)


class Background:
    """Everything that happens by itself in one process. Belongs to the event loop that starts it."""

    def __init__(
        self,
        store: Store,
        pack: Pack,
        *,
        clock: Clock = system_clock,
        consumers: tuple[Consumer, ...] = consumers.CONSUMERS,
        senders: Mapping[str, Sender] = SENDERS,
    ) -> None:
        self.holder = secrets.token_hex(8)
        self._store = store
        self._pack = pack
        self._clock = clock
        self._consumers = consumers
        self._senders = senders
        self._states = {one.name: _State(items_max=one.items_max) for one in consumers}
        self._states[deliver.NAME] = _State()
        self._changes = Changes(store)
        self._tasks: list[asyncio.Task[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False
        self._working = asyncio.Semaphore(_BATCHES_AT_ONCE[store.engine])

    async def start(self) -> None:
        """Begin. What waits from an earlier run is taken up at once."""
        self._loop = asyncio.get_running_loop()
        self._stopping = False
        await self._store.write(lambda c: consumers.prepare(c, self._pack.folder))
        await self._changes.start()
        self._tasks = [
            asyncio.create_task(
                self._keep_going(one.name, self._batch_of(one), one.poll_s, one.pause_s, one.gather_s),
                name=one.name,
            )
            for one in self._consumers
        ]
        if self._senders:
            delivering = self._keep_going(deliver.NAME, self._deliver, DELIVER_POLL_S)
            self._tasks.append(asyncio.create_task(delivering, name=deliver.NAME))

    async def stop(self) -> None:
        """Finish the batches in hand, then stop. Call it before the store is closed."""
        self._stopping = True
        for state in self._states.values():
            state.wake.set()
        for task in self._tasks:
            if task.get_name() == deliver.NAME:  # a partner may be slow; what is not answered is sent again
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await self._changes.stop()

    def wake(self, units: Iterable[int] | None = None) -> None:
        """Events were appended: do not wait for the next round. May be called from any thread. This process
        takes them up; the others on the same database would find them within the consumers' `poll_s`."""
        del units  # the store says it better
        if self._loop is not None and not self._loop.is_closed():
            names = [one.name for one in self._consumers if one.woken_by_append]
            self._loop.call_soon_threadsafe(self._wake, names)

    def publish(self, units: Iterable[int]) -> None:
        """Something that pages show of these units changed without a fold: a phone has synced."""
        self._changes.publish(units)

    def subscribe(self) -> AbstractContextManager[asyncio.Queue[Changed]]:
        """A queue of the units whose record or signals have just become fresh, or that were published, in
        any process on the database; None when all should be looked at."""
        return self._changes.subscribe()

    async def run_until_idle(self) -> None:
        """Return when nothing waits any more, what was set aside excepted. Works whether or not the
        background work was started."""
        await self._store.write(lambda c: consumers.prepare(c, self._pack.folder))
        for work in (*map(self._batch_of, self._consumers), self._deliver):
            while await work():
                pass

    def health(self) -> dict[str, object]:
        """State of each consumer. `ok` is False while one is failing; what was set aside is named by
        number."""
        failing = {
            name: f"{state.error} ({state.failures} times)"
            for name, state in self._states.items()
            if state.failures
        }
        set_aside = [
            {"consumer": name, "unit": unit, "item": item, "error": one.error, "failures": one.failures}
            for name, state in self._states.items()
            for (unit, item), one in sorted(state.aside.items())
        ]
        return {
            "ok": not failing,
            "failing": failing,
            "set_aside": set_aside,
            "processed": {one.name: self._states[one.name].processed for one in self._consumers},
            "running": sum(not task.done() for task in self._tasks),
        }

    def _wake(self, names: Iterable[str]) -> None:
        for name in names:
            self._states[name].wake.set()

    async def _keep_going(
        self,
        name: str,
        work: Callable[[], Awaitable[bool]],
        poll_s: float,
        pause_s: float = 0.0,
        gather_s: float = 0.0,
    ) -> None:
        state, loop = self._states[name], asyncio.get_running_loop()
        while not self._stopping:
            began = loop.time()
            try:
                more = await work()
                state.failures = 0
            except StoreClosed:
                return
            except Exception as error:
                state.failures += 1
                state.error = type(error.__cause__ or error).__name__
                metrics.failures.labels(name).inc()
                wait_s = min(BACK_OFF_S[0] * 2.0 ** min(state.failures - 1, 20), BACK_OFF_S[1])
                _log.exception("the consumer %s failed; it tries again in %.0f s", name, wait_s)
                await self._wait(state, wait_s, early=False)
                continue
            if more and pause_s:
                await self._wait(state, pause_s, early=False)
            elif more:
                await asyncio.sleep(0)
            else:
                await self._wait(state, poll_s)
                rest_s = began + gather_s - loop.time()
                if rest_s > 0:
                    await self._wait(state, rest_s, early=False)

    async def _wait(self, state: _State, seconds: float, *, early: bool = True) -> None:
        """Wait for a wake or for the time; after a failure (not `early`) only a stop ends it before."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await state.wake.wait()
                while not (early or self._stopping):
                    state.wake.clear()
                    await state.wake.wait()
        state.wake.clear()

    def _batch_of(self, consumer: Consumer) -> Callable[[], Awaitable[bool]]:
        async def batch() -> bool:
            return await self._run(consumer)

        return batch

    async def _run(self, consumer: Consumer) -> bool:
        """One batch; whether to go on at once."""
        state = self._states[consumer.name]
        async with self._working:
            context = Context(pack=self._pack, now=self._clock())
            try:
                done, state.aside = await self._store.write(
                    lambda c: (
                        run_batch(
                            c,
                            consumer,
                            context,
                            holder=self.holder,
                            items_max=state.items_max,
                            after=state.last,
                        ),
                        poison.load(c, consumer.name),
                    )
                )
            except WorkFailed as error:
                await self._narrow(consumer, error, context.now)
                return True
        state.items_max = min(consumer.items_max, state.items_max * 2)
        state.last = done.last
        state.processed += len(done.items)
        metrics.processed.labels(consumer.name).inc(len(done.items))
        metrics.set_aside.labels(consumer.name).set(len(state.aside))
        if done.items and consumer.publishes:
            self._changes.publish(done.units)
        if done.items:
            self._wake(consumer.wakes)
        if done.busy and not done.items:
            await asyncio.sleep(BUSY_POLL_S)
        return done.more or done.busy

    async def _narrow(self, consumer: Consumer, error: WorkFailed, now: int) -> None:
        """Halve the batch, or set the item aside that failed alone."""
        metrics.failures.labels(consumer.name).inc()
        if len(error.items) > 1:
            self._states[consumer.name].items_max = max(1, len(error.items) // 2)
            return
        (item,) = error.items
        await self._store.write(lambda c: poison.set_aside(c, consumer.name, item, error, now=now))
        _log.error(
            "%s: item %d of unit %d fails and is set aside", consumer.name, item[1], item[0], exc_info=error
        )

    async def _deliver(self) -> bool:
        return await deliver.deliver(self._store, self._senders, holder=self.holder, clock=self._clock)


def run_now(store: Store, pack: Pack, consumer: Consumer, *, clock: Clock = system_clock) -> Iterator[Done]:
    """Work off what waits for a consumer, batch by batch, outside an event loop: for the command line. A
    failure ends it."""
    holder = secrets.token_hex(8)
    done = Done(more=True)
    while done.more or done.busy:
        context = Context(pack=pack, now=clock())
        batch = functools.partial(
            run_batch, consumer=consumer, context=context, holder=holder, after=done.last
        )
        done = store.write_now(batch)
        yield done
