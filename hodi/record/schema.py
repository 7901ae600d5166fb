"""The record of a country: the tables that every country has, and those that its programmes add, each with
the step that fills it.

A step of `contract/record` or of a programme is a SELECT with a header:

    -- writes: growth                 (a programme's file creates its table: then it is that one)
    -- facts: assessment.recorded     kinds of event that it reads
    -- reads: person                  tables of the record that it reads
    -- since: day                     which of a household's rows it writes anew: start, day or month
    -- sizes: 600000 8000 8 1 1 1     rows in a district after a year, then rows that share the first
                                      column of the key, the first two, and so on: for SQLite's planner

A file may also hold a table whose rows are the same for everybody, with `-- rows:` in place of a SELECT: the
name of a CSV file beside it, or of the WHO growth standards, or `codes of` a concept of the pack, each with
its place in the pack's list.
"""

from __future__ import annotations

import csv
import dataclasses
import functools
import hashlib
import pathlib
import re
from collections.abc import Iterable, Mapping
from typing import Literal, cast

from hodi.config import ROOT
from hodi.content import Concept, Limit, load_concepts, load_limits, load_programmes
from hodi.content.limits import UnknownLimit, with_limits
from hodi.db.schema import statements
from hodi.record.reference import STANDARDS, Rows, month_rows
from hodi.record.tables import Table, TableError, contract_tables, read_tables

Since = Literal["start", "day", "month"]

_STEPS = ROOT / "contract" / "record"
_CODES_OF = "codes of "
_HEADER = re.compile(r"^-- (writes|facts|reads|since|rows|sizes): *(.*)$", re.MULTILINE)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the fold. `kinds`: kinds of event that make it run, those of the tables it reads
    included. `since`: which of a household's rows it writes anew: all, or those from a day or month on."""

    name: str
    table: Table
    facts: tuple[str, ...]
    reads: tuple[str, ...]
    since: Since
    select: str
    kinds: frozenset[str] = frozenset()

    @property
    def writes(self) -> str:
        """The name of its table."""
        return self.table.name


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reference:
    """A table whose rows are the same for everybody, with its rows in the order of its columns."""

    table: Table
    rows: Rows

    @functools.cached_property
    def mark(self) -> str:
        """Changes whenever its shape or its rows do. Computed once: its rows are many."""
        return _mark(*self.table.creation, repr(self.rows))


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class RecordSchema:
    """The whole record of a pack: its tables, steps in the order in which they run, and reference tables,
    by name. `added` are the tables that stand in no schema and that stores and phones make from the pack;
    `sizes` what SQLite's planner is told of those."""

    tables: Mapping[str, Table]
    steps: tuple[Step, ...]
    references: Mapping[str, Reference]
    added: tuple[str, ...]
    sizes: Mapping[str, str]

    def marks(self) -> dict[str, str]:
        """By table, what changes whenever its shape, its step or its rows do."""
        found = {name: one.mark for name, one in self.references.items()}
        for step in self.steps:
            shape = step.table.creation if step.writes in self.added else ()
            found[step.writes] = _mark(*shape, step.since, " ".join(sorted(step.kinds)), step.select)
        return found

    def planner(self) -> list[str]:
        """What tells SQLite how big the added tables are; contract/planner.sqlite.sql for others."""
        names = ", ".join(f"'{name}'" for name in self.sizes)
        rows = ", ".join(f"('{name}', '{name}', '{sizes}')" for name, sizes in self.sizes.items())
        if not rows:
            return []
        return [
            "ANALYZE sqlite_schema",
            f"DELETE FROM sqlite_stat1 WHERE tbl IN ({names})",
            f"INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES {rows}",
            "ANALYZE sqlite_schema",
        ]


class StepError(Exception):
    """A step, table or rule that cannot be used; the message names the file and what is wrong."""


@functools.cache
def load_record_schema(pack: pathlib.Path) -> RecordSchema:
    """The record of a pack's folder. Raises StepError or ContentError."""
    tables = dict(contract_tables())
    steps: list[Step] = []
    references = {"calendar_month": Reference(table=tables["calendar_month"], rows=month_rows())}
    added: list[str] = []
    sizes: dict[str, str] = {}
    limits = load_limits(pack)
    concepts = load_concepts(pack)[0]
    kept = sorted(concept.name for concept in concepts.values() if concept.kept)

    def add(path: pathlib.Path, file: str) -> None:
        created = _created(path, file)
        if created.name in tables:
            raise StepError(f"{file}: there is a table {created.name} already")
        tables[created.name] = created
        added.append(created.name)
        header = _header(path)
        sizes[created.name] = header.get("sizes") or _usual_sizes(created)
        if "rows" in header:
            references[created.name] = _reference(path, file, created, header["rows"], concepts)
        else:
            steps.append(_step(path, file, tables, limits, created))

    for path in sorted(_STEPS.glob("*.sql")):
        if "rows" in _header(path):
            add(path, path.name)
        else:
            steps.append(_step(path, path.name, tables, limits, kept=kept))
    for programme in load_programmes(pack):
        for path in programme.files("record", ".sql"):
            add(path, path.relative_to(pack).as_posix())
    return RecordSchema(
        tables=tables, steps=_in_order(steps), references=references, added=tuple(added), sizes=sizes
    )


