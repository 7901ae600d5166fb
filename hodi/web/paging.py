"""Long lists in pages that a small phone can show."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
ROWS_A_PAGE = 50


@dataclasses.dataclass(frozen=True, kw_only=True)
class Paged(Generic[T]):
    """One page of a list: its rows, its number (from 1), how many pages there are, and all rows counted."""

    rows: tuple[T, ...]
    number: int
    pages: int
    count: int
    first: int


def paged(rows: Sequence[T], number: int) -> Paged[T]:
    """Page `number` of `rows`; the last one if there are fewer, since a live list gets shorter."""
    pages = max(1, -(-len(rows) // ROWS_A_PAGE))
    number = min(number, pages)
    start = (number - 1) * ROWS_A_PAGE
    return Paged(
        rows=tuple(rows[start : start + ROWS_A_PAGE]),
        number=number,
        pages=pages,
        count=len(rows),
        first=start + 1,
    )
