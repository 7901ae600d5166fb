"""One call at a household: what is asked of whom, and what is written down."""

from __future__ import annotations

import random

from hodi.domain import DAY_MS
from hodi.simulate import answers, assessments, names
from hodi.simulate.answers import Answers
from hodi.simulate.bodies import measure
from hodi.simulate.illness import WELL, Symptoms
from hodi.simulate.limits import limit
from hodi.simulate.people import Household, Person, Pregnancy
from hodi.simulate.recorder import Recorder
from hodi.simulate.referrals import Desk

_NOON_MS = 9 * 3_600_000  # noon in Kenya, after midnight UTC
_DWELLING_EVERY_DAYS = 170
_MEMBERS_AT_HOME = 0.3  # of those who are well: asked at a call
_REFERRED = {"emergency": 0.95, "urgent": 0.7, "priority": 0.5, "routine": 0.08}
"""How often a promoter makes the referral that the form proposes."""
_SLIPS = 0.004  # assessments with a mistyped weight that is corrected at once
_SIGNS = ("vaginal_bleeding", "severe_headache", "swollen_face_hands", "abdominal_pain", "less_movement")


def visit(
    household: Household, day: int, at: int, recorder: Recorder, desk: Desk, chance: random.Random
) -> int | None:
    """Call at a household at a time (ms); gives after how many days to come again, if that is needed."""
    recorder.begin(at)
    fresh = household.registered_day is None
    outcome = "done"
    if not fresh and household.story is None:
        outcome = chance.choices(("done", "nobody_home", "refused"), (91, 8, 1))[0]
    if fresh:
        _register(household, day, recorder, chance)
    number = recorder.number()
    says = Answers()
    says.code("visit_outcome", outcome)
    recorder.write("visit.made", household.number, visit=number, says=says, id_=number, minutes=1)
    if outcome != "done":
        return None
    if not fresh and day - household.described_day >= _DWELLING_EVERY_DAYS:
        _look_around(household, day, number, recorder, chance)
    again: int | None = None
    for person in household.here():
        if person.birth_day > day or not person.number:
            continue
        sick = _symptoms(household, person, day)
        if person.age_days(day) < assessments.UNDER_FIVE_DAYS:
            again = _child(household, person, day, number, sick, recorder, desk, chance) or again
        else:
            _member(household, person, day, number, sick, recorder, desk, chance)
        if person.pregnancies:
            _mother(household, person, day, number, recorder, desk, chance)
    if not fresh and household.story is None:
        _life(household, day, number, recorder, chance)
    return again


def _register(household: Household, day: int, recorder: Recorder, chance: random.Random) -> None:
    household.number = recorder.number()
    household.registered_day = household.described_day = day
    recorder.write(
        "household.registered",
        household.number,
        form="household_registration",
        says=answers.household_registration(household),
        minutes=5,
    )
    for person in household.members:
        _enter(household, person, recorder, chance)


