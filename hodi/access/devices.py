"""Phones: enrolment, the bearer token, revocation, and which area each works in."""

from __future__ import annotations

import msgspec

from hodi.access.accounts import Account
from hodi.db import Connection


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """An enrolled phone. Times in ms; `skew_ms` is its clock minus ours at the last sync."""

    device: int
    account: int
    unit: int
    area: int
    enrolled_at: int
    revoked_at: int | None = None
    last_sync_at: int | None = None
    waiting: int | None = None
    skew_ms: int | None = None
    app: str | None = None
    pack: str | None = None


class Enrolment(msgspec.Struct, frozen=True):
    """A new device and the bearer token that only its phone knows."""

    device: Device
    token: str


def enrol(connection: Connection, account: Account, *, app: str | None, now: int) -> Enrolment:
    """Make a phone a device of a promoter. Raises NOT_ALLOWED for other roles, or without one area."""
    raise NotImplementedError


def device_by_token(connection: Connection, token: str) -> Device:
    """The device that shows a bearer token. Raises NOT_SIGNED_IN, DEVICE_REVOKED."""
    raise NotImplementedError


def devices_of_unit(connection: Connection, unit: int) -> list[Device]:
    """The phones in use in a unit."""
    raise NotImplementedError


def revoke_device(connection: Connection, device: int, *, now: int) -> None:
    """Take a phone out of use: it wipes itself at its next contact."""
    raise NotImplementedError


def move_devices(connection: Connection, account: int, *, unit: int, area: int) -> None:
    """Send the phones of a promoter to another area."""
    raise NotImplementedError


def note_sync(
    connection: Connection, device: int, *, now: int, waiting: int, skew_ms: int, app: str | None, pack: str | None
) -> None:
    """Note that a phone has synced."""
    raise NotImplementedError
