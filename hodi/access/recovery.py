"""Keys that a phone is given beside its bearer token, the same whenever the same person asks.

With `recovery` the phone seals its data key a second time and then forgets it: whoever has forgotten the
PIN logs in, gets it again, and chooses a new one; nothing that waited is lost. `export` encrypts the file
in which unsent work leaves a phone, so that only a phone of the same person can read it (decision 010).
Both are computed and stored nowhere; the secret that they come from lies in the store's settings.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

import msgspec

from hodi.db import Connection, load_queries

_SECRET = "phone_secret"
_sql = load_queries(__file__)


class PhoneKeys(msgspec.Struct, frozen=True, kw_only=True):
    """256 bits each, in base64."""

    account: int
    recovery: str
    export: str


def phone_keys(connection: Connection, account: int) -> PhoneKeys:
    """The keys of an account's phones. Needs a write transaction: the first to ask makes the secret."""
    connection.run(_sql.note_login_secret, {"name": _SECRET, "value": secrets.token_hex(32)})
    secret = bytes.fromhex(connection.rows(_sql.login_secret, {"name": _SECRET})[0][0])

    def key(what: str) -> str:
        return base64.b64encode(
            hmac.new(secret, f"{what}\n{account}".encode(), hashlib.sha256).digest()
        ).decode()

    return PhoneKeys(account=account, recovery=key("recovery"), export=key("export"))
