"""The snapshot that a new phone starts from: everything of its area in one SQLite file (contract/sync.md).

A year of a promoter's visits is about 1.6 MB as a file and a quarter of that on the wire: gzip at
level 6 takes 30 ms for it and saves a tenth over the fast levels, which a slow network feels.
"""

from __future__ import annotations

import zlib

import apsw
import msgspec

from hodi.access import Device
from hodi.db import Connection, Row, load_queries
from hodi.sync.lines import whole
from hodi.sync.token import Token, cursor_of, epoch_of, seal

_KEPT = 8
_GZIP, _LEVEL = 31, 6
_sql = load_queries(__file__)

_SHAPE = """
CREATE TABLE event (id INTEGER PRIMARY KEY, area, household, person, visit, kind, form, form_version, target,
  occurred_at, occurred_day, recorded_at, stamp, author, device, seq);
CREATE TABLE observation (event INTEGER, ordinal INTEGER, person, concept, number, code, text, day,
  PRIMARY KEY (event, ordinal)) WITHOUT ROWID;
"""


class Snapshot(msgspec.Struct, frozen=True):
    """A gzipped SQLite file, the unit whose ledger it is from, and the token from which the phone goes on."""

    content: bytes
    token: str
    unit: int


class SnapshotShelf:
    """Snapshots made lately: phones of an area that start over together share one."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, ...], bytes] = {}

    def take(self, connection: Connection, device: Device) -> Snapshot:
        """The snapshot for a device, made now if the area has changed since the last one."""
        key = (device.unit, device.area, *_last_positions(connection, device))
        content = self._kept.pop(key, None) or _file(connection, device)
        self._kept[key] = content
        for stale in list(self._kept)[:-_KEPT]:
            self._kept.pop(stale, None)
        return Snapshot(content, _token(connection, device), device.unit)


def build_snapshot(connection: Connection, device: Device) -> Snapshot:
    """Everything of the device's scope."""
    return Snapshot(_file(connection, device), _token(connection, device), device.unit)


def _last_positions(connection: Connection, device: Device) -> Row:
    return connection.rows(_sql.last_positions, {"unit": device.unit, "area": device.area})[0]


def _token(connection: Connection, device: Device) -> str:
    """Of no scope version: the phone may have been sent elsewhere since it enrolled, so the first sync
    tells it the scope as it is."""
    cursor, epoch = cursor_of(connection, device.unit), epoch_of(connection, device)
    token = Token(device.device, device.unit, device.area, epoch, 0, cursor, cursor, own_until=cursor)
    return seal(connection, token)


def _file(connection: Connection, device: Device) -> bytes:
    area = {"unit": device.unit, "area": device.area}
    events = connection.rows(_sql.events_of_area, area) + connection.rows(_sql.events_without_household, area)
    values = connection.rows(_sql.observations_of_area, area)
    values += connection.rows(_sql.observations_without_household, area)
    file = apsw.Connection(":memory:")
    for statement in _SHAPE.split(";"):
        file.execute(statement)
    with file:
        file.executemany(f"INSERT OR IGNORE INTO event VALUES ({_marks(16)})", events)
        file.executemany(
            f"INSERT OR IGNORE INTO observation VALUES ({_marks(8)})",
            (
                (event, ordinal, person, concept, whole(number), code, text, day)
                for event, ordinal, person, concept, number, code, text, day in values
            ),
        )
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return packer.compress(file.serialize("main")) + packer.flush()


def _marks(count: int) -> str:
    return ",".join("?" * count)
