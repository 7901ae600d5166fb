"""From an address to an open store."""

from __future__ import annotations

from hodi.db.postgres import PostgresStore
from hodi.db.sqlite import SqliteStore
from hodi.db.store import Store


def open_store(url: str) -> Store:
    """Open `sqlite:///path`, `sqlite://` (in memory) or `postgresql://…`, creating the tables in an
    empty database and migrating an older one. Raises ValueError for any other address."""
    if url.startswith("sqlite://"):
        return SqliteStore(url.removeprefix("sqlite://"))
    if url.startswith(("postgresql://", "postgres://")):
        return PostgresStore(url)
    raise ValueError("HODI_STORE must start with sqlite:/// or postgresql://")
