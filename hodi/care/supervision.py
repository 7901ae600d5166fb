"""What a supervisor does from her board, each stated as an event at the front door."""

from __future__ import annotations

from hodi.care.stating import say
from hodi.db import Connection
from hodi.domain import Observation
from hodi.errors import INVALID_ANSWER, HodiError
from hodi.events import Draft, Rules

ANSWERS = ("acknowledged", "acted", "dismissed")
REASON_CHARACTERS_MAX = 300


def answer_signal(
    c: Connection,
    *,
    author: int,
    unit: int,
    household: int,
    person: int,
    code: str,
    episode: int,
    answer: str,
    reason: str,
    now: int,
    rules: Rules,
) -> None:
    """Answer a signal (`person` 0 = the household's). Dismissing one needs a reason, so that the rule
    can be judged by it. Raises INVALID_ANSWER naming the field."""
    if answer not in ANSWERS:
        raise HodiError(INVALID_ANSWER, "answer")
    reason = reason.strip()
    if len(reason) > REASON_CHARACTERS_MAX or (answer == "dismissed" and not reason):
        raise HodiError(INVALID_ANSWER, "reason")
    values = [
        Observation(concept="signal_code", text=code),
        Observation(concept="signal_episode", number=episode),
        Observation(concept="signal_answer", code=answer),
    ]
    if reason:
        values.append(Observation(concept="answer_reason", text=reason))
    say(
        c,
        author=author,
        now=now,
        rules=rules,
        draft=Draft(
            unit=unit,
            kind="signal.answered",
            household=household,
            person=person or None,
            observations=tuple(values),
        ),
    )


def move_household(
    c: Connection,
    *,
    author: int,
    unit: int,
    household: int,
    to_unit: int,
    to_area: int,
    now: int,
    rules: Rules,
) -> None:
    """A household goes to live in another area, of this unit or another; its history goes with it."""
    say(
        c,
        author=author,
        now=now,
        rules=rules,
        draft=Draft(
            unit=unit,
            kind="household.moved",
            household=household,
            observations=(
                Observation(concept="to_unit", number=to_unit),
                Observation(concept="to_area", number=to_area),
            ),
        ),
    )
