"""Households and who lives in them: couples, mothers on their own, grandparents with grandchildren,
single lodgers, in the proportions that give Kenya's population pyramid (tests/rooms/test_simulate.py)."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from hodi.simulate import names
from hodi.simulate.bodies import Track
from hodi.simulate.limits import limit, whole

if TYPE_CHECKING:
    from hodi.simulate.illness import Spell

YEAR = limit("year_days")
_WATER = ("piped", "borehole", "well", "rain", "vendor", "river")
_REFUSE = ("pit", "burning", "collected", "open")


class Person:
    """A member. Days are days since 1970; `number` is the person's id once registered."""

    __slots__ = (
        "birth_day",
        "chronic",
        "disabled",
        "estimated",
        "family_name",
        "frailty",
        "given_name",
        "gone",
        "house_name",
        "number",
        "pregnancies",
        "referral",
        "relationship",
        "sex",
        "track",
    )

    def __init__(
        self, chance: random.Random, sex: str, birth_day: int, relationship: str, family: str
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
        self.disabled = chance.random() < (0.15 if birth_day < -3000 else 0.02)
        old = birth_day < 2000 and chance.random() < 0.25
        self.chronic = (
            chance.choice(("hypertension", "hypertension", "diabetes", "asthma")) if old else "none"
        )
        self.track = Track(chance)
        self.frailty: Frailty | None = None
        self.pregnancies: list[Pregnancy] = []  # that have not ended, in order
        self.referral: int | None = None  # the open referral

    def age_days(self, day: int) -> int:
        """Age in days."""
        return day - self.birth_day

    def age(self, day: int) -> float:
        """Age in years."""
        return (day - self.birth_day) / YEAR


class Frailty:
    """How an older person walks: chair rises in seconds and a level, worsening from a day on."""

    __slots__ = ("base_s", "checked_day", "slope_s", "turn_day", "walking")

    def __init__(self, chance: random.Random, age: float, turn_day: int) -> None:
        self.base_s = max(7.0, 9.5 + 0.13 * (age - 60) + chance.gauss(0, 1.6))
        self.walking = 1 + (chance.random() < (age - 55) / 60) + (chance.random() < (age - 70) / 60)
        self.turn_day = turn_day
        self.slope_s = chance.uniform(0.5, 1.6)  # seconds a month, once it turns
        self.checked_day: int | None = None

    def due(self, day: int) -> bool:
        """Whether the next check is due: one a month."""
        return self.checked_day is None or day - self.checked_day >= 28

    def at(self, day: int, chance: random.Random) -> tuple[int, float, int]:
        """Walking level (1 to 4), seconds for five chair rises, falls in the last three months."""
        months = max(0, day - self.turn_day) / 30.4
        seconds = self.base_s + self.slope_s * months + chance.gauss(0, 0.4)
        walking = min(4, self.walking + int(self.slope_s * months / 3.2))
        falls = int(chance.random() < 0.04 + 0.05 * months) + int(chance.random() < 0.02 * months)
        return walking, round(max(seconds, 5.0), 1), falls


class Pregnancy:
    """A pregnancy with the antenatal contacts that the woman will keep."""

    __slots__ = ("birth_day", "contacts", "danger_day", "lmp_day", "lost", "number", "told_day")

    def __init__(self, chance: random.Random, lmp_day: int) -> None:
        self.lmp_day = lmp_day
        self.number = 0
        # One in twenty is lost early; the others end around the expected day.
        self.lost = chance.random() < 0.05
        self.birth_day = lmp_day + (chance.randrange(60, 190) if self.lost else int(chance.gauss(277, 9)))
        # She tells between the second and the fifth month.
        self.told_day = lmp_day + int(min(max(chance.gauss(85, 30), 35), 180))
        keeps = min(1.0, max(0.1, chance.gauss(0.84, 0.2)))
        start = int(min(max(chance.gauss(16, 4.5), 7), 34))
        weeks = [week for week in (12, 20, 26, 30, 34, 36, 38, 40) if week >= start]
        kept = [week for week in sorted({start, *weeks}) if chance.random() < keeps]
        self.contacts = [lmp_day + week * 7 + chance.randrange(-3, 7) for week in kept]
        self.danger_day = lmp_day + chance.randrange(90, 270) if chance.random() < 0.07 else None

    @property
    def due_day(self) -> int:
        """Expected day of delivery: so many days after the last period."""
        return self.lmp_day + whole("pregnancy_days")

    def kept(self, day: int) -> list[int]:
        """Days of the contacts she has had by a day."""
        return [contact for contact in self.contacts if contact <= day]


def pregnancies(woman: Person, first_day: int, last_day: int, chance: random.Random) -> list[Pregnancy]:
    """The pregnancies of a woman that are under way during a span: about one birth in eight years each."""
    found: list[Pregnancy] = []
    lmp_day = first_day - 280 + int(chance.expovariate(0.135 / YEAR))
    while lmp_day < last_day - 30:
        if 16 <= woman.age(lmp_day) <= 44:
            found.append(Pregnancy(chance, lmp_day))
        lmp_day += 280 + 300 + int(chance.expovariate(0.135 / YEAR))
    return found


class Household:
    """A household: members, dwelling, and what its registration says."""

    __slots__ = (
        "described_day",
        "handwashing",
        "insured",
        "landmark",
        "latrine",
        "members",
        "number",
        "phone",
        "refuse",
        "registered_day",
        "spells",
        "story",
        "treated_water",
        "village",
        "water",
    )

    def __init__(self, chance: random.Random, members: list[Person], village: str) -> None:
        self.members = members
        self.number = 0
        self.village = village
        self.landmark = chance.choice(names.LANDMARKS)
        self.phone = names.telephone(chance) if chance.random() < 0.85 else None
        self.latrine = chance.random() < 0.9
        self.handwashing = chance.random() < 0.45
        self.treated_water = chance.random() < 0.6
        self.insured = chance.random() < 0.35
        self.water = chance.choices(_WATER, (45, 20, 12, 12, 8, 3))[0]
        self.refuse = chance.choices(_REFUSE, (50, 28, 15, 7))[0]
        self.registered_day: int | None = None
        self.described_day = 0
        self.spells: list[Spell] = []
        self.story: str | None = None

    @property
    def head(self) -> Person:
        """The head of the household."""
        return self.members[0]

    def here(self) -> list[Person]:
        """Members who live here now."""
        return [person for person in self.members if not person.gone]


def make_household(chance: random.Random, day: int, village: str) -> Household:
    """A household as it stands on a day."""
    shape = chance.choices(("couple", "mother", "grandparents", "single", "lodgers"), (55, 16, 11, 13, 5))[0]
    family = names.house(chance, "male")
    members: list[Person] = []

    def add(sex: str, age: float, relationship: str) -> Person:
        person = Person(chance, sex, int(day - age * YEAR), relationship, family)
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
    return Household(chance, members, village)


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
