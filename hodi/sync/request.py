"""Reading the request of a sync, within limits."""

from __future__ import annotations

import msgspec


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The first line."""

    hodi: int
    now: int
    token: str | None = None
    app: str | None = None
    pack: str | None = None
    waiting: int = 0
    digest: tuple[int, int] | None = None
    homes: list[tuple[int, int, int]] | None = None


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A sync request: its head, and the lines of the events as they arrived."""

    head: Head
    lines: list[bytes]


def read_request(body: bytes, *, gzipped: bool) -> Request:
    """Unpack and split a request body. Raises TOO_LARGE, UNREADABLE, PROTOCOL_UNKNOWN."""
    raise NotImplementedError
