"""Finding the programs that tests need. What is missing is named in one sentence, never skipped."""

from __future__ import annotations

import os
import pathlib
import shutil


class ToolMissing(Exception):
    """A program is not on this machine. The message says which, and the command that gets it."""


def postgres_program(name: str) -> pathlib.Path:
    """The newest `initdb`, `postgres`, … of this machine: Debian keeps them off the PATH."""
    versions = sorted(
        pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4])
    )
    if versions:
        return versions[-1]
    on_path = shutil.which(name)
    if on_path is None:
        raise ToolMissing("PostgreSQL is not installed. Get it with: make system")
    return pathlib.Path(on_path)


def chromium_program() -> str:
    """Chromium's path: HODI_CHROMIUM, or the first browser of that family on the PATH. The one without
    windows comes first: it does the same for a fifth less of the processor."""
    wanted = os.environ.get("HODI_CHROMIUM")
    for name in (wanted, "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name) if name else None
        if found:
            return found
    raise ToolMissing("Chromium is not installed. Get it with: make system")


def chromium_arguments() -> list[str]:
    """Switches that keep Chromium quiet, and let it run as root where the tests do."""
    quiet = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--accept-lang=en-US,en",  # without windows it asks for no language by itself
    ]
    return [*quiet, "--no-sandbox"] if os.geteuid() == 0 else quiet
