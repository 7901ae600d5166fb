"""The pack's limits, so that an invented population is judged as a real one is."""

from __future__ import annotations

import functools

from hodi.config import ROOT
from hodi.content import load_limits


@functools.cache
def limit(name: str) -> float:
    """The value of a limit of the pack, in its own unit. Raises KeyError."""
    return load_limits(ROOT / "content" / "kenya")[name].value


@functools.cache
def whole(name: str) -> int:
    """The value of a limit that is a whole number: days, months, tablets. Raises KeyError."""
    return int(limit(name))
