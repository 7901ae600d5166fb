"""Stating one fact in the name of somebody on the server's pages."""

from __future__ import annotations

from hodi.db import Connection
from hodi.domain import Receipt
from hodi.errors import CATALOGUE, UNEXPECTED, HodiError
from hodi.events import Draft, Rules, state


def say(c: Connection, *, author: int, draft: Draft, now: int, rules: Rules) -> Receipt:
    """State `draft` and give its receipt. A refusal is raised with its reason, so that the page shows
    it and the transaction leaves nothing behind."""
    [receipt] = state(c, author=author, drafts=[draft], now=now, rules=rules)
    if receipt.verdict == "refused":
        raise HodiError(CATALOGUE.get(receipt.code or "", UNEXPECTED), receipt.detail)
    return receipt
