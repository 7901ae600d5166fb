"""The concepts of a pack: what an observation can be about. `concepts.csv` of the pack lists those that Hodi
itself or several programmes use, `concepts.csv` of a programme its own. A new question is a new row there,
never a change of a table."""

from __future__ import annotations

import pathlib
from typing import Literal, cast, get_args

import msgspec

from hodi.content.complaint import Complaint
from hodi.content.languages import languages_of
from hodi.content.sheets import Row, read_csv

ConceptType = Literal["number", "flag", "day", "code", "text"]
Sensitivity = Literal["normal", "personal", "restricted_minor", "restricted"]

_COLUMNS = (
    "concept", "type", "unit", "min", "max", "confirm_min", "confirm_max", "codes", "sensitivity",
    "loinc", "snomed", "ciel", "kept",
)  # fmt: skip
_LABEL = "label_"
"""A column for each language of the pack: label_<code>."""


class Concept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that can be stated. `min` and `max` are refused outside; outside `confirm_min` and
    `confirm_max` the promoter is asked whether she is sure. `label` by language. `restricted` concepts
    never enter shared lists; `restricted_minor` ones not where they concern a minor. `loinc`, `snomed`,
    `ciel` are codes of those systems. Values of what is `kept` stand in the record's table of findings."""

    name: str
    type: ConceptType
    label: dict[str, str]
    sensitivity: Sensitivity = "normal"
    unit: str | None = None
    min: float | None = None
    max: float | None = None
    confirm_min: float | None = None
    confirm_max: float | None = None
    codes: tuple[str, ...] = ()
    loinc: str | None = None
    snomed: str | None = None
    ciel: str | None = None
    kept: bool = False


def load_concepts(folder: pathlib.Path) -> tuple[dict[str, Concept], list[Complaint]]:
    """Concepts by name from the `concepts.csv` of a pack and of its programmes, with what is wrong with
    them. A name stands once, whichever file it is in."""
    concepts: dict[str, Concept] = {}
    complaints: list[Complaint] = []
    files: dict[str, str] = {}
    languages = languages_of(folder)
    for path in (folder / "concepts.csv", *sorted(folder.glob("programmes/*/concepts.csv"))):
        file = path.relative_to(folder).as_posix()
        found, faults = _read(path, file, languages)
        complaints += faults
        for row, concept in found:
            if concept.name in files:
                says = f"this concept has been given before, in {files[concept.name]}"
                complaints.append(Complaint(file=file, row=row, column="concept", says=says))
            files[concept.name] = file
            concepts[concept.name] = concept
    return concepts, complaints


def _read(
    path: pathlib.Path, file: str, languages: tuple[str, ...]
) -> tuple[list[tuple[int, Concept]], list[Complaint]]:
    # The concepts of one file, each with the number of its row.
    try:
        sheet = read_csv(path)
    except (OSError, ValueError) as error:
        return [], [Complaint(file=file, says=f"cannot be read: {error}")]
    labels = [f"{_LABEL}{language}" for language in languages]
    if missing := [column for column in (*_COLUMNS, *labels) if column not in sheet.columns]:
        return [], [Complaint(file=file, row=1, says=f"columns are missing: {', '.join(missing)}")]
    if foreign := [one for one in sheet.columns if one.startswith(_LABEL) and one not in labels]:
        says = f"{', '.join(foreign)}: pack.toml does not list the language"
        return [], [Complaint(file=file, row=1, says=says)]
    concepts: list[tuple[int, Concept]] = []
    complaints: list[Complaint] = []
    for row in sheet.rows:
        faults: list[tuple[str, str]] = []
        concepts.append((row.number, _concept(row, languages, faults)))
        complaints += [
            Complaint(file=file, row=row.number, column=column, says=says) for column, says in faults
        ]
    return concepts, complaints


def _concept(row: Row, languages: tuple[str, ...], faults: list[tuple[str, str]]) -> Concept:
    def number(column: str) -> float | None:
        text = row.get(column)
        try:
            value = float(text) if text else None
        except ValueError:
            faults.append((column, f"{text!r} is not a number"))
            return None
        return int(value) if value is not None and value.is_integer() else value

    kind = row.get("type")
    if kind not in get_args(ConceptType):
        faults.append(("type", f"{kind!r} is none of {', '.join(get_args(ConceptType))}"))
    sensitivity = row.get("sensitivity") or "normal"
    if sensitivity not in get_args(Sensitivity):
        faults.append(("sensitivity", f"{sensitivity!r} is none of {', '.join(get_args(Sensitivity))}"))
    if row.get("kept") not in ("", "1"):
        faults.append(("kept", "is 1, or empty"))
    codes = tuple(row.get("codes").split())
    if (kind == "code") != bool(codes):
        faults.append(("codes", "a concept of type code, and no other, lists its codes"))
    for column in ("concept", *(f"{_LABEL}{language}" for language in languages)):
        if not row.get(column):
            faults.append((column, "is empty"))
    limits = [number("min"), number("confirm_min"), number("confirm_max"), number("max")]
    set_ = [limit for limit in limits if limit is not None]
    if set_ != sorted(set_):
        faults.append(("min", "the limits must rise: min, confirm_min, confirm_max, max"))
    return Concept(
        name=row.get("concept"),
        type=cast(ConceptType, kind),
        label={language: row.get(f"{_LABEL}{language}") for language in languages},
        sensitivity=cast(Sensitivity, sensitivity),
        unit=row.get("unit") or None,
        min=limits[0],
        confirm_min=limits[1],
        confirm_max=limits[2],
        max=limits[3],
        codes=codes,
        loinc=row.get("loinc") or None,
        snomed=row.get("snomed") or None,
        ciel=row.get("ciel") or None,
        kept=row.get("kept") == "1",
    )
