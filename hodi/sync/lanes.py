"""A stretch of an area's feed: the events a phone is to hear of, and the households that left."""

from __future__ import annotations

import msgspec

from hodi.access import Device
from hodi.db import Connection, Row, load_queries
from hodi.sync.lines import event_lines, line
from hodi.sync.token import Token

URGENT, ORDINARY = 0, 1

_sql = load_queries(__file__)


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in a lane after a position: `lines` to send, `read` entries up to position `pos`."""

    lines: list[bytes]
    read: int
    pos: int


def read_stretch(
    connection: Connection, device: Device, token: Token, lane: int, most: int, cursor: int
) -> Stretch:
    """At most `most` entries of a lane. Only households that live in the area now are told of: one that
    left is announced, unless it has come back, and its earlier events are passed over."""
    after = token.urgent if lane == URGENT else token.ordinary
    rows = connection.rows(
        _sql.lane, {"unit": device.unit, "area": device.area, "lane": lane, "pos": after, "most": most}
    )
    events: list[tuple[int | None, Row]] = []
    left: list[int] = []
    for pos, leaver, home_area, moved_unit, *event in rows:
        is_here = home_area == device.area and moved_unit is None
        if leaver is not None:
            if not is_here:
                left.append(leaver)
        elif (is_here or event[2] is None) and not _is_own(device, token, pos, event):
            events.append((pos, tuple(event)))
    lines = event_lines(connection, device.unit, events)
    if left:
        lines.append(line("left", sorted(set(left))))
    return Stretch(lines=lines, read=len(rows), pos=rows[-1][0] if len(rows) == most else cursor)


def _is_own(device: Device, token: Token, pos: int, event: Row | list[object]) -> bool:
    """Whether the phone has the event because it wrote it. Not so when it started over, nor when the
    household has come back: then the event is fed under a new position."""
    return event[14] == device.device and event[15] == pos and pos > token.own_until
