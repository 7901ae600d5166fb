"""The households that the next statements are about."""

from __future__ import annotations

from collections.abc import Iterable

from hodi.db import Connection, load_queries

_sql = load_queries(__file__)

Household = tuple[int, int]
"""(unit, household)."""

EARLIEST_DAY = -100_000


class ScopeTable:
    """`scope (unit, household, since_day)` for composed statements: `set` it, then run them with
    `params`. On SQLite it is a temporary table of the connection, on PostgreSQL three arrays; there the
    rest of the transaction is planned for it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.params: dict[str, object] = {}
        self._rows: list[tuple[int, int, int]] | None = None
        if connection.engine == "postgres":
            connection.run(_sql.plan_outward)
        if connection.engine == "sqlite":
            connection.run(
                "CREATE TEMP TABLE IF NOT EXISTS scope "
                "(unit BIGINT NOT NULL, household BIGINT NOT NULL, since_day INTEGER NOT NULL)"
            )

    def set(self, rows: Iterable[tuple[int, int, int]]) -> None:
        """Make these households the scope."""
        ordered = sorted(rows)
        if ordered == self._rows:  # as of the step before, mostly
            return
        self._rows = ordered
        if self._connection.engine == "sqlite":
            self._connection.run("DELETE FROM temp.scope")
            self._connection.insert("temp.scope", ("unit", "household", "since_day"), ordered)
            return
        for n, name in enumerate(("units", "households", "since_days")):
            self.params[name] = "{" + ",".join([str(row[n]) for row in ordered]) + "}"
