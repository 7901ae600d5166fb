"""What Hodi says, by key and language: `translations/<part>.csv` of the pack and of its programmes, with the
columns key, then one per language. Names in braces ({min}) are filled in when the words are shown, and are
the same in every language. Keys are dotted words (`code.sex.male`); parts keep the editors out of each
other's way.

Hodi's own words are a closed list: every key stands once in English, the language that it is developed in,
under `page.` (the server's pages: hodi/web/en.json), `phone.` (the app: phone/src/i18n/en.json) and `error.`
(the catalogue of errors: hodi/errors.py). A pack gives each of them in each of its languages. Only in English
it may leave them out: then Hodi's own words stand, and a cell that is filled says it in the country's words.
"""

from __future__ import annotations

import functools
import json
import pathlib
import re
from collections.abc import Iterator, Mapping

from hodi.config import ROOT
from hodi.content.complaint import Complaint
from hodi.content.messages import arguments, faults
from hodi.content.sheets import Row, read_csv
from hodi.errors import CATALOGUE

_KEY = re.compile(r"^[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)+$")
_OWN = {"page": ROOT / "hodi" / "web" / "en.json", "phone": ROOT / "phone" / "src" / "i18n" / "en.json"}
OWN_AREAS = frozenset({*_OWN, "error"})
"""What the keys of Hodi's own words begin with."""
SOURCE_LANGUAGE = "en"
"""The language that Hodi is developed in: its own words stand in it beside the code."""

Words = dict[str, dict[str, str]]
"""By language and key."""


@functools.cache
def own_words() -> Mapping[str, str]:
    """Hodi's own words in English, by key."""
    words = {f"error.{code}": problem.says for code, problem in CATALOGUE.items()}
    for area, path in _OWN.items():
        said = json.loads(path.read_text(encoding="utf-8"))
        words |= {f"{area}.{key}": text for key, text in said.items()}
    return words


def load_words(folder: pathlib.Path, languages: tuple[str, ...]) -> tuple[Words, list[Complaint]]:
    """Words by language and key from every CSV in the `translations` of a pack and of its programmes, with
    what is wrong with them; Hodi's own words in English where the pack has none."""
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
        if "key" not in sheet.columns or not {"key", *languages}.issuperset(sheet.columns):
            says = f"the columns must be key, {', '.join(languages)}"
            complaints.append(Complaint(file=file, row=1, says=says))
            continue
        for row in sheet.rows:
            key = row.get("key")
            for says in _faults(row, languages, files):
                complaints.append(Complaint(file=file, row=row.number, column=key or "key", says=says))
            files.setdefault(key, file)
            for language in languages:
                if key and row.get(language):
                    words[language].setdefault(key, row.get(language))
    complaints += _left_out(languages, files)
    if SOURCE_LANGUAGE in words:
        words[SOURCE_LANGUAGE] = {**own_words(), **words[SOURCE_LANGUAGE]}
    return words, complaints


def _faults(row: Row, languages: tuple[str, ...], files: Mapping[str, str]) -> Iterator[str]:
    key, own = row.get("key"), own_words()
    if not _KEY.match(key):
        yield "a key is words with dots between, like code.sex.male"
    if key in files:
        yield f"this key has been given before, in {files[key]}"
    if key not in own and key.partition(".")[0] in OWN_AREAS:
        yield "Hodi says nothing under this key; take it out"
    for language in languages:
        if not row.get(language) and not (key in own and language == SOURCE_LANGUAGE):
            yield f"no words in {language}"
    said = {language: row.get(language) for language in languages}
    yield from message_faults({**said, SOURCE_LANGUAGE: said.get(SOURCE_LANGUAGE) or own.get(key, "")})


def _left_out(languages: tuple[str, ...], given: Mapping[str, str]) -> Iterator[Complaint]:
    """Hodi's own words that a pack does not give at all."""
    needed = [language for language in languages if language != SOURCE_LANGUAGE]
    for key in own_words():
        if key not in given and needed:
            yield Complaint(file="translations", column=key, says=f"no words in {', '.join(needed)}")


def message_faults(by_language: Mapping[str, str]) -> list[str]:
    """What is wrong with one wording, given in several languages: its forms, and names that differ."""
    given = {language: text for language, text in by_language.items() if text}
    found = [says for language, text in given.items() for says in faults(text, language)]
    if len({arguments(text) for text in given.values()}) > 1:
        found.append("the names in braces differ between the languages")
    return found


def language_faults(words: Mapping[str, str], languages: tuple[str, ...]) -> list[str]:
    """What is wrong with one wording of a pack's TOML files: a language of the pack without words, or words
    in a language that the pack does not list; and what `message_faults` finds."""
    missing = [f"no words in {language}" for language in languages if not words.get(language)]
    foreign = [f"{language} is no language of pack.toml" for language in words if language not in languages]
    return [*missing, *foreign, *message_faults(words)]
