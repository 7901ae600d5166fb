"""What was refused, kept word for word until somebody has looked, or it was sent again and accepted."""

from __future__ import annotations

import msgspec

from hodi.db import Connection, Row, load_queries
from hodi.events.arrival import Arrival
from hodi.events.batch import Batch
from hodi.events.ledger import id_set
from hodi.events.writers import HOUSEKEEPING, mint_ids

OPEN_MAX = 2_000
"""So many rows are kept of one device that nobody has looked at; the phone itself keeps all."""

_COLUMNS = ("id", "unit", "device", "received_at", "event", "code", "detail", "content")
_sql = load_queries(__file__)


def keep_refused(
    connection: Connection, batch: Batch, *, unit: int | None, device: int | None, now: int
) -> None:
    """Keep the batch's refused events, once each, and close the rows of those that are in order now."""
    if device is None and not batch.refused:
        return
    waiting = (
        connection.rows(_sql.open_quarantine, {"unit": unit, "device": device}) if device is not None else []
    )
    kept = {(event, code, content) for _, event, code, content in waiting}
    rows: list[Row] = []
    for place, (problem, detail) in sorted(batch.refused.items()):
        arrival = batch.arrivals[place]
        event = arrival.event
        content = _words(arrival)
        if (arrival.id or None, problem.code, content) not in kept and len(waiting) + len(rows) < OPEN_MAX:
            rows.append(
                (
                    unit if unit is not None or event is None else event.unit,
                    device if device is not None or event is None else event.device,
                    now,
                    arrival.id or None,
                    problem.code,
                    detail,
                    content,
                )
            )
    ids = mint_ids(connection, len(rows), writer=HOUSEKEEPING)
    if rows:
        connection.insert("quarantine", _COLUMNS, [(id_, *row) for id_, row in zip(ids, rows, strict=True)])
    taken = batch.taken()
    resolved = [id_ for id_, event, _, _ in waiting if event in taken]
    if resolved:
        connection.run(_sql.resolve_quarantine, {"ids": id_set(resolved), "now": now})


def look_into(connection: Connection, *, unit: int, id: int, now: int) -> bool:
    """Somebody has dealt with a refused record of `unit`: it leaves the lists, its words stay. False if
    there is none that waits."""
    return bool(connection.rows(_sql.look_into, {"unit": unit, "id": id, "now": now}))


def _words(arrival: Arrival) -> str:
    """The words that arrived; what no text column holds is spelt out."""
    if arrival.words is not None:
        return arrival.words.decode("utf-8", "backslashreplace").replace("\0", "\\u0000")
    try:
        return msgspec.json.encode(arrival.event).decode()
    except UnicodeEncodeError:
        return ascii(arrival.event)
