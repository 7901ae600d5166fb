"""Accounts and phones for the administrator. Nothing here is about people who receive care."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from hodi.db import Connection, load_queries

_sql = load_queries(__file__)
LINES_MAX = 100


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


@dataclasses.dataclass(frozen=True, kw_only=True)
class Place:
    """One place: county, sub_county, ward, facility, unit or area."""

    place: int
    kind: str
    parent: int | None
    name: str
    code: str | None


def accounts(c: Connection, *, typed: str = "") -> list[AccountLine]:
    """Accounts whose name, username or post is like `typed`, by role and username; at most LINES_MAX."""
    found: dict[int, AccountLine] = {}
    for account, username, name, role, active, language, post in c.rows(_sql.accounts, _words(typed)):
        earlier = found[account].posts if account in found else ()
        found[account] = AccountLine(
            account=account,
            username=username,
            name=name,
            role=role,
            active=bool(active),
            language=language,
            posts=(*earlier, post) if post else earlier,
        )
    return list(found.values())


def username_taken(c: Connection, *, username: str) -> bool:
    """Whether somebody has a username."""
    return bool(c.rows(_sql.username_taken, {"username": username}))


def devices(c: Connection, *, typed: str = "") -> list[DeviceLine]:
    """Phones whose owner or place is like `typed`, those in use first; at most LINES_MAX."""
    return [
        DeviceLine(
            device=row[0],
            username=row[1],
            name=row[2],
            unit_name=row[3],
            area_name=row[4],
            enrolled_at=row[5],
            revoked_at=row[6],
            last_sync_at=row[7],
            waiting=row[8],
            app=row[9],
        )
        for row in c.rows(_sql.devices, _words(typed))
    ]


def posts_to_offer(c: Connection, *, kind: str, typed: str) -> list[Post]:
    """Places of a kind whose name, code or surrounding place is like `typed`; at most 60."""
    params = {**_words(typed), "kind": kind, "code": typed.replace("\0", "").strip()}
    return [
        Post(place=row[0], kind=row[1], name=row[2], within=row[3])
        for row in c.rows(_sql.posts_to_offer, params)
    ]


def place(c: Connection, *, place: int) -> Place | None:
    """One place, or None."""
    rows = c.rows(_sql.place, {"place": place})
    if not rows:
        return None
    row = rows[0]
    return Place(place=row[0], kind=row[1], parent=row[2], name=row[3], code=row[4])


def units_in_sight(c: Connection, *, units: Iterable[int], facilities: Iterable[str]) -> set[int]:
    """Units whose changes may concern somebody: her own, and those around her facilities."""
    found = set(units)
    for facility in facilities:
        found.update(row[0] for row in c.rows(_sql.units_near_facility, {"facility": facility}))
    return found


def _words(typed: str) -> dict[str, object]:
    """What was typed, as a pattern in which nothing is wild but the ends."""
    plain = typed.strip().lower().replace("%", "").replace("_", "").replace("\0", "")
    return {"words": f"%{plain}%"}
