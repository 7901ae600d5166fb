"""Digests: what an area's phones should hold, and after a mismatch which households differ."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from hodi.db import Connection, load_queries
from hodi.domain import Receipt, mix
from hodi.events import DIGEST_MODULUS, id_set
from hodi.sync.request import Request

Digest = tuple[int, int]
"""How many events, and the sum of their mixed ids modulo 2^52."""

Digests = dict[int, Digest]

_sql = load_queries(__file__)


class _Stub(msgspec.Struct):
    id: int
    household: int | None = None


def digests_of(connection: Connection, unit: int, area: int) -> Digests:
    """The households of an area with their digests."""
    rows = connection.rows(_sql.digests_of_area, {"unit": unit, "area": area})
    return {household: (events, digest) for household, events, digest in rows}


def total(digests: Digests) -> Digest:
    """The digest of all of them."""
    return sum(n for n, _ in digests.values()), sum(digest for _, digest in digests.values()) % DIGEST_MODULUS


def differing(
    connection: Connection, unit: int, request: Request, receipts: Sequence[Receipt], digests: Digests
) -> tuple[list[int], list[int]]:
    """From the digests per household that a phone sends after a mismatch: households whose events differ,
    and households that live elsewhere. One that the unit has never heard of was lost here (a store brought
    back from an old copy): it counts as different, and the phone hands it in again."""
    on_phone = {household: (events, digest) for household, events, digest in request.head.households or []}
    pushed = _handed_in(request, receipts, digests)
    different = [
        household
        for household, digest in digests.items()
        if _both(on_phone.get(household, (0, 0)), pushed.get(household, (0, 0))) != digest
    ]
    strange = on_phone.keys() - digests.keys()
    rows = connection.rows(_sql.households_known, {"unit": unit, "households": id_set(strange)})
    elsewhere = {row[0] for row in rows}
    return sorted({*different, *(strange - elsewhere)}), sorted(elsewhere)


def _handed_in(request: Request, receipts: Sequence[Receipt], digests: Digests) -> Digests:
    """What the phone has handed in with this very request: it counts that once it has the receipts."""
    taken = {receipt.id for receipt in receipts if receipt.verdict != "refused"}
    found: Digests = {}
    for text in request.lines if taken else ():
        try:
            stub = msgspec.json.decode(text, type=_Stub)
        except (msgspec.DecodeError, RecursionError):
            continue
        if stub.id in taken and stub.household in digests:
            taken.discard(stub.id)
            found[stub.household] = _both(found.get(stub.household, (0, 0)), (1, mix(stub.id)))
    return found


def _both(one: Digest, other: Digest) -> Digest:
    return one[0] + other[0], (one[1] + other[1]) % DIGEST_MODULUS
