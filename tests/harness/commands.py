"""`python -m hodi …` for tests that give many commands: each in a process of its own, forked from one that
has read Hodi's code already. That Python starts with it is looked at where `python` is called itself."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence

from hodi.config import DEFAULT_PACK, ROOT

_PATIENCE_S = 120


class Commands:
    """Runs commands of Hodi, one after another, until it is closed."""

    def __init__(self) -> None:
        program = [sys.executable, "-c", "from tests.harness.commands import run_commands; run_commands()"]
        self._process = subprocess.Popen(
            program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(
        self, arguments: Sequence[str], environ: Mapping[str, str], says: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run one with this environment and nothing else in it; `says` is what it reads."""
        with tempfile.TemporaryDirectory(prefix="hodi-command-") as folder:
            streams = [pathlib.Path(folder) / name for name in ("in", "out", "err")]
            streams[0].write_text(says)
            asked = {"arguments": [*arguments], "environ": {**environ}, "streams": [*map(str, streams)]}
            assert self._process.stdin and self._process.stdout
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
            code = int(self._process.stdout.readline())
            return subprocess.CompletedProcess(
                [*arguments], code, streams[1].read_text(), streams[2].read_text()
            )

    def close(self) -> None:
        """End the process that commands are forked from."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=30)


def run_commands() -> None:
    """What the process does: for each line that asks for a command, fork, wait, and say its exit code."""
    from hodi.cli import main
    from hodi.content import load
    from tests.harness.once import read_packs_once

    read_packs_once()
    load(DEFAULT_PACK)
    answers = os.fdopen(os.dup(1), "w")
    for line in iter(sys.stdin.readline, ""):
        asked = json.loads(line)
        process = os.fork()
        if process == 0:
            signal.alarm(_PATIENCE_S)
            os.environ.clear()
            os.environ.update(asked["environ"])
            for number, path in enumerate(asked["streams"]):
                opened = os.open(path, os.O_RDWR | os.O_CREAT)
                os.dup2(opened, number)
                os.close(opened)
            sys.stdin = open(0, closefd=False)  # noqa: SIM115 - as long as the process lives
            main(asked["arguments"])
            return
        _, status = os.waitpid(process, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()
