"""Answers as the forms of the pack's programmes state them: observations in the order of the questions,
and the raw answers beside them. Here the register's forms; the assessments have a module of their own."""

from __future__ import annotations

import functools

from hodi.domain import Observation
from hodi.simulate.limits import limit
from hodi.simulate.people import Household, Person

Values = dict[str, object]


class Answers:
    """What a form was answered with."""

    __slots__ = ("body", "observations")

    def __init__(self) -> None:
        self.observations: list[Observation] = []
        self.body: Values = {}

    def flag(self, concept: str, truth: bool) -> None:
        """A yes or a no."""
        self.observations.append(flag(concept, truth))
        self.body[concept] = "yes" if truth else "no"

    def number(self, concept: str, value: float) -> None:
        """A number."""
        self.observations.append(Observation(concept=concept, number=value))
        self.body[concept] = value

    def day(self, concept: str, value: int) -> None:
        """A day."""
        self.observations.append(Observation(concept=concept, number=value))
        self.body[concept] = value

    def code(self, concept: str, value: str) -> None:
        """One of a list."""
        self.observations.append(code(concept, value))
        self.body[concept] = value

    def text(self, concept: str, value: str | None) -> None:
        """Free text, if there is any."""
        if value:
            self.observations.append(Observation(concept=concept, text=value))
            self.body[concept] = value

    def put(self, concept: str, value: float) -> float:
        """Replace the number that an answer gave; gives the old one."""
        before = self.body[concept]
        assert isinstance(before, int | float)
        self.body[concept] = value
        self.observations = [
            Observation(concept=concept, number=value) if one.concept == concept else one
            for one in self.observations
        ]
        return before

    def copy(self) -> Answers:
        """The same answers, to be changed."""
        twin = Answers()
        twin.observations, twin.body = list(self.observations), dict(self.body)
        return twin


@functools.cache
def flag(concept: str, truth: bool) -> Observation:
    return Observation(concept=concept, number=int(truth))


@functools.cache
def code(concept: str, value: str) -> Observation:
    return Observation(concept=concept, code=value)


def household_registration(household: Household) -> Answers:
    """The household's page of the register."""
    head = household.head
    says = Answers()
    says.code("consent", "given")
    says.text("head_name", f"{head.given_name} {head.house_name}")
    says.text("village", household.village)
    says.text("landmark", household.landmark)
    says.text("household_phone", household.phone)
    says.flag("latrine", household.latrine)
    says.flag("handwashing", household.handwashing)
    says.code("water_source", household.water)
    says.flag("treated_water", household.treated_water)
    says.code("refuse_disposal", household.refuse)
    says.code("insurance", "sha" if household.insured else "none")
    if household.insured:
        says.flag("insured", True)
    return says


def household_description(household: Household) -> Answers:
    """Water and hygiene, asked again."""
    says = Answers()
    says.flag("latrine", household.latrine)
    says.flag("handwashing", household.handwashing)
    says.flag("treated_water", household.treated_water)
    return says


def member_registration(person: Person, phone: str | None, day: int) -> Answers:
    """A member's line of the register."""
    years = person.age(day)
    says = Answers()
    says.text("given_name", person.given_name)
    says.text("middle_name", person.house_name)
    says.text("family_name", person.family_name)
    says.code("sex", person.sex)
    says.day("birth_day", person.birth_day)
    says.flag("birth_estimated", person.estimated)
    says.code("relationship", person.relationship)
    says.code("consent", "given")
    says.text("person_phone", phone)
    if years >= 5:
        says.flag("disability", person.disabled)
    says.code("chronic_illness", person.chronic)
    if person.sex == "female" and limit("fertile_from_years") <= years < limit("fertile_before_years"):
        says.flag("pregnant", False)
    return says


def pregnancy_registration(lmp_day: int, source: str) -> Answers:
    """A pregnancy as first told. `source`: where the expected day of delivery comes from."""
    says = Answers()
    says.body["dating_known"] = source
    if source == "period":
        says.day("lmp_day", lmp_day)
    says.day("edd_day", lmp_day + 280)
    says.code("edd_source", source)
    return says
