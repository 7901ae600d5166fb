"""People who log in, their posts and passwords."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

import msgspec

from hodi.access.attempts import Client, count_attempt, forgive_attempt
from hodi.access.hashing import POOL, UNKNOWN, HashingPool
from hodi.access.log import log_change
from hodi.access.places import place_by_number
from hodi.db import Connection, Row, Store, load_queries
from hodi.errors import NOT_ALLOWED, NOT_FOUND, WRONG_PASSWORD, HodiError

Role = Literal["promoter", "supervisor", "nurse", "officer", "admin"]

ROLES: tuple[Role, ...] = get_args(Role)
_USERNAME_CHARS_MAX = 100

_sql = load_queries(__file__)


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A person who may log in, with where she works. `units` and `areas` are place numbers: a supervisor's
    units, a promoter's area and its unit, a nurse's linked units; `facilities` are facilities' codes;
    `places` are an officer's, of any level above the unit."""

    account: int
    username: str
    name: str
    role: Role
    language: str
    phone: str | None = None
    active: bool = True
    retired_at: int | None = None
    units: frozenset[int] = frozenset()
    areas: frozenset[int] = frozenset()
    facilities: frozenset[str] = frozenset()
    places: frozenset[int] = frozenset()


async def change_password(
    store: Store,
    account: Account,
    old: str,
    new_hash: str,
    *,
    now: int,
    client: Client,
    pool: HashingPool = POOL,
) -> None:
    """Give oneself another password, with the one so far as proof. It is counted like a log-in. Raises
    WRONG_PASSWORD, TOO_MANY_TRIES, LOGIN_BUSY."""
    await check_password(store, account.username, old, now=now, client=client, pool=pool)
    await store.write(lambda c: set_password(c, account.account, new_hash))


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
    """Make an account with posts at places (areas, units, a facility, places above); gives its number."""
    if account is None:
        connection.run(_sql.hold_numbers)
        account = int(connection.rows(_sql.next_account)[0][0])
    connection.insert(
        "account",
        ("account", "username", "password", "name", "phone", "role", "language", "active", "created_at"),
        [(account, plain_username(username), password_hash, name, phone, role, language, 1, now)],
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


async def check_password(
    store: Store,
    username: str,
    password: str,
    *,
    now: int,
    client: Client | None = None,
    pool: HashingPool = POOL,
) -> Account:
    """The account, if the password is right. Raises WRONG_PASSWORD, TOO_MANY_TRIES, LOGIN_BUSY. The attempt
    is counted before the hash is computed, so that no number of guesses at once is worth more than one."""
    subject, client = plain_username(username), client or Client()
    async with pool.place():
        attempt = await store.write(lambda c: count_attempt(c, subject, client, now=now))
        stored = await store.read(lambda c: c.rows(_sql.login, {"username": subject}))
        account, password_hash, active = stored[0] if stored else (0, UNKNOWN, 0)
        right = await pool.is_right(password_hash, password)
    if not (right and active):
        if account:
            await store.write(lambda c: log_change(c, account, "login_failed", now=now))
        raise HodiError(WRONG_PASSWORD, "password")
    await store.write(lambda c: forgive_attempt(c, attempt, now=now))
    return await store.read(lambda c: account_by_number(c, account))


def set_password(connection: Connection, account: int, password_hash: str) -> None:
    """Give an account another password; it is logged out everywhere."""
    connection.run(_sql.set_password, {"account": account, "password": password_hash})
    connection.run(_sql.close_sessions, {"account": account})


def set_active(connection: Connection, account: int, active: bool) -> None:
    """Lock an account out (its sessions end) or let it in again."""
    connection.run(_sql.set_active, {"account": account, "active": int(active)})
    if not active:
        connection.run(_sql.close_sessions, {"account": account})


def edit_account(
    connection: Connection, account: int, *, name: str, phone: str | None, language: str
) -> None:
    """State anew how somebody is called, reached and spoken to."""
    given = {"account": account, "name": name, "phone": phone, "language": language}
    connection.run(_sql.edit_account, given)


def retire(connection: Connection, account: int, *, now: int) -> None:
    """Close an account for good, because the person has left: she is logged out, has no post any more and
    stays in the books as the author of what she stated. Her username stays taken. Her phones keep what they
    hold until they are revoked."""
    connection.run(_sql.retire_account, {"account": account, "now": now})
    connection.run(_sql.clear_posts, {"account": account})
    connection.run(_sql.close_sessions, {"account": account})


def set_posts(connection: Connection, account: int, posts: Iterable[int]) -> None:
    """Send an account to other places. A promoter's phones move with her: their scope changes."""
    places = [place_by_number(connection, place) for place in sorted(set(posts))]
    connection.run(_sql.clear_posts, {"account": account})
    connection.insert("post", ("account", "place"), [(account, place.place) for place in places])
    moved = account_by_number(connection, account)
    if moved.role == "promoter":
        unit, area = only_area(moved)
        connection.run(_sql.move_devices, {"account": account, "unit": unit, "area": area})


def only_area(account: Account) -> tuple[int, int]:
    """The unit and area of a promoter. Raises NOT_ALLOWED if the account has not exactly one."""
    if account.role != "promoter" or len(account.areas) != 1 or len(account.units) != 1:
        raise HodiError(NOT_ALLOWED, "area")
    return next(iter(account.units)), next(iter(account.areas))


def plain_username(username: str) -> str:
    """A username as it is stored: small letters, nothing that no text column holds, not too long."""
    legible = username.encode("utf-8", "replace").decode().replace("\0", "?")
    return legible.strip().lower()[:_USERNAME_CHARS_MAX]


def _account(connection: Connection, row: Row) -> Account:
    account, username, name, role, language, phone, active, retired_at = row
    units: set[int] = set()
    areas: set[int] = set()
    facilities: set[str] = set()
    places: set[int] = set()
    for place, kind, parent, code in connection.rows(_sql.posts_of, {"account": account}):
        if kind == "area":
            areas.add(place)
            units.add(parent)
        elif kind == "unit":
            units.add(place)
        elif kind == "facility":
            facilities.add(code)
            units.update(row[0] for row in connection.rows(_sql.linked_units, {"facility": place}))
        else:
            places.add(place)
    return Account(
        account=account,
        username=username,
        name=name,
        role=role,
        language=language,
        phone=phone,
        active=bool(active),
        retired_at=retired_at,
        units=frozenset(units),
        areas=frozenset(areas),
        facilities=frozenset(facilities),
        places=frozenset(places),
    )
