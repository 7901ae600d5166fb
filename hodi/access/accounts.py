"""People who log in, their posts and passwords."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from hodi.db import Connection, Store

Role = Literal["chp", "cha", "nurse", "sub_county", "county", "admin"]


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A person who may log in, with where she works. `units` and `areas` are place numbers: a CHA's
    units, a promoter's area and its unit, a nurse's linked units; `facilities` are master facility
    codes; `sub_counties` are places."""

    account: int
    username: str
    name: str
    role: Role
    language: str
    phone: str | None = None
    active: bool = True
    units: frozenset[int] = frozenset()
    areas: frozenset[int] = frozenset()
    facilities: frozenset[str] = frozenset()
    sub_counties: frozenset[int] = frozenset()


def hash_password(password: str) -> str:
    """The argon2id hash that is stored. Takes about 20 ms: keep it off the event loop."""
    raise NotImplementedError


def create_account(
    connection: Connection, *, username: str, password_hash: str, name: str, role: Role, language: str,
    posts: Iterable[int], now: int, phone: str | None = None, account: int | None = None,
) -> int:
    """Make an account with posts at places (areas, units, a facility, a sub-county); gives its number."""
    raise NotImplementedError


def account_by_number(connection: Connection, account: int) -> Account:
    """The account with a number, active or not. Raises NOT_FOUND."""
    raise NotImplementedError


def list_accounts(connection: Connection) -> list[Account]:
    """All accounts, by username."""
    raise NotImplementedError


async def check_password(store: Store, username: str, password: str, *, now: int) -> Account:
    """The account, if the password is right. Raises WRONG_PASSWORD, TOO_MANY_TRIES. Hashing runs in a
    thread; every failure lengthens the wait before the next try."""
    raise NotImplementedError


def set_password(connection: Connection, account: int, password_hash: str) -> None:
    """Give an account another password; it is logged out everywhere."""
    raise NotImplementedError


def set_active(connection: Connection, account: int, active: bool) -> None:
    """Lock an account out (its sessions end) or let it in again."""
    raise NotImplementedError


def set_posts(connection: Connection, account: int, posts: Iterable[int]) -> None:
    """Send an account to other places. A promoter's phones move with her: their scope changes."""
    raise NotImplementedError
