"""Made-up histories with everything in them that the fold knows: late and doubled visits, corrections,
retractions of all sorts, moves, pregnancies, referrals with evidence of every grade, answers. Not
plausible (hodi/simulate is), but thorough, and the same for a seed."""

from __future__ import annotations

import random

from hodi.domain import Event
from tests.contract.chains import consent, followed_up, referral
from tests.contract.told import Told, instant


def histories(*, seed: int, households: int, months: int) -> tuple[list[Event], int]:
    """Events in the order in which they were stated, and the instant (ms) at which to look at them."""
    chance = random.Random(seed)
    told = Told()
    for _ in range(households):
        _household(told, chance, months)
    return told.events, instant(months * 30 + 1)


def _household(told: Told, chance: random.Random, months: int) -> None:
    household = told.household(-1_500, village="Mtaa", latrine=chance.randrange(2))
    child = told.member(
        household,
        sex=chance.choice(("female", "male", "intersex")),
        birth_day=chance.randrange(-1_700, -20),
        birth_estimated=chance.randrange(2),
    )
    mother = told.member(household, sex="female", birth_day=-9_500)
    elder = told.member(household, sex="male", birth_day=chance.randrange(-30_000, -21_800), disability=0)
    weight, muac, walking = 6 + chance.random() * 6, 118 + chance.random() * 30, 1
    pregnancy = None
    for month in range(months):
        day = month * 30 + chance.randrange(12)
        visit = told.say(
            "visit.made",
            day,
            household=household,
            visit_outcome=chance.choice(("done", "done", "done", "nobody_home", "refused")),
        )
        weight += chance.gauss(0.05, 0.2)
        muac += chance.gauss(-0.5, 2.5)
        walking = min(4, max(1, walking + chance.choice((0, 0, 0, 1, -1))))
        ill = chance.random() < 0.3
        assessment = told.say(
            "assessment.recorded",
            day,
            household=household,
            person=child,
            visit=visit,
            form="form",
            cough=int(ill),
            fever=int(ill and chance.random() < 0.8),
            diarrhoea=int(chance.random() < 0.1),
            amoxicillin_supply=chance.choice(("given", "out_of_stock")),
            amoxicillin_tablets_given=10,
            **(
                {"cough_days": chance.randrange(9), "breaths_per_min": chance.randrange(25, 70)}
                if ill
                else {}
            ),
            **({"fever_days": chance.randrange(9), "temperature_c": 36 + chance.random() * 4} if ill else {}),
            weight_kg=round(max(2.0, weight), 1),
            muac_mm=max(60, round(muac)),
            length_cm=round(45 + chance.random() * 70, 1),
            measured_position=chance.choice(("lying", "standing")),
            oedema=int(chance.random() < 0.03),
        )
        if ill and chance.random() < 0.6:
            told.assessment(
                household,
                mother,
                day,
                cough=1,
                fever=1,
                cough_days=chance.randrange(6),
                convulsions=int(chance.random() < 0.1),
            )
        told.assessment(
            household,
            elder,
            day + chance.randrange(3),
            walking=walking,
            chair_rise_s=round(9 + chance.random() * 9, 1),
            falls=int(chance.random() < 0.2),
        )
        pregnancy = _pregnancy(told, chance, household, mother, day, pregnancy)
        _amend(told, chance, household, assessment, visit, day)
        if chance.random() < 0.25:
            referral(
                told, chance, household, chance.choice((child, mother, elder)), day,
                classes=("emergency", "urgent", "priority", "routine"), reason="growth",
            )  # fmt: skip
        if chance.random() < 0.2:
            code = chance.choice(("NUT_DECLINE", "RESP_CLUSTER", "MOB_DECLINE"))
            person = {"NUT_DECLINE": child, "MOB_DECLINE": elder}.get(code)
            told.say(
                "signal.answered",
                day + chance.randrange(25),
                household=household,
                person=person,
                signal_code=code,
                signal_answer=chance.choice(("acknowledged", "acted", "dismissed")),
                answer_reason="sababu",
            )
        if chance.random() < 0.1:
            told.say(
                "task.dismissed",
                day + chance.randrange(25),
                household=household,
                person=chance.choice((child, None)),
                task_code=chance.choice(("NUT_FOLLOW_UP", "HOUSEHOLD_VISIT")),
                task_episode=assessment,
                answer_reason="sababu",
            )
        if chance.random() < 0.1:
            told.say("household.described", day, household=household, treated_water=chance.randrange(2))
        if chance.random() < 0.1:
            told.say(
                "person.described", day, household=household, person=child, birth_day=-chance.randrange(900)
            )
    if chance.random() < 0.15:
        kind = chance.choice(("person.left", "person.died"))
        told.say(kind, months * 30, household=household, person=chance.choice((child, elder)))
    followed_up(told, household, mother, months * 30 + 15, reason="growth")
    _departure(told, random.Random(f"leaving {household}"), household, elder, months * 30 - 12)
    consent(told, random.Random(f"nod {household}"), household, child, months * 30)
    if chance.random() < 0.1:
        told.say("household.moved", months * 30, household=household, to_unit=1, to_area=3)


