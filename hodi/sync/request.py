"""Reading the request of a sync, within limits: on what arrives, on what it unpacks to, on counts."""

from __future__ import annotations

from typing import Annotated

import msgspec
from isal import isal_zlib

from hodi.errors import PROTOCOL_UNKNOWN, TOO_LARGE, UNREADABLE, HodiError
from hodi.events import LIMITS, Arrival, Rules, read_line

PROTOCOL = 1
WIRE_BYTES_MAX = LIMITS.wire_bytes_max
INFLATED_BYTES_MAX = LIMITS.inflated_bytes_max
BATCH_EVENTS_MAX = LIMITS.batch_events_max
HOUSEHOLDS_MAX = LIMITS.households_compared_max
_GZIP = 31
_BadGzip: type[Exception] = isal_zlib.IsalError  # type: ignore[assignment]  # its stub says it is a value

_Number = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
"""What a column and a phone can hold."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The first line. `now` in ms by the phone's corrected clock; `pack`: the version of its pack,
    `pack_name` the pack's name; `waiting`: events that stay behind; `households`: (household, events, sum)
    of each household it holds, after a mismatch."""

    hodi: int
    now: int
    token: str | None = None
    app: str | None = None
    pack: str | None = None
    pack_name: str | None = None
    waiting: int = 0
    households: list[tuple[_Number, _Number, _Number]] | None = None


class _Protocol(msgspec.Struct):
    hodi: int


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A sync request: its head, and the lines of the events as they arrived."""

    head: Head
    lines: list[bytes]


def read_request(body: bytes, *, gzipped: bool) -> Request:
    """Unpack and split a request body. Raises TOO_LARGE, UNREADABLE, PROTOCOL_UNKNOWN."""
    if len(body) > WIRE_BYTES_MAX:
        raise HodiError(TOO_LARGE, f"{WIRE_BYTES_MAX} bytes")
    text = _inflate(body) if gzipped else body
    first, *lines = text.split(b"\n")
    lines = [line for line in lines if line.strip()]
    if len(lines) > BATCH_EVENTS_MAX:
        raise HodiError(TOO_LARGE, f"{BATCH_EVENTS_MAX} events")
    return Request(head=_head(first), lines=lines)


def read_arrivals(request: Request, rules: Rules) -> list[Arrival]:
    """The events of a request, each read and checked on its own."""
    return [read_line(line, rules) for line in request.lines]


def _head(line: bytes) -> Head:
    try:
        if msgspec.json.decode(line, type=_Protocol).hodi != PROTOCOL:
            raise HodiError(PROTOCOL_UNKNOWN, "hodi")
        head = msgspec.json.decode(line, type=Head)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise HodiError(UNREADABLE, "first line") from error
    in_range = 0 <= head.now < 2**53 and 0 <= head.waiting < 2**31
    short = all(
        one is None or (len(one) <= 64 and "\0" not in one) for one in (head.app, head.pack, head.pack_name)
    )
    if not in_range or not short:
        raise HodiError(UNREADABLE, "first line")
    if head.households is not None and len(head.households) > HOUSEHOLDS_MAX:
        raise HodiError(TOO_LARGE, f"{HOUSEHOLDS_MAX} households")
    return head


def _inflate(body: bytes) -> bytes:
    unpacker = isal_zlib.decompressobj(wbits=_GZIP)
    try:
        text: bytes = unpacker.decompress(body, INFLATED_BYTES_MAX + 1)
    except _BadGzip as error:
        raise HodiError(UNREADABLE, "gzip") from error
    if len(text) > INFLATED_BYTES_MAX:
        raise HodiError(TOO_LARGE, f"{INFLATED_BYTES_MAX} bytes inflated")
    if not unpacker.eof:
        raise HodiError(UNREADABLE, "gzip: cut short")
    if unpacker.unused_data:  # events behind the end would vanish without a receipt
        raise HodiError(UNREADABLE, "gzip: more than one member")
    return text
