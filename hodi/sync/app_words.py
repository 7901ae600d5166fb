"""What the phone's app says by itself: its own words and the sentences of errors in the pack's languages.
They are built into the app (`hodi pack build` writes them, phone/vite.config.ts takes them in), so that it
speaks before it has a pack, and without a network."""

from __future__ import annotations

import msgspec

from hodi.content import Pack, language_by_code


class AppLanguage(msgspec.Struct, frozen=True, kw_only=True):
    """A language of the app: what it calls itself, how it is written, its months in short,
    and the sign that stands before decimals."""

    code: str
    name: str
    direction: str
    months: tuple[str, ...]
    decimal: str


class AppWords(msgspec.Struct, frozen=True, kw_only=True):
    """The languages, the default first; `words` and `errors` by language, then by key or code."""

    pack: str
    languages: tuple[AppLanguage, ...]
    words: dict[str, dict[str, str]]
    errors: dict[str, dict[str, str]]


def build_app_words(pack: Pack) -> bytes:
    """The words of an app for a pack, as JSON."""
    languages = []
    for code in pack.languages:
        one = language_by_code(code)
        languages.append(
            AppLanguage(
                code=code,
                name=one.name,
                direction=one.direction,
                months=one.short_months,
                decimal=one.decimal,
            )
        )
    words = AppWords(
        pack=pack.name,
        languages=tuple(languages),
        words={code: _below(pack.words[code], "phone.") for code in pack.languages},
        errors={code: _below(pack.words[code], "error.") for code in pack.languages},
    )
    return msgspec.json.encode(words, order="deterministic")


def _below(words: dict[str, str], start: str) -> dict[str, str]:
    return {key.removeprefix(start): text for key, text in words.items() if key.startswith(start)}
