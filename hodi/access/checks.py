"""What may be entered of a person who works here: each check gives the value as it is stored, or raises
INVALID_ANSWER naming the field, whose sentence the page or the command line shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import get_args

from hodi.access.accounts import Role
from hodi.content import Places
from hodi.db import Connection, load_queries
from hodi.errors import INVALID_ANSWER, HodiError

PASSWORD_MIN, PASSWORD_MAX = 8, 200
NAME_MIN, NAME_MAX = 2, 80

_POST_OF: Mapping[str, str] = {"promoter": "area", "supervisor": "unit", "nurse": "facility"}
_ONE_POST = frozenset({"promoter", "nurse"})

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
# As it is dialled, in this country or with its code; 7 to 15 digits are E.164's bounds.
_PHONE = re.compile(r"\+?[0-9]{7,15}")
_ROLES: dict[str, Role] = {role: role for role in get_args(Role)}

_sql = load_queries(__file__)


def check_username(typed: str) -> str:
    """A username in small letters."""
    username = typed.strip().lower()
    _require(bool(_USERNAME.fullmatch(username)), "username")
    return username


def check_name(typed: str, field: str = "name") -> str:
    """A name of a person or place."""
    name = " ".join(typed.split())
    _require(NAME_MIN <= len(name) <= NAME_MAX and name.isprintable(), field)
    return name


def check_phone(typed: str) -> str | None:
    """A telephone, without the blanks and dashes it is read with; None for none."""
    phone = re.sub(r"[\s().-]", "", typed)
    _require(not phone or bool(_PHONE.fullmatch(phone)), "phone")
    return phone or None


def check_role(typed: str) -> Role:
    """A role."""
    _require(typed in _ROLES, "role")
    return _ROLES[typed]


def posts_of(role: str, places: Places) -> tuple[str, ...]:
    """At which kinds of place a role works; an administrator works at none."""
    if role == "officer":
        return places.above
    return (_POST_OF[role],) if role in _POST_OF else ()


def has_many_posts(role: str) -> bool:
    """Whether somebody of a role may work at several places."""
    return role not in _ONE_POST


def check_posts(connection: Connection, role: str, posts: Iterable[int], places: Places) -> tuple[int, ...]:
    """Posts that exist, are in use and suit a role: one area for a promoter, one facility for a nurse, one
    place or more for others, none for an administrator."""
    wanted = tuple(sorted(set(posts)))
    kinds = [row[0] for one in wanted for row in connection.rows(_sql.kind_in_use, {"place": one})]
    suitable = posts_of(role, places)
    suits = len(kinds) == len(wanted) and set(kinds) <= set(suitable) and bool(kinds) == bool(suitable)
    _require(suits and (has_many_posts(role) or len(wanted) == 1), "post")
    return wanted


def check_new_password(password: str, username: str) -> str:
    """A password that somebody chose."""
    _require(
        PASSWORD_MIN <= len(password) <= PASSWORD_MAX and username not in password.lower(), "new_password"
    )
    return password


def _require(holds: bool, field: str) -> None:
    if not holds:
        raise HodiError(INVALID_ANSWER, field)
