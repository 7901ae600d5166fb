"""The tests' own tools: stores are fresh, and hold what a store must hold."""

from __future__ import annotations

import psycopg

from hodi.db import Store
from tests import cast
from tests.harness.cluster import Cluster


def test_every_store_is_fresh_and_has_the_cast_seated(store: Store) -> None:
    assert store.read_now(lambda c: c.rows("SELECT count(*) FROM account"))[0][0] == 0
    store.write_now(lambda c: cast.seat(c, 1_700_000_000_000))
    assert store.read_now(lambda c: c.rows("SELECT count(*) FROM account"))[0][0] == len(cast.WORKERS)
    assert store.read_now(lambda c: c.rows("SELECT count(*) FROM device"))[0][0] == 3


def test_databases_sort_like_sqlite(postgres: Cluster) -> None:
    with postgres.database(empty=True) as url, psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT datcollate, pg_encoding_to_char(encoding) FROM pg_database "
            "WHERE datname = current_database()"
        ).fetchone()
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert row == ("C", "UTF8")
    assert tables == (0,)


def test_a_dropped_database_is_gone(postgres: Cluster) -> None:
    url = postgres.create()
    postgres.drop(url)
    with psycopg.connect(postgres.url("postgres")) as admin:
        names = [name for (name,) in admin.execute("SELECT datname FROM pg_database").fetchall()]
    assert url.split("/")[-1].split("?")[0] not in names
