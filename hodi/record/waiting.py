"""What waits to be folded, for whoever watches over the server."""

from __future__ import annotations

import dataclasses

from hodi.db import Connection, load_queries

_sql = load_queries(__file__)


@dataclasses.dataclass(frozen=True)
class Waiting:
    """How many households wait, and since when the first of those about which something arrived (ms; None =
    nothing that arrived waits)."""

    households: int
    oldest_at: int | None


def waiting(connection: Connection) -> Waiting:
    """What waits now."""
    return Waiting(*connection.rows(_sql.waiting_in_all)[0])


def is_waiting(connection: Connection, unit: int) -> bool:
    """Whether a household of a unit is not folded yet."""
    return bool(connection.rows(_sql.waiting_in_unit, {"unit": unit}))
