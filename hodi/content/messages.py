"""Sentences with numbers in them, in the part of ICU's MessageFormat that translators meet most: `{name}`
is filled in, and `{n, plural, one {# day ago} other {# days ago}}` chooses by the language's own rule
(CLDR: English has `one` and `other`; others have more, or `other` alone). `=0 {today}` is for one number
alone.

The phone fills in the same sentences (phone/src/i18n/messages.ts); contract/vectors/messages.json holds
both sides to one result. Not supported, and refused: branches within branches, quoting, other formats.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from hodi.content.languages import locale_of

_BRANCH = re.compile(r"(=\d+|[a-z]+) ?\{((?:[^{}]|\{\w+\})*)\}")
_PLURAL = re.compile(r"\{(\w+), plural,((?:\s*(?:=\d+|[a-z]+) ?\{(?:[^{}]|\{\w+\})*\})+)\s*\}")
_NAME = re.compile(r"\{(\w+)\}")


def fill(message: str, language: str, values: Mapping[str, object]) -> str:
    """The sentence with its values. A name without a value stays as it is written, so that it is seen."""

    def chosen(match: re.Match[str]) -> str:
        value = values.get(match.group(1))
        branches: dict[str, str] = dict(_BRANCH.findall(match.group(2)))
        exact = branches.get(f"={value}")
        text = exact if exact is not None else branches.get(category(language, value), branches["other"])
        return text.replace("#", str(value))

    return _NAME.sub(
        lambda match: str(values.get(match.group(1), match.group(0))), _PLURAL.sub(chosen, message)
    )


def arguments(message: str) -> frozenset[str]:
    """The names that a message is filled in with."""
    counted = {match.group(1) for match in _PLURAL.finditer(message)}
    branches = (text for match in _PLURAL.finditer(message) for _, text in _BRANCH.findall(match.group(2)))
    plain = (_PLURAL.sub("", message), *branches)
    return frozenset(counted.union(*(_NAME.findall(text) for text in plain)))


def faults(message: str, language: str) -> list[str]:
    """What is wrong with a message: braces that cannot be read, or forms that are not the language's."""
    found = []
    for match in _PLURAL.finditer(message):
        forms = {form for form, _ in _BRANCH.findall(match.group(2)) if not form.startswith("=")}
        if forms != set(categories(language)):
            wanted = ", ".join(categories(language))
            found.append(f"the forms of {{{match.group(1)}}} must be those of {language}: {wanted}")
    rest = _NAME.sub("", _PLURAL.sub("", message))
    if "{" in rest or "}" in rest:
        found.append("its braces cannot be read")
    return found


@functools.cache
def categories(language: str) -> tuple[str, ...]:
    """The plural categories of a language by CLDR, `other` last; `other` alone if CLDR does not know it."""
    known = locale_of(language)
    return (*sorted(known.plural_form.tags), "other") if known else ("other",)


def category(language: str, value: object) -> str:
    """The category of a number in a language; `other` for what is no number."""
    known = locale_of(language)
    try:
        number = float(str(value))
    except ValueError:
        return "other"
    if known is None or number != number or abs(number) == float("inf"):
        return "other"
    return str(known.plural_form(int(number) if number.is_integer() else number))
