"""Server, phone and contract know no country: its name, places, languages, cadres, forms and numbers stand in
its pack."""

from __future__ import annotations

import re

import pytest

from hodi.config import ROOT

COUNTRY = re.compile(
    r"kenya|nairobi|kiambu|limuru|kiswahili|swahili|['\"]sw['\"]|count(?:y|ies)(?![a-z])|khis(?![a-z])|kmhfl"
    r"|\bch[pau]s?\b|\bmoh\b|\+254|\b07[0-9x]{2}\b|\bnhif\b",
    re.IGNORECASE,
)
"""Words of a country, as whole words where they are short."""

ROOMS = ("hodi", "phone/src", "contract")
SUFFIXES = {".py", ".sql", ".ts", ".svelte", ".html", ".js", ".css", ".json", ".toml", ".md"}

EXCEPTIONS = {"hodi/config.py": "the pack that is taken where none is named"}
"""Files that still hold such a word, and why."""


def named_in(path: str) -> list[str]:
    """The words of a country that a file holds, with their lines."""
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return [f"{number}: {word}" for number, line in enumerate(lines, 1) for word in COUNTRY.findall(line)]


def core() -> list[str]:
    """The files of server, phone and contract. Migrations keep the words that their stores were made with;
    vectors are tests, in which a country may be told of."""
    return sorted(
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.suffix in SUFFIXES and not {"migrations", "vectors", "__pycache__"} & set(path.parts)
    )


def test_the_core_names_nothing_of_a_country() -> None:
    files = core()
    assert len(files) > 300, "server, phone and contract are looked through"
    found = {path: named_in(path) for path in files if path not in EXCEPTIONS}
    assert {path: words for path, words in found.items() if words} == {}


@pytest.mark.parametrize("path", EXCEPTIONS)
def test_an_exception_that_is_needed_no_more_is_taken_out(path: str) -> None:
    assert (ROOT / path).exists() and named_in(path), f"take {path} out of EXCEPTIONS"


@pytest.mark.parametrize(
    "line",
    ["in Kenya", "the CHP's phone", "chas of a unit", "khis_uid", "a sub-county officer", "COUNTY", "MOH 513",
     "+254 712", "0712 and", "'sw'"],
)  # fmt: skip
def test_such_words_are_found(line: str) -> None:
    assert COUNTRY.search(line)


@pytest.mark.parametrize(
    "line", ["a country's", "countries", "account", "change", "chat", "SHA-256", "sw.js"]
)
def test_other_words_are_left_alone(line: str) -> None:
    assert not COUNTRY.search(line)
