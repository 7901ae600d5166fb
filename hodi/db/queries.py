"""Named SQL. A room keeps its statements in `queries.sql`, or those of a module beside it in `<module>.sql`;
this reads them.

    -- name: find_account
    -- The account with a username, whatever its case.
    SELECT … WHERE username = :username

What several statements begin with stands once, in the room's `parts.sql`, under `-- part: name`; the line
`{name}` in a statement stands for it.

Parameters are `:name` on both engines. A set of ids is one parameter, the text of a JSON object that
has them as keys: `IN (SELECT CAST(k.key AS BIGINT) FROM json_each(:ids) AS k)`.
"""

from __future__ import annotations

import functools
import pathlib
import re

_NAME = re.compile(r"^-- name: ([a-z_0-9]+)[ \t]*$", re.MULTILINE)
_PART = re.compile(r"^-- part: ([a-z_0-9]+)[ \t]*$", re.MULTILINE)
_PLACE_OF_PART = re.compile(r"^\{([a-z_]+)\}$", re.MULTILINE)
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_][a-z_0-9]*)")
_COMMENT = re.compile(r"--[^\n]*")
_IN_SET = re.compile(r"\bIN \((SELECT CAST\(k\.key AS BIGINT\) FROM json_each\(:\w+\) AS k)\)")


class Query(str):
    """The text of one statement, with `:name` parameters; `.postgres` is the same with `%(name)s`."""

    @functools.cached_property
    def postgres(self) -> str:
        """The text as psycopg wants it."""
        return to_postgres(self)


@functools.lru_cache(maxsize=2048)
def to_postgres(sql: str) -> str:
    """`:name` to `%(name)s`; literal per cents doubled; comments dropped; membership in a set of ids as
    membership in an array, which the planner answers by look-ups whatever it believes about sizes."""
    bare = _IN_SET.sub(r"= ANY (ARRAY(\1))", _COMMENT.sub("", sql))
    return _PARAMETER.sub(r"%(\1)s", bare.replace("%", "%%"))


class Queries:
    """The statements of one file, as attributes."""

    def __init__(self, statements: dict[str, Query]) -> None:
        self._statements = statements

    def __getattr__(self, name: str) -> Query:
        try:
            return self._statements[name]
        except KeyError:
            raise AttributeError(name) from None


def load_queries(beside: str) -> Queries:
    """The statements of a module (`__file__`): those of the SQL file of its name, or of `queries.sql`."""
    own = pathlib.Path(beside).with_suffix(".sql")
    return Queries(read_statements(own if own.exists() else own.with_name("queries.sql")))


def read_statements(path: pathlib.Path) -> dict[str, Query]:
    """The statements of a file by name, with the parts of its room in them. Raises KeyError for a part that
    is not there."""
    shared = path.with_name("parts.sql")
    parts = _split(_PART, shared.read_text(encoding="utf-8")) if shared.exists() else {}
    named = _split(_NAME, path.read_text(encoding="utf-8"))
    return {
        name: Query(_PLACE_OF_PART.sub(lambda found: parts[found[1]], sql).rstrip(";"))
        for name, sql in named.items()
    }


def statement_files(folder: pathlib.Path) -> list[pathlib.Path]:
    """The files with named statements in a folder and below it."""
    return sorted(path for path in folder.rglob("*.sql") if _NAME.search(path.read_text(encoding="utf-8")))


def _split(heading: re.Pattern[str], text: str) -> dict[str, str]:
    pieces = heading.split(text)
    return {name: sql.strip() for name, sql in zip(pieces[1::2], pieces[2::2], strict=True)}
