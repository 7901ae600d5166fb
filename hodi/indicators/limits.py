"""The limits that figures are judged by, named by the core and given by some programme's `limits.toml`."""

from __future__ import annotations

import dataclasses
import pathlib

from hodi import content
from hodi.record import RuleError


@dataclasses.dataclass(frozen=True, kw_only=True)
class Limits:
    """What counts as quiet, silent, skewed, small. Units are in the names; `suppress_below`: counts of people
    from 1 up to one less than this are not shown to those who see figures only; `months_back`: how many
    months before this one are kept."""

    quiet_days: int
    silent_days: int
    skew_warning_min: int
    suppress_below: int
    months_back: int


def load_limits(pack: pathlib.Path) -> Limits:
    """The limits of a country pack. Raises RuleError if one is missing, ContentError."""
    given, names = content.load_limits(pack), [field.name for field in dataclasses.fields(Limits)]
    if missing := [name for name in names if name not in given]:
        raise RuleError(f"no limits.toml of a programme gives {', '.join(missing)}")
    return Limits(**{name: int(given[name].value) for name in names})
