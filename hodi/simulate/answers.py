"""Answers as the forms of content/kenya/forms state them: observations in the order of the questions, and
the raw answers beside them. Thresholds are those of the forms, so that a simulated child is classed as a
real one would be."""

from __future__ import annotations

import functools
import random

from hodi.domain import Observation
from hodi.simulate.illness import Symptoms
from hodi.simulate.people import Household, Person

Values = dict[str, object]

UNDER_FIVE_DAYS = 1826
_TWO_MONTHS, _SIX_MONTHS, _NINE_MONTHS, _TWELVE_MONTHS, _TWO_YEARS = 61, 183, 274, 366, 731
_SIGNS_YOUNG = (
    "not_feeding",
    "convulsions",
    "chest_indrawing",
    "no_movement",
    "yellow_soles",
    "cord_infected",
)
_SIGNS_CHILD = ("convulsions", "very_sleepy", "cannot_drink", "vomits_everything", "chest_indrawing")


class Answers:
    """What a form was answered with."""

    __slots__ = ("body", "observations")

    def __init__(self) -> None:
        self.observations: list[Observation] = []
        self.body: Values = {}

    def flag(self, concept: str, truth: bool) -> None:
        """A yes or a no."""
        self.observations.append(_flag(concept, truth))
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
        self.observations.append(_code(concept, value))
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
def _flag(concept: str, truth: bool) -> Observation:
    return Observation(concept=concept, number=int(truth))


@functools.cache
def _code(concept: str, value: str) -> Observation:
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


def member_registration(person: Person, phone: str | None) -> Answers:
    """A member's line of the register."""
    says = Answers()
    says.text("given_name", person.given_name)
    says.text("middle_name", person.house_name)
    says.text("family_name", person.family_name)
    says.code("sex", person.sex)
    says.day("birth_day", person.birth_day)
    says.flag("birth_estimated", person.estimated)
    says.code("relationship", person.relationship)
    says.text("person_phone", phone)
    return says


def under_five(
    person: Person, day: int, size: tuple[float, float, float | None], sick: Symptoms, chance: random.Random
) -> tuple[Answers, str | None, str]:
    """The assessment of a child under five: its answers, the reason to refer if there is one, and the
    class of that referral."""
    age = person.age_days(day)
    young = age < _TWO_MONTHS
    weight, length, muac = size
    says = Answers()
    _danger_signs(says, young, sick)
    says.flag("cough", sick.cough)
    says.body["fever_told"] = "yes" if sick.fever else "no"
    says.flag("diarrhoea", sick.diarrhoea)
    fast = _breathing(says, age, young, sick, chance)
    positive = _fever(says, young, sick, chance)
    if sick.diarrhoea:
        says.number("diarrhoea_days", max(1, sick.days))
        says.flag("blood_in_stool", False)
    ill = sick.cough or sick.fever or sick.diarrhoea
    colour = _nutrition(says, age, weight, length, muac, ill=ill)
    _prevention(says, age, chance)
    sign = sick.danger is not None or (young and fast)
    emergency = sign or (colour == "red" and ill) or (sick.fever and sick.days >= 7)
    says.flag("danger_sign", emergency or colour == "red")
    if not emergency and colour != "red" and not young:
        _treat(says, age, weight, fast, positive, sick)
    says.flag("caregiver_counselled", chance.random() < 0.9)
    if emergency:
        reason = "danger_sign" if sign else "malnutrition_severe" if colour == "red" else "cough_fever"
        return says, reason, "emergency"
    if colour == "red":
        return says, "malnutrition_severe", "urgent"
    if sick.fever and sick.days >= 3 and not positive and not young:
        return says, "cough_fever", "urgent"
    if colour == "yellow":
        return says, "malnutrition_moderate", "priority"
    return says, None, "routine"


def _danger_signs(says: Answers, young: bool, sick: Symptoms) -> None:
    signs = _SIGNS_YOUNG if young else _SIGNS_CHILD
    for sign in signs:
        says.flag(sign, sign == sick.danger)
        del says.body[sign]
    says.body["danger_young" if young else "danger_child"] = sick.danger if sick.danger in signs else "none"


def _breathing(says: Answers, age: int, young: bool, sick: Symptoms, chance: random.Random) -> bool:
    if sick.cough:
        says.number("cough_days", max(0, sick.days))
    if not sick.cough and not young:
        return False
    limit = 60 if young else 50 if age < _TWELVE_MONTHS else 40
    fast = sick.fast and sick.cough
    breaths = int(limit + abs(chance.gauss(6, 4)) if fast else limit - 4 - abs(chance.gauss(6, 4)))
    says.body["breaths_counted"] = breaths
    says.number("breaths_per_min", breaths)
    says.flag("fast_breathing", fast)
    return fast


