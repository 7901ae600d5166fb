"""Limits in SQL: a statement names a threshold as `:name`, and its value is written in when the statement is
composed, so that the database plans with it and no caller has to pass it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from hodi.content.programmes import Limit

_PARAMETER = re.compile(r"(?<![:\w]):([a-z_][a-z_0-9]*)")
_COMMENT = re.compile(r"--[^\n]*")
GIVEN = frozenset({"today", "now"})
"""Parameters that the runner gives: the local day, and the instant in ms."""


class UnknownLimit(Exception):
    """SQL that names a limit which no programme has; the message is the name."""


def limits_in(sql: str, limits: Mapping[str, Limit]) -> tuple[str, ...]:
    """The limits that SQL names, by name. Raises UnknownLimit."""
    named = set(_PARAMETER.findall(_COMMENT.sub("", sql))) - GIVEN
    for name in sorted(named - limits.keys()):
        raise UnknownLimit(name)
    return tuple(sorted(named))


def with_limits(sql: str, limits: Mapping[str, Limit], given: Collection[str] = GIVEN) -> str:
    """SQL without comments, the limits it names written in; parameters that are `given` stay. Raises
    UnknownLimit."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in given:
            return match.group()
        if name not in limits:
            raise UnknownLimit(name)
        number = limits[name].value
        return f"({number!r})" if number < 0 else repr(number)  # "--" would begin a comment

    return _PARAMETER.sub(value, _COMMENT.sub("", sql))
