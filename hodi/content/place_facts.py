"""What is true of places: `places.csv` of a programme, a row for each place and fact.

    kind,code,name,fact,value,source,mark
    district,7,Porto,dengue_risk,high,surveillance of the last five years,C

`fact` is a concept of type code, `value` one of its codes. A place is named by its level (pack.toml) and its
code in the register of places; `name` is for the reader. What is said of a place holds for every place in it,
unless something else is said of that; a row without kind and code holds wherever no other does. Of a place of
which nothing is said, nothing is known. Forms and rules read the table `place_fact`, which has the facts of
each promoter's area.
"""

from __future__ import annotations

import functools
import pathlib
from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

import msgspec

from hodi.content.complaint import Complaint, ContentError
from hodi.content.concepts import Concept, load_concepts
from hodi.content.levels import FACILITY, Places, load_places
from hodi.content.programmes import Mark, Programme, load_programmes
from hodi.content.sheets import Row, read_csv

FILE = "places.csv"
_COLUMNS = ("kind", "code", "name", "fact", "value", "source", "mark")


class PlaceFact(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of a place; with an empty `kind` and `code`, of every place of which nothing else is said."""

    kind: str
    code: str
    fact: str
    value: str


@functools.cache
def load_place_facts(folder: pathlib.Path) -> tuple[PlaceFact, ...]:
    """The facts of places of a pack. Raises ContentError with everything that is wrong with them."""
    concepts, _ = load_concepts(folder)
    facts, complaints = read_place_facts(folder, load_programmes(folder), concepts, load_places(folder))
    if complaints:
        raise ContentError(complaints)
    return facts


def read_place_facts(
    folder: pathlib.Path,
    programmes: Iterable[Programme],
    concepts: Mapping[str, Concept],
    levels: Places,
) -> tuple[tuple[PlaceFact, ...], list[Complaint]]:
    """The facts of places of a pack as far as they can be read, and what is wrong with them."""
    facts: dict[tuple[str, str, str], PlaceFact] = {}
    complaints: list[Complaint] = []
    for programme in programmes:
        path = programme.folder / FILE
        if not path.exists():
            continue
        file = path.relative_to(folder).as_posix()
        try:
            sheet = read_csv(path)
        except (OSError, ValueError) as error:
            complaints.append(Complaint(file=file, says=f"cannot be read: {error}"))
            continue
        if sheet.columns != _COLUMNS:
            says = f"the columns must be {', '.join(_COLUMNS)}"
            complaints.append(Complaint(file=file, row=1, says=says))
            continue
        for row in sheet.rows:
            one = PlaceFact(**{name: row.get(name) for name in ("kind", "code", "fact", "value")})
            faults = list(_faults(row, concepts.get(one.fact), levels))
            key = (one.kind, one.code, one.fact)
            if key in facts:
                faults.append(("fact", "this fact of this place has been given before"))
            complaints += [
                Complaint(file=file, row=row.number, column=column, says=says) for column, says in faults
            ]
            facts[key] = one
    return tuple(facts.values()), complaints


def _faults(row: Row, concept: Concept | None, levels: Places) -> Iterator[tuple[str, str]]:
    kind, code = row.get("kind"), row.get("code")
    known = [one for one in levels.kinds if one != FACILITY]
    if kind and kind not in known:
        yield "kind", f"{kind!r} is none of the levels {', '.join(known)}"
    if bool(kind) != bool(code):
        yield "code", "a place has a kind and a code; everywhere else has neither"
    if concept is None or concept.type != "code":
        yield "fact", f"{row.get('fact')!r} is no concept of type code"
    elif row.get("value") not in concept.codes:
        yield "value", f"{row.get('value')!r} is none of {', '.join(concept.codes)}"
    if not row.get("source"):
        yield "source", "is empty"
    if row.get("mark") not in get_args(Mark):
        yield "mark", f"{row.get('mark')!r} is none of {', '.join(get_args(Mark))}"
