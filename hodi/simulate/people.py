"""Households and who lives in them: couples, mothers on their own, grandparents with grandchildren,
single lodgers, in the proportions that give the pyramid of a census (tests/rooms/test_simulate.py)."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from hodi.content.runner.evaluate import Value
from hodi.simulate.bodies import Track
from hodi.simulate.names import Names
from hodi.simulate.pregnancy import Pregnancy

if TYPE_CHECKING:
    from hodi.simulate.illness import Spell

YEAR = 365.25
"""Days of a year, on average."""


class Person:
    """A member. Days are days since 1970; `number` is the person's id once registered. `traits` and `courses`
    are drawn when a hint first asks for them; `stated`: by concept, what was stated last, and on which day;
    `filled`: by form, the day on which it was filled last."""

    __slots__ = (
        "birth_day",
        "courses",
        "estimated",
        "family_name",
        "filled",
        "given_name",
        "gone",
        "house_name",
        "number",
        "phone",
        "pregnancies",
        "referral",
        "relationship",
        "sex",
        "stated",
        "track",
        "traits",
    )  # fmt: skip

    def __init__(
        self, names: Names, chance: random.Random, sex: str, birth_day: int, relationship: str, family: str
    ) -> None:
        self.sex = sex
        self.birth_day = birth_day
        self.relationship = relationship
        self.given_name = names.given(chance, sex)
        self.house_name = names.house(chance, sex)
        self.family_name = family
        self.number = 0
        self.gone = False
        # Old people often know the year only, and the parents of one child in fifteen cannot say the day.
        self.estimated = chance.random() < (0.4 if birth_day < -3000 else 0.06)
        self.phone = names.telephone(chance) if chance.random() < 0.75 else None
        self.track: Track | None = None
        self.pregnancies: list[Pregnancy] = []  # that have not ended, in order
        self.referral: int | None = None  # the open referral
        self.traits: dict[str, Value] = {}
        self.courses: dict[str, tuple[int, float]] = {}
        self.stated: dict[str, tuple[Value, int]] = {}
        self.filled: dict[str, int] = {}

    def age_days(self, day: int) -> int:
        """Age in days."""
        return day - self.birth_day

    def age(self, day: int) -> float:
        """Age in years."""
        return (day - self.birth_day) / YEAR


class Household:
    """A household; `since_day`: the first day of the span. `story`: what it is in, in the demonstration;
    `facts`: what is true of the place that it lives in; `comes`: whether whoever is referred in it is seen,
    is waiting to go, or never goes."""

    __slots__ = (
        "comes", "facts", "filled", "landmark", "members", "number", "phone", "registered_day", "since_day",
        "spells", "stated", "story", "village",
    )  # fmt: skip

    def __init__(
        self, names: Names, chance: random.Random, members: list[Person], village: str, since_day: int
    ) -> None:
        self.members = members
        self.number = 0
        self.village = village
        self.landmark = names.landmark(chance)
        self.phone = names.telephone(chance) if chance.random() < 0.85 else None
        self.registered_day: int | None = None
        self.since_day = since_day
        self.facts: Mapping[str, str] = {}
        self.spells: list[Spell] = []
        self.stated: dict[str, tuple[Value, int]] = {}
        self.filled: dict[str, int] = {}
        self.story: str | None = None
        self.comes: str | None = None

    @property
    def head(self) -> Person:
        """The head of the household."""
        return self.members[0]

    def here(self) -> list[Person]:
        """Members who live here now."""
        return [person for person in self.members if not person.gone]


def make_household(names: Names, chance: random.Random, day: int, village: str) -> Household:
    """A household as it stands on a day."""
    shape = chance.choices(("couple", "mother", "grandparents", "single", "lodgers"), (55, 16, 11, 13, 5))[0]
    family = names.house(chance, "male")
    members: list[Person] = []

    def add(sex: str, age: float, relationship: str) -> Person:
        person = Person(names, chance, sex, int(day - age * YEAR), relationship, family)
        members.append(person)
        return person

    if shape in ("single", "lodgers"):
        for number in range(1 if shape == "single" else chance.choice((2, 2, 3))):
            sex = "male" if chance.random() < 0.66 else "female"
            age = 18.5 + chance.expovariate(1 / 11)
            add(sex, min(age, 85), "head" if number == 0 else "not_related")
    elif shape == "grandparents":
        age = min(51 + chance.expovariate(1 / 11), 92)
        if chance.random() < 0.45:
            add("male", min(age + chance.uniform(2, 9), 95), "head")
            add("female", age, "spouse")
        else:
            add("female", age, "head")
        if chance.random() < 0.45:
            mother = add("female", chance.uniform(18, 34), "child")
            _children(chance, mother.age(day), add, "grandchild", fertility=0.6)
        for _ in range(chance.choice((0, 1, 1, 2, 3))):
            add(chance.choice(("male", "female")), chance.uniform(2, 18), "grandchild")
    else:
        age = min(20 + chance.gammavariate(2.4, 7.0), 78)
        if shape == "couple":
            add("male", age + chance.uniform(0, 9), "head")
            add("female", age, "spouse")
        else:
            add("female", age, "head")
        _children(chance, age, add, "child", fertility=1.0 if shape == "couple" else 0.85)
        if chance.random() < 0.07:
            add(chance.choice(("male", "female")), chance.uniform(58, 84), "parent")
        if chance.random() < 0.16:
            add(chance.choice(("male", "female")), chance.uniform(12, 26), "other_relative")
    return Household(names, chance, members, village, day)


def _children(
    chance: random.Random,
    mother_age: float,
    add: Callable[[str, float, str], Person],
    relationship: str,
    *,
    fertility: float,
) -> None:
    # Births from about twenty on, three years apart, until the mother's own number is reached or she is
    # past forty-four; from nineteen on the children leave.
    wanted = sum(chance.random() < 0.46 * fertility for _ in range(8))
    born_at = chance.gauss(21.5, 3.2)
    while wanted > 0 and born_at < min(mother_age, 44):
        age = mother_age - born_at
        if age < 18.5 or chance.random() < 0.95 - (age - 18.5) * 0.06:
            add(chance.choice(("male", "female")), age, relationship)
        wanted -= 1
        born_at += 1.4 + chance.gammavariate(2.2, 1.0)
