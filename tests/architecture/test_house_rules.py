"""Rules of the house that a machine can hold: catalogue, links, nothing skipped, nothing foreign."""

from __future__ import annotations

import json
import pathlib
import re
import subprocess

import hodi.errors

ROOT = pathlib.Path(__file__).resolve().parents[2]


def tracked(*endings: str) -> list[pathlib.Path]:
    """Files that git tracks (or would), by ending."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    return [ROOT / name for name in listed if name.endswith(endings) and (ROOT / name).is_file()]


def test_every_error_says_what_to_do() -> None:
    for code, problem in hodi.errors.CATALOGUE.items():
        assert re.fullmatch(r"[a-z][a-z_]+", code)
        assert 400 <= problem.status < 600
        assert problem.says.endswith(".") and len(problem.says) > 15, code


def test_links_in_documents_lead_somewhere() -> None:
    for path in tracked(".md"):
        if "node_modules" in path.parts or path.is_relative_to(ROOT / "content"):
            continue
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text()):
            if "://" not in target and not target.startswith("mailto:"):
                assert (path.parent / target).exists(), f"{path.relative_to(ROOT)} links to {target}"


def test_nothing_is_skipped() -> None:
    # Spelt in pieces, so that this file does not find itself.
    words = [
        "pytest.mark." + "skip",
        "pytest.mark." + "xfail",
        "pytest." + "skip(",
        "it." + "skip",
        "it." + "todo",
        "describe." + "skip",
        "test." + "skip",
        "test." + "fixme",
        "unittest." + "skip",
    ]
    for path in tracked(".py", ".ts"):
        text = path.read_text()
        for word in words:
            assert word not in text, f"{path.relative_to(ROOT)}: {word}"


def test_no_left_over_markers() -> None:
    marker = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
    for path in tracked(".py", ".ts", ".svelte", ".sql", ".css", ".html", ".sh"):
        if "vendor" not in path.parts:
            assert not marker.search(path.read_text()), path.relative_to(ROOT)


def test_lock_files_name_no_address() -> None:
    for path in tracked("package-lock.json"):
        assert '"resolved"' not in path.read_text(), path.relative_to(ROOT)
    for path in tracked("requirements.txt", "requirements-test.txt"):
        assert "://" not in path.read_text(), path.relative_to(ROOT)


def test_pages_fetch_nothing_from_elsewhere() -> None:
    for path in [*tracked(".html", ".css", ".svelte")]:
        if path.is_relative_to(ROOT / "hodi") or path.is_relative_to(ROOT / "phone"):
            for address in re.findall(r"""(?:src|href|url\()\s*=?\s*["'(]?(https?:)?//""", path.read_text()):
                raise AssertionError(f"{path.relative_to(ROOT)} names an address elsewhere: {address}")


def test_views_read_rows_by_name() -> None:
    by_place = re.compile(r"\brows?\[|\]\[\d|\.rows\([^)]*\)\[")
    for path in sorted((ROOT / "hodi" / "views").glob("*.py")):
        assert not by_place.search(path.read_text()), f"{path.name} reads a row by place"


def test_no_private_name_of_a_module_is_left_over() -> None:
    private = re.compile(r"^(?:def |async def |class )?(_[A-Za-z]\w*)(?: = |: |\()", re.MULTILINE)
    for path in tracked(".py"):
        if path.is_relative_to(ROOT / "hodi"):
            text = path.read_text()
            if "@app." in text or "exception_handler" in text:
                continue  # handlers that the framework calls
            left = [name for name in set(private.findall(text)) if len(re.findall(rf"\b{name}\b", text)) == 1]
            assert not left, f"{path.relative_to(ROOT)}: {', '.join(left)} is used nowhere"


def test_the_glossary_has_the_words_of_tables_and_kinds() -> None:
    rows = [
        line.split("|") for line in (ROOT / "docs" / "glossary.md").read_text().splitlines() if "|" in line
    ]
    words = {cells[1].strip() for cells in rows}
    tables = {name for cells in rows for name in re.findall(r"`(\w+)`", cells[7])}
    for schema in ("contract/schema.sql", "hodi/db/schema.sql", "phone/src/db/schema.sql"):
        created = set(re.findall(r"CREATE TABLE (\w+)", (ROOT / schema).read_text()))
        assert not created - tables, f"docs/glossary.md lacks tables of {schema}: {created - tables}"
    kinds = json.loads((ROOT / "contract" / "kinds.json").read_text())
    nouns = {kind.split(".")[0] for kind in kinds if "." in kind} - {"pregnancy"}  # a programme's own word
    assert not nouns - words, f"docs/glossary.md lacks words of contract/kinds.json: {nouns - words}"
    assert len(words) == len(rows) - 4 * 2 + 2, "a word stands there once"
