"""The deployment store: PostgreSQL 15 or later by psycopg. A few threads write and a few read, each
with a connection of its own; a transaction that another one disturbed is run again."""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec
import psycopg

from hodi.db import notifying
from hodi.db.queries import to_postgres
from hodi.db.schema import bring_up_to_date
from hodi.db.store import Changed, Connection, Engine, Row
from hodi.db.threads import Threads

T = TypeVar("T")
_WRITERS = 3
_READERS = 3
_ATTEMPTS = 6
_IDLE_IN_TRANSACTION_S = 60
_SCHEMA_LOCK = 4_850_461  # any number: one process at a time creates or migrates


class PostgresConnection:
    """`Connection` on PostgreSQL."""

    engine: Engine = "postgres"

    def __init__(self, url: str) -> None:
        # jit: compiling costs more than our short statements. The others: plans follow indexes from the first
        # day on, for whichever unit, because one made while a table is small is kept when it has grown.
        plans = "-c jit=off -c enable_seqscan=off -c plan_cache_mode=force_generic_plan"
        # A process that hangs in a transaction gives back what it holds, and cannot commit any more.
        hanging = f"-c idle_in_transaction_session_timeout={_IDLE_IN_TRANSACTION_S}s"
        self.raw = psycopg.connect(url, options=f"{plans} {hanging} -c timezone=UTC", prepare_threshold=2)
        self.raw.prepared_max = 500

    def rows(self, sql: str, params: Mapping[str, object] | None = None) -> list[Row]:
        """Run one statement and give its rows."""
        cursor = self.raw.execute(to_postgres(sql), params)
        return cursor.fetchall() if self._piped or cursor.description else []

    def named_rows(
        self, sql: str, params: Mapping[str, object] | None = None
    ) -> tuple[tuple[str, ...], list[Row]]:
        """Run one statement and give the names of its columns (none if there is no row) and its rows."""
        cursor = self.raw.execute(to_postgres(sql), params)
        rows = cursor.fetchall()
        return tuple(column.name for column in cursor.description or ()), rows

    def run(self, sql: str, params: Mapping[str, object] | None = None) -> None:
        """Run one statement for its effect."""
        self.raw.execute(to_postgres(sql), params)

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Row], on_conflict: str = "") -> None:
        """Append many rows at once: by COPY, or in one statement where some may be there (and in a pipeline,
        which knows no COPY)."""
        if on_conflict or self._piped:
            self._insert_json(table, columns, list(rows), on_conflict)
            return
        with self.raw.cursor().copy(f"COPY {table} ({','.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def together(self) -> contextlib.AbstractContextManager[object]:
        """A pipeline: statements are sent on without waiting for what became of those before."""
        return self.raw.pipeline()

    @property
    def _piped(self) -> bool:
        return self.raw.pgconn.pipeline_status != psycopg.pq.PipelineStatus.OFF

    def _insert_json(self, table: str, columns: Sequence[str], rows: list[Row], on_conflict: str) -> None:
        # One parameter, whatever the number of rows: the statement stays the same and stays prepared.
        names = ",".join(columns)
        tail = f" ON CONFLICT {on_conflict.replace('%', '%%')}" if on_conflict else ""
        given = f"json_populate_recordset(NULL::{table}, %s)"
        self.raw.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM {given}{tail}",
            [msgspec.json.encode([dict(zip(columns, row, strict=True)) for row in rows]).decode()],
        )


class PostgresStore:
    """`Store` on a PostgreSQL database (create it with the C collation)."""

    engine: Engine = "postgres"

    def __init__(self, url: str) -> None:
        self._url = url
        self._origin = secrets.token_hex(8)
        self._writers = Threads(_WRITERS, "store-writer")
        self._readers = Threads(_READERS, "store-reader")
        self._local = threading.local()
        self._opened: list[PostgresConnection] = []
        self.write_now(self._bring_up_to_date)

    @staticmethod
    def _bring_up_to_date(connection: Connection) -> None:
        if connection.rows("SELECT current_setting('server_encoding')")[0][0] not in ("UTF8", b"UTF8"):
            raise ValueError("The database must be created with ENCODING 'UTF8' (and LC_COLLATE 'C').")
        connection.run(f"SELECT pg_advisory_xact_lock({_SCHEMA_LOCK})")
        has_settings = connection.rows("SELECT to_regclass('setting') IS NOT NULL")[0][0]
        bring_up_to_date(connection, bool(has_settings))

    def _thread_connection(self) -> PostgresConnection:
        connection: PostgresConnection | None = getattr(self._local, "connection", None)
        if connection is None or connection.raw.closed or connection.raw.broken:
            connection = self._local.connection = PostgresConnection(self._url)
            self._opened.append(connection)
        return connection

    def _write(self, work: Callable[[Connection], T]) -> T:
        for attempt in range(_ATTEMPTS):
            connection = self._thread_connection()
            try:
                with connection.raw.transaction():
                    return work(connection)
            except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
                if attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")

    def _read(self, work: Callable[[Connection], T]) -> T:
        connection = self._thread_connection()
        with connection.raw.transaction():
            connection.raw.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return work(connection)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction on a writer's thread."""
        return await self._writers.do(lambda: self._write(work))

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a reader's thread."""
        return await self._readers.do(lambda: self._read(work))

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """`write`, waiting."""
        return self._writers.do_now(lambda: self._write(work))

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """`read`, waiting."""
        return self._readers.do_now(lambda: self._read(work))

    async def notify(self, units: Collection[int]) -> None:
        """Notify the other processes, by NOTIFY."""
        await self.write(lambda c: notifying.notify(c, self._origin, units))

    def notifications(self) -> AsyncIterator[Changed]:
        """What the other processes notify of, received on a connection of its own."""
        return notifying.notifications(self._url, self._origin)

    def close(self) -> None:
        """Finish what runs and close the connections."""
        self._readers.close()
        self._writers.close()
        for connection in self._opened:
            connection.raw.close()
