"""Households that change home. Within a unit the events stay where they are and the phones of the new
area are told; to another unit the events are copied, under the same ids, into its ledger. Nothing is
rewritten, and the old area's phones are told that the household left."""

from __future__ import annotations

from hodi.db import Connection, load_queries
from hodi.domain import Event
from hodi.events.batch import Entry
from hodi.events.ledger import EARLIEST_DAY, UnitLocks, feed, move_in, touch

MOVED = "household.moved"

_LEFT_LANE = 1
_sql = load_queries(__file__)


def destination(event: Event) -> tuple[int, int]:
    """The unit and area that a `household.moved` event names."""
    stated = {one.concept: int(one.number or 0) for one in event.observations}
    return stated["to_unit"], stated["to_area"]


def move_household(connection: Connection, locks: UnitLocks, entry: Entry, now: int) -> None:
    """Carry out an accepted move: the one with the latest stamp decides, in whatever order they come."""
    household, area = entry.event.household, entry.area
    to_unit, to_area = destination(entry.event)
    if household is None or area is None or (to_unit, to_area) == (entry.unit, area):
        return
    latest = connection.rows(_sql.latest_move, {"unit": entry.unit, "household": household})[0][0]
    if entry.event.stamp < latest:
        return
    if to_unit == entry.unit:
        connection.run(_sql.rehome, {"unit": to_unit, "household": household, "area": to_area})
    else:
        _copy(connection, locks, household, entry.unit, to_unit, to_area, now)
        connection.run(_sql.move_out, {"unit": entry.unit, "household": household, "moved_unit": to_unit})
    left = locks.take(entry.unit, 1) + 1
    feed(connection, [(entry.unit, area, _LEFT_LANE, left, 0, household)])
    count = connection.rows(_sql.count_household, {"unit": to_unit, "household": household})[0][0]
    connection.run(
        _sql.feed_household,
        {"unit": to_unit, "household": household, "area": to_area, "seq": locks.take(to_unit, count)},
    )


def _copy(
    connection: Connection, locks: UnitLocks, household: int, unit: int, to_unit: int, to_area: int, now: int
) -> None:
    """Append to the new unit's ledger what it lacks of the household (all, unless it has been there)."""
    between = {"unit": unit, "household": household, "to_unit": to_unit}
    missing = connection.rows(_sql.count_missing, between)[0][0]
    connection.run(_sql.copy_observations, between)
    connection.run(_sql.copy_events, {**between, "seq": locks.take(to_unit, missing)})
    ledger = connection.rows(_sql.household_ledger, {"unit": to_unit, "household": household})
    move_in(connection, to_unit, household, to_area, [id_ for id_, _ in ledger])
    touch(connection, [(to_unit, household, kind, EARLIEST_DAY) for _, kind in ledger], now)
