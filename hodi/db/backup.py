"""A whole copy of a store while it is being written, and a store made from such a copy.

A file of SQLite must not simply be copied: what was committed last stands beside it in the write-ahead log
(`-wal`), and a copy without that has lost it. SQLite's own backup reads both under one read transaction; for
PostgreSQL `pg_dump` does the same. Neither holds up the server.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess

import apsw
from psycopg.conninfo import conninfo_to_dict, make_conninfo

_SQLITE = "sqlite:///"
_MAGIC = {b"SQLit": "sqlite", b"PGDMP": "postgres"}


class BackupError(Exception):
    """A copy could not be made or put back; the message says why and what is left as it was."""


def back_up(url: str, file: pathlib.Path) -> int:
    """Write a copy of the store at `url` to `file`, which must not exist; gives its size in bytes. The file
    appears when it is whole and on the disk, readable for its owner alone. Raises BackupError."""
    if file.exists():
        raise BackupError(f"{file} exists already; nothing was written.")
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise BackupError(f"{unfinished} cannot be written: {error.strerror}.") from None
    try:
        if url.startswith(_SQLITE):
            _back_up_sqlite(pathlib.Path(url.removeprefix("sqlite://")), unfinished)
        else:
            _run_program("pg_dump", url, ["--format=custom", f"--file={unfinished}"])
        _to_the_disk(unfinished)
        unfinished.rename(file)
        _to_the_disk(file.parent)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return file.stat().st_size


def restore(file: pathlib.Path, url: str) -> None:
    """Make the store at `url` from a copy. There must be none yet: no file, an empty database. Raises
    BackupError, and then there is still none."""
    try:
        with file.open("rb") as opened:
            engine = _MAGIC.get(opened.read(5))
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror}.") from None
    wanted = "sqlite" if url.startswith(_SQLITE) else "postgres"
    if engine != wanted:
        held = {"sqlite": "of SQLite", "postgres": "of PostgreSQL"}.get(engine or "", "of no store")
        raise BackupError(f"{file} is a copy {held}, and HODI_STORE names a store of another kind.")
    if wanted == "sqlite":
        _restore_sqlite(file, pathlib.Path(url.removeprefix("sqlite://")))
    else:
        _run_program("pg_restore", url, ["--single-transaction", "--exit-on-error", "--no-owner", str(file)])


def _back_up_sqlite(source: pathlib.Path, file: pathlib.Path) -> None:
    if not source.exists():
        raise BackupError(f"There is no store at {source}.")
    try:
        read = apsw.Connection(str(source), flags=apsw.SQLITE_OPEN_READWRITE)
        written = apsw.Connection(str(file))
        read.setbusytimeout(10_000)
        with written.backup("main", read, "main") as copying:
            copying.step(-1)  # in one read transaction: whoever writes meanwhile is not waited for
        read.close()
        # One file from now on: what is carried away must not leave a log behind.
        written.execute("PRAGMA journal_mode=DELETE")
        _require_whole(written, file)
        written.close()
    except apsw.Error as error:
        raise BackupError(f"The store {source} could not be copied: {error}") from None


def _restore_sqlite(file: pathlib.Path, target: pathlib.Path) -> None:
    for part in (
        target,
        *(target.with_name(target.name + ending) for ending in ("-wal", "-shm", "-journal")),
    ):
        if part.exists():
            raise BackupError(
                f"{part} exists. Stop the server and move it away, with what else begins with {target.name}."
            )
    try:
        # Nobody writes to it: no log is looked for beside it, and none is left there.
        address = f"{file.resolve().as_uri()}?immutable=1"
        copy = apsw.Connection(address, flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
        _require_whole(copy, file)
        copy.close()
    except apsw.Error as error:
        raise BackupError(f"{file} is damaged: {error}") from None
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.copyfile(file, unfinished)
    unfinished.chmod(0o600)
    _to_the_disk(unfinished)
    unfinished.rename(target)
    _to_the_disk(target.parent)


def _require_whole(connection: apsw.Connection, file: pathlib.Path) -> None:
    found = connection.execute("PRAGMA quick_check(1)").fetchall()
    if found != [("ok",)]:
        raise BackupError(f"{file} is damaged: {found[0][0]}")


def _to_the_disk(path: pathlib.Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _run_program(name: str, url: str, arguments: list[str]) -> None:
    """Run one of PostgreSQL's programs on a database; its password goes by the environment, not by the
    command line that everybody on the machine can read."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    environ = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    done = subprocess.run(
        [_program(name), f"--dbname={make_conninfo('', **parts)}", *arguments],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        says = (done.stderr.strip() or "no reason given").splitlines()
        raise BackupError(f"{name} did not succeed: {says[-1] if name == 'pg_dump' else says[0]}")


def _program(name: str) -> str:
    """The newest on this machine: Debian keeps them off the PATH, and an older one refuses a newer server."""
    versions = pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = max(versions, key=lambda path: int(path.parts[4]), default=None)
    found = str(newest) if newest else shutil.which(name)
    if found is None:
        raise BackupError(f"{name} is not on this machine. Get it with: apt-get install postgresql-client")
    return found
