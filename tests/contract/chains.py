"""Chains of events that the made-up histories of every country have: consent, referrals and their steps."""

from __future__ import annotations

import random

from tests.contract.told import Told

_GRADES = ("facility_record", "facility_desk", "slip", "promoter_saw", "client_says")


def followed_up(told: Told, household: int, person: int, day: int, *, reason: str) -> None:
    """A referral that ended with a day on which to come back."""
    about: dict[str, int] = {"household": household, "person": person}
    times = {
        "referral_due_at": told.country.instant(day + 1),
        "referral_escalate_at": told.country.instant(day + 3),
    }
    made = told.say(
        "referral.made", day, **about, referral_code="KX38", referral_class="routine",
        referral_reason=reason, referral_facility="90004", **times,
    )  # fmt: skip
    back = {
        "referral_due_at": told.country.instant(day + 45),
        "referral_escalate_at": told.country.instant(day + 49),
        "return_day": day + 42,
    }
    told.say(
        "referral.seen",
        day + 15,
        **about,
        target=made,
        referral_outcome="treated",
        evidence="facility_desk",
        **back,
    )


def consent(told: Told, chance: random.Random, household: int, child: int, day: int) -> None:
    """Consent that the household or the child's mother refused, withdrew or gave."""
    for person in (None, child):
        for later in range(chance.randrange(3)):
            told.say(
                "household.described" if person is None else "person.described",
                day - 40 + later * 50 + chance.randrange(40),
                household=household,
                person=person,
                consent=chance.choice(("refused", "withdrawn", "given")),
            )


def referral(
    told: Told,
    chance: random.Random,
    household: int,
    person: int,
    day: int,
    *,
    classes: tuple[str, ...],
    reason: str,
) -> None:
    """A referral, and any steps of it."""
    class_ = chance.choice(classes)
    about: dict[str, int] = {"household": household, "person": person}
    made = told.say(
        "referral.made",
        day,
        **about,
        referral_code="KX37",
        referral_class=class_,
        referral_reason=reason,
        referral_facility="90004",
        referral_due_at=told.country.instant(day + 1),
        referral_escalate_at=told.country.instant(day + 3),
    )
    about["target"] = made
    steps = [
        ("referral.arrived", {"evidence": chance.choice(_GRADES)}),
        ("referral.arrived", {"evidence": chance.choice(_GRADES)}),
        (
            "referral.seen",
            {"referral_outcome": "treated", "evidence": chance.choice(_GRADES), "advice": "pumzika"},
        ),
        (
            "referral.seen",
            {"referral_outcome": "admitted", "evidence": chance.choice(_GRADES), "return_day": day + 9},
        ),
        ("referral.declined", {"decline_reason": "no_stock"}),
        (
            "referral.traced",
            {"trace_result": chance.choice(("will_go", "went_elsewhere", "refused", "not_found"))},
        ),
        ("referral.traced", {"trace_result": chance.choice(("moved", "died")), "trace_reason": "distance"}),
        ("referral.cancelled", {}),
        ("referral.returned", {"return_result": chance.choice(("kept", "not_kept"))}),
        ("referral.closed", {"close_reason": "lost"}),
    ]
    said = None
    for kind, states in chance.sample(steps, chance.randrange(6)):
        at = day + 1 + chance.randrange(20)
        if chance.random() < 0.7:  # newer phones send the next step's times along, older ones do not
            states = {
                **states,
                "referral_due_at": told.country.instant(at + 1),
                "referral_escalate_at": told.country.instant(at + 2),
            }
        said = told.say(kind, at, **about, **states)  # type: ignore[arg-type]
    if said is not None and chance.random() < 0.2:
        told.say("event.retracted", day + 22, household=household, target=said)
