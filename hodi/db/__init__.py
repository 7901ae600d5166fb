"""The stores. One SQL text runs on SQLite and PostgreSQL; a `Store` hands out short transactions.

Spine code is synchronous and takes a `Connection`; the edge is asynchronous and awaits
`store.write(work)` or `store.read(work)`, which run `work(connection)` on a thread of the store's
own. One thread writes (SQLite) or a few do (PostgreSQL); readers have connections of their own.
Processes on one PostgreSQL database notify each other of changed units: `notify`, `notifications`.
"""

from hodi.db.opening import open_store
from hodi.db.queries import Query, load_queries, read_statements, statement_files
from hodi.db.records import record, records
from hodi.db.store import Changed, Connection, Row, Store, StoreClosed

__all__ = [
    "Changed",
    "Connection",
    "Query",
    "Row",
    "Store",
    "StoreClosed",
    "load_queries",
    "open_store",
    "read_statements",
    "record",
    "records",
    "statement_files",
]
