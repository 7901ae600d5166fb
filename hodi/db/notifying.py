"""How several processes on one PostgreSQL database notify each other that what pages show of some
units has changed: by NOTIFY, which promises nothing to whoever was not connected; so whoever connects, again
or for the first time, is first told to look at everything."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Collection, Iterator

import psycopg
from psycopg.conninfo import make_conninfo

from hodi.db.store import Changed, Connection

_CHANNEL = "hodi_units"
_EVERYTHING = "all"
UNITS_PER_NOTIFICATION_MAX = 300  # with their commas under the 8,000 bytes that a notification may have
UNITS_NAMED_MAX = 3_000
_RETRY_S = (0.25, 10.0)
# A connection that died without a word is found out within a minute.
_KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "connect_timeout": 10}

_log = logging.getLogger(__name__)


def notify(connection: Connection, origin: str, units: Collection[int]) -> None:
    """Notify the others of these units once this transaction is committed. `origin` names this process."""
    for payload in _payloads(units):
        given = {"channel": _CHANNEL, "payload": f"{origin} {payload}"}
        connection.rows("SELECT pg_notify(:channel, :payload)", given)


async def notifications(url: str, origin: str) -> AsyncIterator[Changed]:
    """What the others notify of, for ever: a lost connection is made again. Leaves out what `origin` said."""
    address, wait_s = make_conninfo(url, **_KEEPALIVE), _RETRY_S[0]
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(address, autocommit=True) as listening:
                await listening.execute(f"LISTEN {_CHANNEL}".encode())
                wait_s = _RETRY_S[0]
                yield None
                async with contextlib.aclosing(listening.notifies()) as notices:
                    async for notice in notices:
                        sender, _, units = notice.payload.partition(" ")
                        if sender != origin:
                            yield _units(units)
        except psycopg.OperationalError as error:
            _log.warning("cannot listen to other processes: %s; trying again in %.1f s", error, wait_s)
        await asyncio.sleep(wait_s)
        wait_s = min(wait_s * 2, _RETRY_S[1])


def _payloads(units: Collection[int]) -> Iterator[str]:
    """The units in as few words as fit; past UNITS_NAMED_MAX it is quicker that everybody looks."""
    if len(units) > UNITS_NAMED_MAX:
        yield _EVERYTHING
        return
    ordered = [str(unit) for unit in sorted(units)]
    for start in range(0, len(ordered), UNITS_PER_NOTIFICATION_MAX):
        yield ",".join(ordered[start : start + UNITS_PER_NOTIFICATION_MAX])


def _units(payload: str) -> Changed:
    try:
        return frozenset(int(unit) for unit in payload.split(","))
    except ValueError:  # everything, or the words of another version
        return None
