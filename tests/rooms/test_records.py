"""Rows become records by the names of their columns, on both engines."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest

from hodi.db import Connection, Store, record, records


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reading:
    """What a test reads."""

    day: int
    tall: bool
    kilos: float | None
    said: str = "nothing"


def _read(store: Store, sql: str) -> list[Reading]:
    return store.read_now(lambda c: records(c, Reading, sql))


def test_columns_fill_the_fields_of_their_names_in_any_order(store: Store) -> None:
    sql = "SELECT CAST(NULL AS REAL) AS kilos, 1 AS tall, 20000 AS day"
    assert _read(store, sql) == [Reading(day=20000, tall=True, kilos=None)]
    assert _read(store, f"{sql} WHERE 1 = 0") == []
    assert store.read_now(lambda c: record(c, Reading, f"{sql} WHERE 1 = 0")) is None


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("SELECT 1 AS tall, 20000 AS day", TypeError),
        ("SELECT 1 AS tall, 20000 AS day, 2 AS kilos, 3 AS more", TypeError),
        ("SELECT 'yes' AS day, 1 AS tall, 2 AS kilos", msgspec.ValidationError),
    ],
)
def test_what_does_not_fit_is_a_fault_of_the_program(
    store: Store, sql: str, fault: type[Exception]
) -> None:  # fmt: skip
    def read(c: Connection) -> None:
        with pytest.raises(fault):
            records(c, Reading, sql)

    store.read_now(read)
