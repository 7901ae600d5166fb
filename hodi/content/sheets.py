"""Tables as authors keep them: CSV, the Markdown tables of an XLSForm, or an .xlsx workbook. Every row
knows its number in the file, so that a complaint can point at it."""

from __future__ import annotations

import csv
import dataclasses
import pathlib
import re
import zipfile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

_TABLE_LINE = re.compile(r"^\s*\|(.*)\|\s*$")
_RULE_LINE = re.compile(r"^[|-]+$")
_SPACED_RULE_LINE = re.compile(r"^[\s|:-]+$")
_PIPE = re.compile(r"(?<!\\)\|")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """One row below the header: its number in the file, and its cells by column; empty cells are absent."""

    number: int
    cells: dict[str, str]

    def get(self, column: str) -> str:
        """The cell's text, or an empty string."""
        return self.cells.get(column, "")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table: the columns of its header and its rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_csv(path: pathlib.Path) -> Sheet:
    """A CSV file with a header row. Raises ValueError if it has none, or for a row that has not as many cells
    (a comma too many or too few would move values into other columns)."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        found: list[tuple[int, list[str | None]]] = []
        for cells in reader:
            found.append((reader.line_num, [cell.strip() or None for cell in cells]))
    if not found:
        raise ValueError("the file is empty")
    width = len(found[0][1])
    for number, row in found:
        if len(row) != width and any(row):
            raise ValueError(f"line {number} has {len(row)} cells and the header {width}: look at its commas")
    return _sheet(found)


def read_workbook(path: pathlib.Path) -> dict[str, Sheet]:
    """The sheets of an XLSForm by name, from Markdown tables (`.md`) or a workbook (`.xlsx`). Raises
    ValueError if it is neither, OSError if it cannot be opened."""
    return _markdown(path.read_text(encoding="utf-8")) if path.suffix == ".md" else _excel(path)


def _markdown(text: str) -> dict[str, Sheet]:
    """Markdown as `pyxform` reads it: the first cell of a table's first row names the sheet. Raises
    ValueError where it would silently read something else."""
    tables: dict[str, list[tuple[int, list[str | None]]]] = {}
    name = ""
    for number, line in enumerate(text.split("\n"), start=1):
        match = _TABLE_LINE.match(line)
        if match is None or _RULE_LINE.match(match[1]):
            continue
        if _SPACED_RULE_LINE.match(match[1]) and "-" in match[1]:
            raise ValueError(f"line {number}: write the rule below a header without spaces: |---|---|")
        first, *cells = [part.strip().replace(r"\|", "|") or None for part in _PIPE.split(match[1])]
        if first is not None:
            name = first
            tables[name] = []
        if name and any(cell is not None for cell in cells):
            tables[name].append((number, cells))
    return {name: _sheet(rows) for name, rows in tables.items() if rows}


def _excel(path: pathlib.Path) -> dict[str, Sheet]:
    try:
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError) as error:
        raise ValueError(f"not a workbook ({error})") from error
    sheets: dict[str, Sheet] = {}
    for worksheet in workbook.worksheets:
        rows = [
            (number, [_cell(value) for value in values])
            for number, values in enumerate(worksheet.iter_rows(values_only=True), start=1)
        ]
        rows = [(number, cells) for number, cells in rows if any(cell is not None for cell in cells)]
        if rows:
            sheets[worksheet.title] = _sheet(rows)
    workbook.close()
    return sheets


def _cell(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None


def _sheet(found: list[tuple[int, list[str | None]]]) -> Sheet:
    (_, header), *rest = found
    columns = tuple(cell or "" for cell in header)
    rows = []
    for number, cells in rest:
        pairs = zip(columns, cells, strict=False)
        filled = {column: cell for column, cell in pairs if cell is not None and column}
        if filled:
            rows.append(Row(number=number, cells=filled))
    return Sheet(columns=tuple(column for column in columns if column), rows=tuple(rows))
