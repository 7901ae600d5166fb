"""Taking simulated batches into a store, by the same front door as everybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hodi import events
from hodi.db import Connection, Store
from hodi.simulate.batch import Batch

_TRANSACTION_EVENTS = 2_000


class Refused(Exception):
    """The ledger refused a simulated event: the simulation and the contract disagree."""


def write(
    store: Store,
    batches: Iterable[Batch],
    rules: events.Rules,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Append batches in order; gives the number of events. `progress` is told how many more are in.
    Events that are there already are no error, so an interrupted run can be repeated. Raises Refused."""
    total, size = 0, 0
    gathered: list[Batch] = []
    for batch in batches:
        gathered.append(batch)
        size += len(batch.events)
        if size >= _TRANSACTION_EVENTS:
            store.write_now(_appending(gathered, rules))
            progress(size)
            total, gathered, size = total + size, [], 0
    if gathered:
        store.write_now(_appending(gathered, rules))
        progress(size)
    return total + size


def _appending(batches: list[Batch], rules: events.Rules) -> Callable[[Connection], None]:
    def work(connection: Connection) -> None:
        for batch in batches:
            receipts = events.append(connection, batch.events, now=batch.received_at, rules=rules)
            for event, receipt in zip(batch.events, receipts, strict=True):
                if receipt.verdict == "refused":
                    raise Refused(f"{event.kind} {event.id}: {receipt.code} {receipt.detail or ''}")

    return work
