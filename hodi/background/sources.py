"""What consumers read: tables of households that wait, the ledger after a position, the clock. (The outbox
is in `deliver`: what it does takes a network and more than one transaction.)"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hodi.background.consumer import Consumer, Context, Item
from hodi.db import Connection, load_queries

_sql = load_queries(__file__)
_POSITION = ("unit", "consumer", "version", "position")
_MOVE = "(unit, consumer) DO UPDATE SET version = excluded.version, position = excluded.position"
HOUR_MS = 3_600_000


class Queue:
    """A table of households that wait, read by a statement with :unit, :number, :count, :today and :now.
    The work takes them off it."""

    def __init__(self, statement: str) -> None:
        self._statement = statement

    def waiting(
        self, connection: Connection, consumer: Consumer, context: Context, after: Item, count: int
    ) -> list[Item]:
        """Households, by unit and number."""
        given = {"unit": after[0], "number": after[1], "count": count}
        given |= {"today": context.today, "now": context.now}
        return [(unit, household) for unit, household in connection.rows(self._statement, given)]

    def confirm(
        self, connection: Connection, consumer: Consumer, context: Context, items: Sequence[Item]
    ) -> list[Item]:
        """All: the work takes off the table what is still in it, and processes that."""
        return list(items)

    def done(
        self, connection: Connection, consumer: Consumer, context: Context, items: Sequence[Item]
    ) -> None:
        """Nothing: the work has taken them off."""


class Events:
    """Events, in the order in which they were committed, after a position in each unit."""

    def waiting(
        self, connection: Connection, consumer: Consumer, context: Context, after: Item, count: int
    ) -> list[Item]:
        """(unit, seq) of the units that are behind; a unit's stretch begins at its position."""
        given = {"consumer": consumer.name, "version": consumer.version(context)}
        behind = connection.rows(_sql.units_behind, {**given, "unit": after[0], "count": count})
        found: list[Item] = []
        for unit, position in behind:
            if len(found) < count:
                rows = {"unit": unit, "position": position, "count": count - len(found)}
                found += [(unit, seq) for (seq,) in connection.rows(_sql.ledger_after, rows)]
        return found

    def confirm(
        self, connection: Connection, consumer: Consumer, context: Context, items: Sequence[Item]
    ) -> list[Item]:
        """Those that no other process has followed meanwhile."""
        positions = positions_of(connection, consumer, context, items)
        return [(unit, seq) for unit, seq in items if seq > positions.get(unit, 0)]

    def done(
        self, connection: Connection, consumer: Consumer, context: Context, items: Sequence[Item]
    ) -> None:
        """Move the units' positions to the last of their events."""
        move_positions(connection, consumer, context, items)


class Clock:
    """A day or an hour that has begun, once for each unit: the item's number is the day, or the hour since
    1970. What was missed while nothing ran is done once, not once for each day."""

    def __init__(self, tick: Callable[[Context], int]) -> None:
        self._tick = tick

    def waiting(
        self, connection: Connection, consumer: Consumer, context: Context, after: Item, count: int
    ) -> list[Item]:
        """The units for which it has not been done."""
        given = {"consumer": consumer.name, "version": consumer.version(context)}
        tick = self._tick(context)
        rows = connection.rows(
            _sql.units_before_tick, {**given, "unit": after[0], "tick": tick, "count": count}
        )
        return [(unit, tick) for (unit,) in rows]

    def confirm(
        self, connection: Connection, consumer: Consumer, context: Context, items: Sequence[Item]
    ) -> list[Item]:
        """Those that no other process has done meanwhile."""
        positions = positions_of(connection, consumer, context, items)
        return [(unit, tick) for unit, tick in items if tick > positions.get(unit, tick - 1)]

    def done(
        self, connection: Connection, consumer: Consumer, context: Context, items: Sequence[Item]
    ) -> None:
        """This day or hour is done in these units."""
        move_positions(connection, consumer, context, items)


class ClockBack:
    """Units in which something was done at an hour that is yet to come: the clock ran ahead, and was put
    right. The item's number is that hour."""

    def __init__(self, follows: str) -> None:
        self._follows = follows

    def waiting(
        self, connection: Connection, consumer: Consumer, context: Context, after: Item, count: int
    ) -> list[Item]:
        """The units whose clock (a consumer's position, in hours) stands in the future."""
        given = {"consumer": self._follows, "unit": after[0], "tick": each_hour(context), "count": count}
        return [(unit, hour) for unit, hour in connection.rows(_sql.units_after_tick, given)]

    def confirm(
        self, connection: Connection, consumer: Consumer, context: Context, items: Sequence[Item]
    ) -> list[Item]:
        """All: it does no harm twice."""
        return list(items)

    def done(
        self, connection: Connection, consumer: Consumer, context: Context, items: Sequence[Item]
    ) -> None:
        """Put the clock of these units right."""
        for unit, _ in items:
            connection.run(_sql.forget_position, {"unit": unit, "consumer": self._follows})


def each_day(context: Context) -> int:
    """The local day."""
    return context.today


def each_hour(context: Context) -> int:
    """The hour since 1970."""
    return context.now // HOUR_MS


def positions_of(
    connection: Connection, consumer: Consumer, context: Context, items: Sequence[Item]
) -> dict[int, int]:
    """How far the consumer has come in the units of these items."""
    units = "{" + ",".join(f'"{unit}":0' for unit in {unit for unit, _ in items}) + "}"
    given = {"units": units, "consumer": consumer.name, "version": consumer.version(context)}
    return dict(connection.rows(_sql.positions, given))


def move_positions(
    connection: Connection, consumer: Consumer, context: Context, items: Sequence[Item]
) -> None:
    """Move the consumer's position in the units of these items to the last of each."""
    last: dict[int, int] = {}
    for unit, number in items:
        last[unit] = max(number, last.get(unit, number))
    version = consumer.version(context)
    rows = [(unit, consumer.name, version, number) for unit, number in sorted(last.items())]
    connection.insert("consumer_position", _POSITION, rows, _MOVE)
