"""How often somebody may try to log in. An attempt is counted before its password is looked at, in one
transaction, so that guesses sent at once are counted like guesses sent one after another.

Three counts, because each alone could be turned against somebody: one for a username from one address, with
a wait that doubles; one for an address and one for a username, each a bucket that leaks. A browser in which
the account has logged in before is known by a cookie and has a count of its own instead: whatever strangers
do, it can log in. Decision 014 has the reasons.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets

import msgspec

from hodi.db import Connection, load_queries
from hodi.errors import TOO_MANY_TRIES, HodiError

FREE_TRIES = 4
"""Wrong passwords in a row before waiting begins: for a username from one address, or in a known browser."""
WAIT_MIN_S = 15
WAIT_MAX_MS = 15 * 60_000
ADDRESS_TRIES_MAX, ADDRESS_LEAK_MS = 100, 10_000
"""Attempts that an address may have open, and how long until one of them is forgiven."""
NAME_TRIES_MAX, NAME_LEAK_MS = 100, 15 * 60_000
"""The same for a username from all addresses together: no more than one patient address may use up."""
FORGET_MS = 24 * 3_600_000

_sql = load_queries(__file__)
_SECRET = "login_secret"


class Client(msgspec.Struct, frozen=True):
    """Where an attempt comes from: the address, and the cookie of a browser that may be known."""

    address: str = ""
    browser: str = ""


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt that was counted: `backed_off` is the count with a wait; `buckets` are the others, each with
    the time (ms) in which it leaks one."""

    backed_off: str
    buckets: dict[str, int]


def count_attempt(connection: Connection, username: str, client: Client, *, now: int) -> Attempt:
    """Count an attempt. Raises TOO_MANY_TRIES, and then counts nothing. Needs a write transaction: the rows
    are locked before they are read, in the same order everywhere."""
    secret = _secret(connection)
    name, address = _digest(secret, "name", username), _digest(secret, "address", _network(client.address))
    if nonce := _known(secret, username, client.browser):
        attempt = Attempt(backed_off=_digest(secret, "browser", nonce), buckets={})
    else:
        pair = _digest(secret, "pair", f"{username}\n{_network(client.address)}")
        attempt = Attempt(backed_off=pair, buckets={address: ADDRESS_LEAK_MS, name: NAME_LEAK_MS})
    most = {address: ADDRESS_TRIES_MAX, name: NAME_TRIES_MAX}
    counts: dict[str, int] = {}
    for subject in sorted((attempt.backed_off, *attempt.buckets)):
        attempts, last_at = connection.rows(_sql.hold_attempts, {"subject": subject, "now": now})[0]
        if subject == attempt.backed_off:
            counts[subject] = 0 if now - last_at > FORGET_MS else attempts
            refused = now < last_at + _wait_ms(counts[subject])
        else:
            counts[subject] = _leaked(attempts, now - last_at, attempt.buckets[subject])
            refused = counts[subject] >= most[subject]
        if refused:
            raise HodiError(TOO_MANY_TRIES, "password")
    for subject, count in counts.items():
        connection.run(_sql.put_attempts, {"subject": subject, "attempts": count + 1, "now": now})
    return attempt


def forgive_attempt(connection: Connection, attempt: Attempt, *, now: int) -> None:
    """The password was right: the row of failures is over, and the attempt leaves the buckets."""
    connection.run(_sql.end_attempts, {"subject": attempt.backed_off, "before": now - FORGET_MS})
    for subject in sorted(attempt.buckets):
        for attempts, last_at in connection.rows(_sql.attempts, {"subject": subject}):
            left = max(0, _leaked(attempts, now - last_at, attempt.buckets[subject]) - 1)
            connection.run(_sql.put_attempts, {"subject": subject, "attempts": left, "now": now})


def browser_token(connection: Connection, username: str) -> str:
    """What a browser keeps to be known as one in which `username` has logged in."""
    nonce = secrets.token_urlsafe(12)
    return f"{nonce}.{_seal(_secret(connection), username, nonce)}"


def _known(secret: bytes, username: str, shown: str) -> str | None:
    nonce, _, seal = shown.partition(".")
    right = hmac.compare_digest(_seal(secret, username, nonce).encode(), seal.encode())
    return nonce if nonce and right else None


def _seal(secret: bytes, username: str, nonce: str) -> str:
    return hmac.new(secret, f"browser\n{username}\n{nonce}".encode(), hashlib.sha256).hexdigest()


def _digest(secret: bytes, kind: str, value: str) -> str:
    """A subject as it is stored: no name and no address can be read from it."""
    return f"{kind}:{hmac.new(secret, f'{kind}:{value}'.encode(), hashlib.sha256).hexdigest()[:32]}"


def _network(address: str) -> str:
    """Whose address it is: one of IPv6 stands for the 2^64 that a subscriber gets."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address


def _wait_ms(attempts: int) -> int:
    over = attempts - FREE_TRIES
    return 0 if over <= 0 else min(WAIT_MAX_MS, WAIT_MIN_S * 1_000 * 2 ** min(over, 20))


def _leaked(attempts: int, since_ms: int, leak_ms: int) -> int:
    return max(0, attempts - max(0, since_ms) // leak_ms)


def _secret(connection: Connection) -> bytes:
    connection.run(_sql.note_login_secret, {"name": _SECRET, "value": secrets.token_hex(32)})
    return bytes.fromhex(connection.rows(_sql.login_secret, {"name": _SECRET})[0][0])
