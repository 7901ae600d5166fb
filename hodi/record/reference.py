"""Reference rows, the same on every machine: WHO's growth standards, months as days, and the pack's
antenatal schedule (care/antenatal_schedule.csv; Kenya: eight contacts, after WHO 2016)."""

from __future__ import annotations

import csv
import datetime
import functools
import importlib
import pathlib
from decimal import Decimal

from hodi.config import ROOT
from hodi.db import Connection, load_queries
from hodi.domain.times import day_of_date
from hodi.record.scope import alone

_sql = load_queries(__file__)

Rows = list[tuple[str | int | float, ...]]

# Module of pygrowup, and what turns its axis into ours: days stay days, centimetres become millimetres.
_MEASURES = {
    "weight_for_age": ("wfa", 1),
    "length_height_for_age": ("lfa", 1),
    "muac_for_age": ("acfa", 1),
    "weight_for_length": ("wfl", 10),
    "weight_for_height": ("wfh", 10),
}
_UNDER_FIVE_DAYS = 1826
_FIRST_YEAR, _LAST_YEAR = 1990, 2060
_KENYA = ROOT / "content" / "kenya"

COLUMNS = {
    "growth_reference": ("measure", "sex", "axis", "l", "m", "s"),
    "calendar_month": ("month", "first_day", "last_day"),
    "antenatal_schedule": ("contact", "week"),
}


@functools.cache
def growth_rows() -> Rows:
    """(measure, sex, axis, L, M, S) of the WHO Child Growth Standards up to five years."""
    rows: Rows = []
    for measure, (module, factor) in _MEASURES.items():
        data: dict[str, dict[Decimal, dict[str, Decimal]]] = importlib.import_module(
            f"pygrowup.tables.by_day.{module}"
        ).DATA
        for sex in ("male", "female"):
            for axis, lms in data[sex].items():
                if factor != 1 or axis <= _UNDER_FIVE_DAYS:
                    rows.append((measure, sex, int(axis * factor), *(float(lms[part]) for part in "lms")))
    return rows


@functools.cache
def month_rows() -> Rows:
    """(year × 100 + month, first day, last day) of every month that anything can have happened in."""
    rows: Rows = []
    for year in range(_FIRST_YEAR, _LAST_YEAR + 1):
        for month in range(1, 13):
            first = datetime.date(year, month, 1)
            following = datetime.date(year + month // 12, month % 12 + 1, 1)
            rows.append((year * 100 + month, day_of_date(first), day_of_date(following) - 1))
    return rows


def schedule_rows(pack: pathlib.Path = _KENYA) -> Rows:
    """(contact, completed week at which it is due) of a pack."""
    with (pack / "care" / "antenatal_schedule.csv").open(encoding="utf-8", newline="") as file:
        return [(int(row["contact"]), int(row["week"])) for row in csv.DictReader(file)]


def reference_rows(pack: pathlib.Path = _KENYA) -> dict[str, Rows]:
    """All reference rows by table, columns as in COLUMNS; a phone gets them in its pack."""
    return {
        "growth_reference": growth_rows(),
        "calendar_month": month_rows(),
        "antenatal_schedule": schedule_rows(pack),
    }


def ensure_reference(connection: Connection, pack: pathlib.Path = _KENYA) -> None:
    """Fill the reference tables of a new store, and take over a pack's changed schedule."""
    alone(connection)
    if not connection.rows(_sql.any_reference):
        connection.insert("growth_reference", COLUMNS["growth_reference"], growth_rows())
        connection.insert("calendar_month", COLUMNS["calendar_month"], month_rows())
    schedule = schedule_rows(pack)
    if connection.rows(_sql.schedule) != schedule:
        connection.run(_sql.forget_schedule)
        connection.insert("antenatal_schedule", COLUMNS["antenatal_schedule"], schedule)
