"""The stores: transactions hold, readers see whole states, and every way to a schema gives the same one."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import pathlib
from collections.abc import AsyncIterator, Awaitable, Callable

import apsw
import psycopg
import pytest

import hodi.db.schema
from hodi.db import Changed, Connection, Store, StoreClosed, open_store
from hodi.db.notifying import UNITS_NAMED_MAX
from hodi.db.queries import load_queries, to_postgres
from hodi.db.schema import NOTED_BY_THE_HIGHEST, migrations, statements
from hodi.db.store import Engine
from tests.harness.cluster import Cluster
from tests.harness.cut import cut_listening

_SQLITE_SHAPE = """
    SELECT t.name, t.wr, t.strict, c.cid, c.name, c.type, c."notnull", c.dflt_value, c.pk
    FROM pragma_table_list AS t JOIN pragma_table_xinfo(t.name) AS c
    WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite%'
    UNION ALL
    SELECT tbl_name, 0, 0, 0, name, sql, 0, '', 0 FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
    ORDER BY 1, 4, 5
"""
_SQLITE_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
_POSTGRES_SHAPE = """
    SELECT table_name, column_name, data_type, is_nullable, ordinal_position, ''
    FROM information_schema.columns
    WHERE table_schema = 'public'
    UNION ALL SELECT tablename, indexname, indexdef, '', 0, '' FROM pg_indexes WHERE schemaname = 'public'
    ORDER BY 1, 5, 2
