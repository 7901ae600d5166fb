"""What a supervisor says to a departure: that a member left, or died, as it was told."""

from __future__ import annotations

from hodi.care.stating import say
from hodi.care.supervision import REASON_CHARACTERS_MAX
from hodi.db import Connection
from hodi.domain import Observation
from hodi.errors import INVALID_ANSWER, HodiError
from hodi.events import Draft, Rules

VERDICTS = ("approved", "sent_back")


def review_departure(
    c: Connection,
    *,
    author: int,
    unit: int,
    household: int,
    person: int,
    departure: int,
    verdict: str,
    reason: str,
    now: int,
    rules: Rules,
) -> None:
    """Approve what `departure` (the event) tells, or send it back: then the person is a member again, and the
    promoter reads `reason`, which sending back needs. Raises INVALID_ANSWER naming the field."""
    if verdict not in VERDICTS:
        raise HodiError(INVALID_ANSWER, "answer")
    reason = reason.strip()
    if len(reason) > REASON_CHARACTERS_MAX or (verdict == "sent_back" and not reason):
        raise HodiError(INVALID_ANSWER, "reason")
    values = [Observation(concept="departure_verdict", code=verdict)]
    if reason:
        values.append(Observation(concept="answer_reason", text=reason))
    draft = Draft(
        unit=unit,
        kind="departure.reviewed",
        household=household,
        person=person,
        target=departure,
        observations=tuple(values),
    )
    say(c, author=author, now=now, rules=rules, draft=draft)
