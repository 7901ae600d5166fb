"""Phones that wait for urgent news, such as a referral's outcome, while their screen is on: each by a request
that is held. Nothing is sent but that there is something; the phone then syncs as ever.

A waiting phone costs a task and an entry in a table in memory. The database is asked once when it begins to
wait, and then, for all phones that wait in this process together, when a unit has changed, or every few
seconds where a notification was lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager

import msgspec

from hodi.access import Device
from hodi.db import Changed, Connection, Store, load_queries
from hodi.errors import STORE_BUSY, HodiError
from hodi.events import LIMITS, id_set
from hodi.sync.token import epoch_of, unseal

WAITING_MAX = 20_000
LOOK_EVERY_S = 5.0
GATHER_S = 0.1
"""Changes that come this close together are looked at once."""

_sql = load_queries(__file__)
_log = logging.getLogger(__name__)

Area = tuple[int, int]


class _Waiting(msgspec.Struct, kw_only=True, eq=False):
    area: Area
    pos: int
    news: asyncio.Future[bool]


class WaitingPhones:
    """The phones that wait in one process. Belongs to one event loop. `subscribe` gives a queue of the units
    that have changed, in any process on the database."""

    def __init__(
        self, store: Store, subscribe: Callable[[], AbstractContextManager[asyncio.Queue[Changed]]]
    ) -> None:
        self._store = store
        self._subscribe = subscribe
        self._waiting: dict[int, _Waiting] = {}
        self._follower: asyncio.Task[None] | None = None
        self._ended = False

    def __len__(self) -> int:
        return len(self._waiting)

    def end(self) -> None:
        """The process stops: who waits is told that there is nothing, and asks the next one."""
        self._ended = True
        for one in self._waiting.values():
            if not one.news.done():
                one.news.set_result(False)

    async def wait(self, device: Device, token: str | None, *, seconds: float | None = None) -> bool:
        """True as soon as there is urgent news after the position of `token`, or the token is one to start
        over from; False if there was none in time, or the process stops. A phone that asks again ends its
        earlier wait. Raises STORE_BUSY when too many wait."""
        if len(self._waiting) >= WAITING_MAX:
            raise HodiError(STORE_BUSY, "waiting")
        held = await self._store.read(lambda c: _held(c, device, token))
        if held is None:
            return True
        if self._ended:
            return False
        earlier = self._waiting.get(device.device)
        if earlier is not None and not earlier.news.done():
            earlier.news.set_result(False)
        news: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        one = _Waiting(area=(device.unit, device.area), pos=held, news=news)
        self._waiting[device.device] = one
        if self._follower is None or self._follower.done():
            self._follower = asyncio.create_task(self._follow(), name="waiting phones")
        try:
            await self._look({device.unit}, only=one)  # what came before it stood in the table
            with contextlib.suppress(TimeoutError):
                limit = LIMITS.wait_max_ms / 1000 if seconds is None else seconds
                return await asyncio.wait_for(news, limit)
            return False
        finally:
            if self._waiting.get(device.device) is one:
                del self._waiting[device.device]

    async def _follow(self) -> None:
        """Look whenever something has changed, as long as anybody waits."""
        with self._subscribe() as queue:
            while self._waiting:
                units: Changed = None
                with contextlib.suppress(TimeoutError):
                    units = await asyncio.wait_for(queue.get(), LOOK_EVERY_S)
                    await asyncio.sleep(GATHER_S)
                    while units is not None and not queue.empty():
                        more = queue.get_nowait()
                        units = None if more is None else units | more
                try:
                    await self._look(units)
                except Exception as error:  # the store is away: the phones ask again, and later we too
                    _log.warning("cannot look for urgent news yet: %s", type(error).__name__)
                    await asyncio.sleep(LOOK_EVERY_S)

    async def _look(self, units: Collection[int] | None, *, only: _Waiting | None = None) -> None:
        """Tell those for whom there is something; `units` None = in all of them."""
        asked = [only] if only is not None else list(self._waiting.values())
        asked = [one for one in asked if units is None or one.area[0] in units]
        areas = {one.area for one in asked}
        if not areas:
            return
        latest = await self._store.read(lambda c: _latest_urgent(c, areas))
        for one in asked:
            if latest.get(one.area, 0) > one.pos and not one.news.done():
                one.news.set_result(True)


def _held(connection: Connection, device: Device, sealed: str | None) -> int | None:
    """The urgent position that a phone has; None if it has to start over anyway."""
    token = unseal(connection, sealed, device)
    here = (device.unit, device.area, epoch_of(connection, device))
    return token.urgent if token is not None and (token.unit, token.area, token.epoch) == here else None


def _latest_urgent(connection: Connection, areas: Collection[Area]) -> dict[Area, int]:
    """The last urgent position of each area: one seek each."""
    by_unit: dict[int, set[int]] = {}
    for unit, area in areas:
        by_unit.setdefault(unit, set()).add(area)
    found: dict[Area, int] = {}
    for unit, within in by_unit.items():
        for area, pos in connection.rows(_sql.latest_urgent, {"unit": unit, "areas": id_set(within)}):
            found[unit, area] = pos or 0
    return found
