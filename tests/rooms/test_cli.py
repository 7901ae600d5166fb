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
from collections.abc import Iterator

import argon2
import pytest

from hodi.config import ROOT
from hodi.db import open_store
from tests.harness.commands import Commands

TABLES = (
    "household",
    "person",
    "visit_month",
    "growth",
    "illness",
    "pregnancy",
    "referral",
    "signal",
    "indicator_value",
)


@dataclasses.dataclass
class Shell:
    """Gives commands of Hodi with a store and a small demonstration of its own."""

    store: str
    pack: pathlib.Path
    app: pathlib.Path
    commands: Commands
    port: int = 0

    @property
    def environ(self) -> dict[str, str]:
        settings = {
            "HODI_STORE": self.store, "HODI_PACK": str(self.pack), "HODI_APP": str(self.app),
            "HODI_PORT": str(self.port), "PATH": os.environ["PATH"],
        }  # fmt: skip
        return {**settings, "PYTHONUNBUFFERED": "1"}

    def run(self, *arguments: str, says: str = "") -> subprocess.CompletedProcess[str]:
        return self.commands.run(arguments, self.environ, says)

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


@pytest.fixture(scope="module")
def commands() -> Iterator[Commands]:
    one = Commands()
    yield one
    one.close()


@pytest.fixture
def shell(tmp_path: pathlib.Path, commands: Commands) -> Shell:
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
    return Shell(store=f"sqlite:///{tmp_path / 'hodi.db'}", pack=pack, app=app, commands=commands)


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
    finished = subprocess.run(
        [sys.executable, "-m", "hodi", "--help"], cwd=ROOT, env=shell.environ, capture_output=True, text=True
    )
    assert finished.returncode == 0
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
    assert {"chp", "cha", "nurse", "hospital", "subcounty", "admin", "promoter-10102"} <= usernames


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
    assert before["growth"] and before["indicator_value"]
    assert "made anew" in shell.done("rebuild")
    assert before == {table: shell.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4, 5") for table in TABLES}


def test_accounts_are_made_and_repaired(shell: Shell) -> None:
    shell.done("places", "load", str(shell.pack / "demonstration" / "places.csv"))
    refused = shell.refused(
        "accounts", "create", "amina", "Amina", "supervisor", "99999", says="long enough\n"
    )
    assert "(post)" in refused
    phone = ("accounts", "create", "amina", "Amina", "supervisor", "101", "--phone", "hello phone")
    assert "(phone)" in shell.refused(*phone, says="long enough\n")
    assert "can log in" in shell.done(
        "accounts", "create", "amina", "Amina", "supervisor", "101", says="long enough\n"
    )
    assert "amina" in shell.done("accounts", "list")
    assert "already" in shell.refused(
        "accounts", "create", "amina", "Amina", "supervisor", says="long enough\n"
    )
    assert "8 characters" in shell.refused("accounts", "create", "brenda", "Brenda", "admin", says="short\n")
    before = shell.rows("SELECT password FROM account")
    assert "new password" in shell.done("accounts", "password", "amina", says="another one\n")
    assert shell.rows("SELECT password FROM account") != before
    assert "no account zawadi" in shell.refused("accounts", "password", "zawadi", says="another one\n")


PLACE_COLUMNS = "place,kind,parent,name,code,hmis_uid,facility\n"
ACCOUNT_COLUMNS = "username,name,role,language,phone,posts\n"


def test_places_are_entered_whole_or_not_at_all(shell: Shell, tmp_path: pathlib.Path) -> None:
    assert "202 places" in shell.done("places", "load", str(shell.pack / "demonstration" / "places.csv"))
    assert shell.rows("SELECT name FROM place WHERE code = '601452'") == [
        ("Kamirithu Community Health Unit",)
    ]
    more = tmp_path / "more.csv"
    more.write_text(PLACE_COLUMNS + "9001,area,101,Kamirithu Mpya,,,\n")
    assert "1 places" in shell.done("places", "load", str(more)), "what it lies in is in the register"
    wrong = tmp_path / "places.csv"
    wrong.write_text(
        PLACE_COLUMNS
        + "7001,village,,Mtoni,,,\n7002,unit,6999,Mtoni,,,\n7003,ward,2,Sawa,,,\n7003,ward,2,Sawa,,,\n"
        "7004,area,2,Mtoni,,,\n7005,unit,11,Mtoni,,,2\n7006,ward,2\nx,ward,2,Mtoni,,,\n7007,ward,,Mtoni,,,\n"
    )
    finished = shell.run("places", "load", str(wrong))
    assert finished.returncode == 1
    faults = finished.stderr.splitlines()
    assert [line.split(":")[0].rpartition(" ")[2] for line in faults[:-1]] == [*"2356789", "10"], (
        finished.stderr
    )
    assert faults[-1] == "Nothing was entered."
    assert shell.rows("SELECT COUNT(*) FROM place WHERE place BETWEEN 7000 AND 7999") == [(0,)]
    wrong.write_text("number,name\n1,Mtoni\n")
    assert "columns must be" in shell.run("places", "load", str(wrong)).stderr
    wrong.write_bytes(b"\xff\xfe\x00")
    assert "no table in UTF-8" in shell.run("places", "load", str(wrong)).stderr
    assert "cannot be read" in shell.refused("places", "load", str(tmp_path / "nothing.csv"))


def test_accounts_are_made_by_the_hundred(shell: Shell, tmp_path: pathlib.Path) -> None:
    shell.done("places", "load", str(shell.pack / "demonstration" / "places.csv"))
    file, passwords = tmp_path / "accounts.csv", tmp_path / "passwords.csv"
    file.write_text(
        ACCOUNT_COLUMNS
        + "zawadi,Zawadi Atieno,promoter,sw,0722000111,10101\nouma,Ouma,supervisor,en,,101 102\n"
    )
    assert "2 people can log in" in shell.done("accounts", "load", str(file), str(passwords))
    assert passwords.stat().st_mode & 0o777 == 0o600
    given = passwords.read_text().splitlines()
    assert [line.split(",")[0] for line in given] == ["username", "zawadi", "ouma"]
    assert len({line.split(",")[1] for line in given}) == 3
    hashed = shell.rows("SELECT password FROM account WHERE username = 'zawadi'")[0][0]
    assert argon2.PasswordHasher().verify(str(hashed), given[1].split(",")[1])
    file.write_text(
        ACCOUNT_COLUMNS
        + "zawadi,Zawadi,promoter,sw,,10101\nX!,Xi,promoter,sw,,10101\nbaraka,B,promoter,sw,,10101\n"
        "baraka,Baraka,king,sw,,10101\nbaraka,Baraka,promoter,xx,,10101\n"
        "baraka,Baraka,promoter,sw,hello phone,10101\n"
        "baraka,Baraka,promoter,sw,,99999\nnew.one,New One,promoter,sw,,10102\n"
    )
    finished = shell.run("accounts", "load", str(file), str(tmp_path / "others.csv"))
    assert finished.returncode == 1
    faults = finished.stderr.splitlines()
    assert [line.split(":")[0].rpartition(" ")[2] for line in faults[:-1]] == [*"2345678"], finished.stderr
    assert not (tmp_path / "others.csv").exists()
    assert shell.rows("SELECT COUNT(*) FROM account") == [(2,)]
    file.write_text(ACCOUNT_COLUMNS + "new.one,New One,promoter,sw,,10102\n")
    assert "cannot be written" in shell.refused("accounts", "load", str(file), str(passwords))
    assert shell.rows("SELECT COUNT(*) FROM account") == [(2,)]


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
    assert "make app" in shell.refused("demo")


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
