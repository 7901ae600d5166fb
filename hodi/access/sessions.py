"""Log-ins of the web pages: an opaque cookie, hashed at rest, that ends when it is idle."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

import msgspec

from hodi.access.accounts import Account, account_by_number
from hodi.access.devices import hash_token
from hodi.access.log import log_change
from hodi.db import Connection, load_queries
from hodi.errors import NOT_SIGNED_IN, HodiError

IDLE_MIN = 60
LONGEST_H = 12
TOUCH_MIN = 1
"""How often a session in use is written down."""

_SECRET = "typing_secret"
_sql = load_queries(__file__)


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A log-in. `csrf` goes into every form; `token` is given only when the session is opened."""

    account: Account
    csrf: str
    started_at: int
    seen_at: int
    token: str | None = None

    def wants_touch(self, now: int) -> bool:
        """Whether `touch_session` is due."""
        return now - self.seen_at > TOUCH_MIN * 60_000


def open_session(connection: Connection, account: Account, *, now: int) -> Session:
    """Log somebody in; `token` is what the cookie holds."""
    connection.run(_sql.drop_old_sessions, {"before": now - LONGEST_H * 3_600_000})
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    connection.insert(
        "session",
        ("token", "account", "csrf", "started_at", "seen_at"),
        [(hash_token(token), account.account, csrf, now, now)],
    )
    log_change(connection, account.account, "login", now=now)
    return Session(account=account, csrf=csrf, started_at=now, seen_at=now, token=token)


def session_of(connection: Connection, token: str, *, now: int) -> Session:
    """The session of a cookie. Raises NOT_SIGNED_IN if there is none, or it ended. Only reads: call
    `touch_session` in a write when it `wants_touch`."""
    rows = connection.rows(_sql.session, {"token": hash_token(token)})
    if not rows:
        raise HodiError(NOT_SIGNED_IN, "session")
    account_number, csrf, started_at, seen_at = rows[0]
    account = account_by_number(connection, account_number)
    ended = now - seen_at > IDLE_MIN * 60_000 or now - started_at > LONGEST_H * 3_600_000
    if ended or not account.active:
        raise HodiError(NOT_SIGNED_IN, "session")
    return Session(account=account, csrf=csrf, started_at=started_at, seen_at=seen_at)


def touch_session(connection: Connection, token: str, *, now: int) -> None:
    """Note that a session is in use."""
    connection.run(_sql.touch_session, {"token": hash_token(token), "now": now})


def close_session(connection: Connection, token: str, *, now: int) -> None:
    """Log out."""
    for (account,) in connection.rows(_sql.close_session, {"token": hash_token(token)}):
        log_change(connection, account, "logout", now=now)


def close_sessions(connection: Connection, account: int) -> None:
    """Log an account out everywhere."""
    connection.run(_sql.close_sessions, {"account": account})


def typing_key(connection: Connection, account: int) -> str:
    """The key (256 bits, base64) under which the browser keeps what this account is typing, the same at its
    next log-in: text survives a log-in that has ended, and nobody else who logs in there can read it. The
    server keeps neither key nor text. Needs a write transaction: the first to ask makes the secret."""
    connection.run(_sql.note_login_secret, {"name": _SECRET, "value": secrets.token_hex(32)})
    secret = bytes.fromhex(connection.rows(_sql.login_secret, {"name": _SECRET})[0][0])
    return base64.b64encode(hmac.new(secret, f"typing\n{account}".encode(), hashlib.sha256).digest()).decode()
