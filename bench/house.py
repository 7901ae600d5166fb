"""Hodi's server as a process of its own, the way `python -m hodi serve` starts it."""

from __future__ import annotations

import contextlib
import dataclasses
import subprocess
import sys
from collections.abc import Iterator

from bench.processes import ROOT, free_port, running


@dataclasses.dataclass(frozen=True, kw_only=True)
class House:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def serving(store_url: str, **environ: str) -> Iterator[House]:
    """Serve a store until the block ends. `environ` holds further settings (hodi/config.py)."""
    port = free_port()
    settings = {"HODI_STORE": store_url, "HODI_PORT": str(port), "HODI_HOST": "127.0.0.1", **environ}
    command = [sys.executable, "-m", "hodi", "serve"]
    with running(command, url=f"http://127.0.0.1:{port}/healthz", cwd=ROOT, environ=settings) as process:
        yield House(port=port, process=process)
