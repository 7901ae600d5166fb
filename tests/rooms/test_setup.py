"""The two commands and what they rest on: every target is listed, what is pinned is pinned by hash, and a
missing tool ends in a sentence."""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

from hodi.config import ROOT

PEOPLE_CALL = {
    "help", "demo", "app", "test", "check", "test-python", "test-phone", "content-check", "simulation",
    "bench", "fmt", "lock", "types", "reset", "clean",
}  # fmt: skip


def run(*command: str | pathlib.Path, path: pathlib.Path | None = None) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": str(path) if path else os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    return subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=environ, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.fixture
def bare(tmp_path: pathlib.Path) -> pathlib.Path:
    """A PATH with the shell's own tools and nothing else."""
    for name in ("sh", "env", "dirname", "id", "ls", "tail", "mktemp", "rm", "cat"):
        found = shutil.which(name)
        assert found is not None
        (tmp_path / name).symlink_to(found)
    return tmp_path


def program(folder: pathlib.Path, name: str, says: str) -> None:
    """A program that says one thing, in place of another."""
    (folder / name).write_text(f"#!/bin/sh\n{says}\n")
    (folder / name).chmod(0o755)


def test_make_alone_lists_what_can_be_done() -> None:
    listed = run("make")
    assert listed.returncode == 0
    assert set(re.findall(r"^  make ([a-z-]+) +\S", listed.stdout, re.MULTILINE)) == PEOPLE_CALL


def test_ci_runs_the_readme_s_command_and_nothing_else() -> None:
    said = (ROOT / ".ci" / "run").read_text()
    commands = [line for line in said.splitlines() if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["make test"]
    assert "make test" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_python_packages_are_pinned_by_hash_and_name_no_registry(name: str) -> None:
    text = (ROOT / "setup" / name).read_text()
    packages = re.findall(r"^[^ #\n]+==[^ ]+ \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    named = re.findall(r"^([a-zA-Z0-9][^ ]*)==", text, re.MULTILINE)
    assert len(packages) == len(named) > 20
    assert "index-url" not in text and "://" not in text


def test_the_demonstration_s_packages_are_among_the_tests() -> None:
    pins = [
        set(re.findall(r"^([^ #\n]+==[^ ]+)", (ROOT / "setup" / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-test.txt")
    ]
    assert pins[0] < pins[1]


def test_without_node_it_says_what_to_get(bare: pathlib.Path) -> None:
    asked = run(ROOT / "setup" / "node", path=bare)
    assert asked.returncode == 1
    assert "needs Node.js 20.19 or later" in asked.stderr
    assert len(asked.stderr.splitlines()) == 1


def test_an_old_node_is_named(bare: pathlib.Path) -> None:
    program(bare, "npm", "exit 0")
    program(bare, "node", 'if [ "$1" = --version ]; then echo v18.20.4; else exit 1; fi')
    asked = run(ROOT / "setup" / "node", path=bare)
    assert asked.returncode == 1
    assert "this is v18.20.4" in asked.stderr
    assert len(asked.stderr.splitlines()) == 1


def test_an_old_python_is_passed_over(bare: pathlib.Path) -> None:
    program(bare, "python3", "exit 1")
    (bare / "python3.11").symlink_to(sys.executable)
    asked = run(ROOT / "setup" / "python", path=bare)
    assert asked.stdout.strip() == "python3.11"


def test_without_apt_the_packages_are_named(bare: pathlib.Path) -> None:
    asked = run(ROOT / "setup" / "packages", "postgresql-15", path=bare)
    assert asked.returncode == 1
    assert "postgresql-15" in asked.stderr and "no apt-get" in asked.stderr


def test_without_root_the_command_is_given(bare: pathlib.Path) -> None:
    program(bare, "apt-get", "exit 1")
    (bare / "id").unlink()
    program(bare, "id", "echo 1000")
    asked = run(ROOT / "setup" / "packages", "chromium", path=bare)
    assert asked.returncode == 1
    assert "As root, run: apt-get install --no-install-recommends chromium" in asked.stderr


def test_what_apt_says_is_passed_on(bare: pathlib.Path) -> None:
    program(bare, "apt-get", "echo E: no network; exit 100")
    (bare / "id").unlink()
    program(bare, "id", "echo 0")
    asked = run(ROOT / "setup" / "packages", "chromium", path=bare)
    assert asked.returncode == 1
    assert "E: no network" in asked.stderr
    assert "did not succeed" in asked.stderr
