"""The earlier events that events speak of, and what a correction makes the fold look at again."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from hodi.db import Connection, load_queries
from hodi.errors import MALFORMED, TARGET_UNKNOWN
from hodi.events.arrival import Fault
from hodi.events.batch import Batch, Entry
from hodi.events.ledger import EARLIEST_DAY, id_set
from hodi.events.move import MOVED
from hodi.events.rules import Rules

AMENDMENTS = frozenset({"event.corrected", "event.retracted"})
_CHAIN_MAX = 8

_sql = load_queries(__file__)


class Target(msgspec.Struct, frozen=True):
    """What is needed of an event that another one speaks of."""

    kind: str
    household: int | None
    day: int
    target: int | None
    author: int
    device: int


Targets = dict[tuple[int, int], Target]


def find_targets(connection: Connection, batch: Batch) -> Targets:
    """The targets of the open events, by (unit, id). Events are refused whose target is neither in the
    ledger nor in the batch, belongs to another household, or is a move (which another move undoes)."""
    here: Targets = {}
    for entry in batch.open:
        event = entry.event
        here[entry.unit, event.id] = Target(
            event.kind, event.household, event.occurred_day, event.target, event.author, event.device
        )
    found = _from_ledger(connection, batch, here)
    while True:
        faults: dict[int, Fault] = {}
        for entry in batch.open:
            if entry.event.target is not None:
                fault = _fault(entry, found.get((entry.unit, entry.event.target)))
                if fault:
                    faults[entry.place] = fault
        if not faults:
            return found
        # What speaks of a refused event is refused with it.
        for entry in batch.open:
            if entry.place in faults:
                found.pop((entry.unit, entry.event.id), None)
        batch.refuse(faults)


def _from_ledger(connection: Connection, batch: Batch, here: Targets) -> Targets:
    """Looked up along the chain: a retraction may speak of a correction, which speaks of the event."""
    found = dict(here)
    wanted = {(entry.unit, entry.event.target) for entry in batch.open if entry.event.target is not None}
    for _ in range(_CHAIN_MAX):
        by_unit: dict[int, set[int]] = {}
        for unit, id_ in wanted:
            if (unit, id_) not in found:
                by_unit.setdefault(unit, set()).add(id_)
        if not by_unit:
            break
        wanted = set()
        for unit, ids in by_unit.items():
            rows = connection.rows(_sql.targets, {"unit": unit, "ids": id_set(ids)})
            for id_, kind, household, day, target, author, device in rows:
                found[unit, id_] = Target(kind, household, day, target, author, device)
                if kind in AMENDMENTS and target is not None:
                    wanted.add((unit, target))
    return found


def _fault(entry: Entry, target: Target | None) -> Fault | None:
    if target is None or entry.event.target == entry.event.id:
        return (TARGET_UNKNOWN, "target")
    if target.household != entry.event.household:
        return (MALFORMED, "target: of another household")
    if target.kind == MOVED and entry.event.kind in AMENDMENTS:
        return (MALFORMED, "target: a move is undone by another move")
    return None


def touches(entry: Entry, targets: Targets, rules: Rules) -> Iterator[tuple[str, int]]:
    """(kind, since_day) under which an event's household is to be folded again."""
    event = entry.event
    yield event.kind, _since(event.kind, event.occurred_day, rules)
    day, kind, target = event.occurred_day, event.kind, event.target
    for _ in range(_CHAIN_MAX):
        amended = targets.get((entry.unit, target)) if kind in AMENDMENTS and target is not None else None
        if amended is None:
            return
        day, kind, target = min(day, amended.day), amended.kind, amended.target
        yield kind, _since(kind, day, rules)


def _since(kind: str, day: int, rules: Rules) -> int:
    return EARLIEST_DAY if kind in rules.from_start else day
