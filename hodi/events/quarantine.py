"""What was refused, kept until somebody has looked, or it was sent again and accepted: what it was, why it
was refused, a hash of it, and at most 64 kB of its text, which stands apart so that no list reads it."""

from __future__ import annotations

import hashlib

import msgspec

from hodi.db import Connection, Row, load_queries
from hodi.errors import CLOCK_WRONG
from hodi.events.arrival import Arrival
from hodi.events.batch import Batch
from hodi.events.ledger import id_set
from hodi.events.limits import LIMITS
from hodi.events.sender import Sender
from hodi.events.writers import HOUSEKEEPING, mint_ids

OPEN_MAX = 2_000
"""So many rows are kept of one device that nobody has looked at; the phone itself keeps all."""

# fmt: off
_COLUMNS = (
    "id", "unit", "device", "received_at", "event", "kind", "occurred_day", "code", "detail", "hash", "bytes",
)
# fmt: on
_CONTENT = ("id", "content")
_PASSING = frozenset({CLOCK_WRONG.code})  # the phone dates it anew and sends it again by itself
_DAY_MAX, _KIND_CHARS = 60_000, 64
_sql = load_queries(__file__)


class _Claim(msgspec.Struct):
    kind: object = None
    occurred_day: object = None


def keep_refused(connection: Connection, batch: Batch, *, sender: Sender | None, now: int) -> None:
    """Keep the batch's refused events, once each, and close the rows of those that are in order now."""
    refused = [
        (batch.arrivals[place], problem.code, detail)
        for place, (problem, detail) in sorted(batch.refused.items())
        if problem.code not in _PASSING
    ]
    if refused:
        _keep(connection, refused, sender, now)
    taken = batch.taken()
    if sender is not None and taken:
        of_sender = {"unit": sender.unit, "device": sender.device}
        connection.run(_sql.resolve_quarantine, {**of_sender, "events": id_set(taken), "now": now})


def _keep(
    connection: Connection, refused: list[tuple[Arrival, str, str | None]], sender: Sender | None, now: int
) -> None:
    kept: set[str] = set()
    if sender is not None:
        of_sender = {"unit": sender.unit, "device": sender.device}
        kept = {row[0] for row in connection.rows(_sql.kept_in_quarantine, of_sender)}
    rows: list[Row] = []
    texts: list[str] = []
    for arrival, code, detail in refused:
        event, words = arrival.event, _words(arrival)
        # The reason belongs to it: the same words, refused for something else, are another case.
        digest = hashlib.sha256(code.encode() + b" " + words).hexdigest()
        if digest in kept or len(kept) >= OPEN_MAX:
            continue
        kept.add(digest)
        rows.append(
            (
                sender.unit if sender is not None else event and event.unit,
                sender.device if sender is not None else event and event.device,
                now,
                arrival.id or None,
                *_claim(words),
                code,
                detail,
                digest,
                len(words),
            )
        )
        texts.append(_text(words))
    if rows:
        ids = mint_ids(connection, len(rows), writer=HOUSEKEEPING)
        connection.insert("quarantine", _COLUMNS, [(id_, *row) for id_, row in zip(ids, rows, strict=True)])
        connection.insert("quarantine_content", _CONTENT, list(zip(ids, texts, strict=True)))


def look_into(connection: Connection, *, unit: int, id: int, now: int) -> bool:
    """Somebody has dealt with a refused record of `unit`: it leaves the lists, its words stay. False if
    there is none that waits."""
    return bool(connection.rows(_sql.look_into, {"unit": unit, "id": id, "now": now}))


def _words(arrival: Arrival) -> bytes:
    """What arrived; of an event made in this process, what would have travelled."""
    if arrival.raw is not None:
        return arrival.raw
    try:
        return msgspec.json.encode(arrival.event)
    except UnicodeEncodeError:
        return ascii(arrival.event).encode()


def _claim(words: bytes) -> tuple[str | None, int | None]:
    """The kind and the day that it claims, if it can be read at all."""
    try:
        claim = msgspec.json.decode(words, type=_Claim)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None, None
    kind = claim.kind if isinstance(claim.kind, str) else None
    day = claim.occurred_day if isinstance(claim.occurred_day, int) else 0
    shown = _text(kind.encode("utf-8", "replace"))[:_KIND_CHARS] if kind else None
    return shown, day if 0 < day < _DAY_MAX else None


def _text(words: bytes) -> str:
    """At most so much of it as is kept, as text; what no text column holds is spelt out."""
    most = LIMITS.refused_bytes_kept_max
    text = words[:most].decode("utf-8", "backslashreplace").replace("\0", "\\u0000")
    return text.encode()[:most].decode("utf-8", "ignore")
