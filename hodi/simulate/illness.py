"""Illness comes to households in waves with the seasons, and where one member falls ill another often follows
within days. Which illnesses there are, and their figures, stand in the pack (`[[waves]]` of a
`simulate.toml`)."""

from __future__ import annotations

import dataclasses
import math
import random
from typing import TYPE_CHECKING

from hodi.content.simulation_model import Wave
from hodi.simulate.sampling import condition_of, number_of
from hodi.simulate.states import States

if TYPE_CHECKING:
    from hodi.simulate.country import Country
    from hodi.simulate.people import Household, Person


@dataclasses.dataclass(frozen=True)
class Spell:
    """One person's illness: from `onset` on for `length` days, with its signs."""

    person: Person
    onset: int
    length: int
    signs: frozenset[str]

    def on(self, day: int) -> bool:
        """Whether the person is ill on a day."""
        return self.onset <= day < self.onset + self.length


class Illnesses:
    """The waves of a pack."""

    def __init__(self, waves: tuple[Wave, ...], year_days: float, month_days: float) -> None:
        self._year_days = year_days
        self._month_days = month_days
        self._waves = [
            (
                wave,
                condition_of(wave.whom),
                number_of(wave.attack),
                {name: number_of(share) for name, share in wave.signs.items()},
            )
            for wave in waves
        ]

    def spells(
        self, country: Country, household: Household, first_day: int, last_day: int, chance: random.Random
    ) -> list[Spell]:
        """All illness of a household over a span, by day of onset."""
        found: list[Spell] = []
        day = first_day
        while self._waves:
            rates = [self._rate(wave, day) for wave, *_ in self._waves]
            day += 1 + int(chance.expovariate(sum(rates) / self._month_days))
            if day > last_day:
                break
            (number,) = chance.choices(range(len(rates)), rates)
            found += self._wave(number, country, household, day, chance)
        return sorted(found, key=lambda spell: spell.onset)

    def _rate(self, wave: Wave, day: int) -> float:
        season = math.cos((day - wave.peak_day) / self._year_days * math.tau)
        return max(1e-9, wave.monthly * (1 + wave.swing * season))

    def _wave(
        self, number: int, country: Country, household: Household, day: int, chance: random.Random
    ) -> list[Spell]:
        wave, whom, attack, signs = self._waves[number]
        ill: list[Spell] = []
        shortest, mean = wave.lasts_days
        members = sorted(household.members, key=lambda one: -one.birth_day)
        if not wave.attack:
            chance.shuffle(members)
        for person in members:
            states = States(country, household, person, day, chance)
            if person.birth_day > day or (whom is not None and not whom(states)):
                continue
            if ill and chance.random() >= attack(states):
                continue
            certain = wave.first if not ill else ()
            has = {name for name, share in signs.items() if chance.random() < share(states)} | {*certain}
            onset = day if not ill else day + chance.randrange(1, wave.spread_days + 1)
            length = shortest + int(chance.expovariate(1 / mean))
            ill.append(Spell(person, onset, length, frozenset(has)))
            if not wave.attack:
                break
        return ill
