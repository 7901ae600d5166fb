"""A stretch of an area's feed: the events a phone is to hear of, and the households that left."""

from __future__ import annotations

import msgspec

from hodi.access import Device
from hodi.db import Connection, Row, load_queries
from hodi.sync.token import Token

URGENT, ORDINARY = 0, 1

_sql = load_queries(__file__)
_ID_TO_SEQ = slice(4, 20)
_HOUSEHOLD, _DEVICE, _SEQ = 2, 14, 15


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in a lane after a position. `events` are columns from `id` to `seq`; `left` are
    households; `read` entries were looked at, up to position `pos`."""

    events: list[Row]
    left: list[int]
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
    events: list[Row] = []
    left: set[int] = set()
    for row in rows:
        pos, leaver, home_area, moved_unit = row[:4]
        event = row[_ID_TO_SEQ]
        is_here = home_area == device.area and moved_unit is None
        if leaver is not None:
            if not is_here:
                left.add(leaver)
        elif (is_here or event[_HOUSEHOLD] is None) and not _is_own(device, token, pos, event):
            events.append(event)
    pos = rows[-1][0] if len(rows) == most else cursor
    return Stretch(events=events, left=sorted(left), read=len(rows), pos=pos)


def _is_own(device: Device, token: Token, pos: int, event: Row) -> bool:
    """Whether the phone has the event because it wrote it. Not so when it started over, nor when the
    household has come back: then the event is fed under a new position."""
    return bool(event[_DEVICE] == device.device and event[_SEQ] == pos and pos > token.own_until)
