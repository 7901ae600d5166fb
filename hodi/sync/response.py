"""The response to a sync: what a phone lacks, page by page, urgent events first.

Each page is read in a view of its own, so that a long response holds no transaction open while a slow
phone reads. Positions only grow, so nothing is lost between two views; the last page carries the
digest that belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from hodi.access import Device, phone_scope
from hodi.db import Connection, Row, load_queries
from hodi.domain import Receipt
from hodi.sync.digests import differing, digests_of, total
from hodi.sync.lanes import ORDINARY, URGENT, read_stretch
from hodi.sync.lines import event_lines, line
from hodi.sync.request import Request
from hodi.sync.token import Token, cursor_of, epoch_of, seal, unseal

PAGE_ENTRIES_MAX = 2_000
RESPONSE_LINES_MAX = 50_000
DIFFERENT_HOUSEHOLDS_MAX = 100

_sql = load_queries(__file__)


def pull(
    connection: Connection,
    device: Device,
    request: Request,
    receipts: Sequence[Receipt],
    *,
    now: int,
    reach: str,
) -> Iterator[bytes]:
    """The whole response, `hello` to `end`, in one consistent view: pieces of whole lines."""
    response = PullResponse(device, request, receipts, now=now, reach=reach)
    while not response.is_complete:
        yield response.next_piece(connection)


class PullResponse:
    """A response under way. Ask for pieces until it is complete, each in a view of its own. `reach`: the
    level of places within which people are referred."""

    def __init__(
        self, device: Device, request: Request, receipts: Sequence[Receipt], *, now: int, reach: str
    ) -> None:
        self.is_complete = False
        self._device = device
        self._request = request
        self._receipts = receipts
        self._now = now
        self._reach = reach
        self._token: Token | None = None
        self._sent = 0

    def next_piece(self, connection: Connection) -> bytes:
        """The lines up to the next page's token, or to the end."""
        lines: list[bytes] = []
        token = self._token
        if token is None:
            lines, token = self._opening(connection)
        page, token, is_drained = self._page(connection, token)
        self._token = token
        lines += page
        self._sent += len(lines)
        if is_drained or self._sent >= RESPONSE_LINES_MAX:
            self.is_complete = True
            digests = digests_of(connection, self._device.unit, self._device.area)
            sealed = seal(connection, token)
            lines.append(line("end", {"token": sealed, "has_more": not is_drained, "digest": total(digests)}))
        else:
            lines.append(line("page", {"token": seal(connection, token)}))
        return b"".join(lines)

    def _opening(self, connection: Connection) -> tuple[list[bytes], Token]:
        """What stands before the events of the feed, and where those begin."""
        device = self._device
        scope, epoch = phone_scope(connection, device, reach=self._reach), epoch_of(connection, device)
        before = unseal(connection, self._request.head.token, device)
        token = _going_on(before, device, epoch, cursor_of(connection, device.unit))
        past = (token.past_unit, token.past_area) if self._request.head.waiting else (0, 0)
        token = msgspec.structs.replace(token, scope=scope.version, past_unit=past[0], past_area=past[1])
        lines = [line("hello", {"now": self._now, "scope_version": scope.version, "epoch": epoch})]
        if self._receipts:
            lines.append(line("receipts", self._receipts))
        if before is None or before.scope != scope.version:
            lines.append(line("scope", scope))
        if before is not None and (before.unit, before.area) != (device.unit, device.area):
            lines.append(line("left", sorted(digests_of(connection, before.unit, before.area))))
        if self._request.head.households is not None:
            lines += self._difference(connection, token)
        return lines, token

    def _page(self, connection: Connection, token: Token) -> tuple[list[bytes], Token, bool]:
        """A page of both lanes, where it leads, and whether nothing is left."""
        device, cursor = self._device, cursor_of(connection, self._device.unit)
        urgent = read_stretch(connection, device, token, URGENT, PAGE_ENTRIES_MAX, cursor)
        token = msgspec.structs.replace(token, urgent=urgent.pos)
        events, left, room = urgent.events, urgent.left, PAGE_ENTRIES_MAX - urgent.read
        is_drained = False
        if room:
            ordinary = read_stretch(connection, device, token, ORDINARY, room, cursor)
            token = msgspec.structs.replace(token, ordinary=ordinary.pos)
            events, left = events + ordinary.events, left + ordinary.left
            is_drained = ordinary.read < room
        lines = [line("left", left)] if left else []
        return lines + event_lines(connection, device.unit, events), token, is_drained

    def _difference(self, connection: Connection, token: Token) -> list[bytes]:
        """After a mismatch: which households differ, all their events, and which live elsewhere.
        The pages are closed with the token that the response starts from."""
        unit = self._device.unit
        digests = digests_of(connection, unit, self._device.area)
        different, elsewhere = differing(connection, unit, self._request, self._receipts, digests)
        chosen = different[:DIFFERENT_HOUSEHOLDS_MAX]  # the rest is found at the next comparison
        lines = [line("left", elsewhere)] if elsewhere else []
        lines.append(line("households", chosen))
        in_page = 0
        for household in chosen:
            rows: list[Row] = connection.rows(
                _sql.events_of_household, {"unit": unit, "household": household}
            )
            if in_page and in_page + len(rows) > PAGE_ENTRIES_MAX:
                lines.append(line("page", {"token": seal(connection, token)}))
                in_page = 0
            lines += event_lines(connection, unit, rows)
            in_page += len(rows)
        lines.append(line("page", {"token": seal(connection, token)}))
        return lines


def _going_on(before: Token | None, device: Device, epoch: int, cursor: int) -> Token:
    """The token a phone goes on from. It starts over in another area or epoch, and where its position
    is one that this ledger has not reached (a store brought back from an old copy)."""
    if before is not None:
        same = (before.unit, before.area, before.epoch) == (device.unit, device.area, epoch)
        if same and max(before.urgent, before.ordinary) <= cursor:
            return before
    token = Token(device.device, device.unit, device.area, epoch, scope=0, own_until=cursor)
    if before is None:
        return token
    stays = (before.unit, before.area) == (device.unit, device.area)
    past = (before.past_unit, before.past_area) if stays else (before.unit, before.area)
    return msgspec.structs.replace(token, past_unit=past[0], past_area=past[1])
