"""Keeping a store's record tables those of its pack. The record is an opinion, so it needs no migration: a
table whose text has changed is dropped, made anew and filled again from the ledger, a batch of households
at a time, while work goes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from hodi.db import Connection, load_queries
from hodi.db.planner import tell_postgres
from hodi.record.schema import RecordSchema
from hodi.record.scope import EARLIEST_DAY
from hodi.record.tables import Table

_sql = load_queries(__file__)


def is_prepared(connection: Connection) -> bool:
    """Whether the store has ever had the tables of a pack."""
    return bool(connection.rows(_sql.record_marks))


def ensure_current(connection: Connection, schema: RecordSchema) -> None:
    """Make the store's record tables those of this pack, and touch every household that a changed step
    concerns. Does nothing where all is as it should be. Needs a write transaction."""
    marks = schema.marks()
    if _known(connection) == marks:
        return
    if connection.engine == "postgres":  # of processes that start together one makes them
        connection.rows(_sql.lock_tables)
    before = _known(connection)
    if before == marks:
        return
    known = before or {}
    changed = [name for name in marks if known.get(name) != marks[name]]
    for name in sorted(known.keys() - marks.keys()):
        connection.run(f"DROP TABLE IF EXISTS {name}")
    for name in changed:
        if name in schema.added:
            _make(connection, schema.tables[name])
        if name in schema.references:
            _fill(connection, schema, name)
    if connection.engine == "sqlite":
        for statement in schema.planner():
            connection.run(statement)
    else:
        tell_postgres(connection, [name for name in changed if name in schema.added])
    kinds = {kind for step in schema.steps if step.writes in changed for kind in step.kinds}
    if before is not None:
        _touch(connection, kinds)
    connection.run(_sql.note_record_marks, {"marks": msgspec.json.encode(marks, order="sorted").decode()})


def touch_area(connection: Connection, unit: int, area: int) -> None:
    """Have the households of an area folded, and asked about by the rules that read them, once more:
    something else is true of their place."""
    connection.run(_sql.touch_area, {"unit": unit, "area": area, "since_day": EARLIEST_DAY})


def _known(connection: Connection) -> Mapping[str, str] | None:
    rows = connection.rows(_sql.record_marks)
    return msgspec.json.decode(rows[0][0], type=dict[str, str]) if rows else None


def _make(connection: Connection, table: Table) -> None:
    connection.run(f"DROP TABLE IF EXISTS {table.name}")
    for statement in table.created(connection.engine):
        connection.run(statement)


def _fill(connection: Connection, schema: RecordSchema, name: str) -> None:
    reference = schema.references[name]
    connection.run(f"DELETE FROM {name}")
    connection.insert(name, reference.table.columns, reference.rows)


def _touch(connection: Connection, kinds: Iterable[str]) -> None:
    for (unit,) in connection.rows(_sql.units):
        for kind in sorted(kinds):
            connection.run(_sql.touch_unit_kind, {"unit": unit, "kind": kind, "since_day": EARLIEST_DAY})
