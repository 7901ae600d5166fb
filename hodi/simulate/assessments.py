"""Assessments as the forms of the pack's programmes record them. Thresholds are those of the forms, so that
a simulated child is classed as a real one would be."""

from __future__ import annotations

import random

from hodi.simulate.answers import Answers, flag
from hodi.simulate.illness import Symptoms
from hodi.simulate.limits import limit, whole
from hodi.simulate.people import Person

UNDER_FIVE_DAYS = whole("under_five_days")
_TWO_MONTHS, _SIX_MONTHS = whole("young_infant_days"), whole("muac_from_days")
_TWELVE_MONTHS, _TWO_YEARS = whole("infant_days"), whole("length_below_days")
_SIGNS_YOUNG = (
    "not_feeding", "convulsions", "chest_indrawing", "no_movement", "yellow_soles", "cord_infected",
)  # fmt: skip
_SIGNS_CHILD = ("convulsions", "very_sleepy", "cannot_drink", "vomits_everything", "chest_indrawing")
_SIGNS_MEMBER = (
    "very_sleepy", "convulsions", "breathless", "cannot_drink", "cannot_stand", "severe_injury",
)  # fmt: skip
_SIGNS_MOTHER = (
    "vaginal_bleeding", "convulsions", "severe_headache", "blurred_vision", "abdominal_pain", "very_pale",
    "fever", "less_movement", "waters_broke", "swollen_face_hands", "breathless",
)  # fmt: skip


def under_five(
    person: Person, day: int, size: tuple[float, float, float | None], sick: Symptoms, chance: random.Random
) -> tuple[Answers, str | None, str]:
    """The assessment of a child under five: its answers, the reason to refer if there is one, and the
    class of that referral."""
    age = person.age_days(day)
    young = age < _TWO_MONTHS
    weight, length, muac = size
    says = Answers()
    _signs(
        says,
        "danger_young" if young else "danger_child",
        _SIGNS_YOUNG if young else _SIGNS_CHILD,
        sick.danger,
    )
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
    emergency = sign or (colour == "red" and ill) or (sick.fever and sick.days >= limit("fever_lasting_days"))
    says.flag("danger_sign", emergency or colour == "red")
    if not emergency and colour != "red" and not young:
        _treat(says, age, weight, fast, positive, sick)
    says.flag("caregiver_counselled", chance.random() < 0.9)
    if emergency:
        reason = "danger_sign" if sign else "malnutrition_severe" if colour == "red" else "cough_fever"
        return says, reason, "emergency"
    if colour == "red":
        return says, "malnutrition_severe", "urgent"
    if sick.fever and sick.days >= limit("fever_negative_days") and not positive and not young:
        return says, "cough_fever", "urgent"
    if colour == "yellow":
        return says, "malnutrition_moderate", "priority"
    return says, None, "routine"


def _signs(says: Answers, question: str, signs: tuple[str, ...], seen: str | None) -> None:
    # A question with several choices: each choice is a flag, the raw answer names those that were seen.
    for sign in signs:
        says.observations.append(flag(sign, sign == seen))
    says.body[question] = seen if seen in signs else "none"


def _breathing(says: Answers, age: int, young: bool, sick: Symptoms, chance: random.Random) -> bool:
    if sick.cough:
        says.number("cough_days", max(0, sick.days))
    if not sick.cough and not young:
        return False
    band = "young" if young else "infant" if age < _TWELVE_MONTHS else "child"
    many = limit(f"fast_breathing_{band}")
    fast = sick.fast and sick.cough
    breaths = int(many + abs(chance.gauss(6, 4)) if fast else many - 4 - abs(chance.gauss(6, 4)))
    says.body["breaths_counted"] = breaths
    says.number("breaths_per_min", breaths)
    says.flag("fast_breathing", fast)
    return fast


def _fever(says: Answers, young: bool, sick: Symptoms, chance: random.Random) -> bool:
    if sick.fever:
        says.number("fever_days", max(0, sick.days))
        says.number("temperature_c", _warm(chance))
    says.flag("fever", sick.fever)
    if not sick.fever or young:
        return False
    result = chance.choices(("negative", "positive", "not_done"), (78, 6, 16))[0]
    says.code("rdt_result", result)
    return result == "positive"


def _warm(chance: random.Random) -> float:
    """A fever that is not high."""
    most = limit("fever_high_c") - 0.1
    return round(min(most, limit("fever_c") + abs(chance.gauss(0.4, 0.3))), 1)


def _below(name: str) -> float:
    return limit(name) - 2


def _nutrition(
    says: Answers, age: int, weight: float, length: float, muac: float | None, *, ill: bool
) -> str:
    colour = "green"
    if muac is not None and age >= _SIX_MONTHS:
        colour = (
            "red" if muac < limit("muac_red_mm") else "yellow" if muac < limit("muac_yellow_mm") else "green"
        )
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
    if age >= _TWO_MONTHS:
        says.flag("tb_contact", False)
    says.flag("slept_under_net", chance.random() < 0.45)
    if age >= _TWO_MONTHS:
        says.flag("milestones_met", chance.random() < 0.99)


