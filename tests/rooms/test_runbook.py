"""The commands of the documents are run: deploy/README.md's from top to bottom in a folder that stands for
the machine, the others' as far as a test may."""

from __future__ import annotations

import configparser
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

from hodi.config import ROOT
from hodi.db import open_store
from tests.harness.cluster import Cluster

DEPLOY = ROOT / "deploy"
# Folders of the machine, each with the one that stands for it.
FOLDERS = ("/opt/hodi", "/etc/hodi", "/usr/local/bin", "/var/lib/hodi", "/var/backups/hodi")
NEEDS = {"debian", "systemd", "nginx", "postgres", "network"}
_FENCE = re.compile(r"^```sh ?(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(document: pathlib.Path) -> list[tuple[str, str]]:
    """The blocks of commands of a document: what each needs, and its text."""
    return _FENCE.findall(document.read_text(encoding="utf-8"))


@pytest.fixture
def machine(tmp_path: pathlib.Path) -> pathlib.Path:
    """A folder that stands for `/`, with a checkout whose packages are installed."""
    checkout = tmp_path / "opt" / "hodi"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in listed:
        if (ROOT / name).is_file():
            (checkout / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, checkout / name)
    for needed in (*(checkout / "setup").glob("requirements*.txt"), *checkout.glob("package*.json")):
        os.utime(needed, (0, 0))  # older than what is installed: nothing may be installed through the links
    for built in (".venv", "node_modules"):
        (checkout / built).symlink_to((ROOT / built).resolve())
    shutil.copytree(ROOT / "phone" / "dist", checkout / "phone" / "dist")
    (checkout / "phone" / "dist" / "stamp").touch()
    for folder in ("etc", "usr/local/bin", "var/lib/hodi", "var/backups"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    for name in ("hodi", "hodi.env"):
        file = checkout / "deploy" / name
        file.write_text(on_machine(file.read_text(), tmp_path))
    return tmp_path


def on_machine(text: str, machine: pathlib.Path) -> str:
    """A text with the machine's folders, and its user, replaced by ours."""
    for folder in FOLDERS:
        text = text.replace(folder, f"{machine}{folder}")
    return text.replace("HODI_USER=hodi", f"HODI_USER={os.environ.get('USER') or 'root'}")


def test_the_runbook_works_from_top_to_bottom(machine: pathlib.Path) -> None:
    path = f"{machine}/usr/local/bin:{os.environ['PATH']}"
    ran = []
    for needs, text in blocks(DEPLOY / "README.md"):
        if needs:
            continue
        done = subprocess.run(
            ["sh", "-eu", "-c", on_machine(text, machine)], cwd=machine,
            env={"PATH": path, "HOME": str(machine)}, capture_output=True,
            text=True, stdin=subprocess.DEVNULL, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        ran.append(done.stdout)
    said = "\n".join(ran)
    assert "7 places are in the register." in said
    assert "amina can log in." in said and "5 people can log in." in said
    assert len(ran) >= 5
    store = open_store(f"sqlite:///{machine}/var/lib/hodi/hodi.db")
    names = store.read_now(lambda c: c.rows("SELECT username FROM account ORDER BY username"))
    store.close()
    assert [name for (name,) in names] == ["amina", "baraka", "chebet", "naliaka", "ouma", "zawadi"]
    assert (machine / "var/lib/hodi/before/hodi.db").exists()
    assert not (ROOT / "var" / "hodi.db").is_relative_to(machine)


def test_what_a_block_needs_is_known_and_its_grammar_is_right(tmp_path: pathlib.Path) -> None:
    found = blocks(DEPLOY / "README.md")
    assert {needs for needs, _ in found} == NEEDS | {""}
    script = tmp_path / "block.sh"
    for _, text in found:
        script.write_text(text)
        checked = subprocess.run(["sh", "-n", script], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, f"{text}\n{checked.stderr}"
    mentioned = re.findall(r"/opt/hodi/(deploy/[\w.-]+)", (DEPLOY / "README.md").read_text())
    assert mentioned and all((ROOT / name).is_file() for name in mentioned)


def test_every_hodi_command_in_the_runbook_exists() -> None:
    from hodi.cli.parser import build_parser

    known = re.findall(r"^    ([a-z-]+) ", build_parser().format_help(), re.MULTILINE)
    said = set(re.findall(r"(?:^|`|\| )hodi ([a-z-]+)", (DEPLOY / "README.md").read_text(), re.MULTILINE))
    assert said >= {"places", "accounts", "backup", "restore", "restored", "status"}
    assert said <= set(known), said - set(known)


def test_the_service_runs_what_the_runbook_installs() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "hodi.service")
    service, settings = unit["Service"], (DEPLOY / "hodi.env").read_text()
    given = dict(line.split("=", 1) for line in settings.splitlines())
    assert service["EnvironmentFile"] == "/etc/hodi/hodi.env"
    assert service["User"] == given["HODI_USER"]
    assert service["ExecStart"] == "/opt/hodi/.venv/bin/python -m hodi serve"
    assert service["WorkingDirectory"] == "/opt/hodi"
    assert given["HODI_STORE"].removeprefix("sqlite:///").startswith(service["ReadWritePaths"])
    assert given["HODI_SECURE_COOKIES"] == "1"
    assert not re.search(r"[^\w=/.:\n-]", settings), "both sh and systemd read it: no quotes, no blanks"


def test_the_proxy_says_whom_it_speaks_for_and_shows_no_metrics() -> None:
    text = re.sub(r"#[^\n]*", "", (DEPLOY / "nginx.conf").read_text())
    assert text.count("{") == text.count("}") > 2
    for line in filter(None, map(str.strip, text.splitlines())):
        assert line.endswith(("{", "}", ";")), line
    assert "proxy_pass http://127.0.0.1:8000;" in text
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text, "set anew, or anybody could choose"
    assert re.search(r"location = /metrics \{ return 404; \}", text)
    assert "proxy_buffering off;" in text


def test_the_database_of_the_runbook_is_one_that_hodi_takes(postgres: Cluster) -> None:
    text = "".join(text for needs, text in blocks(DEPLOY / "README.md") if needs == "postgres")
    created = re.search(r"createdb (.*) hodi$", text, re.MULTILINE)
    assert created and "--owner=hodi" in created.group(1)
    name = "test_runbook"
    socket = postgres.url("postgres").partition("host=")[2].replace("%2F", "/")
    program = shutil.which("createdb") or str(max(pathlib.Path("/usr/lib/postgresql").glob("*/bin/createdb")))
    subprocess.run([program, "-h", socket, "-U", "hodi", *created.group(1).split(), name], check=True)
    try:
        open_store(postgres.url(name)).close()
    finally:
        postgres.drop(postgres.url(name))


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/scale.md", "docs/tour.md"])
def test_the_commands_of_the_other_documents_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text()
    fenced = "\n".join(block for _, block in blocks(ROOT / name))
    for target in re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE):
        dry = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert dry.returncode == 0, f"{name}: make {target}: {dry.stderr}"
    for path in re.findall(r"\b(?:tests|phone|docs|bench|hodi)/[\w./-]+\w", fenced):
        assert (ROOT / path).exists(), f"{name}: {path}"
    for command in re.findall(r"python -m hodi ([a-z-]+)", text):
        shown = subprocess.run(
            [sys.executable, "-m", "hodi", command, "--help"], cwd=ROOT, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert shown.returncode == 0, f"{name}: python -m hodi {command}: {shown.stderr}"
