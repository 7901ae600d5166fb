"""The tests' own tools: stores are fresh, and hold what a store must hold."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser

from hodi.config import DEFAULT_PACK, ROOT
from hodi.content import check, load
from hodi.db import Store
from hodi.domain import Event, Observation
from tests import cast
from tests.contract.told import Told
from tests.hand import NOW, Hand
from tests.harness.cluster import Cluster, cluster_of_run
from tests.harness.commands import Commands
from tests.harness.events import IN_COSTA_CLARA, IN_KENYA
from tests.harness.serve import Served
from tests.harness.story import Story


def test_every_store_is_fresh_and_has_the_cast_seated(store: Store) -> None:
    assert store.read_now(lambda c: c.rows("SELECT count(*) FROM account"))[0][0] == 0
    store.write_now(lambda c: cast.seat(c, 1_700_000_000_000))
    assert store.read_now(lambda c: c.rows("SELECT count(*) FROM account"))[0][0] == len(cast.WORKERS)
    assert store.read_now(lambda c: c.rows("SELECT count(*) FROM device"))[0][0] == 3


def test_a_value_is_stated_alike_on_a_phone_in_a_history_and_at_the_desk(store: Store) -> None:
    said: dict[str, Any] = {"village": "Mtaa", "latrine": 1, "water_source": "piped"}
    wanted = {
        Observation(concept="village", text="Mtaa"),
        Observation(concept="latrine", number=1),
        Observation(concept="water_source", code="piped"),
    }
    told = Told()
    home = told.household(0, **said)
    _, registered = Hand(cast.PROMOTER).household(**said)
    assert wanted < set(told.events[0].observations)
    assert wanted < set(registered.observations)
    store.write_now(lambda c: cast.seat(c, NOW))
    number = store.write_now(lambda c: Story(c, NOW).household("Mkuu", **said))
    assert {number, home} & {registered.household} == set(), "each has numbers of its own"
    stated = store.read_now(
        lambda c: c.rows(
            "SELECT concept, number, code, text FROM observation o JOIN event e "
            "ON e.unit = o.unit AND e.id = o.event WHERE e.household = :household",
            {"household": number},
        )
    )
    assert {(one.concept, one.number, one.code, one.text) for one in wanted} < set(stated)


def test_no_concept_has_the_name_of_an_events_column() -> None:
    for country in (IN_KENYA, IN_COSTA_CLARA):
        assert not set(country.concepts) & set(Event.__struct_fields__), country


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


def test_a_cluster_ends_with_the_run_that_owned_it() -> None:
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hodi-tests-"))
    owner = subprocess.Popen(["sleep", "60"])
    url = cluster_of_run(folder, owner.pid).create(empty=True)
    psycopg.connect(url).close()
    owner.kill()
    owner.wait()
    until = time.monotonic() + 20
    while folder.exists():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_store_is_served_and_let_go_of(
    store: Store, serve: Callable[..., Served], browser: Browser
) -> None:
    store.write_now(lambda c: cast.seat(c, 1_700_000_000_000))
    served = serve(store)
    assert httpx.get(f"{served.url}/healthz").json()["ok"]
    page = browser.new_page()
    page.goto(f"{served.url}/login")
    assert page.locator("input[name=username]").is_visible()
    page.close()
    served.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{served.url}/healthz")
    assert store.read_now(lambda c: c.rows("SELECT 1")) == [(1,)]


def test_a_pack_is_read_anew_only_when_a_file_of_it_is_another(tmp_path: pathlib.Path) -> None:
    folder = shutil.copytree(DEFAULT_PACK, tmp_path / "pack")
    first = load(folder)
    assert load(folder) is first
    described = folder / "pack.toml"
    was = described.stat()
    described.write_text(described.read_text().replace('version = "', 'version = "9'))
    changed = load(folder)
    assert changed.version == f"9{first.version}"
    os.utime(described, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert load(folder) is not first, "of another size it is another, whatever its time"
    form = next(folder.glob("programmes/*/forms/*.md"))
    form.write_text("| survey | type |\n| ------ | ---- |\n|  | sound |\n")
    assert check(folder), "a form that cannot be read is no longer taken for the one before"


def test_a_command_runs_as_if_python_were_started_for_it(tmp_path: pathlib.Path) -> None:
    settings = {"HODI_STORE": f"sqlite:///{tmp_path / 'hodi.db'}", "PATH": os.environ["PATH"]}
    commands = Commands()
    try:
        for arguments, says in (
            (["accounts", "create", "amina", "Amina", "admin"], "long enough\n"),
            (["accounts", "list"], ""),
            (["accounts", "password", "zawadi"], "another one\n"),
            (["nothing"], ""),
        ):
            forked = commands.run(arguments, settings, says)
            if "create" in arguments:  # by the other way it is made anew
                (tmp_path / "hodi.db").unlink()
            started = subprocess.run(
                [sys.executable, "-m", "hodi", *arguments], cwd=ROOT, env=settings, input=says,
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert (forked.returncode, forked.stdout, forked.stderr) == (
                started.returncode, started.stdout, started.stderr,
            ), arguments  # fmt: skip
    finally:
        commands.close()
