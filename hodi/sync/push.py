"""Push: what a phone hands in."""

from __future__ import annotations

from collections.abc import Sequence

from hodi.access import Device, authorise, note_sync
from hodi.db import Connection
from hodi.domain import Receipt, day_of
from hodi.errors import CLOCK_WRONG, HodiError
from hodi.events import LIMITS, Arrival, Rules, Sender, take_in
from hodi.sync.request import Head, Request, read_arrivals
from hodi.sync.token import unseal


def push(
    connection: Connection,
    device: Device,
    request: Request,
    *,
    now: int,
    rules: Rules,
    arrivals: Sequence[Arrival] | None = None,
) -> list[Receipt]:
    """Take in the events of a request, in a write transaction: a receipt each, in order. Also notes
    the sync on the device. `arrivals` are its events if they were read before. Raises CLOCK_WRONG
    and DAY_FULL."""
    head = request.head
    arrivals = read_arrivals(request, rules) if arrivals is None else arrivals
    require_clock(head, now)
    receipts: list[Receipt] = []
    if arrivals:
        token = unseal(connection, head.token, device)
        checked = authorise(connection, device, arrivals, also=token.held() if token else ())
        receipts = take_in(
            connection,
            checked,
            now=now,
            rules=rules,
            sender=Sender(
                device=device.device,
                unit=device.unit,
                area=device.area,
                day=day_of(now, rules.zone),
            ),
        )
    note_sync(
        connection,
        device.device,
        now=now,
        waiting=head.waiting,
        skew_ms=head.now - now,
        app=head.app,
        pack=head.pack,
    )
    return receipts


def require_clock(head: Head, now: int) -> None:
    """Raises CLOCK_WRONG if the phone's clock is more than ten minutes off ours."""
    if abs(head.now - now) > LIMITS.clock_tolerance_ms:
        raise HodiError(CLOCK_WRONG, "now")
