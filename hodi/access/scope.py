"""What a phone is told about its place in the world."""

from __future__ import annotations

import msgspec

from hodi.access.devices import Device
from hodi.db import Connection


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """The scope as contract/sync.md says it; `version` changes whenever anything in it does."""

    version: int
    unit: dict[str, object]
    area: dict[str, object]
    ward: str | None
    sub_county: str | None
    facilities: list[dict[str, object]]
    worker: dict[str, object]
    supervisor: dict[str, object] | None


def scope_of(connection: Connection, device: Device) -> Scope:
    """The scope of a phone now."""
    raise NotImplementedError
