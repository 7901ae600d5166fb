"""What a well-formed event is: the contract's kinds, and the ranges of the pack's concepts.

Kinds and concepts that are not listed are taken in as they are: an older server must not refuse what
a newer phone has learnt to say.
"""

from __future__ import annotations

import csv
import functools
import pathlib
import tomllib

import msgspec

from hodi.config import ROOT


class Kind(msgspec.Struct, frozen=True):
    """One row of contract/kinds.json."""

    says: str
    requires: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    urgent: bool = False


class Concept(msgspec.Struct, frozen=True, kw_only=True):
    """What `append` needs of a concept: which of the three values it has, and what is possible."""

    holds: str
    """`number`, `code` or `text`."""
    min: float | None = None
    max: float | None = None
    codes: frozenset[str] = frozenset()


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The kinds, the concepts, and the pack's offset from UTC in minutes."""

    kinds: dict[str, Kind]
    concepts: dict[str, Concept]
    utc_offset_min: int = 180


@functools.cache
def load_rules(pack: pathlib.Path) -> Rules:
    """The rules of the contract and of a pack's folder. Raises OSError if a file is missing."""
    listed = msgspec.json.decode((ROOT / "contract" / "kinds.json").read_bytes())
    kinds = {name: msgspec.convert(row, Kind) for name, row in listed.items() if not name.startswith("$")}
    with (pack / "concepts.csv").open(encoding="utf-8", newline="") as file:
        concepts = {row["concept"]: _concept(row) for row in csv.DictReader(file)}
    return Rules(kinds=kinds, concepts=concepts, utc_offset_min=_utc_offset_min(pack))


def _concept(row: dict[str, str]) -> Concept:
    holds = {"code": "code", "text": "text"}.get(row["type"], "number")
    return Concept(
        holds=holds,
        min=float(row["min"]) if row["min"] else None,
        max=float(row["max"]) if row["max"] else None,
        codes=frozenset(row["codes"].split()),
    )


def _utc_offset_min(pack: pathlib.Path) -> int:
    described = pack / "pack.toml"
    if not described.exists():
        return 180
    return int(tomllib.loads(described.read_text(encoding="utf-8")).get("utc_offset_min", 180))
