"""What several processes on one PostgreSQL database tell each other: what pages show of these units has
changed. It goes by NOTIFY, which promises nothing to whoever was not connected; so whoever connects, again
or for the first time, is first told to look at everything."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Collection, Iterator

import psycopg
from psycopg.conninfo import make_conninfo

from hodi.db.store import Announced, Connection

_CHANNEL = "hodi_units"
_EVERYTHING = "all"
UNITS_PER_NOTICE_MAX = 300  # with their commas under the 8,000 bytes that a notice may have
UNITS_NAMED_MAX = 3_000
_AGAIN_S = (0.25, 10.0)
# A connection that died without a word is found out within a minute.
_KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "connect_timeout": 10}

_log = logging.getLogger(__name__)


def announce(connection: Connection, origin: str, units: Collection[int]) -> None:
    """Tell the others of these units once this transaction is committed. `origin` names this process."""
    for said in _payloads(units):
        given = {"channel": _CHANNEL, "payload": f"{origin} {said}"}
        connection.rows("SELECT pg_notify(:channel, :payload)", given)


async def announcements(url: str, origin: str) -> AsyncIterator[Announced]:
    """What the others announce, for ever: a lost connection is made again. Leaves out what `origin` said."""
    address, wait_s = make_conninfo(url, **_KEEPALIVE), _AGAIN_S[0]
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(address, autocommit=True) as hearing:
                await hearing.execute(f"LISTEN {_CHANNEL}".encode())
                wait_s = _AGAIN_S[0]
                yield None
                async with contextlib.aclosing(hearing.notifies()) as notices:
                    async for notice in notices:
                        teller, _, said = notice.payload.partition(" ")
                        if teller != origin:
                            yield _units(said)
        except psycopg.OperationalError as error:
            _log.warning("cannot hear other processes: %s; trying again in %.1f s", error, wait_s)
        await asyncio.sleep(wait_s)
        wait_s = min(wait_s * 2, _AGAIN_S[1])


def _payloads(units: Collection[int]) -> Iterator[str]:
    """The units in as few words as fit; past UNITS_NAMED_MAX it is quicker that everybody looks."""
    if len(units) > UNITS_NAMED_MAX:
        yield _EVERYTHING
        return
    ordered = [str(unit) for unit in sorted(units)]
    for start in range(0, len(ordered), UNITS_PER_NOTICE_MAX):
        yield ",".join(ordered[start : start + UNITS_PER_NOTICE_MAX])


def _units(said: str) -> Announced:
    try:
        return frozenset(int(unit) for unit in said.split(","))
    except ValueError:  # everything, or the words of another version
        return None
