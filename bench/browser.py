"""Debian's Chromium, headless, with nothing but loopback to talk to."""

from __future__ import annotations

import contextlib
import pathlib
import shutil
import sys
from collections.abc import Iterator

from playwright.sync_api import BrowserContext, sync_playwright

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-sandbox",
)


@contextlib.contextmanager
def chromium(profile: pathlib.Path, **options: object) -> Iterator[BrowserContext]:
    """A browser with a new profile (so that nothing is cached), closed afterwards."""
    program = shutil.which("chromium")
    if program is None:
        sys.exit("This benchmark needs Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=program,
            headless=True,
            args=list(FLAGS),
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(600_000)
        try:
            yield context
        finally:
            context.close()
