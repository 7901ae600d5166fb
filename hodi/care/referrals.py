"""What a facility does with a referral, each stated as an event at the front door."""

from __future__ import annotations

from typing import Literal, get_args

from hodi.care.stating import say
from hodi.db import Connection
from hodi.domain import Observation
from hodi.errors import INVALID_ANSWER, HodiError
from hodi.events import Draft, Rules

Outcome = Literal["treated", "admitted", "referred_on", "died", "not_treated"]
Decline = Literal["no_service", "no_stock", "closed", "wrong_facility", "other"]
OUTCOMES: tuple[str, ...] = get_args(Outcome)
DECLINES: tuple[str, ...] = get_args(Decline)
ADVICE_CHARACTERS_MAX = 500
RETURN_DAYS_MAX = 366


def arrived(
    c: Connection,
    *,
    author: int,
    facility: str,
    unit: int,
    household: int,
    person: int,
    referral: int,
    now: int,
    rules: Rules,
) -> None:
    """The referred person stands at the desk of `facility` (master facility code)."""
    say(
        c,
        author=author,
        now=now,
        rules=rules,
        draft=Draft(
            unit=unit,
            kind="referral.arrived",
            household=household,
            person=person,
            target=referral,
            observations=(
                Observation(concept="evidence", code="facility_desk"),
                Observation(concept="seen_at_facility", text=facility),
            ),
        ),
    )


def seen(
    c: Connection,
    *,
    author: int,
    facility: str,
    unit: int,
    household: int,
    person: int,
    referral: int,
    outcome: str,
    advice: str,
    return_day: int | None,
    today: int,
    now: int,
    rules: Rules,
) -> None:
    """What came of it: `outcome` is one of OUTCOMES, `advice` is what to do at home (may be empty),
    `return_day` the next date at the facility. Raises INVALID_ANSWER naming the field."""
    if outcome not in OUTCOMES:
        raise HodiError(INVALID_ANSWER, "outcome")
    if len(advice) > ADVICE_CHARACTERS_MAX:
        raise HodiError(INVALID_ANSWER, "advice")
    if return_day is not None and not today <= return_day <= today + RETURN_DAYS_MAX:
        raise HodiError(INVALID_ANSWER, "return_day")
    values = [
        Observation(concept="referral_outcome", code=outcome),
        Observation(concept="evidence", code="facility_desk"),
        Observation(concept="seen_at_facility", text=facility),
    ]
    if advice.strip():
        values.append(Observation(concept="advice", text=advice.strip()))
    if return_day is not None:
        values.append(Observation(concept="return_day", number=return_day))
    say(
        c,
        author=author,
        now=now,
        rules=rules,
        draft=Draft(
            unit=unit,
            kind="referral.seen",
            household=household,
            person=person,
            target=referral,
            observations=tuple(values),
        ),
    )


def declined(
    c: Connection,
    *,
    author: int,
    facility: str,
    unit: int,
    household: int,
    person: int,
    referral: int,
    reason: str,
    now: int,
    rules: Rules,
) -> None:
    """The facility cannot help; `reason` is one of DECLINES. Raises INVALID_ANSWER."""
    if reason not in DECLINES:
        raise HodiError(INVALID_ANSWER, "reason")
    say(
        c,
        author=author,
        now=now,
        rules=rules,
        draft=Draft(
            unit=unit,
            kind="referral.declined",
            household=household,
            person=person,
            target=referral,
            observations=(
                Observation(concept="decline_reason", code=reason),
                Observation(concept="seen_at_facility", text=facility),
            ),
        ),
    )
