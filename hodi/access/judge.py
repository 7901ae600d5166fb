"""Whether a phone may state what it sends (contract/sync.md, verdicts)."""

from __future__ import annotations

from collections.abc import Sequence

from hodi.access.devices import Device
from hodi.db import Connection
from hodi.events import Arrival


def judge(
    connection: Connection, device: Device, arrivals: Sequence[Arrival], *, also: tuple[int, int] | None = None
) -> list[Arrival]:
    """The arrivals, with NOT_YOURS or OUT_OF_SCOPE noted on those that the phone may not state.
    `also` is a (unit, area) that its token shows it held before."""
    raise NotImplementedError
