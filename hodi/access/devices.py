"""Phones: enrolment, the bearer token, revocation, and which area each works in."""

from __future__ import annotations

import hashlib
import secrets

import msgspec

from hodi.access.accounts import Account, only_area
from hodi.db import Connection, Row, load_queries
from hodi.domain import DAY_MS
from hodi.domain.ids import DEVICE_MAX
from hodi.errors import DEVICE_REVOKED, NOT_ALLOWED, NOT_SIGNED_IN, TOO_MANY_TRIES, UNEXPECTED, HodiError
from hodi.events import FIRST_PHONE

ENROLMENTS_A_DAY_MAX = 20
SKIPPED_DEVICES = 10_000
"""More phones than are enrolled between a backup and its restore."""

_sql = load_queries(__file__)


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


def hash_token(token: str) -> str:
    """How a token is stored: whoever reads the database cannot show it."""
    return hashlib.sha256(token.encode("utf-8", "backslashreplace")).hexdigest()


def enrol(
    connection: Connection, account: Account, *, app: str | None, now: int, renews: int | None = None
) -> Enrolment:
    """Make a phone a device of a promoter, under a number that no phone had before. `renews` is the device
    whose token asked for it: the new number belongs to the same chain. Raises NOT_ALLOWED for other roles,
    or without one area; TOO_MANY_TRIES for somebody who does nothing but enrol, because numbers are not
    without end; DEVICE_REVOKED if the chain was taken out of use meanwhile."""
    unit, area = only_area(account)
    connection.run(_sql.hold_numbers)
    since = {"account": account.account, "since": now - DAY_MS}
    if connection.rows(_sql.enrolments_since, since)[0][0] >= ENROLMENTS_A_DAY_MAX:
        raise HodiError(TOO_MANY_TRIES, "enrol")
    number = max(FIRST_PHONE, int(connection.rows(_sql.next_device)[0][0]))
    if number > DEVICE_MAX:
        raise HodiError(UNEXPECTED, "no device number is left")
    origin = number if renews is None else _origin(connection, renews)
    token = secrets.token_urlsafe(32)
    connection.insert(
        "device",
        ("device", "account", "unit", "area", "token", "enrolled_at", "app", "origin"),
        [(number, account.account, unit, area, hash_token(token), now, app, origin)],
    )
    device = Device(device=number, account=account.account, unit=unit, area=area, enrolled_at=now, app=app)
    return Enrolment(device, token)


def skip_device_numbers(connection: Connection) -> None:
    """Leave out the numbers that phones may have been given since the copy that this store is."""
    connection.run(_sql.hold_numbers)
    last = max(FIRST_PHONE, int(connection.rows(_sql.next_device)[0][0])) - 1
    connection.run(_sql.skip_devices, {"number": last + SKIPPED_DEVICES})


def device_by_token(connection: Connection, token: str) -> Device:
    """The device that shows a bearer token. Raises NOT_SIGNED_IN, DEVICE_REVOKED, and NOT_ALLOWED while
    its owner is locked out (the phone keeps what it holds)."""
    rows = connection.rows(_sql.device_by_token, {"token": hash_token(token)})
    if not rows:
        raise HodiError(NOT_SIGNED_IN, "token")
    device = _device(rows[0][:11])
    if device.revoked_at is not None:
        raise HodiError(DEVICE_REVOKED)
    if not rows[0][11]:
        raise HodiError(NOT_ALLOWED, "account")
    return device


def devices_of_unit(connection: Connection, unit: int) -> list[Device]:
    """The phones in use in a unit."""
    return [_device(row) for row in connection.rows(_sql.devices_of_unit, {"unit": unit})]


def revoke_device(connection: Connection, device: int, *, now: int) -> list[int]:
    """Take a phone out of use: it wipes itself at its next contact. Reaches every number of its chain, so
    that whoever holds an earlier token, or made a new number with it, is out too. Gives the numbers."""
    connection.run(_sql.hold_numbers)
    return [row[0] for row in connection.rows(_sql.revoke_chain, {"device": device, "now": now})]


def revoke_devices(connection: Connection, account: int, *, now: int) -> list[int]:
    """Take every phone of an account out of use. Gives the numbers of those that were in use."""
    connection.run(_sql.hold_numbers)
    return [row[0] for row in connection.rows(_sql.revoke_devices, {"account": account, "now": now})]


def note_sync(
    connection: Connection,
    device: int,
    *,
    now: int,
    waiting: int,
    skew_ms: int,
    app: str | None,
    pack: str | None,
) -> None:
    """Note that a phone has synced, and what it said of itself."""
    connection.run(
        _sql.note_sync,
        {"device": device, "now": now, "waiting": waiting, "skew_ms": skew_ms, "app": app, "pack": pack},
    )


def _origin(connection: Connection, device: int) -> int:
    # Read in the transaction that holds the numbers: no revocation can come between.
    origin, revoked_at = connection.rows(_sql.origin, {"device": device})[0]
    if revoked_at is not None:
        raise HodiError(DEVICE_REVOKED)
    return int(origin)


def _device(row: Row) -> Device:
    return Device(**dict(zip(Device.__struct_fields__, row, strict=True)))
