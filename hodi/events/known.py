"""What the ledger has already: the same again is known, another under the same id is a conflict."""

from __future__ import annotations

import msgspec

from hodi.db import Connection, Row, load_queries
from hodi.domain import Event
from hodi.errors import ID_CONFLICT
from hodi.events.arrival import Fault
from hodi.events.batch import Batch, Entry
from hodi.events.ledger import facts_of, id_set, values_of

_sql = load_queries(__file__)


class Stored(msgspec.Struct, frozen=True):
    """An event as it stands in a ledger."""

    seq: int
    facts: Row
    body: str | None
    values: list[Row]


def mark_known(connection: Connection, batch: Batch) -> None:
    """Give verdicts on what the ledgers hold, and on what the batch holds twice. An event is looked for
    where it goes and where its sender thinks it belongs: after a move, both have it. One conflict means
    that a device counts from where it has counted before, so nothing else of the batch is taken in:
    the number of a new household might collide unseen (contract/sync.md)."""
    places: dict[int, set[int]] = {}
    for entry in batch.open:
        places.setdefault(entry.unit, set()).add(entry.event.id)
        places.setdefault(entry.event.unit, set()).add(entry.event.id)
    stored = {unit: _stored(connection, unit, ids) for unit, ids in places.items()}
    seqs: dict[int, int] = {}
    faults: dict[int, Fault] = {}
    first: dict[int, Entry] = {}
    again: dict[int, int] = {}
    for entry in batch.open:
        event = entry.event
        there = stored[entry.unit].get(event.id) or stored[event.unit].get(event.id)
        if there is not None:
            if _same(there, event):
                seqs[entry.place] = there.seq
            else:
                faults[entry.place] = (ID_CONFLICT, "id")
        elif event.id not in first:
            first[event.id] = entry
        elif first[event.id].event == event:
            again[entry.place] = first[event.id].place
        else:
            faults[entry.place] = (ID_CONFLICT, "id")
    batch.know(seqs)
    if faults:
        faults |= {entry.place: (ID_CONFLICT, "batch") for entry in batch.open if entry.place not in faults}
    batch.refuse(faults)
    batch.mark_repeated(again)


def _stored(connection: Connection, unit: int, ids: set[int]) -> dict[int, Stored]:
    looked_up = connection.rows(_sql.known, {"unit": unit, "ids": id_set(ids)})
    known = id_set(id_ for id_, seq in looked_up if seq is not None)
    if known == id_set(()):
        return {}
    events = connection.rows(_sql.known_events, {"unit": unit, "ids": known})
    values: dict[int, list[Row]] = {row[0]: [] for row in events}
    for row in connection.rows(_sql.known_observations, {"unit": unit, "ids": known}):
        values[row[0]].append(row[1:])
    return {row[0]: Stored(row[16], row[1:15], row[15], values[row[0]]) for row in events}


def _same(stored: Stored, event: Event) -> bool:
    return (
        stored.facts == facts_of(event)
        and stored.values == values_of(event)
        and (None if stored.body is None else msgspec.json.decode(stored.body)) == event.body
    )
