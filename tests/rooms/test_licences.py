"""Hodi's licence, and the list of everybody else's."""

from __future__ import annotations

import json
import re
import runpy
import tomllib

from hodi.config import ROOT

SCRIPT = runpy.run_path(str(ROOT / "docs" / "licences.py"))


def test_the_list_of_licences_is_current() -> None:
    assert (ROOT / "docs" / "licences.md").read_text() == SCRIPT["page"](), "run: python docs/licences.py"


def test_everything_that_is_shipped_is_on_it() -> None:
    listed = {name for name, _, _ in (*SCRIPT["python_packages"](), *SCRIPT["npm_packages"]())}
    pinned = re.findall(r"^([^ #\n=]+)==", (ROOT / "setup" / "requirements.txt").read_text(), re.MULTILINE)
    declared = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert listed >= {*pinned, *declared, "svelte", "workbox-core"}


def test_nothing_shipped_asks_for_more_than_we_keep() -> None:
    allowed = re.compile(
        r"MIT|MIT-0|BSD|BSD-[23]-Clause|Apache-2\.0|PSF-2\.0|ISC|0BSD|MPL-2\.0|LGPL-3\.0-only|AND|OR|or"
    )
    for name, _, licence in (*SCRIPT["python_packages"](), *SCRIPT["npm_packages"]()):
        if name not in SCRIPT["UNSTATED"]:
            assert all(allowed.fullmatch(word) for word in re.split(r"[\s()]+", licence) if word), (
                name,
                licence,
            )


def test_our_own_licence_is_there_and_named() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License" in text and "Copyright 2026 The Hodi authors" in text
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license"] == "Apache-2.0"
    assert json.loads((ROOT / "package.json").read_text())["license"] == "Apache-2.0"
