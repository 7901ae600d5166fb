"""The snapshot that a new phone starts from."""

from __future__ import annotations

import msgspec

from hodi.access import Device
from hodi.db import Connection


class Snapshot(msgspec.Struct, frozen=True):
    """A gzipped SQLite file, and the token from which the phone goes on."""

    content: bytes
    token: str


def build_snapshot(connection: Connection, device: Device) -> Snapshot:
    """Everything of the device's scope."""
    raise NotImplementedError
