"""Pull: what a phone lacks, page by page, urgent events first.

Each page is read in a view of its own, so that a long answer holds no transaction open while a slow
phone reads. Positions only grow, so nothing is lost between two views; the last page carries the
digest that belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from hodi.access import Device, scope_of
from hodi.db import Connection, Row, load_queries
from hodi.domain import Receipt
from hodi.sync.homes import Homes, add, differing, handed_in, homes_of, total
from hodi.sync.lanes import ORDINARY, URGENT, read_stretch
from hodi.sync.lines import event_lines, line
from hodi.sync.request import Request
from hodi.sync.token import Token, epoch_of, seal, unseal

PAGE_ENTRIES_MAX = 2_000
ANSWER_LINES_MAX = 50_000

_sql = load_queries(__file__)


def pull(
    connection: Connection, device: Device, request: Request, receipts: Sequence[Receipt], *, now: int
) -> Iterator[bytes]:
    """The whole answer, `hello` to `end`, in one consistent view: pieces of whole lines."""
    answer = Answer(device, request, receipts, now=now)
    while not answer.is_complete:
        yield answer.next_piece(connection)


class Answer:
    """An answer under way. Ask for pieces until it is complete, each in a view of its own."""

    def __init__(self, device: Device, request: Request, receipts: Sequence[Receipt], *, now: int) -> None:
        self.is_complete = False
        self._device = device
        self._request = request
        self._receipts = receipts
        self._now = now
        self._token: Token | None = None
        self._sent = 0
        # Nothing to tell so far: then the phone's digest must equal ours.
        self._is_quiet = True

    def next_piece(self, connection: Connection) -> bytes:
        """The lines up to the next page's token, or to the end."""
        lines: list[bytes] = []
        token = self._token
        if token is None:
            lines, token = self._opening(connection)
        told, token, is_drained = self._page(connection, token)
        self._token = token
        self._sent += len(told)
        self._is_quiet = self._is_quiet and not told
        lines += told
        if is_drained or self._sent >= ANSWER_LINES_MAX:
            self.is_complete = True
            lines.append(self._end(connection, token, is_drained))
        else:
            lines.append(line("page", {"token": seal(connection, token)}))
        return b"".join(lines)

    def _opening(self, connection: Connection) -> tuple[list[bytes], Token]:
        """What stands before the first page, and where it begins."""
        device = self._device
        scope, epoch = scope_of(connection, device), epoch_of(connection, device)
        before = unseal(connection, self._request.head.token, device)
        lines = [line("hello", {"now": self._now, "scope_version": scope.version, "epoch": epoch})]
        if self._receipts:
            lines.append(line("receipts", self._receipts))
        if before is None or before.scope != scope.version:
            lines.append(line("scope", scope))
        if before is not None and (before.unit, before.area) != (device.unit, device.area):
            lines.append(line("left", sorted(homes_of(connection, before.unit, before.area))))
        if self._request.head.homes is not None:
            lines += self._difference(connection)
        token = _going_on(before, device, epoch, _cursor(connection, device))
        if token is None:
            self._is_quiet = False
            cursor = _cursor(connection, device)
            token = Token(device.device, device.unit, device.area, epoch, scope.version, own_until=cursor)
        return lines, msgspec.structs.replace(token, scope=scope.version)

    def _page(self, connection: Connection, token: Token) -> tuple[list[bytes], Token, bool]:
        """At most a page of both lanes, where it leads, and whether nothing is left."""
        cursor = _cursor(connection, self._device)
        urgent = read_stretch(connection, self._device, token, URGENT, PAGE_ENTRIES_MAX, cursor)
        token = msgspec.structs.replace(token, urgent=urgent.pos)
        room = PAGE_ENTRIES_MAX - urgent.read
        if not room:
            return urgent.lines, token, False
        ordinary = read_stretch(connection, self._device, token, ORDINARY, room, cursor)
        token = msgspec.structs.replace(token, ordinary=ordinary.pos)
        return urgent.lines + ordinary.lines, token, ordinary.read < room

    def _difference(self, connection: Connection) -> list[bytes]:
        """After a mismatch: which households differ, all their events, and which are not the area's."""
        homes = homes_of(connection, self._device.unit, self._device.area)
        different, strange = differing(self._request, self._receipts, homes)
        chosen: list[int] = []
        for household in different:  # what does not fit is found at the next comparison
            if self._sent < ANSWER_LINES_MAX:
                chosen.append(household)
                self._sent += homes[household][0]
        self._is_quiet = False
        unit = self._device.unit
        lines = [line("homes", chosen)]
        for household in chosen:
            rows: list[Row] = connection.rows(
                _sql.events_of_household, {"unit": unit, "household": household}
            )
            lines += event_lines(connection, unit, [(None, row) for row in rows])
        if strange:
            lines.append(line("left", strange))
        return lines

    def _end(self, connection: Connection, token: Token, is_drained: bool) -> bytes:
        homes = homes_of(connection, self._device.unit, self._device.area)
        return line(
            "end",
            {
                "token": seal(connection, token),
                "has_more": not is_drained,
                "digest": total(homes),
                "mismatch": is_drained and self._is_quiet and self._differs(homes),
            },
        )

    def _differs(self, homes: Homes) -> bool:
        digest = self._request.head.digest
        if digest is None:
            return False
        for pushed in handed_in(self._request, self._receipts, homes).values():
            digest = add(digest, pushed)
        return digest != total(homes)


def _cursor(connection: Connection, device: Device) -> int:
    rows = connection.rows(_sql.cursor, {"unit": device.unit})
    return int(rows[0][0]) if rows else 0


def _going_on(before: Token | None, device: Device, epoch: int, cursor: int) -> Token | None:
    """The token a phone goes on from, or None if it starts over: another area, another epoch, or a
    position that this ledger has not reached (a restored backup)."""
    if before is None or (before.unit, before.area, before.epoch) != (device.unit, device.area, epoch):
        return None
    return before if max(before.urgent, before.ordinary) <= cursor else None
