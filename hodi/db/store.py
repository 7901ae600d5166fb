"""`Store` and `Connection`: what the other rooms see of a database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol, TypeVar

T = TypeVar("T")
Row = tuple[Any, ...]
Engine = Literal["sqlite", "postgres"]
Changed = frozenset[int] | None
"""Units of which pages should look again; None: all, because some may have been missed."""


class StoreClosed(Exception):
    """The store was closed before this was asked of it. Nothing was done."""


class Connection(Protocol):
    """One transaction. Statements have `:name` parameters; rows are tuples."""

    engine: Engine

    def rows(self, sql: str, params: Mapping[str, object] | None = None) -> list[Row]:
        """Run one statement and give its rows."""
        ...

    def named_rows(
        self, sql: str, params: Mapping[str, object] | None = None
    ) -> tuple[tuple[str, ...], list[Row]]:
        """Run one statement and give the names of its columns (none if there is no row) and its rows."""
        ...

    def run(self, sql: str, params: Mapping[str, object] | None = None) -> None:
        """Run one statement for its effect."""
        ...

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Row], on_conflict: str = "") -> None:
        """Append many rows at once. `table`, `columns` and `on_conflict` (what follows ON CONFLICT, for
        rows that are there already) are the program's own words, never input."""
        ...

    def together(self) -> AbstractContextManager[object]:
        """While the block lasts, statements may be sent to the database without waiting for those before;
        what fails raises at the block's end, or where rows are asked for. For many small statements."""
        ...


class Store(Protocol):
    """A database, open. Close it with `close()`."""

    engine: Engine

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one read-write transaction; commit if it returns, roll back if it raises."""
        ...

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a consistent read-only view."""
        ...

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """`write` for callers outside an event loop (the command line, tests)."""
        ...

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """`read` for callers outside an event loop."""
        ...

    async def notify(self, units: Collection[int]) -> None:
        """Notify the other processes on this database that what pages show of these units has changed."""
        ...

    def notifications(self) -> AsyncIterator[Changed]:
        """What the other processes notify of. Ends at once where there are none: SQLite belongs to one."""
        ...

    def close(self) -> None:
        """Finish what runs and let go of the database. Whatever is asked afterwards raises StoreClosed."""
        ...
