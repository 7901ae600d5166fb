"""Cutting the connection on which processes receive notifications."""

from __future__ import annotations

from hodi.db import Connection


def cut_listening(connection: Connection) -> None:
    """End every connection to this database that listens. At least one must."""
    ended = connection.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()"
    )
    assert ended and all(row[0] for row in ended)
