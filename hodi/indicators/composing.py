"""An indicator's SELECT, made into whole statements: sums for an area, and the rows behind a number. Both are
the same rows, so that a list is as long as its number says."""

from __future__ import annotations

import functools

from hodi.db import load_queries
from hodi.db.store import Engine
from hodi.indicators.indicator import PROMOTER, gives, is_live, is_monthly
from hodi.record import RuleError, RuleText, split_select

_sql = load_queries(__file__)

_ASKED = (
    "asked_month AS (\n  SELECT c.month, c.first_day, c.last_day FROM calendar_month c\n"
    "  WHERE c.first_day >= :from_day AND c.first_day <= :to_day\n)"
)


@functools.lru_cache(maxsize=512)
def sums(text: RuleText, engine: Engine) -> str:
    """`month, cell, numerator, denominator, until_day` over the households of the scope, or over :unit for
    what is counted when it is asked. Needs :from_day, :to_day, :today and :now."""
    until = (
        "MIN(CASE WHEN r.until_day > :today THEN r.until_day END)" if gives(text, "until_day") else _NO_DAY
    )
    return (
        f"{_found(text, engine)}SELECT {_month(text)} AS month, {_cell(text)} AS cell,\n"
        f"  CAST(SUM(r.numerator) AS BIGINT) AS numerator,\n"
        f"  CAST(SUM({_denominator(text)}) AS BIGINT) AS denominator, {until} AS until_day\n"
        "FROM found r GROUP BY 1, 2 ORDER BY 1, 2"
    )


@functools.lru_cache(maxsize=512)
def rows(text: RuleText, engine: Engine, promoters: str = _sql.promoters_of_unit) -> str:
    """`numerator, denominator, day, from_day, class, cell, month, place, done_at` of each thing counted. The
    place is the person, or the area of what is about promoters. Needs what `sums` needs; `promoters`: where
    those come from."""
    from_day = "r.from_day" if gives(text, "from_day") else _NO_DAY
    class_ = "r.class" if gives(text, "class") else "CAST(NULL AS TEXT)"
    done_at = "r.done_at" if gives(text, "done_at") else "CAST(NULL AS BIGINT)"
    about = ("r.area", "r.area") if is_live(text) else ("r.household", "r.person")
    return (
        f"{_found(text, engine, promoters)}SELECT r.numerator, {_denominator(text)} AS denominator, r.day,\n"
        f"  {from_day} AS from_day, {class_} AS class, {_cell(text)} AS cell, {_month(text)} AS month,\n"
        f"  {about[1]} AS place, {done_at} AS done_at\n"
        f"FROM found r WHERE r.numerator + {_denominator(text)} > 0\n"
        f"ORDER BY {about[0]}, {about[1]}, COALESCE(r.day, 0)"
    )


_NO_DAY = "CAST(NULL AS INTEGER)"


def _month(text: RuleText) -> str:
    return "r.month" if is_monthly(text) else "CAST(0 AS INTEGER)"


def _cell(text: RuleText) -> str:
    return "r.cell" if gives(text, "cell") else "CAST('' AS TEXT)"


def _denominator(text: RuleText) -> str:
    return "r.denominator" if gives(text, "denominator") else "0"


def _found(text: RuleText, engine: Engine, promoters: str = _sql.promoters_of_unit) -> str:
    if not is_live(text):
        if "day" in text.drives.key:
            raise RuleError(f"{text.code}: start from the household, and reach {text.drives.name} from there")
        return text.found(engine, _ASKED if is_monthly(text) else "")
    own, body = split_select(text.select)
    parts = [f"{PROMOTER.name} AS (\n{promoters}\n)", own, f"found AS (\n{body}\n)"]
    return f"WITH {', '.join(part for part in parts if part)}\n"
