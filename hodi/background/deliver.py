"""Delivering the outbox: messages go to their partner, and the answer is written down.

Nothing waits for a network inside a transaction. A unit's messages are read and the unit leased in one;
then they are sent, one after another; each answer is written in a transaction of its own that renews the
lease. A process that was too slow finds the lease gone and writes nothing: the other one has sent the
message again, and the partner knows it by its key and revision.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from hodi.background import leases, metrics
from hodi.clock import Clock
from hodi.db import Connection, Store
from hodi.exchange import Message, Sender, outbox

NAME = "outbox"
SEND_TIMEOUT_S = 20.0  # well below the lease
UNITS_MAX = 50
MESSAGES_MAX = 50

_log = logging.getLogger(__name__)


async def deliver(store: Store, senders: Mapping[str, Sender], *, holder: str, clock: Clock) -> bool:
    """Send what is due in one unit that is free; whether there was one."""
    claimed = await store.write(lambda c: _claim(c, senders, holder, clock()))
    if claimed is None:
        return False
    unit, messages = claimed
    try:
        for message in messages:
            answer = await _send(senders[message.partner], message)
            await store.write(lambda c, m=message, a=answer: _note(c, m, a, holder, clock()))  # type: ignore[misc]
    except leases.LeaseLost:
        _log.warning("the outbox of unit %d was taken over by another process", unit)
    finally:
        await store.write(lambda c: leases.release(c, NAME, unit, holder=holder))
    return True


def _claim(
    connection: Connection, senders: Mapping[str, Sender], holder: str, now: int
) -> tuple[int, list[Message]] | None:
    units = outbox.units_due(connection, senders.keys(), now=now, units_max=UNITS_MAX)
    leases.prepare(connection, NAME, leases.without_row(connection, NAME, units))
    for unit in units:
        if leases.take(connection, NAME, unit, holder=holder, now=now):
            messages = outbox.due(connection, unit, senders.keys(), now=now, count=MESSAGES_MAX)
            if messages:
                return unit, messages
            leases.release(connection, NAME, unit, holder=holder)
    return None


async def _send(sender: Sender, message: Message) -> str | Exception:
    try:
        async with asyncio.timeout(SEND_TIMEOUT_S):
            return await sender(message)
    except Exception as error:
        return error


def _note(connection: Connection, message: Message, answer: str | Exception, holder: str, now: int) -> None:
    leases.renew(connection, NAME, message.unit, holder=holder, now=now)
    if isinstance(answer, Exception):
        outbox.note_failure(connection, message, answer, now=now)
    else:
        outbox.note_answer(connection, message, answer, now=now)
    state = "failed" if isinstance(answer, Exception) else "sent"
    metrics.delivered.labels(message.partner, state).inc()
