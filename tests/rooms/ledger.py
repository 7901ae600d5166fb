"""Putting events into a store and reading what came of it, for the tests of the room `events`."""

from __future__ import annotations

from collections.abc import Sequence

from hodi.db import Store
from hodi.domain import Event, Receipt, day_of
from hodi.events import Sender, append
from tests.cast import ZONE
from tests.hand import NOW, RULES, Hand

UMOJA, JIRANI, AREA_A, AREA_B, AREA_C = 10, 20, 11, 12, 21


SENDER = Sender(device=1001, unit=UMOJA, area=AREA_A, day=day_of(NOW, ZONE))


def put(store: Store, *events: Event, now: int = NOW) -> list[Receipt]:
    """Append in one transaction."""
    return store.write_now(lambda c: append(c, events, now=now, rules=RULES))


def verdicts(receipts: Sequence[Receipt]) -> list[str]:
    """Each verdict, with the code of a refusal."""
    return [one.code or one.verdict for one in receipts]


def rows(store: Store, sql: str, **params: object) -> list[tuple[object, ...]]:
    return store.read_now(lambda c: c.rows(sql, params))


def home(store: Store, household: int, unit: int = UMOJA) -> tuple[object, ...]:
    """(area, moved_unit, events, digest)."""
    [row] = rows(
        store,
        "SELECT area, moved_unit, events, digest FROM home WHERE unit = :unit AND household = :household",
        unit=unit, household=household,
    )  # fmt: skip
    return row


def settled(store: Store, hand: Hand) -> tuple[int, list[Event]]:
    """A household with a member and a visit."""
    household, registered = hand.household()
    person, member = hand.member(household)
    events = [registered, member, hand.visit(household), hand.assessment(household, person, weight_kg=9)]
    assert verdicts(put(store, *events)) == ["accepted"] * 4
    return household, events


def feed_of(store: Store, unit: int, area: int) -> list[tuple[object, ...]]:
    return rows(
        store,
        "SELECT event, leaver FROM feed WHERE unit = :unit AND area = :area ORDER BY pos",
        unit=unit,
        area=area,
    )
