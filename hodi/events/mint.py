"""Events that the server's own people and programs state: ids from the server's own writers."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from hodi.db import Connection
from hodi.domain import Observation, Receipt
from hodi.events.rules import Rules

DESK = 1
"""Writer of what is stated on the server's pages."""
EXCHANGE = 2
"""Writer of what other systems state."""
HOUSEKEEPING = 3
"""Numbers rows that are not events: quarantine, access log."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An event before it has an id, a stamp and an author. `occurred_at` is now unless given."""

    unit: int
    kind: str
    id: int | None = None
    area: int | None = None
    household: int | None = None
    person: int | None = None
    visit: int | None = None
    form: str | None = None
    form_version: int | None = None
    target: int | None = None
    occurred_at: int | None = None
    body: dict[str, object] | None = None
    observations: tuple[Observation, ...] = ()


def mint_ids(connection: Connection, count: int, *, writer: int = DESK) -> list[int]:
    """New ids of one of the server's writers."""
    raise NotImplementedError


def state(
    connection: Connection, *, author: int, drafts: Sequence[Draft], now: int, rules: Rules, writer: int = DESK
) -> list[Receipt]:
    """State something in the name of account `author`: ids are minted, stamps are later than
    everything known of the household, and `append` does the rest."""
    raise NotImplementedError
