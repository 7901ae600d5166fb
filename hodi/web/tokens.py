"""The CSRF token of a form, masked anew for each page."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode


def masked(token: str) -> str:
    """A token as one page carries it: other letters in every page, so that the length of a compressed
    page tells nothing of it."""
    plain = token.encode()
    pad = secrets.token_bytes(len(plain))
    return urlsafe_b64encode(pad + _mixed(pad, plain)).decode()


def unmasked(typed: str) -> bytes:
    """The token that a masked one stands for; empty if it is none."""
    try:
        both = urlsafe_b64decode(typed)
    except ValueError:
        return b""
    return _mixed(both[: len(both) // 2], both[len(both) // 2 :])


def _mixed(pad: bytes, content: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(pad, content, strict=False))
