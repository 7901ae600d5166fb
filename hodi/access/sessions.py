"""Log-ins of the web pages: an opaque cookie, hashed at rest, that ends when it is idle."""

from __future__ import annotations

import msgspec

from hodi.access.accounts import Account
from hodi.db import Connection

IDLE_MIN = 60
LONGEST_H = 12


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A log-in. `csrf` goes into every form; `token` is given only when the session is opened."""

    account: Account
    csrf: str
    started_at: int
    seen_at: int
    token: str | None = None


def open_session(connection: Connection, account: Account, *, now: int) -> Session:
    """Log somebody in; `token` is what the cookie holds."""
    raise NotImplementedError


def session_of(connection: Connection, token: str, *, now: int) -> Session:
    """The session of a cookie. Raises NOT_SIGNED_IN if there is none, or it ended. Only reads: call
    `touch_session` now and then, in a write."""
    raise NotImplementedError


def touch_session(connection: Connection, token: str, *, now: int) -> None:
    """Note that a session is in use. Needed once `now - seen_at` exceeds a minute."""
    raise NotImplementedError


def close_session(connection: Connection, token: str) -> None:
    """Log out."""
    raise NotImplementedError


def close_sessions(connection: Connection, account: int) -> None:
    """Log an account out everywhere."""
    raise NotImplementedError
