"""What an event states that no form is behind: referrals, visits, reviews."""

from __future__ import annotations

import functools

from hodi.domain import Observation


class Answers:
    """Values in the order in which they are said."""

    __slots__ = ("observations",)

    def __init__(self) -> None:
        self.observations: list[Observation] = []

    def number(self, concept: str, value: float) -> None:
        """A number, or a day."""
        self.observations.append(Observation(concept=concept, number=value))

    def code(self, concept: str, value: str) -> None:
        """One of a list."""
        self.observations.append(_code(concept, value))

    def text(self, concept: str, value: str | None) -> None:
        """Free text, if there is any."""
        if value:
            self.observations.append(Observation(concept=concept, text=value))


@functools.cache
def _code(concept: str, value: str) -> Observation:
    return Observation(concept=concept, code=value)
