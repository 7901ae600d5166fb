"""Programmes: whatever a health programme decides stands in one folder of the pack (`programmes/<code>/`).

    programme.toml   name, owner, sources, whom it concerns, order
    concepts.csv     what it asks about and no other programme does; translations/*.csv: words of its codes
    limits.toml      every threshold once: value, unit, source, mark
    places.csv       what is true of places, with source and mark
    record/*.sql     tables that it adds to the record, with the step that fills each
    context.sql      what its forms may know before they ask
    forms/*.md       XLSForms, with cases/
    display.toml     what the pages of a person and a household show of it, with display.sql
    simulate.toml    how simulated people answer its forms
    signals/CODE/    rule.sql, signal.toml, cases.yaml
    tasks/CODE/      rule.sql, task.toml, cases.yaml
    indicators/CODE/ indicator.sql, indicator.toml, cases.yaml

A folder may hold any of these, and needs `programme.toml`. No file outside the folder names it.
"""

from __future__ import annotations

import functools
import pathlib
import tomllib
from collections.abc import Mapping
from typing import Literal, TypeVar

import msgspec

from hodi.content.complaint import Complaint, ContentError

T = TypeVar("T")
Mark = Literal["C", "D", "U"]
"""C: read in a source; D: Hodi's design, to be tuned; U: unconfirmed, a clinician is to check it."""


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A threshold: its value in `unit`, and where it comes from."""

    value: int | float
    unit: str
    mark: Mark
    source: str


class _Described(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """programme.toml."""

    name: dict[str, str]
    owner: str
    concerns: str
    sources: tuple[str, ...]
    order: int


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """A programme of the pack. `name` by language; `owner`: who answers for it; `concerns`: whom it is
    about, in words; `order`: its place where programmes are listed, the lowest first; `limits` by name."""

    code: str
    folder: pathlib.Path
    name: dict[str, str]
    owner: str
    concerns: str
    sources: tuple[str, ...]
    order: int
    limits: Mapping[str, Limit]

    def folders(self, kind: str) -> list[pathlib.Path]:
        """The folders of its signals, tasks or indicators, by code."""
        return sorted(path for path in (self.folder / kind).glob("*") if path.is_dir())

    def files(self, kind: str, *endings: str) -> list[pathlib.Path]:
        """Its files of a kind (record, forms), by name."""
        return sorted(path for path in (self.folder / kind).glob("*") if path.suffix in endings)


@functools.cache
def load_programmes(folder: pathlib.Path) -> tuple[Programme, ...]:
    """The programmes of a pack in their order. Raises ContentError with everything that is wrong."""
    programmes, complaints = read_programmes(folder)
    if complaints:
        raise ContentError(complaints)
    return programmes


@functools.cache
def load_limits(folder: pathlib.Path) -> Mapping[str, Limit]:
    """All limits of a pack by name: a name stands for one threshold, whichever programme has it. Raises
    ContentError."""
    return {name: limit for one in load_programmes(folder) for name, limit in one.limits.items()}


def read_programmes(folder: pathlib.Path) -> tuple[tuple[Programme, ...], list[Complaint]]:
    """The programmes of a pack as far as they can be read, and what is wrong with them."""
    found: list[Programme] = []
    complaints: list[Complaint] = []
    owners: dict[str, str] = {}
    for path in sorted((folder / "programmes").glob("*")):
        if not path.is_dir():
            continue
        file = f"programmes/{path.name}"
        described, faults = _read(path / "programme.toml", f"{file}/programme.toml", _Described)
        limits: dict[str, Limit] | None = {}
        if (path / "limits.toml").exists():
            limits, more = _read(path / "limits.toml", f"{file}/limits.toml", dict[str, Limit])
            faults += more
        complaints += faults
        for name in limits or {}:
            if name in owners:
                says = f"the limit {name} stands in programmes/{owners[name]}/limits.toml already"
                complaints.append(Complaint(file=f"{file}/limits.toml", column=name, says=says))
            owners[name] = path.name
        if described is not None:
            about = {name: getattr(described, name) for name in described.__struct_fields__}
            found.append(Programme(code=path.name, folder=path, limits=limits or {}, **about))
    return tuple(sorted(found, key=lambda one: (one.order, one.code))), complaints


def _read(path: pathlib.Path, file: str, type_: type[T]) -> tuple[T | None, list[Complaint]]:
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), type_), []
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        return None, [Complaint(file=file, says=f"cannot be read: {error}")]
