"""`backup` and `restore`."""

from __future__ import annotations

import argparse

from hodi.cli.console import Stop, say
from hodi.config import Config
from hodi.db.backup import BackupError, back_up
from hodi.db.backup import restore as put_back


def backup(chosen: argparse.Namespace, config: Config) -> None:
    """Copy the store to a file while it is in use."""
    try:
        size = back_up(config.store, chosen.file)
    except BackupError as error:
        raise Stop(str(error)) from None
    say(f"{chosen.file}: {size / 1_000_000:.1f} MB. It holds everybody's record: keep it safe.")


def restore(chosen: argparse.Namespace, config: Config) -> None:
    """Make the store from a copy."""
    try:
        put_back(chosen.file, config.store)
    except BackupError as error:
        raise Stop(str(error)) from None
    say("The store is as it was when the copy was made. Before you serve it, run: python -m hodi restored")
