"""Events that the server's own people and programs state: ids from the server's own writers, stamps
later than everything known of the household."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from hodi.db import Connection
from hodi.domain import Event, Observation, Receipt, Stamper, day_of
from hodi.events.append import append
from hodi.events.clock import latest_stamp
from hodi.events.rules import Rules
from hodi.events.writers import DESK, mint_ids


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An event before it has an id, a stamp and an author. `occurred_at` (ms) is now unless given; give
    `id` (from `mint_ids`) only where something else must refer to it first."""

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


def state(
    connection: Connection,
    *,
    author: int,
    drafts: Sequence[Draft],
    now: int,
    rules: Rules,
    writer: int = DESK,
) -> list[Receipt]:
    """State something in the name of account `author`; `append` does the rest. One receipt a draft.
    Raises SERVER_CLOCK."""
    fresh = iter(mint_ids(connection, sum(draft.id is None for draft in drafts), writer=writer))
    about = {(draft.unit, draft.household) for draft in drafts if draft.household is not None}
    stamper = Stamper(latest_stamp(connection, about, now=now))
    events = [
        _event(draft, draft.id or next(fresh), stamper.next(now), author, writer, now, rules)
        for draft in drafts
    ]
    return append(connection, events, now=now, rules=rules)


def _event(draft: Draft, id_: int, stamp: int, author: int, writer: int, now: int, rules: Rules) -> Event:
    occurred_at = now if draft.occurred_at is None else draft.occurred_at
    return Event(
        unit=draft.unit,
        id=id_,
        kind=draft.kind,
        occurred_at=occurred_at,
        occurred_day=day_of(occurred_at, rules.zone),
        recorded_at=now,
        stamp=stamp,
        author=author,
        device=writer,
        area=draft.area,
        household=draft.household,
        person=draft.person,
        visit=draft.visit,
        form=draft.form,
        form_version=draft.form_version,
        target=draft.target,
        body=draft.body,
        observations=draft.observations,
    )
