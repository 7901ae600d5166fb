"""The one front door, as steps that can be read in a row: read and check, hold the units, find the
households' homes, set aside what is known, find the targets, write, move, keep the refused."""

from __future__ import annotations

from collections.abc import Sequence

from hodi.db import Connection
from hodi.domain import Event, Receipt, stamp_ms
from hodi.errors import CLOCK_WRONG, OUT_OF_SCOPE, HodiError
from hodi.events.arrival import Arrival, Fault, check_event
from hodi.events.batch import Batch, Entry
from hodi.events.homes import find_homes
from hodi.events.known import set_aside_known
from hodi.events.ledger import Ledgers, add_to_homes, feed, insert_events, touch
from hodi.events.move import MOVED, destination, move_household
from hodi.events.quarantine import keep_refused
from hodi.events.rules import Rules
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
    unit: int | None = None,
    device: int | None = None,
    latest: int | None = None,
) -> list[Receipt]:
    """`append` for events that were read (and judged) before; `unit` and `device` name the sender in
    the quarantine. Raises CLOCK_WRONG if an event that is not known yet is dated or stamped after
    `latest` (ms): ordered wrongly once, it would stay so for ever."""
    batch = Batch(arrivals)
    ledgers = Ledgers(connection)
    ledgers.hold(_units(batch))
    _find_homes(connection, ledgers, batch)
    set_aside_known(connection, batch)
    _require_dates(batch, latest)
    targets = find_targets(connection, batch)
    _number(ledgers, batch)
    _write(connection, batch, targets, rules, now)
    _move(connection, ledgers, batch)
    ledgers.settle()
    keep_refused(connection, batch, unit=unit, device=device, now=now)
    return batch.receipts()


def _require_dates(batch: Batch, latest: int | None) -> None:
    if latest is None:
        return
    for entry in batch.open:
        if entry.event.recorded_at > latest:
            raise HodiError(CLOCK_WRONG, "recorded_at")
        if stamp_ms(entry.event.stamp) > latest:
            raise HodiError(CLOCK_WRONG, "stamp")


def _units(batch: Batch) -> set[int]:
    units = {entry.event.unit for entry in batch.open}
    for entry in batch.open:
        if entry.event.kind == MOVED:
            units.add(destination(entry.event)[0])
    return units


def _find_homes(connection: Connection, ledgers: Ledgers, batch: Batch) -> None:
    """Decide in whose ledger each event goes and which area's phones hear of it. A household that is
    not known yet gets its home in the area that its registration, or else its first event, states."""
    homes = find_homes(connection, ledgers, [entry.event for entry in batch.open])
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
            if key in homes:
                entry.unit, entry.area = homes[key]
            elif key in founded:
                entry.area = founded[key]
            else:
                faults[entry.place] = (OUT_OF_SCOPE, "household")
    batch.refuse(faults)


def _number(ledgers: Ledgers, batch: Batch) -> None:
    by_unit: dict[int, list[Entry]] = {}
    for entry in batch.open:
        by_unit.setdefault(entry.unit, []).append(entry)
    for unit, entries in by_unit.items():
        seq = ledgers.take(unit, len(entries))
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
    homes, touched = [], []
    for entry in batch.open:
        household = entry.event.household
        if household is not None and entry.area is not None:
            homes.append((entry.unit, household, entry.area, entry.event.id))
            touched += [(entry.unit, household, kind, day) for kind, day in touches(entry, targets)]
    if homes:
        add_to_homes(connection, homes)
        touch(connection, touched)
    batch.accept()


def _move(connection: Connection, ledgers: Ledgers, batch: Batch) -> None:
    moves = [entry for entry in batch.accepted if entry.event.kind == MOVED]
    for entry in sorted(moves, key=lambda entry: (entry.event.stamp, entry.event.id)):
        move_household(connection, ledgers, entry)
