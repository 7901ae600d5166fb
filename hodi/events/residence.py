"""Where households are: the unit and area a household lives in now, however many moves away."""

from __future__ import annotations

from collections.abc import Iterable

from hodi.db import Connection, load_queries
from hodi.domain import Event
from hodi.events.ledger import UnitLocks, id_set

_sql = load_queries(__file__)
_MOVES_MAX = 64

Pair = tuple[int, int]


def find_residences(connection: Connection, locks: UnitLocks, events: Iterable[Event]) -> dict[Pair, Pair]:
    """(unit, area) where each known (stated unit, household) is now. Units on the way are held."""
    asked: dict[Pair, int] = {
        (event.unit, event.household): event.unit for event in events if event.household is not None
    }
    found: dict[Pair, Pair] = {}
    for _ in range(_MOVES_MAX):
        if not asked:
            break
        locks.hold(asked.values())
        by_unit: dict[int, set[int]] = {}
        for (_, household), unit in asked.items():
            by_unit.setdefault(unit, set()).add(household)
        residences = {
            (unit, household): (area, moved_unit)
            for unit, households in by_unit.items()
            for household, area, moved_unit in connection.rows(
                _sql.residences, {"unit": unit, "households": id_set(households)}
            )
        }
        onward: dict[Pair, int] = {}
        for pair, unit in asked.items():
            home = residences.get((unit, pair[1]))
            if home is not None and home[1] is None:
                found[pair] = (unit, home[0])
            elif home is not None:
                onward[pair] = home[1]
        asked = onward
    return found
