"""Commands for use after the store or the machine has failed."""

from __future__ import annotations

import argparse
import datetime

from hodi import events, sync
from hodi.cli.console import say
from hodi.cli.stores import opened
from hodi.clock import system_clock
from hodi.config import Config


def restored(_: argparse.Namespace, config: Config) -> None:
    """Say that the store was restored from a copy. Before it is served again."""
    with opened(config) as store:
        store.write_now(sync.note_restored)
    say(
        "Numbers that may have been given since the copy was made are left out, and every phone starts over "
        "at its next sync and hands in again what the store has lost. Serve the store now."
    )


def clock(_: argparse.Namespace, config: Config) -> None:
    """Say that the machine's clock is right."""
    now = system_clock()
    with opened(config) as store:
        store.write_now(lambda c: events.confirm_clock(c, now=now))
    shown = datetime.datetime.fromtimestamp(now / 1000).astimezone().isoformat(" ", "seconds")
    say(
        f"It is {shown}. Records with a later date were made while the clock ran ahead; they no longer stop "
        "anybody from stating what happens now. If that is not the time, put the clock right and repeat this."
    )
