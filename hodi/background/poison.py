"""What a consumer has set aside: items that fail by themselves, so that they hold up no other. Kept in the
store, for every process to see, until they are processed after all."""

from __future__ import annotations

import msgspec

from hodi.db import Connection, load_queries

BACK_OFF_MS = (60_000, 3_600_000)

_sql = load_queries(__file__)
_COLUMNS = ("unit", "consumer", "item", "failures", "error", "retry_at")
_AGAIN = (
    "(unit, consumer, item) DO UPDATE SET failures = excluded.failures, error = excluded.error,"
    " retry_at = excluded.retry_at"
)


class Poisoned(msgspec.Struct, frozen=True):
    """How often an item failed, the kind of its last error (never anybody's data), and when it is tried
    again."""

    failures: int
    error: str
    retry_at: int


def load(connection: Connection, consumer: str) -> dict[tuple[int, int], Poisoned]:
    """What a consumer has set aside, by (unit, number)."""
    rows = connection.rows(_sql.poisoned, {"consumer": consumer})
    return {(unit, item): Poisoned(*rest) for unit, item, *rest in rows}


def set_aside(
    connection: Connection, consumer: str, item: tuple[int, int], error: BaseException, *, now: int
) -> None:
    """Note that an item failed by itself."""
    before = load(connection, consumer).get(item)
    failures = 1 if before is None else before.failures + 1
    wait_ms = min(BACK_OFF_MS[0] * 2 ** (failures - 1), BACK_OFF_MS[1])
    cause = error.__cause__ or error
    row = (item[0], consumer, item[1], failures, type(cause).__name__, now + wait_ms)
    connection.insert("poisoned_item", _COLUMNS, [row], _AGAIN)


def forget(connection: Connection, consumer: str, item: tuple[int, int]) -> None:
    """It has been processed after all."""
    connection.run(_sql.forget_poisoned, {"unit": item[0], "consumer": consumer, "item": item[1]})
