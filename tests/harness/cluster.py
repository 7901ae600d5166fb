"""A throwaway PostgreSQL cluster for one run of the tests, shared by all its processes.

The first process that needs it starts this file as a keeper. The keeper makes the cluster, waits, and
stops it when the run is over, even if the run was killed: it watches the process that owns the run.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import pathlib
import pwd
import signal
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator

if __package__ in (None, ""):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

import psycopg

from tests.harness.tools import ToolMissing, postgres_program

_START_TIMEOUT_S = 60
_TEMPLATE = "hodi_template"
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # a cluster that lives for minutes need not outlive a power cut
    "shared_buffers": "64MB",
    "max_connections": "200",
    "autovacuum": "off",
}


class Cluster:
    """The run's cluster, as one process of the run sees it."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        host = urllib.parse.quote(str(self._folder / "socket"), safe="")
        return f"postgresql://hodi@/{database}?host={host}"

    def create(self, empty: bool = False) -> str:
        """A fresh database's address: with Hodi's tables, or with nothing in it."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        template = "template0" if empty else self._template()
        with psycopg.connect(self.url("postgres"), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database that `create` made, whoever is still connected."""
        name = urllib.parse.urlsplit(url).path.lstrip("/")
        with psycopg.connect(self.url("postgres"), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())

    @contextlib.contextmanager
    def database(self, empty: bool = False) -> Iterator[str]:
        """A fresh database for a while."""
        url = self.create(empty)
        try:
            yield url
        finally:
            self.drop(url)

    def _template(self) -> str:
        from hodi.db import open_store

        made = self._folder / "template-made"
        if not made.exists():
            with locked(self._folder / "template-lock"):
                if not made.exists():
                    with psycopg.connect(self.url("postgres"), autocommit=True) as admin:
                        admin.execute(f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0".encode())
                    open_store(self.url(_TEMPLATE)).close()
                    made.touch()
        return _TEMPLATE


@contextlib.contextmanager
def locked(path: pathlib.Path) -> Iterator[None]:
    """Hold a file's lock against the other processes of the run."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def cluster_of_run(folder: pathlib.Path, owner: int) -> Cluster:
    """The run's cluster, started if nobody has yet. `owner` is the process whose end is the run's end.

    Raises ToolMissing if PostgreSQL is not installed, RuntimeError with its log if it does not start.
    """
    postgres_program("postgres")
    ready, failed = folder / "ready", folder / "failed"
    with locked(folder / "lock"):
        if not ready.exists():
            with (folder / "keeper.log").open("w") as log:
                subprocess.Popen(
                    [sys.executable, __file__, str(folder), str(owner)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            until = time.monotonic() + _START_TIMEOUT_S
            while not ready.exists():
                if failed.exists() or time.monotonic() > until:
                    raise RuntimeError("PostgreSQL did not start:\n" + (folder / "keeper.log").read_text())
                time.sleep(0.05)
    return Cluster(folder)


def stop_cluster(folder: pathlib.Path) -> None:
    """Ask the keeper to stop, and wait until it has."""
    if not (folder / "ready").exists():
        return
    (folder / "stop").touch()
    until = time.monotonic() + 20
    while (folder / "ready").exists() and time.monotonic() < until:
        time.sleep(0.05)


def _keep(folder: pathlib.Path, owner: int) -> None:
    data, socket = folder / "data", folder / "socket"
    unprivileged: dict[str, object] = {}
    for path in (data, socket):
        path.mkdir(mode=0o700)
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = _unprivileged_user()
        unprivileged = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        folder.chmod(0o711)
        for path in (data, socket):
            os.chown(path, user.pw_uid, user.pw_gid)
    shape = ["-U", "hodi", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(
        [postgres_program("initdb"), "-D", data, *shape],
        check=True,
        cwd=data,
        **unprivileged,  # type: ignore[call-overload]
    )
    settings = [f"-c{name}={value}" for name, value in _SETTINGS.items()]
    server = subprocess.Popen(
        [postgres_program("postgres"), "-D", data, f"-k{socket}", *settings],
        cwd=data,
        **unprivileged,  # type: ignore[call-overload]
    )
    try:
        _wait_until_it_answers(Cluster(folder), server)
        (folder / "ready").touch()
        while server.poll() is None and not (folder / "stop").exists() and _alive(owner):
            time.sleep(0.2)
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing in it is wanted
        server.wait()
        subprocess.run(["rm", "-rf", data, socket], check=True)
        (folder / "ready").unlink(missing_ok=True)
        if not _alive(owner):
            subprocess.run(["rm", "-rf", folder], check=True)


def _unprivileged_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ToolMissing("PostgreSQL cannot run as root and there is no user postgres. Get it with: make system")


def _wait_until_it_answers(cluster: Cluster, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_TIMEOUT_S
    while True:
        try:
            psycopg.connect(cluster.url("postgres"), connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


if __name__ == "__main__":
    run_folder = pathlib.Path(sys.argv[1])
    try:
        _keep(run_folder, int(sys.argv[2]))
    except BaseException:
        (run_folder / "failed").touch()
        raise
