"""What forms may know before they ask: the named queries of the programmes' `context.sql`.

    -- name: pregnancy
    -- about: person
    -- Her open pregnancy.
    SELECT pregnancy, edd_day FROM pregnancy WHERE unit = :unit AND household = :household AND …

`about` is whom the form is opened for: `area`, `household`, `person`; or `member`, the one query that lists
the members of a household (their `person`) for a repeat over them, each of whom then has a person's values;
or `standards`, a query all of whose rows (`measure`, `at`, `l`, `m`, `s`) the function z-score() reads.
The columns are the names that `hidden` rows may use; the first row counts. Parameters: `:unit`,
`:household`, `:person`, `:today`; any other names a limit of the pack, whose value is written in.

Every query is prepared against the tables that there will be, so that a misspelt column is found here.
From `birth_day` follow `age_days`, `age_months` and `age_years`.
"""

from __future__ import annotations

import pathlib
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, cast, get_args

import msgspec

from hodi.config import ROOT
from hodi.content.complaint import Complaint
from hodi.content.limits import UnknownLimit, with_limits
from hodi.content.programmes import Limit, Programme

ContextAbout = Literal["area", "household", "person", "member", "standards"]

AGES = frozenset({"age_days", "age_months", "age_years"})
"""Names that follow from a `birth_day`."""

PARAMETERS: Mapping[ContextAbout, tuple[str, ...]] = {
    "area": ("unit", "today"),
    "household": ("unit", "household", "today"),
    "person": ("unit", "household", "person", "today"),
    "member": ("unit", "household", "today"),
    "standards": ("unit", "household", "person", "today"),
}
"""By whom a query is about, the parameters that it may use."""
STANDARD_COLUMNS = ("measure", "at", "l", "m", "s")
"""What a query about standards gives: rows for the function z-score()."""

_NAME = re.compile(r"^-- name: *(\S*)[ \t]*$", re.MULTILINE)
_ABOUT = re.compile(r"^-- about: *(\S*)[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(r"--[^\n]*")
_CREATE = re.compile(r"\bCREATE TABLE\b[^;]*;")


class ContextQuery(msgspec.Struct, frozen=True, kw_only=True):
    """One query: the names that it gives, in order, and its text with limits written in."""

    name: str
    about: ContextAbout
    gives: tuple[str, ...]
    sql: str


def read_context(
    folder: pathlib.Path, programmes: Iterable[Programme], limits: Mapping[str, Limit]
) -> tuple[tuple[ContextQuery, ...], list[Complaint]]:
    """The queries of a pack as far as they can be read, and what is wrong with them."""
    return named_queries(folder, programmes, limits, "context.sql", _taken)


Taken = Callable[[ContextQuery, Iterable[ContextQuery], Mapping[str, Limit]], str | None]


def named_queries(
    folder: pathlib.Path,
    programmes: Iterable[Programme],
    limits: Mapping[str, Limit],
    file_name: str,
    taken: Taken | None = None,
) -> tuple[tuple[ContextQuery, ...], list[Complaint]]:
    """The named queries in a file that programmes may have, as far as they can be read, and what is wrong
    with them. `taken`: why a query cannot stand beside those before it, if not for its name alone."""
    programmes = tuple(programmes)
    tables = _tables(programmes)
    queries: list[ContextQuery] = []
    complaints: list[Complaint] = []
    for programme in programmes:
        path = programme.folder / file_name
        if not path.exists():
            continue
        file = path.relative_to(folder).as_posix()
        text = path.read_text(encoding="utf-8")
        for match, sql in _parts(text):
            row = text.count("\n", 0, match.start()) + 1
            query, says = _query(match[1], sql, tables, limits)
            says = says or ((taken or _named)(query, queries, limits) if query else None)
            if query is None or says:
                complaints.append(Complaint(file=file, row=row, says=f"{match[1]}: {says}"))
            else:
                queries.append(query)
    return tuple(queries), complaints


def known_names(queries: Iterable[ContextQuery]) -> dict[str, frozenset[str]]:
    """By whom a form is about (and for the members of a repeat), the names that its `hidden` rows may use."""
    given: dict[str, set[str]] = {about: set() for about in get_args(ContextAbout)}
    for query in queries:
        given[query.about].update(query.gives)
        if "birth_day" in query.gives:
            given[query.about].update(AGES)
    del given["standards"]
    given["member"] |= given["person"]
    given["household"] |= given["area"]
    given["person"] |= given["household"]
    return {about: frozenset(names) for about, names in given.items()}


def _parts(text: str) -> Iterable[tuple[re.Match[str], str]]:
    found = list(_NAME.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    return [(match, text[match.end() : end]) for match, end in zip(found, ends, strict=True)]


def _query(
    name: str, sql: str, tables: sqlite3.Connection, limits: Mapping[str, Limit]
) -> tuple[ContextQuery | None, str | None]:
    about = _ABOUT.search(sql)
    if about is None or about[1] not in get_args(ContextAbout):
        return None, f"a line `-- about:` must say {', '.join(get_args(ContextAbout))}"
    whom = cast(ContextAbout, about[1])
    try:
        bare = with_limits(sql, limits, PARAMETERS[whom])
    except UnknownLimit as error:
        return None, f":{error} is neither a limit nor given to a query about {whom}"
    bare = re.sub(r"\n\s*\n+", "\n", bare).strip().rstrip(";")
    try:
        cursor = tables.execute(bare, dict.fromkeys(PARAMETERS[whom]))
    except sqlite3.Error as error:
        return None, f"cannot be prepared: {error}"
    gives = tuple(column[0] for column in cursor.description or ())
    if whom == "member" and "person" not in gives:
        return None, "a query about member gives the members' person"
    if whom == "standards" and gives != STANDARD_COLUMNS:
        return None, f"a query about standards gives {', '.join(STANDARD_COLUMNS)}"
    return ContextQuery(name=name, about=whom, gives=gives, sql=bare), None


def _named(query: ContextQuery, others: Iterable[ContextQuery], _: Mapping[str, Limit]) -> str | None:
    return "another query is called so" if any(other.name == query.name for other in others) else None


def _taken(query: ContextQuery, others: Iterable[ContextQuery], limits: Mapping[str, Limit]) -> str | None:
    """Why the names of a query cannot be told from what is there already."""
    for other in others:
        if other.name == query.name:
            return "another query is called so"
        if query.about == other.about == "member":
            return f"{other.name} lists the members already"
        if query.about == other.about == "standards":
            continue
        if twice := set(query.gives) & set(other.gives) - {"person"}:
            return f"{', '.join(sorted(twice))}: given by {other.name} already"
    if twice := set(query.gives) & limits.keys():
        return f"{', '.join(sorted(twice))}: a limit is called so"
    return None


def _tables(programmes: Iterable[Programme]) -> sqlite3.Connection:
    """An empty database with the tables of the contract and of the programmes' record."""
    tables = sqlite3.connect(":memory:")
    texts = [(ROOT / "contract" / "schema.sql").read_text(encoding="utf-8")]
    texts += [path.read_text(encoding="utf-8") for one in programmes for path in one.files("record", ".sql")]
    for text in texts:
        for statement in _CREATE.findall(_COMMENT.sub("", text)):
            tables.execute(statement)
    return tables
