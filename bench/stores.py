"""The two stores as a deployment has them: a SQLite file, and a PostgreSQL cluster of its own with
every commit on the disk. Both on the same file system, in a temporary folder."""

from __future__ import annotations

import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import time
import urllib.parse
from collections.abc import Iterator

import psycopg

from bench.processes import scratch
from tests.harness.tools import postgres_program

ENGINES = ("sqlite", "postgres")

# What docs/scale.md advises for a machine of this size; everything else as Debian ships it.
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
}


@contextlib.contextmanager
def new_store(engine: str) -> Iterator[tuple[str, pathlib.Path]]:
    """The address of an empty store, and the folder that holds its files; both gone afterwards."""
    with scratch(engine) as folder:
        if engine == "sqlite":
            yield f"sqlite:///{folder / 'hodi.db'}", folder
        else:
            with _postgres(folder) as url:
                yield url, folder


@contextlib.contextmanager
def _postgres(folder: pathlib.Path) -> Iterator[str]:
    user = _owner()
    folder.chmod(0o755)
    data, sockets = folder / "data", folder / "socket"
    for path in (data, sockets):
        path.mkdir(mode=0o700)
        os.chown(path, user.pw_uid, user.pw_gid)
    shape = ["-U", "hodi", "-A", "trust", "-E", "UTF8", "--locale=C"]
    _as(user, [str(postgres_program("initdb")), "-D", str(data), *shape], data).wait()
    settings = [f"-c{name}={value}" for name, value in POSTGRES_SETTINGS.items()]
    server = _as(user, [str(postgres_program("postgres")), "-D", str(data), f"-k{sockets}", *settings], data)
    url = f"postgresql://hodi@/hodi?host={urllib.parse.quote(str(sockets), safe='')}"
    try:
        _create_database(url)
        yield url
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)
            server.wait()
        shutil.rmtree(data, ignore_errors=True)


def _owner() -> pwd.struct_passwd:
    """PostgreSQL refuses to run as root."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def _as(user: pwd.struct_passwd, command: list[str], cwd: pathlib.Path) -> subprocess.Popen[bytes]:
    rights: dict[str, object] = {}
    if os.geteuid() == 0:
        rights = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return subprocess.Popen(
        command,
        cwd=cwd,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **rights,  # type: ignore[call-overload]
    )


def _create_database(url: str) -> None:
    admin = url.replace("/hodi?", "/postgres?")
    deadline = time.monotonic() + 30
    while True:
        try:
            with psycopg.connect(admin, autocommit=True) as connection:
                connection.execute("CREATE DATABASE hodi TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def postmaster(folder: pathlib.Path) -> list[int]:
    """The process id of the cluster in a store's folder; nothing for a file."""
    note = folder / "data" / "postmaster.pid"
    return [int(note.read_text().splitlines()[0])] if note.exists() else []
