"""Fixtures for all tests.

- `store`: a fresh open store; every test that asks for it runs on SQLite and on PostgreSQL.
- `sqlite_store`: a fresh open SQLite store alone. `open_stores(engine)` opens more of either.
- `postgres_url`: address of a fresh PostgreSQL database with Hodi's tables (`postgres.create(empty=True)`
  gives one without).
- `serve`: a function that serves a store over HTTP on a free loopback port.
- `browser`: a headless Chromium for the tests of one module.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import tempfile
from collections.abc import Callable, Iterator

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from hodi.db import Store, open_store
from tests.harness.cluster import Cluster, cluster_of_run, stop_cluster
from tests.harness.once import read_packs_once
from tests.harness.serve import Served, served
from tests.harness.tools import ToolMissing, chromium_arguments, chromium_program

# How long an example takes says something of the machine, and nothing of the code.
hypothesis.settings.register_profile("hodi", deadline=None)
hypothesis.settings.load_profile("hodi")

_RUN = "HODI_TEST_RUN"  # "<folder>|<process id of the run's owner>", handed down to the workers


def pytest_configure(config: pytest.Config) -> None:
    """The first process of a run makes its folder; workers find it in their environment."""
    read_packs_once()
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="hodi-tests-")
        os.environ[_RUN] = f"{folder}|{os.getpid()}"
        _trust_no_certificates(pathlib.Path(folder) / "certificates")


def _trust_no_certificates(nowhere: pathlib.Path) -> None:
    """Tests speak plain HTTP on loopback. Every HTTP client would read the machine's list of authorities
    first, 25 ms of it; here they find an empty folder, and nobody outside can be reached over TLS."""
    nowhere.mkdir()
    os.environ.pop("SSL_CERT_FILE", None)
    os.environ["SSL_CERT_DIR"] = str(nowhere)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that made the folder stops what runs in it and removes it."""
    if not hasattr(config, "workerinput") and _RUN in os.environ:
        folder = pathlib.Path(os.environ.pop(_RUN).partition("|")[0])
        stop_cluster(folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Cluster:
    """The run's PostgreSQL cluster."""
    folder, _, owner = os.environ[_RUN].partition("|")
    try:
        return cluster_of_run(pathlib.Path(folder), int(owner))
    except ToolMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture
def postgres_url(postgres: Cluster) -> Iterator[str]:
    """The address of a fresh PostgreSQL database with Hodi's tables."""
    with postgres.database() as url:
        yield url


OpenStores = Callable[[str], Store]


@pytest.fixture
def open_stores(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Iterator[OpenStores]:
    """Opens fresh stores, `sqlite` or `postgres`, and closes them after the test."""
    opened: list[tuple[Store, Callable[[], None]]] = []

    def open_one(engine: str) -> Store:
        if engine == "sqlite":
            store = open_store(f"sqlite:///{tmp_path / f'store-{len(opened)}.db'}")
            opened.append((store, lambda: None))
            return store
        postgres: Cluster = request.getfixturevalue("postgres")
        url = postgres.create()
        store = open_store(url)
        opened.append((store, lambda: postgres.drop(url)))
        return store

    yield open_one
    for store, remove in reversed(opened):
        store.close()
        remove()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, open_stores: OpenStores) -> Store:
    """A fresh open store, on each engine in turn."""
    return open_stores(str(request.param))


@pytest.fixture
def sqlite_store(open_stores: OpenStores) -> Store:
    """A fresh open SQLite store."""
    return open_stores("sqlite")


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    """`serve(store, clock=…)` gives a `Served` with `.url`; it stops after the test."""
    running: list[Served] = []

    def start(store: Store, **options: object) -> Served:
        running.append(served(store, **options))  # type: ignore[arg-type]
        return running[-1]

    yield start
    for one in reversed(running):
        one.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium. One per module: while Playwright is open, `asyncio.run` cannot be used."""
    try:
        program = chromium_program()
    except ToolMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=chromium_arguments())
        yield chromium
        chromium.close()
