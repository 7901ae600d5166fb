"""Starting what is measured, each as a process of its own on a free loopback port, and stopping it."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from typing import IO

ROOT = pathlib.Path(__file__).resolve().parent.parent
BENCH = ROOT / "bench"

# A benchmark that is told to stop stops what it started, too.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(
    command: list[str],
    *,
    url: str,
    cwd: pathlib.Path,
    environ: Mapping[str, str] | None = None,
    patience_s: float = 60,
) -> Iterator[subprocess.Popen[bytes]]:
    """A server process, from the moment `url` answers until the block ends."""
    with tempfile.TemporaryFile() as log:
        environment = {**os.environ, **(environ or {})}
        process = subprocess.Popen(
            command, cwd=cwd, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait_for(process, url, patience_s, log)
            yield process
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def scratch(prefix: str) -> Iterator[pathlib.Path]:
    """A temporary folder, gone afterwards."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"hodi-bench-{prefix}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def pouchdb_server(folder: pathlib.Path) -> Iterator[int]:
    """`pouchdb-server` as npm installs it, on LevelDB (its default); gives its port."""
    program = BENCH / "node_modules" / "pouchdb-server" / "bin" / "pouchdb-server"
    if not program.exists():
        sys.exit("The comparison needs its packages: run `npm ci --prefix bench` first.")
    port = free_port()
    command = ["node", str(program), "--port", str(port), "--dir", str(folder), "--no-stdout-logs"]
    with running(command, url=f"http://127.0.0.1:{port}/", cwd=folder):
        yield port


def _wait_for(process: subprocess.Popen[bytes], url: str, patience_s: float, log: IO[bytes]) -> None:
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    log.seek(0)
    sys.exit(f"{url} did not answer.\n" + log.read().decode(errors="replace")[-4000:])