def _fever(says: Answers, young: bool, sick: Symptoms, chance: random.Random) -> bool:
    if sick.fever:
        says.number("fever_days", max(0, sick.days))
        says.number("temperature_c", round(min(38.4, 37.5 + abs(chance.gauss(0.4, 0.3))), 1))
    says.flag("fever", sick.fever)
    if not sick.fever or young:
        return False
    result = chance.choices(("negative", "positive", "not_done"), (78, 6, 16))[0]
    says.code("rdt_result", result)
    return result == "positive"


def _nutrition(
    says: Answers, age: int, weight: float, length: float, muac: float | None, *, ill: bool
) -> str:
    colour = "green"
    if muac is not None and age >= _SIX_MONTHS:
        colour = "red" if muac < 115 else "yellow" if muac < 125 else "green"
        says.number("muac_mm", muac)
        says.code("muac_colour", colour)
    if age >= _TWO_MONTHS:
        says.flag("oedema", False)
    if colour == "red":
        says.flag("poor_appetite", ill)
    says.number("weight_kg", weight)
    says.number("length_cm", length)
    says.code("measured_position", "lying" if age < _TWO_YEARS else "standing")
    return colour


def _prevention(says: Answers, age: int, chance: random.Random) -> None:
    says.flag("handbook_seen", chance.random() < 0.86)
    says.flag("immunisation_up_to_date", chance.random() < 0.9)
    if age >= _SIX_MONTHS:
        says.flag("vitamin_a_6_months", chance.random() < 0.8)
    if age >= _TWELVE_MONTHS:
        says.flag("dewormed_6_months", chance.random() < 0.7)
    if age < _SIX_MONTHS:
        says.flag("breastfed_only", chance.random() < 0.6)
    says.flag("slept_under_net", chance.random() < 0.45)
    if age >= _TWO_MONTHS:
        says.flag("milestones_met", chance.random() < 0.99)


def _treat(says: Answers, age: int, weight: float, fast: bool, positive: bool, sick: Symptoms) -> None:
    if positive and weight >= 5:
        says.number("act_tablets_per_dose", 1 if weight < 15 else 2)
    if fast:
        says.number("amoxicillin_tablets_per_dose", 1 if age < _TWELVE_MONTHS else 2)
    if sick.diarrhoea:
        says.flag("ors_given", True)
        says.number("zinc_mg_per_day", 10 if age < _SIX_MONTHS else 20)


def over_five(sick: Symptoms) -> Answers:
    """Symptoms of an older member who is ill."""
    says = Answers()
    says.flag("cough", sick.cough)
    if sick.cough:
        says.number("cough_days", max(0, sick.days))
        says.flag("fast_breathing", sick.fast)
    says.flag("fever", sick.fever)
    if sick.fever:
        says.number("fever_days", max(0, sick.days))
    says.flag("diarrhoea", sick.diarrhoea)
    return says


def older_person(walking: int, chair_rise_s: float, falls: int) -> Answers:
    """The mobility check of a person of sixty or more."""
    says = Answers()
    says.number("walking", walking)
    says.number("chair_rise_s", chair_rise_s)
    says.number("falls", falls)
    return says


def pregnancy_registration(lmp_day: int, source: str) -> Answers:
    """A pregnancy as first told. `source`: where the expected day of delivery comes from."""
    says = Answers()
    if source == "period":
        says.day("lmp_day", lmp_day)
    says.day("edd_day", lmp_day + 280)
    says.code("edd_source", source)
    return says


def antenatal_visit(
    day: int, kept: list[int], next_day: int | None, weeks: int, danger: str | None, chance: random.Random
) -> Answers:
    """A call on a pregnant woman. `kept`: days of the clinic contacts she has had."""
    says = Answers()
    says.number("antenatal_contacts_told", len(kept))
    if kept:
        says.day("antenatal_contact_day", kept[-1])
    if next_day is not None and next_day > day:
        says.day("antenatal_next_day", next_day)
    says.flag("handbook_seen", chance.random() < 0.85)
    for sign in ("vaginal_bleeding", "severe_headache", "blurred_vision", "convulsions", "abdominal_pain",
                 "very_pale", "fever", "waters_broke", "swollen_face_hands", "breathless"):  # fmt: skip
        says.flag(sign, sign == danger)
    if weeks >= 20:
        says.flag("less_movement", danger == "less_movement")
    says.flag("danger_sign", danger is not None)
    raised = danger in ("severe_headache", "blurred_vision", "swollen_face_hands")
    says.number("bp_systolic_mmhg", int(chance.gauss(152 if raised else 112, 8)))
    says.number("bp_diastolic_mmhg", int(chance.gauss(98 if raised else 71, 6)))
    says.flag("iron_folate", bool(kept) and chance.random() < 0.85)
    says.number("tetanus_doses", min(2, len(kept)))
    says.flag("slept_under_net", chance.random() < 0.5)
    says.flag("birth_plan", weeks >= 24 and chance.random() < 0.7)
    return says
