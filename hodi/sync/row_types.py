"""TypeScript types of the rows that the phone's statements give (phone/src/views/*.sql), from the statements
and the schema, so that none is kept by hand.

A statement says above its SELECT what its row is called, and of a column what the schema cannot know: the
type of an expression, the words that a column chooses from, what it means.

    -- row: VisitRow
    -- field: outcome 'done' | 'nobody_home' | 'refused'
    -- field: answered number; 1 = somebody else has answered it

How it works: tables are made whose declared types are the types in TypeScript, and SQLite names the declared
type of every plain column of a view over them. What is joined from the left may be missing, so there a table
is taken whose columns may all be NULL. A column whose type nobody says is refused by name, and so is a
statement that says of a column which may be NULL that it is not, unless with a mark: `-- field: day number!`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from hodi.config import ROOT
from hodi.db.schema import statements

_ROOM = ROOT / "phone" / "src" / "views"
_TYPES = {"BIGINT": "number", "INTEGER": "number", "DOUBLE": "number", "TEXT": "string"}
_OR_NULL = {"number": "number_or_null", "string": "string_or_null"}
_WRITTEN = {"number": "number", "string": "string"} | {
    code: f"{type_} | null" for type_, code in _OR_NULL.items()
}
_NULLABLE = frozenset(_WRITTEN[code] for code in _OR_NULL.values())
_CREATED = re.compile(r"CREATE TABLE (\w+) \((.*)\)", re.DOTALL)
_ROW = re.compile(r"^-- row: (\w+)$", re.MULTILINE)
_FIELD = re.compile(r"^-- field: (\w+)(?: ([^;\n]*[^;\n ]))? ?(?:; (.+))?$", re.MULTILINE)
_SAID = re.compile(r"^-- (?!name:|row:|field:)(.*)$", re.MULTILINE)


class RowTypeError(Exception):
    """A statement whose row cannot be described; the message says which, and why."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Field:
    """A column of a row: its type in TypeScript, and what it means where that is said."""

    name: str
    type: str
    says: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RowType:
    """The row of a statement."""

    name: str
    says: str
    fields: tuple[Field, ...]


def view_statements() -> dict[str, str]:
    """The statements of the phone's room `views` by file and name, with what is said above them."""
    found = {}
    for path in sorted(_ROOM.glob("*.sql")):
        first, *named = re.split(r"^-- name: (\w+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        if not named:
            found[path.name] = first
        found |= {f"{path.name}, {name}": text for name, text in zip(named[::2], named[1::2], strict=True)}
    return found


def row_types(texts: Mapping[str, str], created: Iterable[str]) -> list[RowType]:
    """The rows of some statements over the tables that others create. Raises RowTypeError."""
    found: dict[str, RowType] = {}
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        for table in _typed_tables(created):
            connection.execute(table)
        for where, text in texts.items():
            row = _row(where, text, connection)
            known = found.setdefault(row.name, row)
            if known.fields != row.fields:
                raise RowTypeError(f"{where}: another statement gives another {row.name}")
    return list(found.values())


def typescript_of(rows: Iterable[RowType]) -> str:
    """The rows as interfaces."""
    parts = []
    for row in rows:
        lines = [f"/** {row.says} */", f"export interface {row.name} {{"]
        for field in row.fields:
            lines += [f"  /** {field.says} */"] if field.says else []
            lines.append(f"  readonly {field.name}: {field.type};")
        parts.append("\n".join([*lines, "}"]))
    return "\n\n".join(parts)


def _typed_tables(created: Iterable[str]) -> Iterator[str]:
    for statement in created:
        if found := _CREATED.match(statement):
            lines = (line.strip().rstrip(",").split() for line in found.group(2).splitlines())
            columns = [words for words in lines if words and words[0] != "PRIMARY"]
            name = found.group(1)
            of = {words[0]: _TYPES[words[1]] for words in columns}
            is_null = {words[0]: "NOT" not in words for words in columns}
            once = (
                f"{column} {_OR_NULL[type_] if is_null[column] else type_}" for column, type_ in of.items()
            )
            yield f"CREATE TABLE {name} ({', '.join(once)})"
            missing = (f"{column} {_OR_NULL[type_]}" for column, type_ in of.items())
            yield f"CREATE TABLE {name}_or_null ({', '.join(missing)})"


def _row(where: str, text: str, connection: sqlite3.Connection) -> RowType:
    named = _ROW.search(text)
    if named is None:
        raise RowTypeError(f"{where}: say `-- row:`")
    said = {name: (type_, says or "") for name, type_, says in _FIELD.findall(text)}
    (select,) = statements(text)
    select = re.sub(r":[a-z_]+", "0", re.sub(r"\bLEFT JOIN (\w+)", r"LEFT JOIN \1_or_null", select))
    try:
        connection.execute(f"CREATE TEMP VIEW given AS {select}")
        columns = connection.execute("SELECT name, type FROM pragma_table_xinfo('given')").fetchall()
        connection.execute("DROP VIEW given")
    except sqlite3.Error as error:
        raise RowTypeError(f"{where}: {error}") from error
    if unknown := said.keys() - {name for name, _ in columns}:
        raise RowTypeError(f"{where}: it gives no {', '.join(sorted(unknown))}")
    fields = [_field(where, name, type_, *said.get(name, ("", ""))) for name, type_ in columns]
    says = " ".join(_SAID.findall(text.partition("-- row:")[0])).partition(" Parameters:")[0]
    return RowType(name=named.group(1), says=says, fields=tuple(fields))


def _field(where: str, name: str, declared: str, said: str, says: str) -> Field:
    """What is said takes the place of what the schema knows."""
    known = _WRITTEN.get(declared)
    if not said and known is None:
        raise RowTypeError(f"{where}: say the type of {name} (`-- field: {name} …`)")
    if not said:
        return Field(name=name, type=known or "", says=says)
    type_ = said.removesuffix("!")
    if known in _NULLABLE and type_ == said and not said.endswith("| null"):
        raise RowTypeError(f"{where}: {name} may be NULL by the schema, and is {said} by the statement")
    return Field(name=name, type=type_, says=says)
