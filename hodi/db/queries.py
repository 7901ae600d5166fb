"""Named SQL. A room keeps its statements in `queries.sql`; this reads them.

    -- name: find_account
    -- The account with a username, whatever its case.
    SELECT … WHERE username = :username

Parameters are `:name` on both engines. A set of ids is one parameter, the text of a JSON object that
has them as keys: `IN (SELECT CAST(k.key AS BIGINT) FROM json_each(:ids) AS k)`.
"""

from __future__ import annotations

import functools
import pathlib
import re

_NAME = re.compile(r"^-- name: ([a-z_0-9]+)[ \t]*$", re.MULTILINE)
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
    """The statements of the `queries.sql` that stands beside a module (`__file__`)."""
    text = (pathlib.Path(beside).parent / "queries.sql").read_text(encoding="utf-8")
    parts = _NAME.split(text)
    return Queries(
        {name: Query(sql.strip().rstrip(";")) for name, sql in zip(parts[1::2], parts[2::2], strict=True)}
    )
