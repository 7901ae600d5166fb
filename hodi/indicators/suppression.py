"""What may be shown of counts of people to those who see aggregates only.

A cell is not shown if too few people stand behind its numerator, its denominator, or what lies between
them: 13 of 15 says as much about two as "2" does. A total adds up the cells that are shown and no other,
and says of how many: nothing can be found by taking from it what else is shown, on this page, on that
of another place, or of another month. Whether a cell is shown depends on that cell alone, for the same
reason.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

Pair = tuple[int, int | None]
"""A count, and what it is counted of (None = a plain count)."""

BELOW_LEAST = 3
"""With less, a cell that is not shown could hold one number only."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cell:
    """A count as it may be shown; `count` and `of` are 0 where it is not (`of` None = a plain count)."""

    count: int
    of: int | None = None
    shown: bool = True

    @property
    def pct(self) -> str | None:
        """The share in per cent; None where there is none."""
        return percent(self.count, self.of) if self.shown and self.of else None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Total:
    """The sum of the cells of a column that are shown: `cells` of `all_cells`."""

    sum: Cell
    cells: int
    all_cells: int


def protect(pairs: Sequence[Pair], *, below: int) -> tuple[list[Cell], Total]:
    """The cells of a column and their total, with counts from 1 to `below` − 1 not shown; 0 = show all.
    Raises ValueError if `below` would let a cell be computed."""
    if 0 < below < BELOW_LEAST:
        raise ValueError(f"small counts are those below {BELOW_LEAST} at least, or none")
    cells = [_cell(pair, below) for pair in pairs]
    shown = [cell for cell in cells if cell.shown]
    plain = all(of is None for _, of in pairs)
    total = Cell(
        count=sum(cell.count for cell in shown),
        of=None if plain else sum(cell.of or 0 for cell in shown),
        shown=bool(shown) or not pairs,
    )
    return cells, Total(sum=total, cells=len(shown), all_cells=len(cells))


def percent(count: int, of: int) -> str:
    """`count` of `of` (more than 0) as whole per cent: 100 only if it is all, 0 only if it is none."""
    if count <= 0 or count >= of:
        return "0" if count <= 0 else "100"
    exact = count * 100 / of
    return "<1" if exact < 1 else ">99" if exact > 99 else str(round(exact))


def _cell(pair: Pair, below: int) -> Cell:
    count, of = pair
    parts = (count,) if of is None else (count, of, of - count)
    if any(0 < part < below for part in parts):
        return Cell(count=0, of=None if of is None else 0, shown=False)
    return Cell(count=count, of=of)
