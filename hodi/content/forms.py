"""From XLSForm to the model that phones run.

A form is a workbook (`.xlsx`) or the same tables in Markdown. Beside XLSForm's own columns it has
`concept` (survey, choices) and `event` (survey; `-`: the concept gives its limits, but the answer is
not stated), and a sheet `events`; `source` says where a clinical rule comes from. `hidden` rows are the
context: what the phone knows before it asks. Other XLSForm tools ignore all of that, so the same file
opens in them; `xform` gives what they would make of it.

What the phone cannot run is a complaint here, with the form, the row and the column.
"""

from __future__ import annotations

import pathlib
from collections.abc import Mapping

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from hodi.content.complaint import Complaint
from hodi.content.concepts import Concept
from hodi.content.form_reading import Reading
from hodi.content.form_rules import judge
from hodi.content.model import FormModel
from hodi.content.sheets import Sheet, read_workbook


def compile_form(
    path: pathlib.Path,
    *,
    file: str,
    languages: tuple[str, ...],
    concepts: Mapping[str, Concept],
    kinds: Mapping[str, tuple[str, ...]],
) -> tuple[FormModel | None, list[Complaint]]:
    """The model of one form, or None with the reasons why there is none.

    `file` names the form in complaints; `kinds` gives the concepts that each kind of event must state.
    """
    reading = Reading(file, languages, concepts)
    try:
        sheets = read_workbook(path)
    except (OSError, ValueError) as error:
        return None, [Complaint(file=file, says=f"cannot be read: {error}")]
    if not reading.known_columns(sheets):
        return None, reading.complaints
    model = reading.form(sheets)
    if model is not None and not reading.complaints:
        reading.complaints += judge(model, file=file, rows=reading.rows, concepts=concepts, kinds=kinds)
    if not reading.complaints:
        try:
            _convert(sheets)
        except PyXFormError as error:
            reading.complain(str(error).strip())
    return (None if reading.complaints else model), reading.complaints


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
