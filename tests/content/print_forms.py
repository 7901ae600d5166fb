"""Prints every form of the Kenyan pack, and the forms that the engine is tried with (tests/content/forms),
as JSON for the tests that run in JavaScript: the compiled model, the XForm that the field's tools make of
the same file, and the form's cases."""

from __future__ import annotations

import pathlib
import sys
from typing import Any

import msgspec
import yaml

from hodi import content
from hodi.config import ROOT
from hodi.content.pack import form_files, load_kinds
from hodi.content.runner.evaluate import day_of_text
from tests.content.cases import Row, standards_for, whole_case

KENYA = ROOT / "content" / "kenya"
OWN = pathlib.Path(__file__).with_name("forms")


def own_forms(pack: content.Pack) -> dict[str, content.FormModel]:
    """The forms of tests/content/forms, with the concepts of a pack."""
    forms = {}
    for path in sorted(OWN.glob("*.md")):
        form, complaints = content.compile_form(
            path,
            file=path.name,
            languages=pack.languages,
            concepts=pack.concepts,
            kinds={name: kind.concepts for name, kind in load_kinds().items()},
        )
        if form is None:
            raise content.ContentError(complaints)
        forms[path.stem] = form
    return forms


def printed(folder: pathlib.Path = KENYA) -> dict[str, dict[str, object]]:
    """Everything about a pack's forms, by form; with the Kenyan ones, those that the engine is tried with."""
    pack = content.load(folder)
    own = sorted(OWN.glob("*.md")) if folder == KENYA else []
    forms = {**pack.forms, **(own_forms(pack) if own else {})}
    found = {}
    for path in [*form_files(folder), *own]:
        file = path.parent / "cases" / f"{path.stem}.yaml"
        cases = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else None
        found[path.stem] = {
            "model": forms[path.stem],
            "xform": content.xform(path),
            "cases": cases,
            "standards": _standards(cases) if cases else {},
        }
    return found


def _standards(cases: dict[str, Any]) -> dict[str, tuple[Row, ...]]:
    """By case, what its person is scored against."""
    today = day_of_text(str(cases["today"])) or 0
    whole = {one["name"]: whole_case(cases["cases"], one) for one in cases["cases"]}
    found = {name: standards_for(one["context"], today) for name, one in whole.items()}
    return {name: rows for name, rows in found.items() if rows}


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(printed()))
