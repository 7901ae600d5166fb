"""`accounts` and `places`."""

from __future__ import annotations

import argparse
import csv
import getpass
import os
import pathlib
import sys
from collections.abc import Callable
from typing import TypeVar

from hodi import access
from hodi.access import checks
from hodi.access.register import RegisterError, read_accounts, read_places
from hodi.cli.console import Stop, say, show
from hodi.cli.stores import opened
from hodi.clock import system_clock
from hodi.config import Config
from hodi.content import load
from hodi.content.levels import load_places as load_levels
from hodi.db import Connection, Store

ROLES = access.ROLES
T = TypeVar("T")
_FAULTS_SHOWN_MAX = 20


def list_accounts(_: argparse.Namespace, config: Config) -> None:
    """Show all accounts."""
    with opened(config) as store:
        accounts = store.read_now(access.list_accounts)
    show(
        ("username", "role", "name", "language", "state"),
        (
            (one.username, one.role, one.name, one.language, "" if one.active else "locked")
            for one in accounts
        ),
    )


def create_account(chosen: argparse.Namespace, config: Config) -> None:
    """Make an account."""
    username, name = checks.check_username(chosen.username), checks.check_name(chosen.name)
    phone = checks.check_phone(chosen.phone or "")
    languages = load(config.pack).languages
    if chosen.language not in (None, *languages):
        raise Stop(f"A language is one of {', '.join(languages)}.")
    with opened(config) as store:
        if _number_of(username, store.read_now(access.list_accounts)) is not None:
            raise Stop(f"There is an account {username} already.")
        levels = load_levels(config.pack)
        posts = store.read_now(lambda c: checks.check_posts(c, chosen.role, chosen.posts, levels))
        password_hash = access.hash_password(_ask_password())
        store.write_now(
            lambda c: access.create_account(
                c,
                username=username,
                password_hash=password_hash,
                name=name,
                role=chosen.role,
                language=chosen.language or languages[0],
                posts=posts,
                now=system_clock(),
                phone=phone,
            )
        )
    say(f"{username} can log in.")


def reset_password(chosen: argparse.Namespace, config: Config) -> None:
    """Give an account another password."""
    with opened(config) as store:
        number = _number_of(chosen.username, store.read_now(access.list_accounts))
        if number is None:
            raise Stop(f"There is no account {chosen.username}. See them with: python -m hodi accounts list")
        password_hash = access.hash_password(_ask_password())
        store.write_now(lambda c: access.set_password(c, number, password_hash))
    say(f"{chosen.username} has a new password and was logged out everywhere.")


def load_places(chosen: argparse.Namespace, config: Config) -> None:
    """Enter the places of a CSV file, all or none."""
    with opened(config) as store:
        places = _read(lambda c: read_places(chosen.file, load_levels(config.pack), c), store, chosen.file)
        store.write_now(lambda c: access.put_places(c, places))
    say(f"{len(places)} places are in the register.")


def load_accounts(chosen: argparse.Namespace, config: Config) -> None:
    """Make the accounts of a CSV file, all or none, and write their passwords to another."""
    with opened(config) as store:
        pack = load(config.pack)
        new = _read(lambda c: read_accounts(chosen.file, c, pack.languages, pack.places), store, chosen.file)
        passwords = [access.new_password() for _ in new]
        try:
            number = os.open(chosen.passwords, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except OSError as error:
            raise Stop(
                f"{chosen.passwords} cannot be written: {error.strerror}. No account was made."
            ) from None
        with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
            rows = zip((one.username for one in new), passwords, strict=True)
            csv.writer(file).writerows([("username", "password"), *rows])
        hashes = [access.hash_password(password) for password in passwords]

        def write(c: Connection) -> None:
            for one, hashed in zip(new, hashes, strict=True):
                access.create_account(
                    c, username=one.username, password_hash=hashed, name=one.name, role=one.role,
                    language=one.language, posts=one.posts, now=system_clock(), phone=one.phone,
                )  # fmt: skip

        store.write_now(write)
    say(
        f"{len(new)} people can log in. Their passwords are in {chosen.passwords}: hand them over singly, "
        "and delete the file."
    )


def _read(read: Callable[[Connection], list[T]], store: Store, file: pathlib.Path) -> list[T]:
    """What a file states, or the end of the command with every fault of it."""
    try:
        return store.read_now(read)
    except OSError as error:
        raise Stop(f"{file} cannot be read: {error.strerror}.") from None
    except RegisterError as error:
        shown = error.faults[:_FAULTS_SHOWN_MAX]
        left = len(error.faults) - len(shown)
        more = [f"and {left} more"] if left else []
        raise Stop("\n".join([*shown, *more, "Nothing was entered."])) from None


def _number_of(username: str, accounts: list[access.Account]) -> int | None:
    return next((one.account for one in accounts if one.username == username), None)


def _ask_password() -> str:
    # Without a terminal the password is the first line of the input: for scripts, never as an argument.
    if sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if getpass.getpass("The same once more: ") != password:
            raise Stop("The two passwords differ. Nothing was changed.")
    else:
        password = sys.stdin.readline().rstrip("\n")
    if len(password) < checks.PASSWORD_MIN:
        raise Stop(f"A password has {checks.PASSWORD_MIN} characters or more. Nothing was changed.")
    return password
