"""The token: a phone's position in the feed, which only this store can seal (contract/sync.md)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

import msgspec

from hodi.access import Device
from hodi.db import Connection, load_queries

_SEAL_BYTES = 12
SKIPPED_EPOCHS = 1_000_000
"""More re-syncs than are ever called for between a backup and its restore."""

_sql = load_queries(__file__)


class Token(msgspec.Struct, frozen=True, array_like=True):
    """What a phone has been told. `urgent` and `ordinary` are the last positions of the two lanes.
    `own_until`: up to this position the phone is sent its own events too, because it started over.
    `past_unit`, `past_area`: where it worked before, while work done there still waits on it."""

    device: int
    unit: int
    area: int
    epoch: int
    scope: int
    urgent: int = 0
    ordinary: int = 0
    own_until: int = 0
    past_unit: int = 0
    past_area: int = 0

    def held(self) -> set[tuple[int, int]]:
        """The (unit, area) pairs that the phone has held."""
        return {(self.unit, self.area), (self.past_unit, self.past_area)} - {(0, 0)}


def seal(connection: Connection, token: Token) -> str:
    """The token as the phone keeps it."""
    payload = msgspec.msgpack.encode(token)
    return base64.urlsafe_b64encode(payload + _mac(connection, payload)).rstrip(b"=").decode()


def unseal(connection: Connection, sealed: str | None, device: Device) -> Token | None:
    """The token that a phone shows, or None if there is none, it is damaged, or not this phone's."""
    if not sealed or not sealed.isascii():
        return None
    try:
        raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
        payload, mac = raw[:-_SEAL_BYTES], raw[-_SEAL_BYTES:]
        if not hmac.compare_digest(mac, _mac(connection, payload)):
            return None
        token = msgspec.msgpack.decode(payload, type=Token)
    except (binascii.Error, ValueError, msgspec.DecodeError):
        return None
    return token if token.device == device.device else None


def epoch_of(connection: Connection, device: Device) -> int:
    """How many re-syncs were called for that concern a phone."""
    names = {"area": f"sync_epoch:area:{device.area}", "device": f"sync_epoch:device:{device.device}"}
    return sum(int(row[0]) for row in connection.rows(_sql.epochs, names))


def cursor_of(connection: Connection, unit: int) -> int:
    """The last number given in a unit."""
    rows = connection.rows(_sql.cursor, {"unit": unit})
    return int(rows[0][0]) if rows else 0


def call_resync(connection: Connection, *, area: int | None = None, device: int | None = None) -> None:
    """Make phones start over at their next sync: all, those of an area, or one. Nothing is wiped."""
    name = "sync_epoch"
    if area is not None:
        name = f"sync_epoch:area:{area}"
    elif device is not None:
        name = f"sync_epoch:device:{device}"
    connection.run(_sql.call_resync, {"name": name})


def skip_epochs(connection: Connection) -> None:
    """Make every phone start over, under an epoch that was not in use before the restore either."""
    connection.run(_sql.skip_epochs, {"count": SKIPPED_EPOCHS})


def _mac(connection: Connection, payload: bytes) -> bytes:
    secret = bytes.fromhex(connection.rows(_sql.setting, {"name": "sync_secret"})[0][0])
    return hmac.new(secret, payload, hashlib.sha256).digest()[:_SEAL_BYTES]
