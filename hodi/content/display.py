"""What the pages of a person and of a household show of a programme: its `display.toml`, and the statements
of its `display.sql` that the parts draw from. Phone and server draw the same parts from the same rows.

A section has a title and parts, drawn from top to bottom; a part without rows, and a section without a part
that is drawn, is not there. `[[section]]` in the file's order, `[[section.part]]` in the section's:

    draw = "says"    a sentence for each row. Of several wordings the row's column `detail` chooses, of
                     remarks its column `remark` (several codes with a space between); its column `tone`
                     says how it looks: plain, soft, warn, bad, red, yellow, green
    draw = "line"    numbers over time: each row a point, `x` and `y` its columns
    draw = "steps"   a contact a row against its schedule: column `state` is had, late or open
    draw = "facts"   the latest finding of each concept
    draw = "table"   each row a line, `columns` its columns

`[[mark]]` puts a word beside the names of members of whom its rows speak, in lists of a household's members.

`only = "phone"` or `only = "pages"` (of the server) leaves a part away elsewhere: a narrow screen shows less.

A statement of `display.sql` is one SELECT in the dialect of docs/sql.md with `-- name:` and `-- about:`
above it (hodi/content/context.py has the parameters). In a sentence `{name}` is a column of the row: a
column called `day` or `…_day` is a day, `…_date` a day with its year, a number has at most one place after
the point.
"""

from __future__ import annotations

import pathlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from hodi.content.complaint import Complaint
from hodi.content.concepts import Concept
from hodi.content.context import ContextQuery, named_queries
from hodi.content.display_model import (
    Display,
    Facts,
    Line,
    Mark,
    Part,
    Says,
    Section,
    Statement,
    Steps,
    Table,
    Text,
    Wordings,
)
from hodi.content.messages import arguments
from hodi.content.programmes import Limit, Programme
from hodi.content.wording import language_faults


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    section: tuple[Section, ...] = ()
    mark: tuple[Mark, ...] = ()


def read_display(
    folder: pathlib.Path,
    programmes: Iterable[Programme],
    concepts: Mapping[str, Concept],
    languages: tuple[str, ...],
) -> tuple[Display, list[Complaint]]:
    """What the programmes of a pack show, as far as it can be read, and what is wrong with it."""
    programmes = tuple(programmes)
    limits = {name: limit for one in programmes for name, limit in one.limits.items()}
    queries, complaints = named_queries(folder, programmes, limits, "display.sql")
    sections: list[Section] = []
    marks: list[Mark] = []
    for programme in programmes:
        path = programme.folder / "display.toml"
        if not path.exists():
            continue
        file = path.relative_to(folder).as_posix()
        try:
            found = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
        except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            complaints.append(Complaint(file=file, says=f"cannot be read: {error}"))
            continue
        checker = _Checker(queries, concepts, limits, languages)
        for section in found.section:
            says = [*checker.section(section), *_twice(section, sections)]
            complaints += [Complaint(file=file, column=section.code, says=one) for one in says]
            sections.append(section)
        for mark in found.mark:
            says = [*checker.mark(mark), *_twice(mark, marks)]
            complaints += [Complaint(file=file, column=mark.code, says=one) for one in says]
            marks.append(mark)
    statements = tuple(
        Statement(name=query.name, about=query.about, gives=query.gives, sql=query.sql) for query in queries
    )
    return Display(sections=tuple(sections), marks=tuple(marks), statements=statements), complaints


def _twice(one: Section | Mark, others: Iterable[Section | Mark]) -> Iterator[str]:
    if any(other.code == one.code for other in others):
        yield f"another {type(one).__name__.lower()} is called so"


class _Checker:
    """Whether what a section names is there."""

    def __init__(
        self,
        queries: Iterable[ContextQuery],
        concepts: Mapping[str, Concept],
        limits: Mapping[str, Limit],
        languages: tuple[str, ...],
    ) -> None:
        self._queries = {query.name: query for query in queries}
        self._concepts, self._limits, self._languages = concepts, limits, languages

    def section(self, section: Section) -> Iterator[str]:
        yield from self._text(section.title, frozenset())
        if section.heading is not None:
            yield from self._rows(section, section.heading.rows, ())
            yield from self._wordings(section.heading.says, section.heading.rows)
        for part in section.part:
            yield from self._part(section, part)

    def mark(self, mark: Mark) -> Iterator[str]:
        if mark.title is not None:
            yield from self._text(mark.title, frozenset())
        elif mark.icon is None:
            yield "a mark needs a title or an icon"
        query = self._queries.get(mark.rows)
        if query is None:
            yield f"no display.sql has {mark.rows}"
        elif query.about != "household":
            yield f"{mark.rows} is about {query.about}, and a mark's rows are about the household"
        else:
            yield from (
                f"{mark.rows} does not give {name}" for name in ("person", "day") if name not in query.gives
            )
        yield from (f"no concept is called {name}" for name in mark.discloses if name not in self._concepts)

    def _part(self, section: Section, part: Part) -> Iterator[str]:
        if part.title is not None:
            yield from self._text(part.title, frozenset())
        match part:
            case Says():
                chooses = (("detail", len(part.says) > 1), ("remark", bool(part.remark)))
                yield from self._rows(section, part.rows, (name for name, needed in chooses if needed))
                yield from self._wordings(part.says, part.rows)
                yield from self._wordings(part.remark, part.rows)
            case Line():
                yield from self._rows(section, part.rows, (part.x, part.y))
                for level in part.level:
                    if level.limit is not None and level.limit not in self._limits:
                        yield f"no limit is called {level.limit}"
                if part.curves is not None:
                    named = [one.column for one in part.curve]
                    named += [name for band in part.band for name in (band.above, band.below)]
                    yield from self._rows(section, part.curves, ("x", *named))
            case Steps():
                yield from self._rows(section, part.rows, ("state", "detail"))
                yield from self._wordings(part.says, part.rows)
            case Table():
                named = [one.name for one in part.columns]
                named += [one.tone for one in part.columns if one.tone]
                yield from self._rows(section, part.rows, (*named, *(["remark"] if part.remark else ())))
                yield from self._wordings(part.remark, part.rows)
                for one in part.columns:
                    yield from self._text(one.title, frozenset())
                    if one.concept is not None and one.concept not in self._concepts:
                        yield f"no concept is called {one.concept}"
            case Facts():
                for fact in part.facts:
                    known = self._concepts.get(fact.concept)
                    if known is None or not known.kept:
                        yield f"{fact.concept} is no concept that is kept (concepts.csv)"
                    if fact.label is not None:
                        yield from self._text(fact.label, frozenset())

    def _rows(self, section: Section, name: str, columns: Iterable[str]) -> Iterator[str]:
        query = self._queries.get(name)
        if query is None:
            yield f"no display.sql has {name}"
            return
        if query.about not in (section.about, "household"):
            yield f"{name} is about {query.about}, and the section about {section.about}"
        for column in columns:
            if column not in query.gives:
                yield f"{name} does not give {column}"

    def _wordings(self, says: Wordings, name: str) -> Iterator[str]:
        gives = frozenset(self._queries[name].gives) if name in self._queries else None
        for text in says.values():
            yield from self._text(text, gives)

    def _text(self, text: Text, gives: frozenset[str] | None) -> Iterator[str]:
        yield from language_faults(text, self._languages)
        for message in text.values():
            if gives is not None and (unknown := arguments(message) - gives):
                yield f"{message!r} names {', '.join(sorted(unknown))}, which its rows do not give"
