"""Writes docs/data.md from the words in both schemas: `python docs/data.py`. A test holds it current."""

from __future__ import annotations

import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[1]
SCHEMAS = (
    ("Held by phone and server", ["contract/schema.sql", "contract/record/00_urgency.sql"]),
    (
        "Added to the record by programmes of the Kenyan pack",
        sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("content/kenya/programmes/*/record/*.sql")),
    ),
    ("Held by the server", ["hodi/db/schema.sql"]),
)
TABLE = re.compile(r"((?:^-- [^\n]*\n)+)CREATE TABLE (\w+) \((.*?)\n\)", re.MULTILINE | re.DOTALL)
COLUMN = re.compile(r"^\s+(\w+)\s+([A-Z][A-Z ]*?)(?:\s+NOT NULL)?(?:\s+PRIMARY KEY)?,?\s*-- (.*)$")


def tables(path: str) -> list[str]:
    """The lines about the tables that a file creates."""
    lines = []
    for words, table, body in TABLE.findall((ROOT / path).read_text(encoding="utf-8")):
        says = " ".join(line.removeprefix("-- ") for line in words.strip().splitlines())
        lines += [f"### {table}", "", says, "", "| Column | Type | Meaning |", "|---|---|---|"]
        for line in body.splitlines():
            if found := COLUMN.match(line):
                name, kind, meaning = found.groups()
                lines.append(f"| `{name}` | {kind.lower()} | {meaning.replace('|', '/')} |")
        lines.append("")
    return lines


def page() -> str:
    """The page's text."""
    lines = [
        "# What is stored",
        "",
        "Made by `python docs/data.py` from the schemas; edit the words there.",
        "",
    ]
    for title, paths in SCHEMAS:
        lines += [f"## {title}", ""]
        for path in paths:
            lines += [f"[`{path}`](../{path})", "", *tables(path)]
    lines += [
        "## Kinds of event",
        "",
        "[`contract/kinds.json`](../contract/kinds.json)",
        "",
        "| Kind | Meaning | States at least |",
        "|---|---|---|",
    ]
    for kind, entry in json.loads((ROOT / "contract/kinds.json").read_text(encoding="utf-8")).items():
        if not kind.startswith("$"):
            lines.append(f"| `{kind}` | {entry['says']} | {', '.join(entry['concepts'])} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (ROOT / "docs" / "data.md").write_text(page(), encoding="utf-8")
