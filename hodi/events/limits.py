"""The contract's limits (contract/limits.json), which the phone reads too."""

from __future__ import annotations

import msgspec

from hodi.config import ROOT


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Instants and spans in ms; `recorded_at_min` and `occurred_at_min` are the earliest instants that are
    believed, `occurred_ahead_max_ms` how far something may lie after the instant at which it was typed in.
    Devices from `phone_device_min` on are phones; those below are the server's own writers."""

    event_bytes_max: int
    recorded_at_min: int
    occurred_at_min: int
    occurred_ahead_max_ms: int
    clock_tolerance_ms: int
    phone_device_min: int
    batch_events_max: int
    wire_bytes_max: int
    inflated_bytes_max: int
    households_compared_max: int
    refused_bytes_kept_max: int
    device_day_bytes_max: int
    wait_max_ms: int


LIMITS = msgspec.json.decode((ROOT / "contract" / "limits.json").read_bytes(), type=Limits)
