"""Prints every form of the Kenyan pack as JSON for the tests that run in JavaScript: the compiled model,
the XForm that the field's tools make of the same file, and the form's cases."""

from __future__ import annotations

import pathlib
import sys

import msgspec
import yaml

from hodi import content
from hodi.content.pack import form_files


def main() -> None:
    """Everything about the forms of one pack, as one JSON object by form."""
    folder = pathlib.Path(__file__).resolve().parents[2] / "content" / "kenya"
    pack = content.load(folder)
    printed = {}
    for path in form_files(folder):
        cases = path.parent / "cases" / f"{path.stem}.yaml"
        printed[path.stem] = {
            "model": pack.forms[path.stem],
            "xform": content.xform(path),
            "cases": yaml.safe_load(cases.read_text(encoding="utf-8")) if cases.exists() else None,
        }
    sys.stdout.buffer.write(msgspec.json.encode(printed))


if __name__ == "__main__":
    main()
