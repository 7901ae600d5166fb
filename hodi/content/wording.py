"""What Hodi says, by key and language: `translations/<part>.csv` of the pack and of its programmes, with the
columns key, then one per language. Names in braces ({min}) are filled in when the words are shown, and are
the same in every language. Keys are dotted words (`form.next`); parts keep the editors out of each other's
way."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Mapping

from hodi.content.complaint import Complaint
from hodi.content.messages import arguments, faults
from hodi.content.sheets import read_csv

_KEY = re.compile(r"^[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)+$")

Words = dict[str, dict[str, str]]


def load_words(folder: pathlib.Path, languages: tuple[str, ...]) -> tuple[Words, list[Complaint]]:
    """Words by language and key from every CSV in the `translations` of a pack and of its programmes, with
    what is wrong with them."""
    words: Words = {language: {} for language in languages}
    complaints: list[Complaint] = []
    files: dict[str, str] = {}
    for path in (
        *sorted(folder.glob("translations/*.csv")),
        *sorted(folder.glob("programmes/*/translations/*.csv")),
    ):
        file = path.relative_to(folder).as_posix()
        try:
            sheet = read_csv(path)
        except (ValueError, UnicodeDecodeError) as error:
            complaints.append(Complaint(file=file, says=str(error)))
            continue
        if set(sheet.columns) != {"key", *languages}:
            says = f"the columns must be key, {', '.join(languages)}"
            complaints.append(Complaint(file=file, row=1, says=says))
            continue
        for row in sheet.rows:
            key = row.get("key")
            for says in _faults(key, row.cells, languages, files):
                complaints.append(Complaint(file=file, row=row.number, column=key or "key", says=says))
            files.setdefault(key, file)
            for language in languages:
                if key and row.get(language):
                    words[language].setdefault(key, row.get(language))
    return words, complaints


def _faults(
    key: str, cells: dict[str, str], languages: tuple[str, ...], files: Mapping[str, str]
) -> list[str]:
    found = []
    if not _KEY.match(key):
        found.append("a key is words with dots between, like form.next")
    if key in files:
        found.append(f"this key has been given before, in {files[key]}")
    found += [f"no words in {language}" for language in languages if not cells.get(language)]
    return found + message_faults({language: cells.get(language, "") for language in languages})


def message_faults(by_language: Mapping[str, str]) -> list[str]:
    """What is wrong with one wording, given in several languages: its forms, and names that differ."""
    given = {language: text for language, text in by_language.items() if text}
    found = [says for language, text in given.items() for says in faults(text, language)]
    if len({arguments(text) for text in given.values()}) > 1:
        found.append("the names in braces differ between the languages")
    return found
