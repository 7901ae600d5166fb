"""The access log: who read whose record or downloaded what, who logged in, and what was changed among
accounts, posts, places and phones. Append-only; it names numbers, never what a record says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from hodi.db import Connection
from hodi.events import HOUSEKEEPING, mint_ids

if TYPE_CHECKING:
    from hodi.access.accounts import Account

Change = Literal[
    "login", "login_failed", "logout", "enrol", "recover", "revoke", "password_changed", "password_reset",
    "account_created", "account_changed", "account_locked", "account_unlocked", "account_retired",
    "posts_changed", "place_created", "place_changed", "place_retired", "log_read",
]  # fmt: skip
Reading = Literal["read", "search", "download"]

_COLUMNS = ("id", "at", "account", "action", "unit", "household", "person", "detail", "about")


def log_read(
    connection: Connection,
    account: Account,
    action: Reading,
    *,
    now: int,
    unit: int | None = None,
    household: int | None = None,
    person: int | None = None,
    detail: str | None = None,
) -> None:
    """Note who read, searched or downloaded what."""
    _append(connection, (now, account.account, action, unit, household, person, detail, None))


def log_change(
    connection: Connection,
    account: int,
    action: Change,
    *,
    now: int,
    about: int | None = None,
    unit: int | None = None,
    detail: str | None = None,
) -> None:
    """Note that `account` logged in or out, or changed something: of the account `about`, or of what
    `detail` names ("device 1004", "place 12")."""
    _append(connection, (now, account, action, unit, None, None, detail, about))


def _append(connection: Connection, values: tuple[object, ...]) -> None:
    connection.insert("access_log", _COLUMNS, [(mint_ids(connection, 1, writer=HOUSEKEEPING)[0], *values)])
