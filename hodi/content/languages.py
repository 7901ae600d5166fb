"""What is known of a language by itself: its own name, the way it is written, its months and its decimals.
All of it comes from CLDR, so that a pack names a language by its code alone."""

from __future__ import annotations

import functools
import pathlib
import tomllib

import msgspec
from babel import Locale, UnknownLocaleError


class Language(msgspec.Struct, frozen=True, kw_only=True):
    """A language: its code (BCP 47), its name in itself, `ltr` or `rtl`, its months from January on, and the
    sign that stands before decimals."""

    code: str
    name: str
    direction: str
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    decimal: str


@functools.cache
def language_by_code(code: str) -> Language:
    """A language by its code. Raises ValueError for one that CLDR does not know."""
    locale = locale_of(code)
    if locale is None:
        raise ValueError(f"{code} is no language that CLDR knows")
    name = locale.get_display_name(locale) or code
    months = locale.months["stand-alone"]
    return Language(
        code=code,
        name=name[:1].upper() + name[1:],
        direction=locale.text_direction,
        months=tuple(months["wide"][month] for month in range(1, 13)),
        short_months=tuple(months["abbreviated"][month] for month in range(1, 13)),
        decimal=locale.number_symbols["latn"]["decimal"],
    )


def list_faults(languages: tuple[str, ...]) -> list[str]:
    """What is wrong with a pack's list of languages."""
    found = [f"{code} is no language that CLDR knows" for code in languages if locale_of(code) is None]
    if not languages or len(set(languages)) < len(languages):
        found.append("languages lists each language of the pack once, the default first")
    return found


def languages_of(pack: pathlib.Path) -> tuple[str, ...]:
    """The languages that a pack's folder lists, the first is the default; for those who read a part of a pack
    alone. Raises OSError, ValueError or KeyError for a folder that has no pack."""
    facts = tomllib.loads((pack / "pack.toml").read_text(encoding="utf-8"))
    return tuple(facts["languages"])


@functools.cache
def locale_of(code: str) -> Locale | None:
    """CLDR's facts of a language; None for one that it does not know."""
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return None
