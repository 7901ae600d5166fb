"""Bytes that a visit takes on the server: the whole store, and its tables one by one.

Ten promoters, a year, 30 values a visit; the store as it lies on the disk after a checkpoint, indexes,
half-filled pages and the register included."""

from __future__ import annotations

import pathlib
import time

import apsw
import psycopg

from bench.figures import Figure, figure, keep
from bench.fill import fill
from bench.flat import refresh
from bench.stores import ENGINES, new_store
from bench.world import promoters
from hodi.db import open_store

PROMOTERS, MONTHS, OBSERVATIONS = 10, 12, 30
REFERENCE = ("growth_reference", "calendar_month", "antenatal_schedule")  # the same in every store
LEDGER = ("event", "observation", "feed", "home")
NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


def main() -> None:
    """Measure both stores; keep the figures."""
    started = time.perf_counter()
    figures: list[Figure] = []
    for engine in ENGINES:
        figures += sizes(engine)
    keep("sizes", figures, how="python -m bench.sizes", seconds=time.perf_counter() - started)


def sizes(engine: str) -> list[Figure]:
    """The figures of one store."""
    with new_store(engine) as (url, folder):
        _, visits = fill(url, promoters(PROMOTERS), households=100, months=MONTHS, observations=OBSERVATIONS)
        store = open_store(url)
        refresh(store)
        store.close()
        tables = _sqlite(folder) if engine == "sqlite" else _postgres(url)
    name = NAMES[engine]
    ledger = sum(size for table, size in tables.items() if table in LEDGER)
    dearest = sorted(tables, key=lambda table: -tables[table])[:5]
    return [
        figure(
            f"{name}: bytes a visit", "B", sum(tables.values()) / visits, note="30 values, register included"
        ),
        figure(f"{name}: of these the ledger (event, observation, feed, home)", "B", ledger / visits),
        figure(f"{name}: of these the record and the rest", "B", (sum(tables.values()) - ledger) / visits),
        *(figure(f"{name}: {table}", "B", tables[table] / visits) for table in dearest),
    ]


def _sqlite(folder: pathlib.Path) -> dict[str, int]:
    """Bytes of each table with its indexes."""
    connection = apsw.Connection(str(folder / "hodi.db"))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    rows = connection.execute(
        "SELECT m.tbl_name, SUM(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name GROUP BY 1"
    ).fetchall()
    connection.close()
    return {
        str(table): int(size) for table, size in rows if table not in ("growth_reference", "calendar_month")
    }


def _postgres(url: str) -> dict[str, int]:
    """Bytes of each table with its indexes."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        rows = connection.execute(
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' "
            "AND relnamespace = 'public'::regnamespace"
        ).fetchall()
    return {str(table): int(size) for table, size in rows if table not in REFERENCE}


if __name__ == "__main__":
    main()
