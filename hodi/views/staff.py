"""Accounts and phones for the administrator. Nothing here is about people who receive care."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from hodi.db import Connection, load_queries, record, records

_sql = load_queries(__file__)
LINES_MAX = 100
POSTS_MAX = 60


@dataclasses.dataclass(frozen=True, kw_only=True)
class AccountLine:
    """An account with the names of its posts."""

    account: int
    username: str
    name: str
    role: str
    active: bool
    language: str
    posts: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeviceLine:
    """A phone; `revoked_at` None = in use. Instants in ms."""

    device: int
    username: str
    name: str
    unit_name: str | None
    area_name: str | None
    enrolled_at: int
    revoked_at: int | None
    last_sync_at: int | None
    waiting: int | None
    app: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Post:
    """A place an account can be posted to."""

    place: int
    kind: str
    name: str
    within: str | None
    code: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class StaffCounts:
    """How many accounts and phones there are in use."""

    accounts: int
    devices: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class LogLine:
    """An entry of the access log. `about` is the account concerned; of a reading it says which record by its
    numbers, and nothing of what stands in it."""

    id: int
    at: int
    action: str
    who: str | None
    about: str | None
    unit_name: str | None
    household: int | None
    person: int | None
    detail: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Place:
    """One place, of a level of the pack or a facility."""

    place: int
    kind: str
    parent: int | None
    name: str
    code: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Unit:
    place: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class _AccountAtPost:
    """An account with one of its posts."""

    account: int
    username: str
    name: str
    role: str
    active: bool
    language: str
    post: str | None


def accounts(c: Connection, *, typed: str = "") -> list[AccountLine]:
    """Accounts whose name, username or post is like `typed`, by role and username; at most LINES_MAX."""
    found: dict[int, AccountLine] = {}
    for row in records(c, _AccountAtPost, _sql.accounts, _words(typed)):
        earlier = found[row.account].posts if row.account in found else ()
        found[row.account] = AccountLine(
            account=row.account,
            username=row.username,
            name=row.name,
            role=row.role,
            active=row.active,
            language=row.language,
            posts=(*earlier, row.post) if row.post else earlier,
        )
    return list(found.values())


def staff_counts(c: Connection, *, typed: str = "") -> StaffCounts:
    """How many there are like `typed`, however many are listed."""
    found = record(c, StaffCounts, _sql.staff_counts, _words(typed))
    assert found is not None
    return found


def places_like(c: Connection, *, typed: str) -> list[Post]:
    """Places in use whose name or code is like `typed`; at most 60."""
    params = {**_words(typed), "code": typed.replace("\0", "").strip()}
    return records(c, Post, _sql.places_like, params)


def places_within(c: Connection, *, place: int) -> list[Post]:
    """Places in use that lie in another."""
    return records(c, Post, _sql.places_within, {"place": place})


def access_log(
    c: Connection, *, before: tuple[int, int], action: str = "", username: str = ""
) -> list[LogLine]:
    """The access log before an entry (its instant and number), latest first; at most LINES_MAX."""
    given = {"before_at": before[0], "before_id": before[1], "action": action, "username": username}
    return records(c, LogLine, _sql.access_log_page, {**given, "lines_max": LINES_MAX})


def username_taken(c: Connection, *, username: str) -> bool:
    """Whether somebody has a username."""
    return bool(c.rows(_sql.username_taken, {"username": username}))


def devices(c: Connection, *, typed: str = "") -> list[DeviceLine]:
    """Phones whose owner or place is like `typed`, those in use first; at most LINES_MAX."""
    return records(c, DeviceLine, _sql.devices, _words(typed))


def devices_of_account(c: Connection, *, account: int) -> list[DeviceLine]:
    """The phones of an account, those in use first."""
    return records(c, DeviceLine, _sql.devices_of_account, {"account": account})


def posts_of_account(c: Connection, *, account: int) -> list[Post]:
    """Where an account works."""
    return records(c, Post, _sql.posts_of_account, {"account": account})


def posts_to_offer(c: Connection, *, kinds: Iterable[str], typed: str) -> list[Post]:
    """Places of some kinds whose name, code or surrounding place is like `typed`, in the order of the
    kinds; at most POSTS_MAX."""
    params = {**_words(typed), "code": typed.replace("\0", "").strip()}
    found = [one for kind in kinds for one in records(c, Post, _sql.posts_to_offer, {**params, "kind": kind})]
    return found[:POSTS_MAX]


def place(c: Connection, *, place: int) -> Place | None:
    """One place, or None."""
    return record(c, Place, _sql.place, {"place": place})


def facility_with_code(c: Connection, *, code: str) -> Place | None:
    """The facility with a master facility code, or None."""
    return record(c, Place, _sql.facility, {"code": code})


def units_in_sight(c: Connection, *, units: Iterable[int], facilities: Iterable[str], reach: str) -> set[int]:
    """Units whose changes may concern somebody: her own, and those around her facilities, in their
    places of the level `reach`."""
    found = set(units)
    for facility in facilities:
        given = {"facility": facility, "reach": reach}
        found.update(one.place for one in records(c, _Unit, _sql.units_near_facility, given))
    return found


def _words(typed: str) -> dict[str, object]:
    """What was typed, as a pattern in which nothing is wild but the ends."""
    plain = typed.strip().lower().replace("%", "").replace("_", "").replace("\0", "")
    return {"words": f"%{plain}%"}
