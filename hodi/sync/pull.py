"""Pull: what a phone lacks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hodi.access import Device
from hodi.db import Connection
from hodi.domain import Receipt
from hodi.sync.request import Request


def pull(
    connection: Connection, device: Device, request: Request, receipts: Sequence[Receipt], *, now: int
) -> Iterator[bytes]:
    """The lines of the whole answer, `hello` to `end`, in one consistent view."""
    raise NotImplementedError
