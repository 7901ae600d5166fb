"""The indicators of whole units for people who see figures only: of a place of any level.
Counts of people that are too small to hide anybody in are taken out here, before anything leaves the room."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from hodi.db import Connection, load_queries, records
from hodi.domain.times import month_of
from hodi.indicators.composing import sums
from hodi.indicators.indicator import Indicator
from hodi.indicators.suppression import Cell, Pair, Total, protect

_sql = load_queries(__file__)

Counted = dict[tuple[str, str], dict[int, Pair]]
"""By indicator and cell: what each unit has."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit under a place, with the row of the page that it counts in and the group of rows: the places two
    levels and one level below. Directly below a place a unit is its own row, and there are no groups."""

    unit: int
    name: str
    row_place: int
    row_kind: str
    row_name: str
    row_code: str | None
    group_place: int
    group_kind: str
    group_name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """A line of the page: a unit, or a place above it. `code` is its number in the national list. `group` is
    the place directly below that it lies in; None where it is itself."""

    place: int
    kind: str
    name: str
    code: str | None
    group: tuple[int, str, str] | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Column:
    """One indicator in one of its cells ("" = not told apart): what each unit has of it, what each row of the
    page has, and the total."""

    indicator: Indicator
    cell: str
    cells: dict[int, Cell]
    rows: dict[int, Total]
    total: Total


@dataclasses.dataclass(frozen=True, kw_only=True)
class Figures:
    """Every unit under a place, and every indicator of the pack, in a month."""

    month: int
    units: tuple[Unit, ...]
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]

    def column(self, code: str, cell: str = "") -> Column:
        """The column of an indicator. Raises KeyError."""
        for one in self.columns:
            if (one.indicator.code, one.cell) == (code, cell):
                return one
        raise KeyError(code)


def figures(
    c: Connection,
    indicators: Sequence[Indicator],
    *,
    place: int,
    month: int,
    today: int,
    now: int,
    suppress_below: int,
    counted: Callable[[str], bool],
) -> Figures:
    """The indicators of every unit under `place`, of any level, in `month` (year × 100 + month). What is
    known of now alone stands in the month of `today` and in no other. `counted` says which signals may be
    counted by name at all; a signal that holds nowhere has no column."""
    this_month = month == month_of(today)
    units = tuple(records(c, Unit, _sql.units_under, {"place": place}))
    found = _values(c, place=place, month=month, also=0 if this_month else month)
    columns = []
    for one in indicators:
        if not (one.monthly or this_month):
            continue
        if one.live:
            found |= _live(c, one, units, today=today, now=now)
        for cell in _cells(one, found, counted):
            by_unit = found.get((one.code, cell), {})
            none: Pair = (0, 0 if one.unit == "share" else None)
            pairs = [_pair(one, by_unit.get(place_.unit, none)) for place_ in units]
            below = suppress_below if one.small_numbers == "hidden" else 0
            shown, total = protect(pairs, below=below)
            cells = {place_.unit: shown[n] for n, place_ in enumerate(units)}
            by_row: dict[int, list[Pair]] = {}
            for place_, pair in zip(units, pairs, strict=True):
                by_row.setdefault(place_.row_place, []).append(pair)
            rows = {row: protect(its, below=below)[1] for row, its in by_row.items()}
            columns.append(Column(indicator=one, cell=cell, cells=cells, rows=rows, total=total))
    return Figures(month=month, units=units, rows=_rows(units), columns=tuple(columns))


def _rows(units: Sequence[Unit]) -> tuple[Row, ...]:
    rows: dict[int, Row] = {}
    for one in units:
        group = (one.group_place, one.group_kind, one.group_name)
        rows[one.row_place] = Row(
            place=one.row_place,
            kind=one.row_kind,
            name=one.row_name,
            code=one.row_code,
            group=group if one.group_place != one.row_place else None,
        )
    return tuple(rows.values())


def _values(c: Connection, *, place: int, month: int, also: int) -> Counted:
    found: Counted = {}
    given = {"place": place, "month": month, "also": also}
    for unit, code, cell, numerator, denominator in c.rows(_sql.values_under, given):
        found.setdefault((code, cell), {})[unit] = (numerator, denominator)
    return found


def _live(c: Connection, one: Indicator, units: Sequence[Unit], *, today: int, now: int) -> Counted:
    found: Counted = {}
    for place in units:
        given = {"unit": place.unit, "today": today, "now": now}
        for _, cell, numerator, denominator, _ in c.rows(sums(one.sql(), c.engine), given):
            found.setdefault((one.code, cell), {})[place.unit] = (numerator, denominator)
    return found


def _cells(one: Indicator, found: Counted, counted: Callable[[str], bool]) -> list[str]:
    if one.cells_from == "signals":
        return sorted(cell for code, cell in found if code == one.code and counted(cell))
    return list(one.cells) or [""]


def _pair(one: Indicator, pair: Pair) -> Pair:
    return (pair[0], None) if one.unit == "count" else pair
