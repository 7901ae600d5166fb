"""The Kenyan pack as a country would have it that speaks two other languages: the words stay, and are said to
be in those. So the engine meets other codes, other forms of the plural and no language of its own."""

from __future__ import annotations

import csv
import pathlib
import re
import shutil

from hodi.config import ROOT
from hodi.content import load

KENYA = ROOT / "content" / "kenya"
OTHERS = {"sw": "pt", "en": "es"}
"""Portuguese for Kiswahili, Spanish for English."""
MARK = "¡"
"""Every wording of a table of translations begins with it."""

_FORMS = re.compile(r"\b(other \{(?:[^{}]|\{\w+\})*\})")


def pack_in_other_languages(folder: pathlib.Path) -> pathlib.Path:
    """A copy of the Kenyan pack in `folder`, in Portuguese and Spanish."""
    words = load(KENYA).words
    pack = pathlib.Path(shutil.copytree(KENYA, folder / "pack"))
    for path in pack.rglob("translations/*.csv"):
        path.unlink()
    (pack / "translations").mkdir(exist_ok=True)
    with (pack / "translations" / "words.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["key", *OTHERS.values()])
        table.writerows(
            [key, *(MARK + _plurals(words[language][key]) for language in OTHERS)] for key in words["sw"]
        )
    for path in pack.rglob("*"):
        if path.suffix not in (".toml", ".md", ".csv") or path.parent.name == "translations":
            continue
        text = path.read_text(encoding="utf-8")
        for old, new in OTHERS.items():
            text = re.sub(rf"\b{old} = ", f"{new} = ", text)  # a wording of a TOML file
            text = text.replace(f'"{old}"', f'"{new}"')  # the list of pack.toml
            text = re.sub(rf"\b(label|title)_{old}\b", rf"\1_{new}", text)
            text = re.sub(rf"\w+ \({old}\)", f"{new.title()} ({new})", text)  # label::English (en)
        path.write_text(_plurals(text) if path.suffix == ".toml" else text, encoding="utf-8")
    return pack


def _plurals(text: str) -> str:
    """Portuguese and Spanish have `many` too."""
    return _FORMS.sub(lambda match: match[1].replace("other", "many", 1) + " " + match[1], text)
