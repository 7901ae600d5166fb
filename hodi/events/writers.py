"""The server's own writers: devices with small numbers, whose counters stand in `own_writer`. Phones
are numbered from `FIRST_PHONE`."""

from __future__ import annotations

from hodi.db import Connection, load_queries
from hodi.domain import make_id
from hodi.events.limits import LIMITS

DESK = 1
"""Writer of what is stated on the server's pages."""
EXCHANGE = 2
"""Writer of what other systems state."""
HOUSEKEEPING = 3
"""Numbers rows that are not events: quarantine, access log."""
FIRST_PHONE = LIMITS.phone_device_min

SKIPPED_IDS = 2**24
"""More than any of them writes between a backup and its restore; two hundred restores leave some."""

_sql = load_queries(__file__)


def mint_ids(connection: Connection, count: int, *, writer: int = DESK) -> list[int]:
    """New ids of one of the server's writers, in order. Needs a write transaction."""
    if count == 0:
        return []
    last = connection.rows(_sql.advance_writer, {"device": writer, "count": count})[0][0]
    return [make_id(writer, counter) for counter in range(last - count + 1, last + 1)]


def skip_ids(connection: Connection) -> None:
    """Leave out the ids that the server's writers may have given since the copy that this store is."""
    for writer in (DESK, EXCHANGE, HOUSEKEEPING):
        connection.run(_sql.skip_writer, {"device": writer, "count": SKIPPED_IDS})