def _header(path: pathlib.Path) -> dict[str, str]:
    return {key: value.strip() for key, value in _HEADER.findall(path.read_text(encoding="utf-8"))}


def _statements(path: pathlib.Path) -> list[str]:
    return statements(path.read_text(encoding="utf-8"))


def _created(path: pathlib.Path, file: str) -> Table:
    try:
        tables = read_tables([one for one in _statements(path) if one.startswith("CREATE ")])
    except TableError as error:
        raise StepError(f"{file}: {error}") from error
    if len(tables) != 1:
        raise StepError(f"{file}: creates {len(tables)} tables, and must create one")
    (table,) = tables.values()
    return table


def _step(
    path: pathlib.Path,
    file: str,
    tables: Mapping[str, Table],
    limits: Mapping[str, Limit],
    created: Table | None = None,
    kept: Iterable[str] = (),
) -> Step:
    header = _header(path)
    since = header.get("since", "")
    table = created or tables.get(header.get("writes", ""))
    if table is None or since not in ("start", "day", "month"):
        raise StepError(f"{file}: needs `writes: <table>` and `since: start, day or month`")
    try:
        (select,) = [one for one in _statements(path) if not one.startswith("CREATE ")]
        select = with_limits(_with_kept(select, kept), limits)
    except ValueError as error:
        raise StepError(f"{file}: needs one SELECT") from error
    except UnknownLimit as error:
        raise StepError(f"{file}: names :{error}, which no limits.toml gives") from error
    return Step(
        name=path.stem.partition("_")[2] if created is None else path.stem,
        table=table,
        facts=tuple(header.get("facts", "").split()),
        reads=tuple(header.get("reads", "").split()),
        since=cast(Since, since),
        select=select,
    )


def _with_kept(select: str, kept: Iterable[str]) -> str:
    """A SELECT with the names of the concepts that are kept in place of `:kept`; no concept is called ''."""
    return re.sub(r":kept\b", ", ".join(f"'{name}'" for name in kept) or "''", select)


def _reference(
    path: pathlib.Path, file: str, table: Table, named: str, concepts: Mapping[str, Concept]
) -> Reference:
    if named in STANDARDS:
        return Reference(table=table, rows=STANDARDS[named]())
    if named.startswith(_CODES_OF):
        concept = concepts.get(named.removeprefix(_CODES_OF))
        listed: Rows = [(code, rank) for rank, code in enumerate(concept.codes if concept else ())]
        return Reference(table=table, rows=listed)
    try:
        with (path.parent / named).open(encoding="utf-8", newline="") as opened:
            lines = list(csv.DictReader(opened))
        rows: Rows = [tuple(_value(line[name]) for name in table.columns) for line in lines]
        return Reference(table=table, rows=rows)
    except (OSError, KeyError) as error:
        raise StepError(f"{file}: the rows of {table.name} cannot be read from {named}: {error}") from error


def _value(text: str) -> str | int | float:
    for type_ in (int, float):
        try:
            return type_(text)
        except ValueError:
            continue
    return text


def _usual_sizes(table: Table) -> str:
    """What a table is like of which nobody has said anything: some rows a household and day."""
    return " ".join(["300000", "4000", "4", *["1"] * len(table.key)][: len(table.key) + 1])


def _in_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Every step after those whose tables it reads; otherwise as they come."""
    waiting, done, kinds = list(steps), list[Step](), dict[str, frozenset[str]]()
    written = {step.writes for step in waiting}
    for step in waiting:
        if unknown := [table for table in step.reads if table not in written]:
            raise StepError(f"{step.name}: reads {', '.join(unknown)}, which no step writes")
    while waiting:
        ready = [one for one in waiting if all(table in kinds for table in one.reads)]
        if not ready:
            raise StepError(f"{', '.join(one.name for one in waiting)}: each waits for another's table")
        step = ready[0]
        waiting.remove(step)
        kinds[step.writes] = frozenset(step.facts).union(*(kinds[table] for table in step.reads))
        done.append(dataclasses.replace(step, kinds=kinds[step.writes]))
    return tuple(done)


def _mark(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
