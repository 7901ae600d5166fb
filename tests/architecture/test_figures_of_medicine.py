"""A figure of medicine stands once, as a limit of its programme: in no form's expression, SQL or code."""

from __future__ import annotations

import pathlib
import re

import pytest

from hodi.config import ROOT
from hodi.content import load_limits
from hodi.content.sheets import read_workbook

KENYA = ROOT / "content" / "kenya"
_NUMBER = re.compile(r"(?<![\w.:$%])(\d+(?:\.\d+)?)(?![\w.%])")
_SQL_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/|'[^']*'", re.DOTALL)
_COMMENT = re.compile(r"\"{3}.*?\"{3}|/\*.*?\*/|<style>.*?</style>|#[^\n]*|//[^\n]*", re.DOTALL)
_EXPRESSIONS = (
    "relevant",
    "constraint",
    "calculation",
    "required",
    "choice_filter",
    "default",
    "repeat_count",
)

SMALL = 3
"""Up to here a number counts, or is an ordinal: no threshold is told from it."""
ARITHMETIC = frozenset({7, 10, 12, 30, 100, 1000, 99_999, 100_000, 3_600_000, 86_400_000})
"""Days of a week and a month, months of a year, shares, milliseconds, keys that put two numbers in one."""
ROWS = {
    "act_tablets_per_dose": "tablets of the heaviest children: a dose, listed with its weights",
    "birth_date": "the first day that can be typed: the register's, not medicine's",
    "age_years_told": "the oldest anybody is taken to be",
    "age_months_told": "months of a year not completed",
    "told_month": "the calendar", "told_first": "the calendar", "told_length": "the calendar",
    "person_phone": "the register asks the grown for a telephone",
    "national_id": "the register asks the grown for their card, whose number has so many digits",
    "disability": "the register's question, as the census asks it",
}  # fmt: skip
"""Rows of forms whose figures are no thresholds of medicine, and why."""


def _figures(text: str) -> list[float]:
    found = [float(match) for match in _NUMBER.findall(text)]
    return [value for value in found if value > SMALL and value not in ARITHMETIC]


def in_sql(text: str) -> list[float]:
    """Figures that stand in a statement."""
    return _figures(_SQL_COMMENT.sub("", text))


def in_form(path: pathlib.Path) -> list[tuple[str, float]]:
    """Figures that stand in a form's expressions, by row."""
    return [
        (row.cells.get("name") or "", value)
        for sheet in read_workbook(path).values()
        for row in sheet.rows
        for column in _EXPRESSIONS
        for value in _figures(re.sub(r"'[^']*'", "", row.cells.get(column) or ""))
        if row.cells.get("name") not in ROWS
    ]


CALENDAR = frozenset({30.4375, 365, 365.25, 366})
"""Days of a month and of a year."""
OTHERS = {
    ("hodi/simulate/illness.py", 115): "a day of the year, in the long rains",
    ("hodi/web/app.py", 308): "an answer of HTTP",
}
"""Figures in code that only look like a limit."""


def distinctive() -> frozenset[float]:
    """Limits that are met by chance nowhere: of three digits and not round, or with a decimal place."""
    values = {float(limit.value) for limit in load_limits(KENYA).values()} - CALENDAR
    return frozenset(v for v in values if (v >= 100 and v % 10) or (v >= 10 and v != int(v)))


def in_code(text: str) -> list[float]:
    """Limits that stand in code as figures."""
    known = distinctive()
    return [float(one) for one in _NUMBER.findall(_COMMENT.sub("", text)) if float(one) in known]


CODE = [
    path
    for root in ("hodi", "phone/src")
    for path in sorted((ROOT / root).rglob("*"))
    if path.suffix in (".py", ".ts", ".svelte", ".sql")
]


@pytest.mark.parametrize("path", sorted(KENYA.glob("programmes/**/*.sql")), ids=lambda path: path.parent.name)
def test_sql_of_a_programme_names_its_limits(path: pathlib.Path) -> None:
    assert in_sql(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sorted(KENYA.glob("programmes/*/forms/*.md")), ids=lambda path: path.stem)
def test_a_form_names_its_limits(path: pathlib.Path) -> None:
    assert in_form(path) == []


def test_code_knows_no_limit() -> None:
    found = [
        (path.relative_to(ROOT).as_posix(), figure)
        for path in CODE
        for figure in in_code(path.read_text(encoding="utf-8"))
    ]
    assert [one for one in found if one not in OTHERS] == []


def test_a_seventh_place_is_found(tmp_path: pathlib.Path) -> None:
    assert in_sql("SELECT 1 FROM growth WHERE muac_mm < 115 -- 125\n") == [115]
    assert in_code("const red = mm < 115; // 125") == [115]
    assert in_code("if age_days > 1826:") == [1826]
    form = tmp_path / "form.md"
    text = (KENYA / "programmes/child_health/forms/under_five_assessment.md").read_text(encoding="utf-8")
    form.write_text(text.replace("${muac_mm} < ${muac_red_mm}", "${muac_mm} < 115"), encoding="utf-8")
    assert in_form(form) == [("muac_colour", 115)]
