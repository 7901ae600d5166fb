"""The command line, as a person meets it: what works says so, what does not ends in one sentence."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request

import pytest

from hodi.config import ROOT
from hodi.db import open_store

TABLES = ("household", "person", "visit_month", "growth", "illness", "pregnancy", "referral", "signal")


@dataclasses.dataclass
class Shell:
    """Runs `python -m hodi …` with a store and a small demonstration of its own."""

    store: str
    pack: pathlib.Path
    app: pathlib.Path
    port: int = 0

    @property
    def environ(self) -> dict[str, str]:
        settings = {
            "HODI_STORE": self.store, "HODI_PACK": str(self.pack), "HODI_APP": str(self.app),
            "HODI_PORT": str(self.port), "PATH": os.environ["PATH"],
        }  # fmt: skip
        return {**settings, "PYTHONUNBUFFERED": "1"}

    def run(self, *arguments: str, says: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "hodi", *arguments], cwd=ROOT, env=self.environ, input=says,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    def done(self, *arguments: str, says: str = "") -> str:
        finished = self.run(*arguments, says=says)
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    def refused(self, *arguments: str, says: str = "") -> str:
        finished = self.run(*arguments, says=says)
        assert finished.returncode == 1
        assert "Traceback" not in finished.stderr
        assert len(finished.stderr.strip().splitlines()) == 1, finished.stderr
        return finished.stderr

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        store = open_store(self.store)
        try:
            return store.read_now(lambda c: c.rows(sql))
        finally:
            store.close()


@pytest.fixture
def shell(tmp_path: pathlib.Path) -> Shell:
    pack = tmp_path / "pack"
    shutil.copytree(ROOT / "content" / "kenya", pack)
    described = pack / "demonstration" / "demonstration.toml"
    lines = described.read_text().splitlines()
    small = ["units = [101]" if line.startswith("units") else line for line in lines]
    small = ["households = 40" if line.startswith("households") else line for line in small]
    described.write_text("\n".join(small))
    app = tmp_path / "app"
    app.mkdir()
    (app / "index.html").write_text("<!doctype html><title>Hodi</title>")
    return Shell(store=f"sqlite:///{tmp_path / 'hodi.db'}", pack=pack, app=app)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def something_written(shell: Shell) -> bool:
    try:
        with contextlib.closing(
            sqlite3.connect(f"file:{shell.store.removeprefix('sqlite:///')}?mode=ro", uri=True)
        ) as raw:
            return bool(raw.execute("SELECT 1 FROM event LIMIT 1").fetchall())
    except sqlite3.OperationalError:
        return False


def test_without_a_command_it_says_what_there_is(shell: Shell) -> None:
    finished = shell.run("--help")
    for command in (
        "serve",
        "demo",
        "seed",
        "simulate",
        "rebuild",
        "status",
        "content-check",
        "pack",
        "places",
        "accounts",
    ):
        assert command in finished.stdout
    assert shell.run().returncode == 2


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_the_demonstration_is_seeded_once(shell: Shell, engine: str, request: pytest.FixtureRequest) -> None:
    if engine == "postgres":
        shell.store = request.getfixturevalue("postgres_url")
    assert "Seeded in" in shell.done("seed")
    events = shell.rows("SELECT COUNT(*) FROM event")
    assert "nothing was seeded" in shell.done("seed")
    assert shell.rows("SELECT COUNT(*) FROM event") == events
    assert "400" in shell.done("status")
    usernames = {row[0] for row in shell.rows("SELECT username FROM account")}
    assert {"chp", "cha", "nurse", "hospital", "subcounty", "admin", "chp-10102"} <= usernames


def test_the_demonstration_s_promoter_has_one_of_everything(shell: Shell) -> None:
    shell.done("seed")
    in_her_area = "JOIN household h ON h.unit = x.unit AND h.household = x.household WHERE h.area = 10101"
    signals = {
        row[0] for row in shell.rows(f"SELECT x.code FROM signal x {in_her_area} AND x.state = 'open'")
    }
    assert signals == {"NUT_DECLINE", "RESP_CLUSTER", "ANC_MISSED", "MOB_DECLINE", "REF_NOSHOW"}
    states = {row[0] for row in shell.rows(f"SELECT x.state FROM referral x {in_her_area}")}
    assert {"made", "seen"} <= states


def test_a_seeding_that_was_cut_off_is_taken_up_again(shell: Shell) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "hodi", "seed"], cwd=ROOT, env=shell.environ, stdout=subprocess.DEVNULL
    )
    until = time.monotonic() + 60
    while process.poll() is None and not something_written(shell):
        assert time.monotonic() < until
        time.sleep(0.01)
    process.kill()
    process.wait()
    shell.done("seed")
    assert shell.rows("SELECT COUNT(*) FROM household")[0][0] == 400
    assert shell.rows("SELECT COUNT(*) FROM touched")[0][0] == 0
    assert shell.rows("SELECT COUNT(*) - COUNT(DISTINCT id) FROM event")[0][0] == 0


def test_a_store_in_use_is_not_seeded_over(shell: Shell) -> None:
    shell.done("accounts", "create", "amina", "Amina", "admin", says="long enough\n")
    assert "holds other data" in shell.refused("seed")
    assert shell.rows("SELECT COUNT(*) FROM event")[0][0] == 0


def test_a_rebuild_gives_the_same_record(shell: Shell) -> None:
    shell.done("simulate", "--areas", "2", "--households", "20", "--months", "3", "--seed", "5")
    before = {table: shell.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4, 5") for table in TABLES}
    assert before["growth"]
    assert "made anew" in shell.done("rebuild")
    assert before == {table: shell.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4, 5") for table in TABLES}


def test_accounts_are_made_and_repaired(shell: Shell) -> None:
    assert "can log in" in shell.done(
        "accounts", "create", "amina", "Amina", "cha", "101", says="long enough\n"
    )
    assert "amina" in shell.done("accounts", "list")
    assert "already" in shell.refused("accounts", "create", "amina", "Amina", "cha", says="long enough\n")
    assert "8 characters" in shell.refused("accounts", "create", "brenda", "Brenda", "cha", says="short\n")
    before = shell.rows("SELECT password FROM account")
    assert "new password" in shell.done("accounts", "password", "amina", says="another one\n")
    assert shell.rows("SELECT password FROM account") != before
    assert "no account zawadi" in shell.refused("accounts", "password", "zawadi", says="another one\n")


def test_places_are_entered_whole_or_not_at_all(shell: Shell, tmp_path: pathlib.Path) -> None:
    assert "202 places" in shell.done("places", "import", str(shell.pack / "demonstration" / "places.csv"))
    assert shell.rows("SELECT name FROM place WHERE code = '601452'") == [
        ("Kamirithu Community Health Unit",)
    ]
    wrong = tmp_path / "places.csv"
    wrong.write_text("place,kind,parent,name,code,khis_uid,facility\n7,village,,Mtoni,,,\n")
    assert "line 2" in shell.refused("places", "import", str(wrong))
    wrong.write_text("place,kind,parent,name,code,khis_uid,facility\n7,unit,6,Mtoni,,,\n")
    assert "speaks of 6" in shell.refused("places", "import", str(wrong))
    assert "cannot be read" in shell.refused("places", "import", str(tmp_path / "nothing.csv"))


def test_the_pack_is_checked_and_built(shell: Shell) -> None:
    assert "in order" in shell.done("content-check")
    (shell.pack / "programmes" / "child_health" / "forms" / "under_five_assessment.md").write_text(
        "| survey | type |\n| ------ | ---- |\n|  | sound |\n"
    )
    finished = shell.run("content-check")
    assert finished.returncode == 1
    assert "programmes/child_health/forms/under_five_assessment.md" in finished.stdout
    assert "Traceback" not in finished.stderr


def test_it_serves_until_told_to_stop(shell: Shell) -> None:
    shell.port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "hodi", "demo"], cwd=ROOT, env=shell.environ, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{shell.port}/healthz"
        until = time.monotonic() + 90
        while True:
            try:
                with urllib.request.urlopen(address, timeout=5) as answer:
                    assert answer.status == 200
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < until
                time.sleep(0.1)
        second = shell.refused("serve")
        assert f"port {shell.port}" in second
    finally:
        process.send_signal(signal.SIGTERM)
        said, wrong = process.communicate(timeout=30)
    assert process.returncode == 0, wrong
    assert wrong == ""
    assert f"http://localhost:{shell.port}/app/" in said
    assert "karibu-hodi" in said


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("store", "mysql://somewhere", "HODI_STORE must start with"),
        ("store", "postgresql://hodi@127.0.0.1:1/hodi", "PostgreSQL does not answer"),
        ("store", "sqlite:////proc/nothing/hodi.db", "cannot be opened"),
        ("port", "eighty", "HODI_PORT must be a number"),
    ],
)
def test_wrong_settings_are_named(shell: Shell, setting: str, value: str, sentence: str) -> None:
    setattr(shell, setting, value)
    assert sentence in shell.refused("status")


def test_the_demonstration_needs_the_phone_app(shell: Shell) -> None:
    (shell.app / "index.html").unlink()
    assert "make demo" in shell.refused("demo")


def test_after_a_restore_and_after_a_wrong_clock_one_command_each(shell: Shell) -> None:
    shell.done("accounts", "list")
    assert "starts over" in shell.done("restored")
    settings = dict(shell.rows("SELECT name, value FROM setting"))
    assert int(str(settings["sync_epoch"])) >= 1_000_000
    assert int(str(settings["devices_skipped"])) >= 10_000
    assert shell.rows("SELECT COUNT(*) FROM own_writer WHERE counter >= 1000000") == [(3,)]
    said = shell.done("clock")
    assert time.strftime("%Y-") in said
    confirmed = dict(shell.rows("SELECT name, value FROM setting"))["clock_confirmed_at"]
    assert abs(int(str(confirmed)) - time.time() * 1000) < 60_000
