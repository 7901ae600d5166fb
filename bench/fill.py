"""Filling a store the quick way: the front door and the fold, without HTTP in between."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

import msgspec

from bench.population import History, Promoter
from bench.world import enrol_all
from hodi.background import prepare
from hodi.config import from_environment
from hodi.db import Connection, Store, open_store
from hodi.domain import Event, Receipt, day_of
from hodi.events import Rules, load_rules, read_line, take_in

BATCH = 3_000
SEED = 1


def rules() -> Rules:
    """The contract's kinds and the pack's concepts."""
    return load_rules(from_environment().pack)


def today() -> int:
    """The last whole local day: nothing in a benchmark happens in the future."""
    return day_of(time.time_ns() // 1_000_000, rules().zone) - 1


def hand_in(store: Store, events: Sequence[Event]) -> None:
    """Take events in, read from their words like a phone's. Raises if one is refused."""
    lines = [msgspec.json.encode(event) for event in events]
    known = rules()

    def work(connection: Connection) -> list[Receipt]:
        arrivals = [read_line(line, known) for line in lines]
        return take_in(connection, arrivals, now=time.time_ns() // 1_000_000, rules=known)

    for receipt in store.write_now(work):
        if receipt.verdict != "accepted":
            raise RuntimeError(f"not accepted: {receipt}")


def fill(
    store_url: str,
    everyone: Sequence[Promoter],
    *,
    households: int,
    months: int,
    observations: int,
    quiet_days: int = 0,
) -> tuple[list[History], int]:
    """Seat promoters in an empty store and hand in their histories; gives them, and the visits made.
    Nothing happens in the last `quiet_days`: what is measured then is new, as a new day's visits are."""
    store = open_store(store_url)
    try:
        store.write_now(lambda connection: prepare(connection, from_environment().pack))
        store.write_now(lambda connection: enrol_all(connection, list(everyone)))
        histories = []
        made = 0
        for promoter in everyone:
            history = History(promoter, seed=SEED, today=today() - quiet_days)
            for batch in batches(history, households=households, months=months, observations=observations):
                hand_in(store, batch)
            made += households * months
            histories.append(history)
        return histories, made
    finally:
        store.close()


def batches(history: History, *, households: int, months: int, observations: int) -> Iterable[list[Event]]:
    """A promoter's register and visits in batches of some thousand events."""
    waiting: list[Event] = history.register(households, day=history.today - 30 * months - 7)
    for visit in history.months(months, observations=observations):
        waiting += visit.events
        if len(waiting) >= BATCH:
            yield waiting
            waiting = []
    yield waiting
