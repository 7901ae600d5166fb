"""The embedded store: SQLite by apsw, write-ahead log, every commit on the disk before it is
answered for (`synchronous=FULL`). One thread writes; readers have threads and connections of their own."""

from __future__ import annotations

import contextlib
import pathlib
import threading
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar

import apsw

from hodi.db.schema import bring_up_to_date
from hodi.db.store import Changed, Connection, Engine, Row
from hodi.db.threads import Threads

T = TypeVar("T")
_READERS = 3
_BUSY_MS = 10_000
_ROWS_A_STATEMENT = 64


class SqliteConnection:
    """`Connection` on SQLite."""

    engine: Engine = "sqlite"

    def __init__(self, path: str, read_only: bool = False) -> None:
        writable = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
        flags = apsw.SQLITE_OPEN_READONLY if read_only else writable
        self.raw = apsw.Connection(path, flags=flags, statementcachesize=512)
        self.raw.setbusytimeout(_BUSY_MS)
        for pragma in ("temp_store=MEMORY", "cache_size=-131072", "foreign_keys=ON"):
            self.raw.execute(f"PRAGMA {pragma}")
        if not read_only:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=4000"):
                self.raw.execute(f"PRAGMA {pragma}")

    def rows(self, sql: str, params: Mapping[str, object] | None = None) -> list[Row]:
        """Run one statement and give its rows."""
        return self.raw.execute(sql, params).fetchall()

    def named_rows(
        self, sql: str, params: Mapping[str, object] | None = None
    ) -> tuple[tuple[str, ...], list[Row]]:
        """Run one statement and give the names of its columns (none if there is no row) and its rows."""
        cursor = self.raw.execute(sql, params)
        try:
            names = tuple(column[0] for column in cursor.getdescription())
        except apsw.ExecutionCompleteError:
            return (), []
        return names, cursor.fetchall()

    def run(self, sql: str, params: Mapping[str, object] | None = None) -> None:
        """Run one statement for its effect."""
        self.raw.execute(sql, params)

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Row], on_conflict: str = "") -> None:
        """Append many rows at once, some dozens a statement: between two statements another thread may take
        Python's lock, and getting it back for every row would cost more than the row."""
        marks = f"({','.join('?' * len(columns))})"
        tail = f" ON CONFLICT {on_conflict}" if on_conflict else ""
        waiting, size = list(rows), _ROWS_A_STATEMENT
        start = 0
        while start < len(waiting):
            while size > len(waiting) - start:  # sizes are powers of two, so that few statements are prepared
                size //= 2
            some = waiting[start : start + size]
            values = ",".join([marks] * size)
            self.raw.execute(
                f"INSERT INTO {table} ({','.join(columns)}) VALUES {values}{tail}",
                [value for row in some for value in row],
            )
            start += size

    def together(self) -> contextlib.AbstractContextManager[object]:
        """Nothing: each statement is run where it stands."""
        return contextlib.nullcontext()


class SqliteStore:
    """`Store` on a SQLite file, or in memory when the path is empty."""

    engine: Engine = "sqlite"

    def __init__(self, path: str) -> None:
        self._path = path
        if path:
            pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._writer = Threads(1, "store-writer")
        # A database in memory belongs to one connection, so its readers queue with its writer.
        self._readers = Threads(_READERS, "store-reader") if path else self._writer
        self._local = threading.local()
        self._opened: list[SqliteConnection] = []
        self._connection = self._writer.do_now(self._open_writer)

    def _open_writer(self) -> SqliteConnection:
        connection = SqliteConnection(self._path or ":memory:")
        has_settings = bool(connection.rows("SELECT 1 FROM sqlite_master WHERE name = 'setting'"))
        self._transact(connection, lambda c: bring_up_to_date(c, has_settings), "IMMEDIATE")
        return connection

    def _reader(self) -> SqliteConnection:
        if not self._path:
            return self._connection
        connection: SqliteConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = SqliteConnection(self._path, read_only=True)
            self._opened.append(connection)
        return connection

    @staticmethod
    def _transact(connection: SqliteConnection, work: Callable[[Connection], T], mode: str) -> T:
        connection.raw.execute(f"BEGIN {mode}")
        try:
            result = work(connection)
        except BaseException:
            connection.raw.execute("ROLLBACK")
            raise
        connection.raw.execute("COMMIT")
        return result

    def _write(self, work: Callable[[Connection], T]) -> T:
        return self._transact(self._connection, work, "IMMEDIATE")

    def _read(self, work: Callable[[Connection], T]) -> T:
        return self._transact(self._reader(), work, "DEFERRED")

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction on the writer's thread."""
        return await self._writer.do(lambda: self._write(work))

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a reader's thread."""
        return await self._readers.do(lambda: self._read(work))

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """`write`, waiting."""
        return self._writer.do_now(lambda: self._write(work))

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """`read`, waiting."""
        return self._readers.do_now(lambda: self._read(work))

    async def notify(self, units: Collection[int]) -> None:
        """Nobody to notify: one process serves a file."""

    async def notifications(self) -> AsyncIterator[Changed]:
        """Nothing to receive, for the same reason."""
        nothing: tuple[Changed, ...] = ()
        for changed in nothing:
            yield changed

    def close(self) -> None:
        """Finish what runs and close the file."""
        self._readers.close()
        self._writer.close()
        for connection in (*self._opened, self._connection):
            connection.raw.close()
