"""Households whose history is arranged so that it ends in something to see: the demonstration's promoter
has one of each. Everything else in an area comes by chance.

A story names the days (before the end) on which the household is called at, and shapes its people.
It needs a span of about four months to unfold.
"""

from __future__ import annotations

import random

from hodi.simulate.illness import Spell, Symptoms
from hodi.simulate.people import Frailty, Household, Person, Pregnancy

CALLS_BEFORE_END: dict[str, tuple[int, ...]] = {
    "growth": (94, 63, 33, 3),
    "cluster": (40, 1),
    "antenatal": (61, 20, 6),
    "mobility": (97, 66, 35, 4),
    "no_show": (37, 4),
    "referred": (38, 1),
    "outcome": (39, 6),
}
"""Days before the end on which each story's household is visited, whatever else the promoter does."""

STORIES = tuple(CALLS_BEFORE_END)


def suits(household: Household, story: str, last_day: int) -> bool:
    """Whether a household has the people for a story."""
    if household.story is not None:
        return False
    ages = [person.age(last_day) for person in household.members]
    if story == "antenatal":
        return _mother(household, last_day) is not None
    if story == "mobility":
        return any(64 < age < 82 for age in ages)
    if story == "cluster":
        return any(0.5 < age < 4.5 for age in ages) and sum(age < 12 for age in ages) > 1
    return any(1 < age < 3.5 for age in ages)


def shape(household: Household, story: str, last_day: int, chance: random.Random) -> None:
    """Arrange a household for its story."""
    household.story = story
    household.spells = [spell for spell in household.spells if spell.onset < last_day - 110]
    toddlers = [person for person in household.members if 1 < person.age(last_day) < 3.5]
    if story == "growth":
        toddlers[0].estimated = False
        toddlers[0].track.weight, toddlers[0].track.muac = -0.4, -0.3
        toddlers[0].track.falter(last_day - 98, last_day + 30, 0.55)
    elif story == "cluster":
        coughs = Symptoms(cough=True, fever=True)
        young = sorted(household.members, key=lambda person: -person.birth_day)[:3]
        for place, person in enumerate(young):
            household.spells.append(Spell(person, last_day - 5 + min(place, 2), 15, coughs))
    elif story == "antenatal":
        mother = _mother(household, last_day)
        assert mother is not None
        pregnancy = Pregnancy(chance, last_day - 25 * 7)
        pregnancy.lost, pregnancy.birth_day, pregnancy.danger_day = False, pregnancy.due_day, None
        pregnancy.contacts, pregnancy.told_day = [], last_day - 70
        mother.pregnancies = [pregnancy]
    elif story == "mobility":
        old = max(
            (one for one in household.members if 64 < one.age(last_day) < 82), key=lambda one: one.birth_day
        )
        old.frailty = Frailty(chance, 66, last_day - 90)
        old.frailty.base_s, old.frailty.slope_s, old.frailty.walking = 11.2, 2.1, 1
    else:
        ill = Symptoms(cough=True, fast=True, fever=True)
        household.spells.append(Spell(toddlers[0], last_day - CALLS_BEFORE_END[story][-1] - 5, 9, ill))


def _mother(household: Household, day: int) -> Person | None:
    women = [one for one in household.members if one.sex == "female" and 19 < one.age(day) < 38]
    return next((one for one in women if not one.pregnancies), None)
