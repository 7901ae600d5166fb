"""Illness comes to households in waves: more coughs in the cold months, more diarrhoea with the rains, and
where one member falls ill another often follows within days."""

from __future__ import annotations

import dataclasses
import math
import random

from hodi.simulate.people import YEAR, Person

_COLD_DAY = 196  # mid July, the coldest time in the highlands
_WET_DAY = 115  # late April, the long rains
_DANGERS = ("convulsions", "very_sleepy", "cannot_drink", "vomits_everything", "chest_indrawing")


@dataclasses.dataclass(frozen=True)
class Symptoms:
    """How a person is on the day of a visit. `days`: since the onset."""

    cough: bool = False
    fast: bool = False
    fever: bool = False
    diarrhoea: bool = False
    days: int = 0
    danger: str | None = None


WELL = Symptoms()


@dataclasses.dataclass(frozen=True)
class Spell:
    """One person's illness: from `onset` on for `length` days."""

    person: Person
    onset: int
    length: int
    symptoms: Symptoms

    def on(self, day: int) -> Symptoms | None:
        """The symptoms on a day, or None if it is over or has not begun."""
        if not self.onset <= day < self.onset + self.length:
            return None
        return dataclasses.replace(self.symptoms, days=day - self.onset)


def spells(members: list[Person], first_day: int, last_day: int, chance: random.Random) -> list[Spell]:
    """All illness of a household over a span, by day of onset."""
    found: list[Spell] = []
    day = first_day
    while True:
        respiratory = 1 + 0.55 * math.cos((day - _COLD_DAY) / YEAR * math.tau)
        enteric = 1 + 0.4 * math.cos((day - _WET_DAY) / YEAR * math.tau)
        rate = (0.16 * respiratory + 0.05 * enteric) / 30.4  # waves per household and day
        day += 1 + int(chance.expovariate(rate))
        if day > last_day:
            return sorted(found, key=lambda spell: spell.onset)
        if chance.random() < 0.16 * respiratory / (0.16 * respiratory + 0.05 * enteric):
            found += respiratory_wave(members, day, chance)
        else:
            found += _enteric_wave(members, day, chance)


def respiratory_wave(
    members: list[Person], day: int, chance: random.Random, *, attack: float = 0.26, at_least: int = 1
) -> list[Spell]:
    """Coughs and fevers that pass through a household from a day on."""
    ill: list[Spell] = []
    for person in sorted(members, key=lambda one: -one.birth_day):
        years = person.age(day)
        if years < 0 or (len(ill) >= at_least and chance.random() > attack * (1.8 if years < 5 else 0.6)):
            continue
        onset = day if not ill else day + chance.randrange(1, 6)
        fast = years < 5 and chance.random() < 0.12
        danger = chance.choice(_DANGERS) if years < 5 and chance.random() < 0.02 else None
        fever = len(ill) < at_least or chance.random() < 0.5
        symptoms = Symptoms(cough=True, fast=fast, fever=fever, danger=danger)
        ill.append(Spell(person, onset, 3 + int(chance.expovariate(1 / 4)), symptoms))
    return ill


def _enteric_wave(members: list[Person], day: int, chance: random.Random) -> list[Spell]:
    children = [person for person in members if 0 <= person.age(day) < 5]
    if not children:
        return []
    symptoms = Symptoms(diarrhoea=True, fever=chance.random() < 0.25)
    return [Spell(chance.choice(children), day, 2 + int(chance.expovariate(1 / 2.5)), symptoms)]
