"""Rows become records here: each column of a statement fills the field of its name."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from hodi.db.store import Connection

R = TypeVar("R")


def records(c: Connection, of: type[R], sql: str, params: Mapping[str, object] | None = None) -> list[R]:
    """The rows of a statement as records of the dataclass or struct `of`; 0 and 1 fill a bool.

    Raises TypeError if the columns are not the fields that `of` must have, ValidationError if a value is
    not of its field's type: either is a fault of the program."""
    names, rows = c.named_rows(sql, params)
    if not rows:
        return []
    needed, known = _fields(of)  # type: ignore[arg-type]  # a class is hashable
    if not needed <= set(names) <= known:
        raise TypeError(f"{of.__name__}: the columns {sorted(set(names) ^ needed)} are not its fields")
    as_mappings = [dict(zip(names, row, strict=True)) for row in rows]
    return msgspec.convert(as_mappings, list[of], strict=False)  # type: ignore[valid-type]


def record(c: Connection, of: type[R], sql: str, params: Mapping[str, object] | None = None) -> R | None:
    """The first row of a statement as a record, or None."""
    found = records(c, of, sql, params)
    return found[0] if found else None


@functools.cache
def _fields(of: type[object]) -> tuple[frozenset[str], frozenset[str]]:
    """The fields a row must fill, and all fields."""
    described = msgspec.inspect.type_info(of)
    fields = getattr(described, "fields", ())
    return (
        frozenset(field.name for field in fields if field.required),
        frozenset(field.name for field in fields),
    )
