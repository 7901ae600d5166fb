"""The cases of forms: what a case takes over from another, and the published standards that its person is
scored against, as the pack's own queries give them."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Mapping
from typing import Any

from hodi import content
from hodi.config import ROOT
from hodi.record.reference import STANDARDS

Row = tuple[str, int, float, float, float]


def whole_case(cases: list[dict[str, Any]], one: dict[str, Any]) -> dict[str, Any]:
    """A case with what it takes over from the one it is like."""
    like = next((case for case in cases if case["name"] == one.get("like")), None)
    start = whole_case(cases, like) if like else {"context": {}, "answers": {}, "members": []}
    merged = {
        part: {k: v for k, v in {**start[part], **one.get(part, {})}.items() if v is not None}
        for part in ("context", "answers")
    }
    return {**one, **merged, "members": one.get("members", start["members"])}


def standards_for(context: Mapping[str, Any], today: int) -> tuple[Row, ...]:
    """Rows (measure, at, L, M, S) for a case that says its sex and its age in days; none for any other."""
    if "sex" not in context or "age_days" not in context:
        return ()
    return _rows(str(context["sex"]), today - int(context["age_days"]), today)


@functools.cache
def _rows(sex: str, birth_day: int, today: int) -> tuple[Row, ...]:
    database = _database()
    database.execute("DELETE FROM person")
    database.execute("INSERT INTO person VALUES (1, 1, 1, ?, ?)", (sex, birth_day))
    given = {"unit": 1, "household": 1, "person": 1, "today": today}
    return tuple(
        row
        for query in content.load(ROOT / "content" / "kenya").context
        if query.about == "standards"
        for row in database.execute(query.sql, given)
    )


@functools.cache
def _database() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE person (unit, household, person, sex, birth_day)")
    database.execute(
        "CREATE TABLE growth_reference (measure, sex, axis, l, m, s, PRIMARY KEY (measure, sex, axis))"
    )
    rows = STANDARDS["who_growth_standards"]()
    database.executemany("INSERT INTO growth_reference VALUES (?, ?, ?, ?, ?, ?)", rows)
    return database
