"""The sections of a household's and of a person's page, as the programmes of the pack have them, each part
with its rows. The phone shows the same (phone/src/views/display.ts)."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from hodi.content import Display
from hodi.content.display_model import Facts, Line, Part, Section, Subject
from hodi.db import Connection, load_queries
from hodi.db.queries import Query

_sql = load_queries(__file__)

Row = Mapping[str, object]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shown:
    """A part with its rows; `curves` are those of a line's reference."""

    part: Part
    rows: tuple[Row, ...]
    curves: tuple[Row, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class ShownSection:
    """A section, the row that its heading speaks of, and its parts that have rows."""

    section: Section
    heading: Row | None
    parts: tuple[Shown, ...]


def sections(
    c: Connection,
    display: Display,
    about: Subject,
    *,
    unit: int,
    household: int,
    person: int = 0,
    today: int,
) -> tuple[ShownSection, ...]:
    """The sections about a household (person 0), or about one of its members, on a local day. None of a
    person who does not agree that more is kept of her, or whose family does not."""
    where = {"unit": unit, "household": household, "person": person}
    if about == "person" and c.rows(_sql.refuses, where):
        return ()
    reader = _Reader(c, display, {**where, "today": today})
    found = []
    for section in display.sections:
        parts = [reader.part(part) for part in section.part if part.only != "phone"]
        # How a household lives is asked of everybody: what is not known is shown as not known.
        drawn = tuple(
            one for one in parts if one.rows or (isinstance(one.part, Facts) and about == "household")
        )
        if section.about == about and drawn:
            heading = reader.rows(section.heading.rows) if section.heading else ()
            found.append(ShownSection(section=section, heading=heading[0] if heading else None, parts=drawn))
    return tuple(found)


class _Reader:
    """Runs each statement once."""

    def __init__(self, c: Connection, display: Display, given: Mapping[str, int]) -> None:
        self._c, self._given = c, given
        self._statements = {one.name: one for one in display.statements}
        self._asked: dict[str, tuple[Row, ...]] = {}

    def part(self, part: Part) -> Shown:
        if isinstance(part, Facts):
            wanted = {fact.concept for fact in part.facts}
            return Shown(part=part, rows=tuple(row for row in self._facts() if row.get("concept") in wanted))
        curves = self.rows(part.curves) if isinstance(part, Line) and part.curves else ()
        return Shown(part=part, rows=self.rows(part.rows), curves=curves)

    def rows(self, name: str) -> tuple[Row, ...]:
        if name not in self._asked:
            statement = self._statements[name]
            self._asked[name] = self._run(statement.sql, statement.gives)
        return self._asked[name]

    def _facts(self) -> tuple[Row, ...]:
        if "" not in self._asked:
            self._asked[""] = self._run(_sql.latest_findings, ("concept", "number", "code", "text"))
        return self._asked[""]

    def _run(self, sql: str, gives: tuple[str, ...]) -> tuple[Row, ...]:
        used = {name: value for name, value in self._given.items() if re.search(rf":{name}\b", sql)}
        query = sql if isinstance(sql, Query) else Query(sql)
        return tuple(dict(zip(gives, row, strict=True)) for row in self._c.rows(query, used))
