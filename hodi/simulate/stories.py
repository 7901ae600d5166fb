"""Households whose history is told in the pack (`demonstration/stories.yaml`), so that it ends in something
to see: who lives there, and on which days what was answered. Everything else in an area comes by chance.

    growth:
      members:                          # the first is the head; ages in years on the last day
        mother: {sex: female, age: 24, relationship: head}
        child: {sex: male, age: 1.6, relationship: child}
      calls:
        - day: -94                      # before the last day
          of: child
          form: under_five_assessment
          answers: {muac_mm: 138}       # the others come by the hints
          refer: true                   # as the form proposes; by default nobody is referred
      comes: never                      # seen, waiting or never: what becomes of the referral

The first call's household is registered before it, with everybody else's.
"""

from __future__ import annotations

import pathlib
import random
from typing import Literal

import msgspec
import yaml

from hodi.content.runner.evaluate import Value
from hodi.simulate.names import Names
from hodi.simulate.people import YEAR, Household, Person
from hodi.simulate.pregnancy import Pregnancy

Comes = Literal["seen", "waiting", "never"]


class Member(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who lives there: `age` in years on the last day; `pregnant_weeks` on that day, told from `told_day`."""

    sex: str
    age: float
    relationship: str
    pregnant_weeks: int | None = None
    told_day: int = 0


class Call(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A form that is filled in at a visit: `of` a member, or of the household. A text that begins with `day`
    is a day counted from the last one (`day -61`)."""

    day: int
    form: str
    of: str | None = None
    answers: dict[str, str | int | float] = {}
    refer: bool = False


class Story(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One household's history."""

    name: str = ""
    members: dict[str, Member]
    calls: tuple[Call, ...]
    comes: Comes | None = None

    def days(self) -> tuple[int, ...]:
        """The days of its visits, counted from the last day."""
        return tuple(sorted({call.day for call in self.calls}))


def load_stories(pack: pathlib.Path) -> dict[str, Story]:
    """The stories of a pack by name; none if it has none. Raises ValueError for a file that is wrong."""
    path = pack / "demonstration" / "stories.yaml"
    if not path.exists():
        return {}
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    stories = msgspec.convert(told, dict[str, Story])
    for name, story in stories.items():
        for call in story.calls:
            if call.of is not None and call.of not in story.members:
                raise ValueError(f"{path}: {name}: nobody is called {call.of}")
            if call.day > 0:
                raise ValueError(f"{path}: {name}: day {call.day} is after the end")
    return {name: msgspec.structs.replace(story, name=name) for name, story in stories.items()}


def household_of(
    story: Story, names: Names, chance: random.Random, village: str, first_day: int, last_day: int,
    pregnancy_days: int,
) -> tuple[Household, dict[str, Person]]:  # fmt: skip
    """The household of a story, with its members by the story's names."""
    family = names.house(chance, "male")
    people: dict[str, Person] = {}
    for name, member in story.members.items():
        born = int(last_day - member.age * YEAR)
        person = Person(names, chance, member.sex, born, member.relationship, family)
        person.estimated = False
        if member.pregnant_weeks is not None:
            pregnancy = Pregnancy(last_day - member.pregnant_weeks * 7, 0)
            pregnancy.due_day = pregnancy.ends_day = pregnancy.lmp_day + pregnancy_days
            pregnancy.told_day = last_day + member.told_day
            person.pregnancies = [pregnancy]
        people[name] = person
    household = Household(names, chance, list(people.values()), village, first_day)
    household.story, household.comes = story.name, story.comes
    return household, people


def answers_of(call: Call, last_day: int) -> dict[str, Value]:
    """The answers of a call, days as days since 1970."""
    return {name: _value(value, last_day) for name, value in call.answers.items()}


def _value(value: str | int | float, last_day: int) -> Value:
    if isinstance(value, str):
        if value.startswith("day "):
            return float(last_day + int(value.removeprefix("day ")))
        return value
    return float(value)
