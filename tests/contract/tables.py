"""Reading the record out of an engine, and comparing two of them."""

from __future__ import annotations

import math
from collections.abc import Callable

from hodi import record
from hodi.config import ROOT

SCHEMA = record.load_record_schema(ROOT / "content" / "kenya")
RECORD = (*(step.writes for step in SCHEMA.steps), "signal", "task")
"""Every table that is made from the ledger in Kenya."""

Tables = dict[str, list[tuple[object, ...]]]


def read(rows: Callable[[str], list[tuple[object, ...]]], schema: record.RecordSchema = SCHEMA) -> Tables:
    """All record tables of a pack, each in the order of its key. `rows` runs a query."""
    found: Tables = {}
    for name in (*(step.writes for step in schema.steps), "signal", "task"):
        table = schema.tables[name]
        found[name] = rows(f"SELECT {', '.join(table.columns)} FROM {name} ORDER BY {', '.join(table.key)}")
    return found


def differences(one: Tables, other: Tables) -> list[str]:
    """What is not the same, in words; numbers may differ by their last digits."""
    found = []
    for name in one:
        if len(one[name]) != len(other[name]):
            missing = [row for row in one[name] if row not in other[name]][:2]
            added = [row for row in other[name] if row not in one[name]][:2]
            found.append(f"{name}: {len(one[name])} rows, {len(other[name])} there: {missing} / {added}")
        for row, its in zip(one[name], other[name], strict=False):
            if not all(same(value, another) for value, another in zip(row, its, strict=True)):
                found.append(f"{name}: {row} is there {its}")
                break
    return found


def same(value: object, another: object) -> bool:
    """Whether two values are equal, floats to nine digits."""
    if isinstance(value, int | float) and isinstance(another, int | float):
        return math.isclose(value, another, rel_tol=1e-9, abs_tol=1e-12)
    return value == another
