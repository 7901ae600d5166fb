"""An event: one thing that happened, as somebody stated it, with the values it states.

The shape is the wire's: absent fields are left out there, and `None` here.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Observation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One stated value. Exactly one of `number`, `code`, `text` is set.

    `person` and `day` are given only where they differ from the event's. Number units are in the
    concept's name or its row in concepts.csv; days are whole days since 1970.
    """

    concept: str
    number: float | int | None = None
    code: str | None = None
    text: str | None = None
    person: int | None = None
    day: int | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One fact in the ledger. Columns are explained in contract/schema.sql."""

    unit: int
    id: int
    kind: str
    occurred_at: int
    occurred_day: int
    recorded_at: int
    stamp: int
    author: int
    device: int
    area: int | None = None
    household: int | None = None
    person: int | None = None
    visit: int | None = None
    form: str | None = None
    form_version: int | None = None
    target: int | None = None
    body: dict[str, object] | None = None
    observations: tuple[Observation, ...] = ()
    seq: int | None = None
    received_at: int | None = None


Verdict = Literal["accepted", "known", "refused"]


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True, array_like=True, gc=False):
    """What became of one event that was handed in.

    `seq` is its number in the unit's ledger (accepted or known); `code` and `detail` say why it was
    refused, `code` being one of the catalogue's.
    """

    id: int
    verdict: Verdict
    seq: int | None = None
    code: str | None = None
    detail: str | None = None
