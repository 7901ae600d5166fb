"""`accounts` and `places`."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import get_args

from hodi import access
from hodi.access.accounts import Role
from hodi.access.register import read_places
from hodi.cli.console import Stop, say, show
from hodi.cli.stores import opened
from hodi.clock import system_clock
from hodi.config import Config

ROLES: tuple[str, ...] = get_args(Role)
_PASSWORD_MIN = 8


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
    password_hash = access.hash_password(_ask_password())
    with opened(config) as store:
        if _number_of(chosen.username, store.read_now(access.list_accounts)) is not None:
            raise Stop(f"There is an account {chosen.username} already.")
        store.write_now(
            lambda c: access.create_account(
                c,
                username=chosen.username,
                password_hash=password_hash,
                name=chosen.name,
                role=chosen.role,
                language=chosen.language,
                posts=chosen.posts,
                now=system_clock(),
                phone=chosen.phone,
            )
        )
    say(f"{chosen.username} can log in.")


def reset_password(chosen: argparse.Namespace, config: Config) -> None:
    """Give an account another password."""
    with opened(config) as store:
        number = _number_of(chosen.username, store.read_now(access.list_accounts))
        if number is None:
            raise Stop(f"There is no account {chosen.username}. See them with: python -m hodi accounts list")
        password_hash = access.hash_password(_ask_password())
        store.write_now(lambda c: access.set_password(c, number, password_hash))
    say(f"{chosen.username} has a new password and was logged out everywhere.")


def import_places(chosen: argparse.Namespace, config: Config) -> None:
    """Enter the places of a CSV file."""
    try:
        places = read_places(chosen.file)
    except OSError as error:
        raise Stop(f"{chosen.file} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise Stop(f"{error}. Nothing was entered.") from None
    with opened(config) as store:
        store.write_now(lambda c: access.put_places(c, places))
    say(f"{len(places)} places are in the register.")


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
    if len(password) < _PASSWORD_MIN:
        raise Stop(f"A password has {_PASSWORD_MIN} characters or more. Nothing was changed.")
    return password
