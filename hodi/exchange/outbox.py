"""The outbox: messages for other systems, from the transaction that caused them to the partner's answer.

A message is sent at least once. Its key says what it is about (a month's figure, a referral): a later message
of the same key takes its place, and an answer to the earlier one no longer counts.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from hodi.db import Connection, load_queries

TRIES_MAX = 12
BACK_OFF_MS = (10_000, 6 * 3_600_000)
ANSWER_CHARS_MAX = 500

_sql = load_queries(__file__)
_COLUMNS = (
    "unit", "partner", "key", "payload", "revision", "state", "tries", "next_at", "made_at",
)  # fmt: skip
_REPLACE = (
    "(unit, partner, key) DO UPDATE SET payload = excluded.payload, revision = outbox.revision + 1,"
    " state = 'waiting', tries = 0, next_at = excluded.next_at, made_at = excluded.made_at"
    " WHERE outbox.payload <> excluded.payload"
)


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message as a sender gets it. `tries`: how often this payload was sent before."""

    unit: int
    partner: str
    key: str
    payload: str
    revision: int
    tries: int


class Refused(Exception):
    """The partner will never take this message as it is. The text is the partner's answer."""


def enqueue(connection: Connection, *, unit: int, partner: str, key: str, payload: str, now: int) -> None:
    """Have a message sent once this transaction is committed. The same again changes nothing; another
    payload under the same key takes the place of the first."""
    row = (unit, partner, key, payload, 1, "waiting", 0, now, now)
    connection.insert("outbox", _COLUMNS, [row], _REPLACE)


def send_anew(connection: Connection, *, unit: int, partner: str, key: str, now: int) -> bool:
    """Take up a message that was given up; False if there is none."""
    return bool(connection.rows(_sql.send_anew, {"unit": unit, "partner": partner, "key": key, "now": now}))


def units_due(connection: Connection, partners: Collection[str], *, now: int, units_max: int) -> list[int]:
    """Units with messages that are due for one of these partners."""
    given = {"partners": _set(partners), "now": now, "units_max": units_max}
    return [row[0] for row in connection.rows(_sql.units_due, given)]


def due(
    connection: Connection, unit: int, partners: Collection[str], *, now: int, count: int
) -> list[Message]:
    """The messages of a unit that are due, longest waiting first."""
    given = {"unit": unit, "partners": _set(partners), "now": now, "count": count}
    return [
        Message(unit=unit, partner=partner, key=key, payload=payload, revision=revision, tries=tries)
        for partner, key, payload, revision, tries in connection.rows(_sql.due, given)
    ]


def note_answer(connection: Connection, message: Message, answer: str, *, now: int) -> None:
    """The partner has the message. Changes nothing if its payload was replaced meanwhile."""
    _note(connection, message, "sent", answer, next_at=now, now=now)


def note_failure(connection: Connection, message: Message, error: BaseException, *, now: int) -> None:
    """The message was not taken: it is tried again later, or given up."""
    tries = message.tries + 1
    dead = isinstance(error, Refused) or tries >= TRIES_MAX
    wait_ms = min(BACK_OFF_MS[0] * 2**message.tries, BACK_OFF_MS[1])
    answer = str(error) if isinstance(error, Refused) else type(error).__name__
    _note(connection, message, "dead" if dead else "waiting", answer, next_at=now + wait_ms, now=now)


def forget_sent(connection: Connection, unit: int, *, before: int) -> None:
    """Remove what a partner took before an instant."""
    connection.run(_sql.forget_sent, {"unit": unit, "before": before})


def _note(
    connection: Connection, message: Message, state: str, answer: str, *, next_at: int, now: int
) -> None:
    connection.run(
        _sql.note_answer,
        {
            "unit": message.unit,
            "partner": message.partner,
            "key": message.key,
            "revision": message.revision,
            "state": state,
            "tries": message.tries + 1,
            "next_at": next_at,
            "now": now,
            "answer": answer[:ANSWER_CHARS_MAX],
        },
    )


def _set(names: Collection[str]) -> str:
    return msgspec.json.encode(dict.fromkeys(names, 0)).decode()
