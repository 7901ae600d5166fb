"""The order of urgencies stands once, in the pack (`referral_class` of concepts.csv): no code, statement or
template lists the classes again. They read it from the table `urgency`, or from the pack."""

from __future__ import annotations

import pathlib
import re

import pytest

from hodi.config import ROOT
from hodi.content.required import URGENCIES

SUFFIXES = {".py", ".sql", ".ts", ".svelte", ".html", ".js"}
_NAME = re.compile(rf"\b(?:{'|'.join(sorted(URGENCIES))})\b")
_ASIDE = re.compile(
    r"\"{3}.*?\"{3}|/\*.*?\*/|<style>.*?</style>|--[^\n]*|#[^\n]*|//[^\n]*|class=\"[^\"{]*\"", re.DOTALL
)
NEAR_CHARS = 160
"""Three classes within so many characters are a list of them."""
EXCEPTIONS = {
    "hodi/content/required.py": "the names that there are, in no order",
    "phone/src/domain/pack.ts": "the type of such a name, written from them",
}


def lists_classes(text: str) -> bool:
    """Whether a file names three of the classes close to each other."""
    bare = _ASIDE.sub("", text)
    found = [(one.start(), one.group()) for one in _NAME.finditer(bare)]
    return any(
        len({name for at, name in found if start <= at < start + NEAR_CHARS}) >= 3 for start, _ in found
    )


def core() -> list[pathlib.Path]:
    """The files of server, phone and contract. Migrations keep what their stores were made with."""
    return sorted(
        path
        for room in ("hodi", "phone/src", "contract")
        for path in (ROOT / room).rglob("*")
        if path.suffix in SUFFIXES and not {"migrations", "vectors"} & set(path.parts)
    )


def test_the_order_of_urgencies_stands_nowhere_in_the_core() -> None:
    assert len(core()) > 300, "server, phone and contract are looked through"
    listing = {
        path.relative_to(ROOT).as_posix()
        for path in core()
        if lists_classes(path.read_text(encoding="utf-8"))
    }
    assert listing == set(EXCEPTIONS)


@pytest.mark.parametrize(
    "text",
    [
        "CASE s.class WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1 WHEN 'priority' THEN 2 ELSE 3 END",
        'CLASSES = ("emergency", "urgent", "priority", "routine")',
        "if (a !== 'emergency' && a !== 'urgent' && a !== 'routine') return;",
        "{% for class_ in ['routine', 'urgent', 'emergency'] %}",
        "SIGNS = {\n  emergency: 'alert',\n  urgent: 'alert',\n  priority: 'clock',\n}",
    ],
)
def test_such_a_list_is_found(text: str) -> None:
    assert lists_classes(text)


@pytest.mark.parametrize(
    "text",
    [
        "-- emergency, urgent, priority, routine\nSELECT 1",
        "<style>.emergency {} .urgent {} .priority {} .routine {}</style>",
        "COALESCE(class, 'routine')",
        "const SIGNS = { emergency: 'alert', urgent: 'alert' };",
    ],
)
def test_a_single_name_and_a_comment_are_left_alone(text: str) -> None:
    assert not lists_classes(text)
