"""Push: what a phone hands in."""

from __future__ import annotations

from hodi.access import Device
from hodi.db import Connection
from hodi.domain import Receipt
from hodi.events import Rules
from hodi.sync.request import Request


def push(connection: Connection, device: Device, request: Request, *, now: int, rules: Rules) -> list[Receipt]:
    """Take in the events of a request, in a write transaction: a receipt each, in order. Also notes
    the sync on the device. Raises CLOCK_WRONG."""
    raise NotImplementedError
