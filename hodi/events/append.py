"""The one front door, as steps that can be read in a row: read and check, hold the units, find the
households' residences, set aside what is known, refuse what is dated ahead, what this phone may not state and
what speaks of nothing, write, move, keep the refused."""

from __future__ import annotations

from collections.abc import Sequence

from hodi.db import Connection
from hodi.domain import Event, Receipt, stamp_ms
from hodi.errors import CLOCK_WRONG, OUT_OF_SCOPE
from hodi.events.arrival import Arrival, Fault, check_event
from hodi.events.batch import Batch, Entry
from hodi.events.known import mark_known
from hodi.events.ledger import UnitLocks, add_to_digests, feed, insert_events, touch
from hodi.events.limits import LIMITS
from hodi.events.move import MOVED, destination, move_household
from hodi.events.quarantine import keep_refused
from hodi.events.residence import find_residences
from hodi.events.rules import Rules
from hodi.events.sender import (
    Sender,
    note_bytes,
    refuse_amendments_of_others,
    refuse_moves_from_elsewhere,
    refuse_odd_codes,
    require_room,
)
from hodi.events.targets import Target, find_targets, touches

URGENT_LANE, ORDINARY_LANE = 0, 1


def append(connection: Connection, events: Sequence[Event], *, now: int, rules: Rules) -> list[Receipt]:
    """State events in the ledger: one receipt each, in the same order. `now` is the server's time, in
    ms. Needs a write transaction; give at most a few thousand at a time."""
    return take_in(connection, [check_event(event, rules) for event in events], now=now, rules=rules)


def take_in(
    connection: Connection,
    arrivals: Sequence[Arrival],
    *,
    now: int,
    rules: Rules,
    sender: Sender | None = None,
) -> list[Receipt]:
    """`append` for events that were read and checked before, and perhaps come from a phone. Raises DAY_FULL
    where that phone has filled its day."""
    if sender is not None and arrivals:
        require_room(connection, sender)
    batch = Batch(arrivals)
    locks = UnitLocks(connection)
    locks.hold(_units(batch))
    _find_residences(connection, locks, batch)
    mark_known(connection, batch)
    _refuse_dates_ahead(batch, now)
    if sender is not None:
        refuse_moves_from_elsewhere(batch, sender)
        refuse_odd_codes(batch)
    targets = find_targets(connection, batch)
    if sender is not None:
        refuse_amendments_of_others(batch, targets)
    _number(locks, batch)
    _write(connection, batch, targets, rules, now)
    _move(connection, locks, batch, now)
    locks.keep_positions()
    keep_refused(connection, batch, sender=sender, now=now)
    if sender is not None:
        note_bytes(connection, batch, sender)
    return batch.receipts()


def _refuse_dates_ahead(batch: Batch, now: int) -> None:
    """Whoever states it: what is dated or stamped ahead of the time would stand before everything that is
    said until then, and every later stamp of the household would have to follow it."""
    latest = now + LIMITS.clock_tolerance_ms
    faults: dict[int, Fault] = {}
    for entry in batch.open:
        if entry.event.recorded_at > latest:
            faults[entry.place] = (CLOCK_WRONG, "recorded_at")
        elif stamp_ms(entry.event.stamp) > latest:
            faults[entry.place] = (CLOCK_WRONG, "stamp")
    batch.refuse(faults)


def _units(batch: Batch) -> set[int]:
    units = {entry.event.unit for entry in batch.open}
    for entry in batch.open:
        if entry.event.kind == MOVED:
            units.add(destination(entry.event)[0])
    return units


def _find_residences(connection: Connection, locks: UnitLocks, batch: Batch) -> None:
    """Decide in whose ledger each event goes and which area's phones hear of it. A household that is
    not known yet gets its home in the area that its registration, or else its first event, states."""
    residences = find_residences(connection, locks, [entry.event for entry in batch.open])
    founded: dict[tuple[int, int], int] = {}
    for entry in batch.open:
        event = entry.event
        if event.household is not None and event.area is not None:
            key = (event.unit, event.household)
            if event.kind == "household.registered" or key not in founded:
                founded[key] = event.area
    faults: dict[int, Fault] = {}
    for entry in batch.open:
        event = entry.event
        entry.unit, entry.area = event.unit, event.area
        if event.household is not None:
            key = (event.unit, event.household)
            if key in residences:
                entry.unit, entry.area = residences[key]
            elif key in founded:
                entry.area = founded[key]
            else:
                faults[entry.place] = (OUT_OF_SCOPE, "household")
    batch.refuse(faults)


def _number(locks: UnitLocks, batch: Batch) -> None:
    by_unit: dict[int, list[Entry]] = {}
    for entry in batch.open:
        by_unit.setdefault(entry.unit, []).append(entry)
    for unit, entries in by_unit.items():
        seq = locks.take(unit, len(entries))
        for entry in entries:
            seq += 1
            entry.seq = seq


def _write(
    connection: Connection, batch: Batch, targets: dict[tuple[int, int], Target], rules: Rules, now: int
) -> None:
    if not batch.open:
        return
    insert_events(connection, [(entry.unit, entry.seq, entry.event) for entry in batch.open], now)
    feed(
        connection,
        [
            (
                entry.unit,
                entry.area,
                URGENT_LANE if entry.event.kind in rules.urgent else ORDINARY_LANE,
                entry.seq,
                entry.event.id,
                None,
            )
            for entry in batch.open
            if entry.area is not None
        ],
    )
    added, touched = [], []
    for entry in batch.open:
        household = entry.event.household
        if household is not None and entry.area is not None:
            added.append((entry.unit, household, entry.area, entry.event.id))
            touched += [(entry.unit, household, kind, day) for kind, day in touches(entry, targets, rules)]
    if added:
        add_to_digests(connection, added)
        touch(connection, touched, now)
    batch.accept()


def _move(connection: Connection, locks: UnitLocks, batch: Batch, now: int) -> None:
    moves = [entry for entry in batch.accepted if entry.event.kind == MOVED]
    for entry in sorted(moves, key=lambda entry: (entry.event.stamp, entry.event.id)):
        move_household(connection, locks, entry, now)