def _treat(says: Answers, age: int, weight: float, fast: bool, positive: bool, sick: Symptoms) -> None:
    if positive and weight >= limit("act_from_kg"):
        dose = 1 if weight < limit("act_two_from_kg") else 2
        says.number("act_tablets_per_dose", dose)
        _supplied(says, "act", "act_tablets_given", whole("act_doses") * dose)
    if fast:
        dose = whole(f"amoxicillin_{'infant' if age < _TWELVE_MONTHS else 'child'}_tablets")
        says.number("amoxicillin_tablets_per_dose", dose)
        _supplied(says, "amoxicillin", "amoxicillin_tablets_given", whole("amoxicillin_doses") * dose)
    if sick.diarrhoea:
        says.flag("ors_given", True)
        says.number("zinc_mg_per_day", limit("zinc_low_mg" if age < _SIX_MONTHS else "zinc_full_mg"))
        _supplied(says, "ors", "ors_sachets_given", 4)
        _supplied(says, "zinc", "zinc_tablets_given", whole("zinc_days"))


def _supplied(says: Answers, medicine: str, quantity: str, number: int) -> None:
    says.code(f"{medicine}_supply", "given")
    says.number(quantity, number)


def member_check(
    sick: Symptoms, mobility: tuple[int, float, int] | None, chance: random.Random
) -> tuple[Answers, str | None, str]:
    """The check of a member from five years: its answers, the reason to refer if there is one, and the
    class of that referral. `mobility`: walking level, seconds for five chair rises, falls."""
    says = Answers()
    _signs(says, "danger_signs", _SIGNS_MEMBER, None)
    says.flag("cough", sick.cough)
    says.body["fever_told"] = "yes" if sick.fever else "no"
    says.flag("diarrhoea", sick.diarrhoea)
    if sick.cough:
        says.number("cough_days", max(0, sick.days))
    if sick.fever:
        says.number("fever_days", max(0, sick.days))
        says.number("temperature_c", _warm(chance))
    says.flag("fever", sick.fever)
    negative = False
    if sick.fever:
        result = chance.choices(("negative", "positive", "not_done"), (80, 4, 16))[0]
        says.code("rdt_result", result)
        negative = result == "negative"
    if sick.diarrhoea:
        says.number("diarrhoea_days", max(1, sick.days))
    says.flag("tb_contact", False)
    unsteady = False
    if mobility is not None:
        walking, chair_rise_s, falls = mobility
        says.number("walking", walking)
        if walking < limit("walking_cannot"):
            says.number("chair_rise_s", chair_rise_s)
        says.number("falls", falls)
        unsteady = (
            chair_rise_s > limit("mob_decline_slow_s")
            or falls >= limit("mob_decline_falls")
            or walking >= limit("walking_hard")
        )
    says.flag("danger_sign", False)
    if negative and sick.days >= limit("fever_negative_days"):
        return says, "cough_fever", "urgent"
    if sick.cough and sick.days >= limit("tb_cough_days"):
        return says, "tb", "priority"
    return says, "mobility" if unsteady else None, "routine"


def antenatal_visit(
    day: int, kept: list[int], next_day: int | None, weeks: int, danger: str | None, chance: random.Random
) -> tuple[Answers, str | None, str]:
    """A call on a pregnant woman: its answers, the reason to refer if there is one, and the class of that
    referral. `kept`: days of the clinic contacts she has had."""
    says = Answers()
    _signs(says, "danger_signs", _SIGNS_MOTHER, danger)
    says.flag("handbook_seen", chance.random() < 0.85)
    says.body["clinic_visited"] = "yes" if kept else "no"
    if kept:
        says.number("antenatal_contacts_told", len(kept))
        says.day("antenatal_contact_day", kept[-1])
        if next_day is not None:
            says.day("antenatal_next_day", next_day)
    raised = danger in ("severe_headache", "blurred_vision", "swollen_face_hands")
    says.number(
        "bp_systolic_mmhg",
        int(
            min(
                max(chance.gauss(150 if raised else 112, 8), 85),
                _below("bp_systolic_raised_mmhg") + 30 * raised,
            )
        ),
    )
    says.number(
        "bp_diastolic_mmhg",
        int(
            min(
                max(chance.gauss(98 if raised else 71, 6), 50),
                _below("bp_diastolic_raised_mmhg") + 20 * raised,
            )
        ),
    )
    says.number("maternal_muac_mm", int(max(limit("maternal_muac_yellow_mm") + 2, chance.gauss(272, 22))))
    says.flag("iron_folate", bool(kept) and chance.random() < 0.92)
    says.number("tetanus_doses", min(2, len(kept)))
    says.flag("slept_under_net", chance.random() < 0.5)
    says.flag("birth_plan", weeks >= 24 and chance.random() < 0.7)
    says.flag("danger_sign", danger is not None)
    says.flag("caregiver_counselled", True)
    if danger is not None:
        return says, "danger_sign", "emergency"
    if not kept and weeks >= limit("antenatal_first_weeks"):
        late = weeks >= limit("anc_missed_none_weeks")
        return says, "antenatal_missed", "priority" if late else "routine"
    return says, None, "routine"
