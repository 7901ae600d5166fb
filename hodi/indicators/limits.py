"""The limits that figures are judged by, read from the pack (`indicators/indicators.toml`)."""

from __future__ import annotations

import dataclasses
import pathlib
import tomllib


@dataclasses.dataclass(frozen=True, kw_only=True)
class Limits:
    """What counts as quiet, silent, skewed, small. Units are in the names."""

    quiet_days: int
    silent_days: int
    skew_warning_min: int
    suppress_below: int
    under_five_days: int
    months_back: int


def load_limits(pack: pathlib.Path) -> Limits:
    """The limits of a country pack. Raises KeyError if one is missing, OSError if there is no file."""
    table = tomllib.loads((pack / "indicators" / "indicators.toml").read_text(encoding="utf-8"))["limits"]
    return Limits(**{field.name: int(table[field.name]) for field in dataclasses.fields(Limits)})
