"""Made-up histories of the example country, as thorough as those of histories.py: houses with and without
larvae, fevers, referrals, corrections, retractions, moves, and visits in the hours around the days on which
the clocks go forward and back."""

from __future__ import annotations

import random

from hodi.domain import Event
from tests.contract.chains import consent, followed_up, referral
from tests.contract.told import IN_COSTA_CLARA, Told

LONG_DAY, SHORT_DAY = 14, 168
"""Days of 25 and of 23 hours, counted from the country's day 0."""


def histories(*, seed: int, households: int, months: int) -> tuple[list[Event], int]:
    """Events in the order in which they were stated, and the instant (ms) at which to look at them."""
    chance = random.Random(seed)
    told = Told(country=IN_COSTA_CLARA)
    for _ in range(households):
        _household(told, chance, months)
    return told.events, IN_COSTA_CLARA.instant(months * 30 + 1)


def _household(told: Told, chance: random.Random, months: int) -> None:
    household = told.household(-900, village="Bairro")
    born = {"birth_day": chance.randrange(-1_700, -20), "birth_estimated": chance.randrange(2)}
    child = told.member(household, sex=chance.choice(("female", "male")), **born)
    mother = told.member(household, sex="female", birth_day=-9_500)
    days = [month * 30 + chance.randrange(12) for month in range(months)]
    turns = [day for day in (LONG_DAY, SHORT_DAY) if day < months * 30]
    # The first and the last hour of the day before, of the day itself, and of the day after.
    hours = [day + 1 / 48 + chance.choice((-1, 0, 1)) + chance.choice((0, 22 / 24)) for day in turns]
    for day in sorted((*days, *hours)):
        _call(told, chance, household, (child, mother), day)
    if months > 1:
        followed_up(told, household, mother, months * 30 - 20, reason="other")
    if chance.random() < 0.3:
        about = {"household": household, "person": mother}
        gone = told.say(
            "person.left", months * 30 - 2, **about, state_reason="moved", departed_day=months * 30 - 9
        )
        verdict = chance.choice(("approved", "sent_back"))
        told.say(
            "departure.reviewed", months * 30 - 1, **about, target=gone, departure_verdict=verdict,
            answer_reason="motivo",
        )  # fmt: skip
    consent(told, random.Random(f"nod {household}"), household, child, months * 30)
    if chance.random() < 0.1:
        told.say("household.moved", months * 30, household=household, to_unit=1, to_area=3)


def _call(told: Told, chance: random.Random, household: int, members: tuple[int, int], day: float) -> None:
    outcome = chance.choice(("done", "done", "nobody_home", "refused"))
    visit = told.say("visit.made", day, household=household, visit_outcome=outcome)
    seen = chance.randrange(1, 12)
    looked = told.say(
        "household.described", day, household=household, visit=visit, form="home_inspection",
        containers_seen=seen, containers_larvae=chance.choice((0, 1, seen)), tank_covered=chance.randrange(2),
    )  # fmt: skip
    dice = chance.random()
    if dice < 0.2:
        corrected = told.say(
            "event.corrected", day + 2, household=household, target=looked, containers_larvae=0
        )
        if chance.random() < 0.4:
            told.say("event.retracted", day + 3, household=household, target=corrected)
    elif dice < 0.3:
        told.say("event.retracted", day + 2, household=household, target=chance.choice((looked, visit)))
    person = chance.choice(members)
    if chance.random() < 0.4:
        told.say(
            "assessment.recorded", day, household=household, person=person, visit=visit, form="fever_check",
            fever=1, fever_days=chance.randrange(9), dengue_warning=chance.randrange(2),
        )  # fmt: skip
        referral(
            told, chance, household, person, int(day), classes=("emergency", "urgent", "routine"),
            reason="dengue_fever",
        )  # fmt: skip
    if chance.random() < 0.2:
        told.say(
            "signal.answered", day + chance.randrange(25), household=household, signal_code="LARVAE_AGAIN",
            signal_answer=chance.choice(("acknowledged", "acted", "dismissed")), answer_reason="motivo",
        )  # fmt: skip
    if chance.random() < 0.2:
        told.say(
            "task.dismissed", day + chance.randrange(25), household=household, answer_reason="motivo",
            task_code=chance.choice(("INSPECTION", "HOUSEHOLD_VISIT")), task_episode=looked,
        )  # fmt: skip
