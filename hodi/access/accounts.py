"""People who log in, their posts and passwords."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Literal

import argon2
import msgspec

from hodi.access.places import place_by_number
from hodi.db import Connection, Row, Store, load_queries
from hodi.errors import NOT_ALLOWED, NOT_FOUND, TOO_MANY_TRIES, WRONG_PASSWORD, HodiError

Role = Literal["chp", "cha", "nurse", "sub_county", "county", "admin"]

FREE_TRIES = 4
"""Wrong passwords in a row before waiting begins."""
WAIT_MAX_MS = 15 * 60_000
FORGET_MS = 24 * 3_600_000
_USERNAME_CHARS_MAX = 100

_sql = load_queries(__file__)
# 19 MiB and two passes: the least that OWASP's password storage guide allows for argon2id (2024).
_hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY = _hasher.hash("nobody has this password")  # so that an unknown username takes as long


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A person who may log in, with where she works. `units` and `areas` are place numbers: a CHA's
    units, a promoter's area and its unit, a nurse's linked units; `facilities` are master facility
    codes; `sub_counties` are places, for a county officer those of her county."""

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
    return _hasher.hash(password)


def create_account(
    connection: Connection,
    *,
    username: str,
    password_hash: str,
    name: str,
    role: Role,
    language: str,
    posts: Iterable[int],
    now: int,
    phone: str | None = None,
    account: int | None = None,
) -> int:
    """Make an account with posts at places (areas, units, a facility, a sub-county); gives its number."""
    if account is None:
        connection.run(_sql.hold_numbers)
        account = int(connection.rows(_sql.next_account)[0][0])
    connection.insert(
        "account",
        ("account", "username", "password", "name", "phone", "role", "language", "active", "created_at"),
        [(account, _plain(username), password_hash, name, phone, role, language, 1, now)],
    )
    connection.insert("post", ("account", "place"), [(account, place) for place in sorted(set(posts))])
    return account


def account_by_number(connection: Connection, account: int) -> Account:
    """The account with a number, active or not. Raises NOT_FOUND."""
    rows = connection.rows(_sql.account, {"account": account})
    if not rows:
        raise HodiError(NOT_FOUND, "account")
    return _account(connection, rows[0])


def list_accounts(connection: Connection) -> list[Account]:
    """All accounts, by username."""
    return [_account(connection, row) for row in connection.rows(_sql.accounts)]


async def check_password(store: Store, username: str, password: str, *, now: int) -> Account:
    """The account, if the password is right. Raises WRONG_PASSWORD, TOO_MANY_TRIES. Hashing runs in a
    thread; from the fifth failure on, each doubles the wait before the next try."""
    subject = _plain(username)
    stored, wait_until = await store.read(lambda connection: _login(connection, subject))
    if now < wait_until:
        raise HodiError(TOO_MANY_TRIES, "password")
    account, password_hash, active = stored or (0, _NOBODY, 0)
    right = await asyncio.to_thread(_is_right, password_hash, password)
    if not (right and active):
        await store.write(
            lambda connection: connection.run(_sql.note_failure, {"subject": subject, "now": now})
        )
        raise HodiError(WRONG_PASSWORD, "password")
    if wait_until or await store.read(lambda connection: bool(_failures(connection, subject))):
        forget = {"subject": subject, "before": now - FORGET_MS}
        await store.write(lambda connection: connection.run(_sql.forget_failures, forget))
    return await store.read(lambda connection: account_by_number(connection, account))


def set_password(connection: Connection, account: int, password_hash: str) -> None:
    """Give an account another password; it is logged out everywhere."""
    connection.run(_sql.set_password, {"account": account, "password": password_hash})
    connection.run(_sql.close_sessions, {"account": account})


def set_active(connection: Connection, account: int, active: bool) -> None:
    """Lock an account out (its sessions end) or let it in again."""
    connection.run(_sql.set_active, {"account": account, "active": int(active)})
    if not active:
        connection.run(_sql.close_sessions, {"account": account})


def set_posts(connection: Connection, account: int, posts: Iterable[int]) -> None:
    """Send an account to other places. A promoter's phones move with her: their scope changes."""
    places = [place_by_number(connection, place) for place in sorted(set(posts))]
    connection.run(_sql.clear_posts, {"account": account})
    connection.insert("post", ("account", "place"), [(account, place.place) for place in places])
    moved = account_by_number(connection, account)
    if moved.role == "chp":
        unit, area = only_area(moved)
        connection.run(_sql.move_devices, {"account": account, "unit": unit, "area": area})


def only_area(account: Account) -> tuple[int, int]:
    """The unit and area of a promoter. Raises NOT_ALLOWED if the account has not exactly one."""
    if account.role != "chp" or len(account.areas) != 1 or len(account.units) != 1:
        raise HodiError(NOT_ALLOWED, "area")
    return next(iter(account.units)), next(iter(account.areas))


def _plain(username: str) -> str:
    """A username as it is stored: small letters, nothing that no text column holds, not too long."""
    legible = username.encode("utf-8", "replace").decode().replace("\0", "?")
    return legible.strip().lower()[:_USERNAME_CHARS_MAX]


def _failures(connection: Connection, subject: str) -> list[Row]:
    return connection.rows(_sql.failures, {"subject": subject})


def _login(connection: Connection, subject: str) -> tuple[tuple[int, str, int] | None, int]:
    """(account, hash, active) and the instant until which tries are not looked at."""
    rows = connection.rows(_sql.login, {"username": subject})
    wait_until = 0
    for failures, last_at in _failures(connection, subject):
        if failures > FREE_TRIES:
            wait_until = last_at + min(WAIT_MAX_MS, 15_000 * 2 ** min(failures - FREE_TRIES, 20))
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else None, wait_until


def _is_right(password_hash: str, password: str) -> bool:
    try:
        return argon2.PasswordHasher().verify(password_hash, password.encode("utf-8", "replace"))
    except argon2.exceptions.VerificationError:
        return False


def _account(connection: Connection, row: Row) -> Account:
    account, username, name, role, language, phone, active = row
    units: set[int] = set()
    areas: set[int] = set()
    facilities: set[str] = set()
    sub_counties: set[int] = set()
    for place, kind, parent, code in connection.rows(_sql.posts_of, {"account": account}):
        if kind == "area":
            areas.add(place)
            units.add(parent)
        elif kind == "unit":
            units.add(place)
        elif kind == "facility":
            facilities.add(code)
            units.update(row[0] for row in connection.rows(_sql.linked_units, {"facility": place}))
        elif kind == "sub_county":
            sub_counties.add(place)
        elif kind == "county":
            sub_counties.update(row[0] for row in connection.rows(_sql.sub_counties_of, {"county": place}))
    return Account(
        account=account,
        username=username,
        name=name,
        role=role,
        language=language,
        phone=phone,
        active=bool(active),
        units=frozenset(units),
        areas=frozenset(areas),
        facilities=frozenset(facilities),
        sub_counties=frozenset(sub_counties),
    )
