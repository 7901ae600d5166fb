"""Places and accounts as tables, to be entered by the hundred. A file is taken whole or not at all, and every
fault of it is named with its line."""

from __future__ import annotations

import csv
import pathlib
from collections.abc import Callable, Iterator, Mapping

import msgspec

from hodi.access import checks
from hodi.access.accounts import ROLES, Role
from hodi.access.places import Place
from hodi.content import Places
from hodi.db import Connection, load_queries
from hodi.errors import HodiError

PLACE_COLUMNS = ("place", "kind", "parent", "name", "code", "hmis_uid", "facility")
ACCOUNT_COLUMNS = ("username", "name", "role", "language", "phone", "posts")

_sql = load_queries(__file__)
Line = tuple[int, Mapping[str, str]]


class RegisterError(Exception):
    """A file cannot be taken; `faults` says why, line by line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(faults[0])
        self.faults = faults


class NewAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account as a file states it."""

    username: str
    name: str
    role: Role
    language: str
    phone: str | None
    posts: tuple[int, ...]


def read_places(path: pathlib.Path, levels: Places, connection: Connection | None = None) -> list[Place]:
    """The places of a CSV file, of these levels. What a place lies in or is linked to stands in the file or,
    given a connection, in the register already. Raises OSError, RegisterError."""
    faults: list[str] = []
    places: dict[int, tuple[int, Place]] = {}
    for number, line in _lines(path, PLACE_COLUMNS, faults):
        try:
            place = msgspec.convert({k: v for k, v in line.items() if v}, Place, strict=False)
            checks.check_name(place.name)
        except msgspec.ValidationError as error:
            faults.append(f"line {number}: {error}")
            continue
        except HodiError:
            faults.append(f"line {number}: a name has {checks.NAME_MIN} to {checks.NAME_MAX} letters")
            continue
        if place.place in places:
            faults.append(
                f"line {number}: place {place.place} stands in line {places[place.place][0]} already"
            )
        places[place.place] = (number, place)

    def kind_of(place: int) -> str | None:
        if place in places:
            return places[place][1].kind
        rows = connection.rows(_sql.kind_in_use, {"place": place}) if connection else []
        return str(rows[0][0]) if rows else None

    for number, place in places.values():
        faults += [f"line {number}: {fault}" for fault in _faults_of_place(place, levels, kind_of)]
    _raise_if(faults, path)
    return [place for _, place in places.values()]


def read_accounts(
    path: pathlib.Path, connection: Connection, languages: tuple[str, ...], levels: Places
) -> list[NewAccount]:
    """The accounts of a CSV file; `posts` are numbers of places with blanks between. Raises OSError,
    RegisterError."""
    faults: list[str] = []
    accounts: dict[str, NewAccount] = {}
    for number, line in _lines(path, ACCOUNT_COLUMNS, faults):
        try:
            one = _account(connection, line, levels)
        except HodiError as error:
            faults.append(f"line {number}: {_SAYS.get(error.detail or '', error.problem.says)}")
            continue
        if one.language not in languages:
            faults.append(f"line {number}: a language is one of {', '.join(languages)}")
        if one.username in accounts or connection.rows(_sql.login, {"username": one.username}):
            faults.append(f"line {number}: there is an account {one.username} already")
        accounts[one.username] = one
    _raise_if(faults, path)
    return list(accounts.values())


_SAYS = {
    "username": "a username begins with a letter and has 2 to 40 small letters, digits, dots or dashes",
    "name": f"a name has {checks.NAME_MIN} to {checks.NAME_MAX} letters",
    "role": f"a role is one of {', '.join(ROLES)}",
    "phone": "a telephone has 7 to 15 digits, with + before another country's code",
    "post": "posts must be places in use that suit the role: an area (promoter), a facility (nurse), units "
    "(supervisor), places above (officer)",
}


def _account(connection: Connection, line: Mapping[str, str], levels: Places) -> NewAccount:
    role = checks.check_role(line["role"])
    typed = line["posts"].split()
    return NewAccount(
        username=checks.check_username(line["username"]),
        name=checks.check_name(line["name"]),
        role=role,
        language=line["language"],
        phone=checks.check_phone(line["phone"]),
        posts=checks.check_posts(
            connection,
            role,
            (int(one) if one.isdecimal() and len(one) <= 15 else -1 for one in typed),
            levels,
        ),
    )


def _faults_of_place(place: Place, levels: Places, kind_of: Callable[[int], str | None]) -> Iterator[str]:
    if place.kind not in levels.kinds:
        yield f"a place is one of {', '.join(levels.kinds)}, not {place.kind!r}"
    elif place.parent is None:
        if place.kind != levels.kinds[0]:
            yield f"a {place.kind} lies in another place: its parent is missing"
    elif (parent := kind_of(place.parent)) is None:
        yield f"it lies in {place.parent}, which is neither in the file nor in the register"
    elif place.kind not in levels.children_of(parent):
        yield f"a {place.kind} does not lie in a {parent} ({place.parent})"
    if place.facility is not None and kind_of(place.facility) != "facility":
        yield f"it is linked to {place.facility}, which is no facility"


def _lines(path: pathlib.Path, columns: tuple[str, ...], faults: list[str]) -> Iterator[Line]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        try:
            if tuple(reader.fieldnames or ()) != columns:
                raise RegisterError([f"{path.name}, line 1: the columns must be {','.join(columns)}"])
            for row in reader:
                if None in row or None in row.values():
                    faults.append(f"line {reader.line_num}: there must be {len(columns)} columns")
                    continue
                yield reader.line_num, {name: value.strip() for name, value in row.items()}
        except (csv.Error, UnicodeDecodeError) as error:
            raise RegisterError([f"{path.name} is no table in UTF-8: {error}"]) from None


def _raise_if(faults: list[str], path: pathlib.Path) -> None:
    if faults:
        by_line = sorted(faults, key=lambda fault: int(fault.split(":")[0].removeprefix("line ")))
        raise RegisterError([f"{path.name}, {fault}" for fault in by_line])
