"""One word for one thing: the pack's list of preferred and refused terms, held against everything that a
person reads in that language, in the pack and on the phone."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

import pytest

from hodi.config import ROOT
from hodi.content import load
from hodi.signals import load_rules
from hodi.tasks import load_tasks

KENYA = ROOT / "content" / "kenya"


def _terms() -> list[dict[str, str]]:
    with (KENYA / "terms.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _said(language: str) -> Iterator[tuple[str, str]]:
    """Everything said in a language, with the place where it stands."""
    pack = load(KENYA)
    yield from pack.words[language].items()
    yield from ((f"concept {name}", one.label.get(language, "")) for name, one in pack.concepts.items())
    for rule in load_rules(KENYA):
        yield from rule.words("signal")[language].items()
    for task in load_tasks(KENYA):
        yield from task.words("task")[language].items()
    for path in sorted(KENYA.rglob("forms/*.md")):
        if path.stem != "README":
            yield from (
                (f"{path.name}:{n}", row) for n, row in enumerate(path.read_text("utf-8").split("\n"), 1)
            )


@pytest.mark.parametrize("term", _terms(), ids=lambda term: str(term["term"]))
def test_one_word_for_one_thing(term: dict[str, str]) -> None:
    refused = re.compile(term["refused"], re.IGNORECASE)
    said = list(_said(term["language"]))
    assert [f"{where}: {text}" for where, text in said if refused.search(text)] == []
    preferred = re.compile(term["preferred"], re.IGNORECASE)
    assert any(preferred.search(text) for _, text in said), "a term that nobody says any more leaves the list"
