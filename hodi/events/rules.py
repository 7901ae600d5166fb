"""What a well-formed event is: the contract's kinds, and the ranges of the pack's concepts.

Kinds and concepts that are not listed are taken in as they are: an older server must not refuse what
a newer phone has learnt to say.
"""

from __future__ import annotations

import functools
import pathlib
import tomllib
from typing import Literal

import msgspec

from hodi.content import Concept as Listed
from hodi.content import ContentError, Kind
from hodi.content.concepts import load_concepts
from hodi.content.pack import load_kinds
from hodi.domain.times import Zone, zone_of


class Concept(msgspec.Struct, frozen=True, kw_only=True):
    """What `append` needs of a concept: which of the three values it has, and what is possible."""

    holds: Literal["number", "code", "text"]
    min: float | None = None
    max: float | None = None


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The kinds, the concepts, and the pack's time zone. `urgent` kinds travel first; after
    kinds of `from_start` a household is folded from its beginning."""

    kinds: dict[str, Kind]
    concepts: dict[str, Concept]
    urgent: frozenset[str]
    from_start: frozenset[str]
    zone: Zone


@functools.cache
def load_rules(pack: pathlib.Path) -> Rules:
    """The rules of the contract and of a pack's folder. Raises ContentError for faulty concepts,
    OSError without a pack.toml."""
    kinds = load_kinds()
    listed, complaints = load_concepts(pack)
    if complaints:
        raise ContentError(complaints)
    facts = tomllib.loads((pack / "pack.toml").read_text(encoding="utf-8"))
    return Rules(
        kinds=kinds,
        concepts={name: _concept(one) for name, one in listed.items()},
        urgent=frozenset(name for name, kind in kinds.items() if kind.urgent),
        from_start=frozenset(name for name, kind in kinds.items() if kind.from_start),
        zone=zone_of(facts["time_zone"]),
    )


def _concept(listed: Listed) -> Concept:
    holds: dict[str, Literal["code", "text"]] = {"code": "code", "text": "text"}
    return Concept(holds=holds.get(listed.type, "number"), min=listed.min, max=listed.max)