"""


def put(name: str, value: str) -> Callable[[Connection], None]:
    return lambda c: c.run(
        "INSERT INTO setting (name, value) VALUES (:name, :value)", {"name": name, "value": value}
    )


def settings(store: Store) -> dict[str, str]:
    found = store.read_now(lambda c: c.rows("SELECT name, value FROM setting WHERE name LIKE 't%'"))
    return dict(found)


def test_a_transaction_is_whole_or_nothing(store: Store) -> None:
    def work(c: Connection) -> None:
        put("t1", "a")(c)
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        store.write_now(work)
    assert settings(store) == {}
    store.write_now(put("t1", "b"))
    assert settings(store) == {"t1": "b"}


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(Exception, match=r"(?i)read.?only"):
        store.read_now(put("t1", "a"))


def test_many_rows_at_once(store: Store) -> None:
    rows = [(f"t{i}", "é—" * 3) for i in range(5000)]
    store.write_now(lambda c: c.insert("setting", ["name", "value"], rows))
    assert len(settings(store)) == 5000


def test_statements_sent_together_are_run_in_order_and_read_in_between(store: Store) -> None:
    def work(c: Connection) -> None:
        with c.together():
            put("t1", "a")(c)
            c.insert("setting", ("name", "value"), [("t2", "b"), ("t3", "c")])
            c.run("UPDATE setting SET value = value || '!' WHERE name = 't1'")
            assert c.rows("SELECT value FROM setting WHERE name = 't1'") == [("a!",)]
            assert c.rows("SELECT value FROM setting WHERE name = 'none'") == []
            assert c.named_rows("SELECT name FROM setting WHERE name = 't2'") == (("name",), [("t2",)])
            put("t4", "d")(c)

    store.write_now(work)
    assert settings(store) == {"t1": "a!", "t2": "b", "t3": "c", "t4": "d"}


def test_of_statements_sent_together_one_that_fails_undoes_all(store: Store) -> None:
    def work(c: Connection) -> None:
        with c.together():
            put("t1", "a")(c)
            put("t1", "again")(c)
            put("t2", "b")(c)

    with pytest.raises((psycopg.errors.UniqueViolation, apsw.ConstraintError)):
        store.write_now(work)
    assert settings(store) == {}
    store.write_now(put("t3", "c"))
    assert settings(store) == {"t3": "c"}, "the connection works on"


def test_a_row_that_two_threads_count_up_loses_nothing(store: Store) -> None:
    store.write_now(lambda c: c.run("INSERT INTO unit_cursor (unit, seq) VALUES (1, 0)"))
    up = "UPDATE unit_cursor SET seq = seq + 1 WHERE unit = 1 RETURNING seq"
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _: store.write_now(lambda c: c.rows(up))[0][0], range(200)))
    assert sorted(seen) == list(range(1, 201))


def test_opening_again_changes_nothing(tmp_path: object) -> None:
    url = f"sqlite:///{tmp_path}/again.db"
    shapes = []
    for _ in range(2):
        store = open_store(url)
        shapes.append(store.read_now(lambda c: c.rows(_SQLITE_SHAPE)))
        store.close()
    assert shapes[0] == shapes[1]


def test_migrations_lead_to_the_schema_on_sqlite() -> None:
    by_schema, by_migrations = open_store("sqlite://"), open_store("sqlite://")

    def start_over(c: Connection) -> None:
        for (name,) in c.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        ):
            c.run(f"DROP TABLE {name}")
        for number in sorted(migrations("sqlite")):
            for statement in statements(migrations("sqlite")[number]):
                c.run(statement)

    by_migrations.write_now(start_over)
    shape = by_schema.read_now(lambda c: c.rows(_SQLITE_SHAPE))
    assert len(shape) > 200
    assert by_migrations.read_now(lambda c: c.rows(_SQLITE_SHAPE)) == shape


def test_migrations_lead_to_the_schema_on_postgres(postgres: Cluster) -> None:
    urls = postgres.create(empty=True), postgres.create(empty=True)
    by_schema, by_migrations = open_store(urls[0]), open_store(urls[1])

    def start_over(c: Connection) -> None:
        c.run("DROP SCHEMA public CASCADE")
        c.run("CREATE SCHEMA public")
        for number in sorted(migrations("postgres")):
            for statement in statements(migrations("postgres")[number]):
                c.run(statement)

    by_migrations.write_now(start_over)
    shape = by_schema.read_now(lambda c: c.rows(_POSTGRES_SHAPE))
    assert len(shape) > 200
    assert by_migrations.read_now(lambda c: c.rows(_POSTGRES_SHAPE)) == shape
    for store, url in zip((by_schema, by_migrations), urls, strict=True):
        store.close()
        postgres.drop(url)


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_an_older_store_learns_the_chains_of_its_phones(
    engine: str, tmp_path: pathlib.Path, request: pytest.FixtureRequest
) -> None:
    """A store as version 1 left it, with two phones of one account and one of another, and with its roles."""
    if engine == "sqlite":
        url = f"sqlite:///{tmp_path}/older.db"
    else:
        cluster: Cluster = request.getfixturevalue("postgres")
        url = cluster.create(empty=True)
        request.addfinalizer(lambda: cluster.drop(url))
    columns = ("device", "account", "unit", "area", "token", "enrolled_at")

    def as_version_1(c: Connection) -> None:
        if engine == "sqlite":
            for (name,) in c.rows(_SQLITE_TABLES):
                c.run(f"DROP TABLE {name}")
        else:
            c.run("DROP SCHEMA public CASCADE")
            c.run("CREATE SCHEMA public")
        for statement in statements(migrations(c.engine)[1]):
            c.run(statement)
        c.insert("setting", ("name", "value"), [("schema_version", "1")])
        rows = [(number, account, 1, 2, f"t{number}", 0) for number, account in ((7, 1), (9, 1), (8, 2))]
        c.insert("device", columns, rows)
        people = ("account", "username", "password", "name", "role", "language", "active", "created_at")
        roles = ("chp", "cha", "nurse", "sub_county", "county", "admin")
        c.insert("account", people, [(n, role, "x", role, role, "en", 1, 0) for n, role in enumerate(roles)])

    older = open_store(url)
    older.write_now(as_version_1)
    older.close()
    now = open_store(url)
    found = now.read_now(lambda c: c.rows("SELECT device, origin FROM device ORDER BY device"))
    assert found == [(7, 7), (8, 8), (9, 7)]
    assert now.read_now(lambda c: c.rows("SELECT COUNT(*) FROM login_attempt")) == [(0,)]
    assert now.read_now(lambda c: c.rows("SELECT username, role FROM account ORDER BY account")) == [
        ("chp", "promoter"), ("cha", "supervisor"), ("nurse", "nurse"), ("sub_county", "officer"),
        ("county", "officer"), ("admin", "admin"),
    ]  # fmt: skip
    now.close()


@pytest.mark.parametrize("noted", ["the numbers", "the highest alone"])
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_a_migration_of_a_lower_number_that_comes_out_later_runs_once(
    engine: Engine,
    noted: str,
    tmp_path: pathlib.Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if engine == "sqlite":
        url = f"sqlite:///{tmp_path}/older.db"
    else:
        cluster: Cluster = request.getfixturevalue("postgres")
        url = cluster.create(empty=True)
        request.addfinalizer(lambda: cluster.drop(url))
    given = {number: text for number, text in migrations(engine).items() if number in NOTED_BY_THE_HIGHEST}
    monkeypatch.setattr(hodi.db.schema, "migrations", lambda _: given)
    with contextlib.closing(open_store(url)) as store:
        if noted == "the highest alone":
            store.write_now(lambda c: c.run("DELETE FROM setting WHERE name = 'migrations'"))
    # Twice would fail, and so would the second before the first.
    late = {
        8: "INSERT INTO setting VALUES ('t8', 'once')",
        20: "INSERT INTO setting SELECT 't20', value FROM setting WHERE name = 't8'",
    }
    monkeypatch.setattr(hodi.db.schema, "migrations", lambda _: {**late, **given})
    for _ in range(2):
        with contextlib.closing(open_store(url)) as store:
            assert settings(store) == {"t8": "once", "t20": "once"}


def test_an_address_that_is_no_store_is_refused() -> None:
    with pytest.raises(ValueError, match="HODI_STORE"):
        open_store("mysql://somewhere")


def test_named_queries(tmp_path: object) -> None:
    (tmp_path / "queries.sql").write_text(  # type: ignore[operator]
        "-- name: one\n-- A word about it.\nSELECT 1;\n\n-- name: two\nSELECT :a, '10%' WHERE :b = :b\n"
    )
    queries = load_queries(f"{tmp_path}/room.py")
    assert queries.one.endswith("SELECT 1")
    assert to_postgres(queries.two) == "SELECT %(a)s, '10%%' WHERE %(b)s = %(b)s"
    with pytest.raises(AttributeError):
        _ = queries.three


def test_a_database_that_cannot_hold_every_name_is_refused(postgres: Cluster) -> None:
    url = postgres.url("test_ascii")
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as admin:
        admin.execute("CREATE DATABASE test_ascii TEMPLATE template0 ENCODING 'SQL_ASCII'")
    try:
        with pytest.raises(ValueError, match="ENCODING 'UTF8'"):
            open_store(url)
    finally:
        postgres.drop(url)


def two_processes(url: str, story: Callable[[Store, Store, AsyncIterator[Changed]], Awaitable[None]]) -> None:
    """Tell a story with two stores on one database, and what the second receives."""

    async def within() -> None:
        async with asyncio.timeout(20):
            received = receiver.notifications()
            assert await anext(received) is None, "whoever begins to listen looks at everything"
            await story(sender, receiver, received)
            await received.aclose()

    sender, receiver = open_store(url), open_store(url)
    try:
        asyncio.run(within())
    finally:
        sender.close()
        receiver.close()


def test_what_one_process_notifies_of_the_other_receives(postgres_url: str) -> None:
    async def story(sender: Store, receiver: Store, received: AsyncIterator[Changed]) -> None:
        await receiver.notify({99})  # its own it does not receive
        await sender.notify({3, 2**40})
        assert await anext(received) == {3, 2**40}
        many, seen = {2**50 + n for n in range(UNITS_NAMED_MAX)}, set[int]()
        await sender.notify(many)
        while seen != many:
            units = await anext(received)
            assert units is not None and units <= many
            seen |= units
        await sender.notify(many | {1})
        assert await anext(received) is None, "too many to name: look at everything"
        await sender.notify(set())
        await sender.notify({4})
        assert await anext(received) == {4}

    two_processes(postgres_url, story)


def test_the_words_of_another_version_mean_everything(postgres_url: str) -> None:
    async def story(sender: Store, _: Store, received: AsyncIterator[Changed]) -> None:
        for payload in ("", "elsewhere", "elsewhere something new"):
            await sender.write(lambda c, p=payload: c.rows("SELECT pg_notify('hodi_units', :p)", {"p": p}))
            assert await anext(received) is None

    two_processes(postgres_url, story)


def test_a_lost_connection_is_made_again_and_everything_looked_at(postgres_url: str) -> None:
    async def story(sender: Store, _: Store, received: AsyncIterator[Changed]) -> None:
        for n in range(3):
            await sender.write(cut_listening)
            assert await anext(received) is None
            await sender.notify({n})
            assert await anext(received) == {n}

    two_processes(postgres_url, story)


def test_a_file_is_served_by_one_process(sqlite_store: Store) -> None:
    async def story() -> list[Changed]:
        await sqlite_store.notify({1})
        return [units async for units in sqlite_store.notifications()]

    assert asyncio.run(story()) == []


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(StoreClosed):
        store.write_now(put("t1", "a"))
    with pytest.raises(StoreClosed):
        asyncio.run(store.read(lambda c: c.rows("SELECT 1")))
