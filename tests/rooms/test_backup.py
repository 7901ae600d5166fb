"""A copy made while the store is written is whole; a store made from it holds what was committed before."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from hodi.clock import system_clock
from hodi.config import ROOT
from hodi.db import Connection, Store, open_store
from hodi.db.backup import BackupError, back_up, restore
from tests import cast
from tests.harness.cluster import Cluster
from tests.harness.story import Story


def hodi(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -m hodi …` on a store."""
    return subprocess.run(
        [sys.executable, "-m", "hodi", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120,
        env={"HODI_STORE": url, "PATH": os.environ["PATH"]}, check=False,
    )  # fmt: skip


@pytest.fixture(params=["sqlite", "postgres"])
def urls(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Iterator[tuple[str, str]]:
    """The address of a store, and one where there is none yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'hodi.db'}", f"sqlite:///{tmp_path / 'again' / 'hodi.db'}"
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    with cluster.database() as first, cluster.database(empty=True) as second:
        yield first, second


class Writer:
    """Writes all the while: in each transaction a household with its first member, and notes what was
    committed."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.committed: list[int] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._stop.is_set():
            self.committed.append(self.store.write_now(self._one))

    @staticmethod
    def _one(c: Connection) -> int:
        story = Story(c, system_clock())
        household = story.household("Wanjiku")
        story.person(household, "Grace", "Wanjiku")
        return household

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Write for a while."""
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._thread.join()


def households(store: Store) -> dict[int, int]:
    """By household: how many events its ledger holds."""
    return dict(store.read_now(lambda c: c.rows("SELECT household, COUNT(*) FROM event GROUP BY household")))


def test_a_copy_made_under_writes_is_whole(urls: tuple[str, str], tmp_path: pathlib.Path) -> None:
    store = open_store(urls[0])
    store.write_now(lambda c: cast.seat(c, system_clock()))
    writer, file = Writer(store), tmp_path / "copy"
    with writer.writing():
        while len(writer.committed) < 20:
            assert writer._thread.is_alive()
        before = list(writer.committed)
        done = hodi(urls[0], "backup", str(file))
        assert done.returncode == 0, done.stderr
        while len(writer.committed) < len(before) + 20:
            assert writer._thread.is_alive()
    written = households(store)
    store.close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith("copy")] == ["copy"]

    done = hodi(urls[1], "restore", str(file))
    assert done.returncode == 0, done.stderr
    again = open_store(urls[1])
    found = households(again)
    assert set(before) <= set(found), "what was committed before the copy began is in it"
    assert found.items() <= written.items(), "no transaction is in it by half"
    assert again.read_now(lambda c: c.rows("SELECT username FROM account")) != []
    again.close()


def test_a_plain_copy_of_the_file_loses_what_the_log_holds(tmp_path: pathlib.Path) -> None:
    """Why there is a command at all."""
    url = f"sqlite:///{tmp_path / 'hodi.db'}"
    store = open_store(url)
    store.write_now(lambda c: cast.seat(c, system_clock()))
    household = store.write_now(Writer._one)
    shutil.copyfile(tmp_path / "hodi.db", tmp_path / "plain.db")
    back_up(url, tmp_path / "copy.db")
    store.close()
    with contextlib.closing(open_store(f"sqlite:///{tmp_path / 'copy.db'}")) as whole:
        assert household in households(whole)
    with contextlib.closing(open_store(f"sqlite:///{tmp_path / 'plain.db'}")) as plain:
        assert household not in households(plain)


def test_nothing_is_written_over(urls: tuple[str, str], tmp_path: pathlib.Path) -> None:
    store = open_store(urls[0])
    store.write_now(lambda c: cast.seat(c, system_clock()))
    household = store.write_now(Writer._one)
    file = tmp_path / "copy"
    back_up(urls[0], file)
    copied = file.read_bytes()
    with pytest.raises(BackupError, match="exists already"):
        back_up(urls[0], file)
    assert file.read_bytes() == copied
    with pytest.raises(BackupError):
        restore(file, urls[0])
    assert household in households(store), "a store that is there stays as it is"
    store.close()


def test_what_is_no_copy_makes_no_store(urls: tuple[str, str], tmp_path: pathlib.Path) -> None:
    file = tmp_path / "copy"
    store = open_store(urls[0])
    store.write_now(lambda c: cast.seat(c, system_clock()))
    store.close()
    with pytest.raises(BackupError, match="cannot be read"):
        restore(file, urls[1])
    for content in (b"", b"something else", b"SQLite format 3\0" + b"x" * 5000, b"PGDMP" + b"x" * 5000):
        file.write_bytes(content)
        refused = hodi(urls[1], "restore", str(file))
        assert refused.returncode == 1 and len(refused.stderr.strip().splitlines()) == 1, refused.stderr
        assert "Traceback" not in refused.stderr
    file.unlink()
    back_up(urls[0], file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupError):
        restore(file, urls[1])
    file.write_bytes(whole)
    restore(file, urls[1])
    assert len(open_and_count(urls[1])) > 5


def open_and_count(url: str) -> list[tuple[object, ...]]:
    """The accounts of a store."""
    with contextlib.closing(open_store(url)) as store:
        return store.read_now(lambda c: c.rows("SELECT account FROM account"))


def test_a_copy_that_was_cut_off_leaves_nothing(tmp_path: pathlib.Path) -> None:
    with pytest.raises(BackupError, match="no store at"):
        back_up(f"sqlite:///{tmp_path / 'nothing.db'}", tmp_path / "copy")
    with pytest.raises(BackupError):
        back_up("postgresql://hodi@127.0.0.1:1/hodi", tmp_path / "copy")
    with pytest.raises(BackupError, match="cannot be written"):
        back_up(f"sqlite:///{tmp_path / 'nothing.db'}", tmp_path / "no-folder" / "copy")
    assert list(tmp_path.iterdir()) == []


def test_a_password_is_on_no_command_line(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[list[str]] = []
    run = subprocess.run

    def noted(command: list[str], **options: object) -> object:
        said.append(command)
        return run(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr("hodi.db.backup.subprocess.run", noted)
    with pytest.raises(BackupError):
        back_up("postgresql://hodi:very-secret@127.0.0.1:1/hodi", tmp_path / "copy")
    assert said and "very-secret" not in " ".join(said[0])
