"""From XLSForm to the model that phone and server run.

A form is a workbook (`.xlsx`) or the same tables in Markdown. Beside XLSForm's own columns it has
`concept` (survey, choices) and `event` (survey; `-`: the concept gives its limits, but the answer is
not stated), `repeat_over` and `repeat_filter` (a repeat over the members of the household), and a sheet
`events`; `source` says where a clinical rule comes from. `hidden` rows are the context: what is known
before it is asked. Other XLSForm tools ignore all of that, so the same file opens in them; `xform` gives
what they would make of it.

What cannot be run is a complaint here, with the form, the sheet, the row and the column.
"""

from __future__ import annotations

import pathlib
from collections.abc import Mapping

import msgspec
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from hodi.content.complaint import Complaint
from hodi.content.concepts import Concept
from hodi.content.forms.model import FormModel
from hodi.content.forms.reading import Reading
from hodi.content.forms.rules import complaints_about
from hodi.content.forms.survey import Survey
from hodi.content.sheets import Sheet, read_workbook


def compile_form(
    path: pathlib.Path,
    *,
    file: str,
    languages: tuple[str, ...],
    concepts: Mapping[str, Concept],
    kinds: Mapping[str, tuple[str, ...]],
    limits: Mapping[str, float] | None = None,
    known: Mapping[str, frozenset[str]] | None = None,
) -> tuple[FormModel | None, list[Complaint]]:
    """The model of one form, or None with the reasons why there is none.

    `file` names the form in complaints; `kinds` gives the concepts that each kind of event must state;
    `limits` the pack's thresholds by name; `known` the names that the pack's context queries provide, by
    what a form is about (None: any name will do).
    """
    reading = Reading(file, languages, concepts, limits or {})
    try:
        sheets = read_workbook(path)
    except (OSError, ValueError) as error:
        return None, [Complaint(file=file, says=f"cannot be read: {error}")]
    if not reading.known_columns(sheets):
        return None, reading.complaints
    model = _read(reading, sheets)
    if not reading.complaints and model is not None:
        for name, column, says in complaints_about(model, concepts=concepts, kinds=kinds, known=known):
            reading.later(name, column, says)
    if not reading.complaints:
        try:
            _convert(sheets)
        except PyXFormError as error:
            reading.sheet = None
            reading.complain(str(error).strip())
    return (None if reading.complaints else model), reading.complaints


def _read(reading: Reading, sheets: Mapping[str, Sheet]) -> FormModel | None:
    """The model of the sheets; None, or not to be used, if there are complaints."""
    settings = reading.settings(sheets["settings"])
    survey = Survey(reading, reading.choices(sheets.get("choices")))
    survey.read(sheets["survey"])
    reading.unused_columns(sheets.get("choices"), survey.columns_read)
    events = reading.events(sheets["events"], survey.belongs, survey.repeats)
    if reading.complaints:
        return None
    parts = {
        **settings,
        "context": tuple(name for name in survey.context if name not in reading.limits),
        "questions": tuple(survey.questions),
        "groups": survey.groups,
        "events": events,
        "limits": {name: reading.limits[name] for name in survey.context if name in reading.limits},
    }
    return msgspec.convert(parts, FormModel, from_attributes=True)


def xform(path: pathlib.Path) -> str:
    """The XForm that the field's tools make of the same file. Raises PyXFormError."""
    return _convert(read_workbook(path))


def _convert(sheets: Mapping[str, Sheet]) -> str:
    plain = {name: [dict(row.cells) for row in sheet.rows] for name, sheet in sheets.items()}
    headers = {f"{name}_header": [dict.fromkeys(sheet.columns)] for name, sheet in sheets.items()}
    known = {
        key: value
        for key, value in {**plain, **headers}.items()
        if key.removesuffix("_header") in ("survey", "choices", "settings")
    }
    return str(convert(xlsform={**known, "sheet_names": list(plain)}, warnings=[]).xform)
