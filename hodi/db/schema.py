"""Creating and migrating a store. `contract/schema.sql` and `schema.sql` are the truth; the numbered
migrations lead an older store to the same shape (tests/rooms/test_db.py builds both and compares)."""

from __future__ import annotations

import functools
import pathlib
import re
import secrets
from collections.abc import Collection

from hodi.config import ROOT
from hodi.db.planner import tell_postgres
from hodi.db.queries import Query
from hodi.db.store import Connection, Engine

_HINT = re.compile(r"/\* sqlite: ([A-Z ]+) \*/")
NOTED_BY_THE_HIGHEST = (1, 2, 3, 4, 5, 6, 9, 10)
"""The migrations that came out while a store noted the highest number alone: all of them up to it had run."""

_MIGRATIONS = pathlib.Path(__file__).parent / "migrations"


def contract_schema(engine: Engine) -> str:
    """The tables that phone and server share, as one script for an engine."""
    return for_engine((ROOT / "contract" / "schema.sql").read_text(encoding="utf-8"), engine)


def server_schema(engine: Engine) -> str:
    """The tables that only the server has."""
    return for_engine(pathlib.Path(__file__).with_name("schema.sql").read_text(encoding="utf-8"), engine)


def contract_planner() -> list[str]:
    """What tells SQLite how big the shared tables are, so that its plans start from the household."""
    return _planner(ROOT / "contract")


def _planner(folder: pathlib.Path) -> list[str]:
    return statements((folder / "planner.sqlite.sql").read_text(encoding="utf-8"))


def statements(script: str) -> list[str]:
    """The statements of a script (ours hold no semicolon inside a literal or a comment)."""
    bare = re.sub(r"[ \t]*--[^\n]*", "", script)
    return [part.strip() for part in bare.split(";") if part.strip()]


@functools.cache
def migrations(engine: Engine) -> dict[int, str]:
    """Numbered migrations; `NNNN_name.pg.sql` and `.sqlite.sql` are twins where the engines differ."""
    ending = ".sqlite.sql" if engine == "sqlite" else ".pg.sql"
    found: dict[int, str] = {}
    for path in sorted(_MIGRATIONS.glob("*.sql")):
        if path.name.endswith((".pg.sql", ".sqlite.sql")) and not path.name.endswith(ending):
            continue
        found[int(path.name.split("_")[0])] = for_engine(path.read_text(encoding="utf-8"), engine)
    return found


def bring_up_to_date(connection: Connection, has_settings: bool) -> None:
    """Create all tables in an empty store, or run the migrations that an older one lacks, in the order of
    their numbers; and give it the secret that seals the tokens of its phones."""
    _create_or_migrate(connection, has_settings)
    if connection.engine == "sqlite":
        for statement in (*contract_planner(), *_planner(pathlib.Path(__file__).parent)):
            connection.run(statement)
    elif not has_settings:
        tell_postgres(connection)
    _note_once(connection, "sync_secret", secrets.token_hex(32))


def _create_or_migrate(connection: Connection, has_settings: bool) -> None:
    available = migrations(connection.engine)
    if not has_settings:
        for script in (contract_schema(connection.engine), server_schema(connection.engine)):
            for statement in statements(script):
                connection.run(statement)
        _note_migrations(connection, set(available))
        return
    done = _migrations_done(connection)
    for number in sorted(available.keys() - done):
        for statement in statements(available[number]):
            connection.run(statement)
        done.add(number)
        _note_migrations(connection, done)


def _migrations_done(connection: Connection) -> set[int]:
    """The migrations that a store has, by number: one of a lower number may come out after a higher one."""
    query = "SELECT name, value FROM setting WHERE name IN ('migrations', 'schema_version')"
    noted = {str(row[0]): str(row[1]) for row in connection.rows(query)}
    if "migrations" in noted:
        return {int(number) for number in noted["migrations"].split()}
    return {number for number in NOTED_BY_THE_HIGHEST if number <= int(noted["schema_version"])}


def _note_migrations(connection: Connection, numbers: Collection[int]) -> None:
    for name, value in (
        ("migrations", " ".join(str(number) for number in sorted(numbers))),
        ("schema_version", str(max(numbers, default=0))),
    ):
        connection.run(
            Query(
                "INSERT INTO setting (name, value) VALUES (:name, :value) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value"
            ),
            {"name": name, "value": value},
        )


def _note_once(connection: Connection, name: str, value: str) -> None:
    connection.run(
        Query("INSERT INTO setting (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING"),
        {"name": name, "value": value},
    )


def for_engine(script: str, engine: Engine) -> str:
    """A script as an engine takes it: `/* sqlite: … */` is SQLite's, and a comment elsewhere."""
    return _HINT.sub(r"\1", script) if engine == "sqlite" else script