def _departure(told: Told, chance: random.Random, household: int, elder: int, day: int) -> None:
    if chance.random() < 0.6:
        return
    kind = chance.choice(("person.left", "person.died"))
    states = {"death_place": "home", "maternal_death": 0} if kind == "person.died" else {"moved_to": "nearby"}
    about = {"household": household, "person": elder}
    gone = told.say(kind, day, **about, departed_day=day - chance.randrange(20), **states)
    for _ in range(chance.randrange(1, 3)):
        verdict = chance.choice(("sent_back", "sent_back", "approved"))
        told.say(
            "departure.reviewed", day + chance.randrange(1, 9), **about, target=gone,
            departure_verdict=verdict, answer_reason="sababu",
        )  # fmt: skip
    if chance.random() < 0.3:
        told.say("person.left", day + 20, **about)


def _pregnancy(
    told: Told,
    chance: random.Random,
    household: int,
    mother: int,
    day: int,
    pregnancy: tuple[int, int] | None,
) -> tuple[int, int] | None:
    if pregnancy is None:
        if chance.random() > 0.3:
            return None
        start = day - chance.randrange(20, 120)
        stated = {"lmp_day": start} if chance.random() < 0.5 else {}
        source = "period" if stated else chance.choice(("handbook", "ultrasound"))
        id_ = told.say(
            "pregnancy.registered",
            day,
            household=household,
            person=mother,
            edd_day=start + 280,
            edd_source=source,
            **stated,
        )
        return id_, start
    id_, start = pregnancy
    if day > start + 265 or chance.random() < 0.03:
        told.say(
            "pregnancy.ended",
            day,
            household=household,
            person=mother,
            target=id_,
            pregnancy_outcome=chance.choice(("live_birth", "stillbirth", "miscarriage")),
        )
        return None
    contacts = max(0, (day - start) // 45 - 1)
    states: dict[str, object] = {"antenatal_contacts_told": contacts, "iron_folate": 1}
    if contacts:
        states["antenatal_contact_day"] = day - chance.randrange(25)
    if chance.random() < 0.5:
        states["antenatal_next_day"] = day + chance.randrange(5, 40)
    if chance.random() < 0.1:
        states |= {"edd_day": start + 280 + chance.randrange(-9, 9), "edd_source": "ultrasound"}
    if chance.random() < 0.2:
        states |= {
            "bp_systolic_mmhg": chance.randrange(100, 160),
            "bp_diastolic_mmhg": chance.randrange(60, 100),
        }
    told.assessment(household, mother, day, **states)
    return pregnancy


def _amend(told: Told, chance: random.Random, household: int, assessment: int, visit: int, day: int) -> None:
    """Corrections and retractions, and retractions of those."""
    dice = chance.random()
    if dice < 0.1:
        corrected = told.say(
            "event.corrected",
            day + 2,
            household=household,
            target=assessment,
            weight_kg=round(5 + chance.random() * 8, 1),
            cough=1,
            fever=1,
        )
        if chance.random() < 0.3:
            told.say("event.corrected", day + 3, household=household, target=assessment, muac_mm=131)
        if chance.random() < 0.4:
            told.say("event.retracted", day + 4, household=household, target=corrected)
    elif dice < 0.15:
        retracted = told.say("event.retracted", day + 2, household=household, target=assessment)
        if chance.random() < 0.3:
            told.say("event.retracted", day + 3, household=household, target=retracted)
    elif dice < 0.18:
        told.say("event.retracted", day, household=household, target=visit)