def _enter(
    household: Household, person: Person, recorder: Recorder, chance: random.Random, visit_: int | None = None
) -> None:
    person.number = recorder.number()
    adult = person.age(recorder.free_at // DAY_MS) >= 18
    phone = names.telephone(chance) if adult and chance.random() < 0.75 else None
    recorder.write(
        "person.registered",
        household.number,
        person=person.number,
        visit=visit_,
        form="member_registration",
        says=answers.member_registration(person, phone, recorder.free_at // DAY_MS),
        minutes=1.5,
    )


def _look_around(
    household: Household, day: int, number: int, recorder: Recorder, chance: random.Random
) -> None:
    household.described_day = day
    household.latrine = household.latrine or chance.random() < 0.2
    household.handwashing = household.handwashing or chance.random() < 0.2
    household.treated_water = chance.random() < 0.6
    recorder.write(
        "household.described",
        household.number,
        visit=number,
        says=answers.household_description(household),
        minutes=2,
    )


def _symptoms(household: Household, person: Person, day: int) -> Symptoms:
    for spell in household.spells:
        if spell.person is person:
            now = spell.on(day)
            if now is not None:
                return now
    return WELL


def _child(
    household: Household, child: Person, day: int, number: int, sick: Symptoms, recorder: Recorder,
    desk: Desk, chance: random.Random,
) -> int | None:  # fmt: skip
    size = measure(child.track, child.sex, child.age_days(day), day, chance)
    says, reason, class_ = assessments.under_five(child, day, size, sick, chance)
    slip = chance.random() < _SLIPS
    right = says.put("weight_kg", round(size[0] + 5, 1)) if slip else None
    event = recorder.write(
        "assessment.recorded",
        household.number,
        person=child.number,
        visit=number,
        form="under_five_assessment",
        says=says,
        minutes=8,
    )
    if right is not None:
        says = says.copy()
        says.put("weight_kg", right)
        recorder.write(
            "event.corrected",
            household.number,
            person=child.number,
            visit=number,
            form="under_five_assessment",
            target=event,
            says=says,
            minutes=2,
        )
    if household.story is not None:
        # In a story nobody is referred but the child that it is about.
        about = household.story in ("no_show", "referred", "outcome") and sick.fever
        reason = "cough_fever" if about else None
        class_ = "priority" if household.story == "referred" else "urgent"
    elif reason is None and child.track.declining(day) and chance.random() < 0.3:
        reason, class_ = "growth", "priority"
    if reason is None or child.referral is not None or (chance.random() < 0.08 and household.story is None):
        return None
    desk.refer(household, child, reason, class_, number, recorder, _given(says))
    return 14 if reason.startswith("malnutrition") else None


def _given(says: Answers) -> str | None:
    if "amoxicillin_tablets_per_dose" in says.body:
        return f"Amoxicillin 250 mg × {says.body['amoxicillin_tablets_per_dose']}, first dose"
    if "ors_given" in says.body:
        return "ORS, zinc"
    return None


def _mother(
    household: Household,
    woman: Person,
    day: int,
    number: int,
    recorder: Recorder,
    desk: Desk,
    chance: random.Random,
) -> None:
    pregnancy = woman.pregnancies[0]
    if pregnancy.birth_day <= day:
        if pregnancy.number:
            _ended(household, woman, pregnancy, number, recorder, chance)
        woman.pregnancies.pop(0)
        return
    if day < pregnancy.told_day:
        return
    if not pregnancy.number:
        source = chance.choices(("period", "handbook", "ultrasound"), (62, 28, 10))[0]
        pregnancy.number = recorder.number()
        recorder.write(
            "pregnancy.registered",
            household.number,
            person=woman.number,
            visit=number,
            form="antenatal_visit",
            says=answers.pregnancy_registration(pregnancy.lmp_day, source),
            id_=pregnancy.number,
            minutes=3,
        )
    kept = pregnancy.kept(day)
    later = [one for one in pregnancy.contacts if one > day]
    weeks = (day - pregnancy.lmp_day) // 7
    danger = None
    if pregnancy.danger_day is not None and 0 <= day - pregnancy.danger_day < 30:
        danger, pregnancy.danger_day = chance.choice(_SIGNS if weeks >= 20 else _SIGNS[:3]), None
    next_day = later[0] if later and kept else None
    says, reason, class_ = assessments.antenatal_visit(day, kept, next_day, weeks, danger, chance)
    recorder.write(
        "assessment.recorded",
        household.number,
        person=woman.number,
        visit=number,
        form="antenatal_visit",
        target=pregnancy.number,
        says=says,
        minutes=7,
    )
    if reason is None or woman.referral is not None or household.story is not None:
        return
    if chance.random() < _REFERRED[class_]:
        desk.refer(household, woman, reason, class_, number, recorder)


def _ended(
    household: Household,
    woman: Person,
    pregnancy: Pregnancy,
    number: int,
    recorder: Recorder,
    chance: random.Random,
) -> None:
    outcome = "miscarriage" if pregnancy.lost else chance.choices(("live_birth", "stillbirth"), (98, 2))[0]
    says = Answers()
    says.code("pregnancy_outcome", outcome)
    recorder.write(
        "pregnancy.ended",
        household.number,
        person=woman.number,
        visit=number,
        target=pregnancy.number,
        says=says,
        occurred_at=pregnancy.birth_day * DAY_MS + _NOON_MS,
        minutes=3,
    )
    if outcome == "live_birth":
        relation = "child" if woman.relationship in ("head", "spouse") else "grandchild"
        baby = Person(
            chance, chance.choice(("male", "female")), pregnancy.birth_day, relation, woman.family_name
        )
        baby.estimated = False
        household.members.append(baby)
        _enter(household, baby, recorder, chance, number)


def _member(
    household: Household,
    person: Person,
    day: int,
    number: int,
    sick: Symptoms,
    recorder: Recorder,
    desk: Desk,
    chance: random.Random,
) -> None:
    # Those who are ill, the old, and of the others those who are at home.
    mobility = None
    frailty = person.frailty
    if frailty is not None and person.age(day) >= limit("mob_decline_age_years") and frailty.due(day):
        frailty.checked_day = day
        mobility = frailty.at(day, chance)
    if mobility is None and sick is WELL and chance.random() > _MEMBERS_AT_HOME:
        return
    says, reason, class_ = assessments.member_check(sick, mobility, chance)
    recorder.write(
        "assessment.recorded",
        household.number,
        person=person.number,
        visit=number,
        form="member_check",
        says=says,
        minutes=4,
    )
    if reason is None or person.referral is not None or household.story is not None:
        return
    if chance.random() < _REFERRED[class_]:
        desk.refer(household, person, reason, class_, number, recorder)


def _life(household: Household, day: int, number: int, recorder: Recorder, chance: random.Random) -> None:
    # Somebody moves away, or an old person dies: seldom, and only told at a later call.
    for person in household.here():
        if person is household.head or not person.number or person.pregnancies:
            continue
        age = person.age(day)
        if 17 < age < 30 and chance.random() < 0.004:
            says = Answers()
            says.code("state_reason", "moved")
            recorder.write("person.left", household.number, person=person.number, visit=number, says=says)
            person.gone = True
        elif age > 65 and chance.random() < 0.006 * (age - 60) / 10:
            says = Answers()
            says.code("state_reason", "died")
            recorder.write(
                "person.died",
                household.number,
                person=person.number,
                visit=number,
                says=says,
                occurred_at=(day - chance.randrange(1, 20)) * DAY_MS + _NOON_MS,
            )
            person.gone = True
