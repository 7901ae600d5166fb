"""The levels of places of a country, from the top down, as pack.toml names them: any number of levels with
names of its own, then `unit` (a supervisor's) and `area` (a promoter's). Facilities lie in places of the
levels that say so."""

from __future__ import annotations

import functools
import pathlib
import re
import tomllib
from collections.abc import Iterator

import msgspec

from hodi.content.complaint import Complaint

UNIT, AREA, FACILITY = "unit", "area", "facility"
"""The kinds of place that the engine itself knows."""

_KIND = re.compile(r"[a-z][a-z0-9_]*")
_FILE = "pack.toml"


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A level. `name` by language, and `named`: how a place of it is spoken of, with its name for {name}
    ("{name}" if left out). `facilities`: whether facilities lie in its places. `endings`: words that names of
    its places end in and that pages leave out."""

    kind: str
    name: dict[str, str]
    named: dict[str, str] = {}
    facilities: bool = False
    endings: tuple[str, ...] = ()


class Places(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What pack.toml says of places. `reach`: the level within which people are referred and households move;
    `facility`: what a facility is called, by language."""

    reach: str
    facility: dict[str, str]
    levels: tuple[Level, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind of place, from the top down, the facility last."""
        return (*(level.kind for level in self.levels), FACILITY)

    @property
    def above(self) -> tuple[str, ...]:
        """The kinds above the unit, from the top down: those that an officer is posted at."""
        return tuple(level.kind for level in self.levels if level.kind not in (UNIT, AREA))

    def children_of(self, kind: str) -> tuple[str, ...]:
        """Which kinds of place lie in a place of a kind."""
        level, below = self.level(kind), self.below(kind)
        facilities = (FACILITY,) if level and level.facilities else ()
        return (below, *facilities) if below else facilities

    def below(self, kind: str) -> str | None:
        """The level under another; None under the last, and for what is no level."""
        kinds = [level.kind for level in self.levels]
        at = kinds.index(kind) + 1 if kind in kinds else len(kinds)
        return kinds[at] if at < len(kinds) else None

    def level(self, kind: str) -> Level | None:
        """The level with a kind; None for a facility and what is not listed."""
        return next((level for level in self.levels if level.kind == kind), None)

    def name(self, kind: str, language: str) -> str:
        """What a kind of place is called; the kind itself if the pack does not know it."""
        level = self.level(kind)
        names = level.name if level else self.facility if kind == FACILITY else {}
        return names.get(language, kind)

    def named(self, kind: str, language: str, name: str) -> str:
        """How a place of a kind is spoken of."""
        level = self.level(kind)
        said = level.named.get(language, "{name}") if level else "{name}"
        return said.replace("{name}", self.bare(kind, name))

    def bare(self, kind: str, name: str) -> str:
        """A place's name without the words that all of its level end in."""
        level = self.level(kind)
        for ending in level.endings if level else ():
            if name.lower().endswith(f" {ending.lower()}"):
                return name[: -len(ending) - 1].rstrip()
        return name


@functools.cache
def load_places(folder: pathlib.Path) -> Places:
    """The levels of a pack that has been checked. Raises OSError, KeyError or msgspec.ValidationError."""
    facts = tomllib.loads((folder / _FILE).read_text(encoding="utf-8"))
    return msgspec.convert(facts["places"], Places)


def levels_amiss(places: Places, languages: tuple[str, ...]) -> Iterator[Complaint]:
    """What is wrong with a pack's levels."""
    kinds = [level.kind for level in places.levels]

    def wrong(says: str, column: str = "places.levels") -> Complaint:
        return Complaint(file=_FILE, column=column, says=says)

    if kinds[-2:] != [UNIT, AREA]:
        yield wrong(f"the last two levels must be {UNIT} and {AREA}")
    if not places.above:
        yield wrong(f"there must be a level above {UNIT}: an officer is posted there")
    for level in places.levels:
        if not _KIND.fullmatch(level.kind) or level.kind == FACILITY or kinds.count(level.kind) > 1:
            yield wrong(f"{level.kind!r} is no name of a level: small letters, once, and not {FACILITY}")
        for says in (level.name, level.named) if level.named else (level.name,):
            if set(says) != set(languages):
                yield wrong(f"{level.kind} must have its name in {', '.join(languages)}")
        if any("{name}" not in says for says in level.named.values()):
            yield wrong(f"`named` of {level.kind} must say where the {{name}} stands")
        if level.facilities and level.kind not in places.above:
            yield wrong(f"facilities lie above the {UNIT}, not in the {level.kind}")
    if places.reach not in places.above:
        yield wrong(f"must be one of {', '.join(places.above)}", "places.reach")
    elif not any(level.facilities for level in places.levels[kinds.index(places.reach) :]):
        yield wrong(f"facilities must lie in the {places.reach} or below it: facilities = true")
    if set(places.facility) != set(languages):
        yield wrong(f"must be in {', '.join(languages)}", "places.facility")
