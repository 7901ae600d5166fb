"""What PostgreSQL's planner is told about a new store, before there is anything to count.

As long as it knows no better it takes `unit = ?` for a rare choice, and then reads a unit's whole ledger
where it should seek a household's few events; and it keeps such a plan. So it learns from a few sample
rows, which are analysed and removed in the transaction that makes the tables. Its own upkeep (autovacuum)
puts what is really there in their place. (SQLite is told by the rows of `planner.sqlite.sql`.)
"""

from __future__ import annotations

from collections.abc import Collection

from hodi.db.queries import Query
from hodi.db.store import Connection

_SAMPLES = 32
_COLUMNS = Query(
    """
    SELECT c.table_name, c.column_name, c.data_type,
           EXISTS (
             SELECT 1 FROM pg_index i
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[i.indnkeyatts - 1]
             WHERE i.indrelid = to_regclass(c.table_name) AND i.indisunique AND a.attname = c.column_name
           )
    FROM information_schema.columns c
    WHERE c.table_schema = current_schema() AND EXISTS (
      SELECT 1 FROM information_schema.columns u
      WHERE u.table_schema = c.table_schema AND u.table_name = c.table_name AND u.column_name = 'unit'
    )
    ORDER BY c.table_name, c.ordinal_position
    """
)


def tell_postgres(connection: Connection, only: Collection[str] | None = None) -> None:
    """Let every table that has units (of those named, if any are) learn that a unit is no rare choice. The
    tables must be empty, and are left empty."""
    tables: dict[str, list[tuple[str, str, bool]]] = {}
    for table, column, type_, is_last_of_key in connection.rows(_COLUMNS):
        tables.setdefault(table, []).append((column, type_, is_last_of_key))
    for table, columns in tables.items():
        if only is not None and table not in only:
            continue
        names = [column for column, _, _ in columns]
        rows = [tuple(_sample(n, *column) for column in columns) for n in range(1, _SAMPLES + 1)]
        connection.insert(table, names, rows)
        connection.run(Query(f"ANALYZE {table}"))
        connection.run(Query(f"DELETE FROM {table}"))


def _sample(n: int, column: str, type_: str, is_last_of_key: bool) -> int | float | str:
    """A value of the `n`th sample row: one unit, a few rows a household, a few days and words."""
    if type_ == "text":
        return f"{n}" if is_last_of_key else f"{n % 8}"
    if is_last_of_key:
        return n
    if column == "unit":
        return 1
    if column in ("household", "area"):
        return n // 4
    return n if type_ == "bigint" else n % 8
