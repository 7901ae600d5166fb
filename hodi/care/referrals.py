"""What staff do with a referral, each stated as an event at the front door. Whoever states a step that is
no end sends along when the next one is overdue, from the pack's hours."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Literal, get_args

from hodi.care.stating import say
from hodi.content import ReferralTimes, step_of
from hodi.db import Connection
from hodi.domain import Observation, day_start
from hodi.errors import INVALID_ANSWER, HodiError
from hodi.events import Draft, Rules

Outcome = Literal["treated", "admitted", "referred_on", "died", "not_treated"]
OUTCOMES: tuple[str, ...] = get_args(Outcome)
DECLINES = ("no_service", "no_stock", "closed", "wrong_facility", "other")
TRACES = ("will_go", "went_elsewhere", "refused", "not_found", "moved", "died")
TRACE_REASONS = (
    "distance", "cost", "side_effects", "stigma", "travel", "forgot", "felt_well", "facility_closed",
    "not_allowed", "transferred", "died", "other",
)  # fmt: skip
TRACES_WITH_REASON = ("will_go", "went_elsewhere", "refused")
"""Of these results one can ask what kept the person."""
CLOSES = ("followed_up", "recovered", "refused", "lost", "moved", "new_referral", "other")
ADVICE_CHARACTERS_MAX = 500
RETURN_DAYS_MAX = 366


@dataclasses.dataclass(frozen=True, kw_only=True)
class Referred:
    """A referral that something is stated about: where it stands, and how urgent it is."""

    unit: int
    household: int
    person: int
    referral: int
    class_: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Statement:
    """Who states something, when (ms), and what the pack demands of it."""

    author: int
    now: int
    rules: Rules
    times: ReferralTimes


def arrived(c: Connection, to: Referred, by: Statement, *, facility: str) -> None:
    """The referred person stands at the desk of `facility` (master facility code)."""
    _state(c, to, by, "referral.arrived", {"evidence": "facility_desk"}, facility=facility)


def seen(
    c: Connection, to: Referred, by: Statement, *, facility: str, outcome: str, advice: str,
    return_day: int | None, today: int,
) -> None:  # fmt: skip
    """What came of it: `outcome` is one of OUTCOMES, `advice` is what to do at home (may be empty),
    `return_day` the next date at the facility. Raises INVALID_ANSWER naming the field."""
    _one_of(outcome, OUTCOMES, "outcome")
    if len(advice) > ADVICE_CHARACTERS_MAX:
        raise HodiError(INVALID_ANSWER, "advice")
    if return_day is not None and not today <= return_day <= today + RETURN_DAYS_MAX:
        raise HodiError(INVALID_ANSWER, "return_day")
    more = []
    if advice.strip():
        more.append(Observation(concept="advice", text=advice.strip()))
    if return_day is not None:
        more.append(Observation(concept="return_day", number=return_day))
    codes = {"referral_outcome": outcome, "evidence": "facility_desk"}
    _state(c, to, by, "referral.seen", codes, facility=facility, more=more, return_day=return_day)


def declined(c: Connection, to: Referred, by: Statement, *, facility: str, reason: str) -> None:
    """The facility cannot help; `reason` is one of DECLINES. Raises INVALID_ANSWER."""
    _one_of(reason, DECLINES, "reason")
    _state(c, to, by, "referral.declined", {"decline_reason": reason}, facility=facility)


def traced(c: Connection, to: Referred, by: Statement, *, result: str, reason: str) -> None:
    """Somebody asked what became of the person; `reason` (one of TRACE_REASONS) is what kept her, asked
    for where `result` is one of TRACES_WITH_REASON. Raises INVALID_ANSWER."""
    _one_of(result, TRACES, "result")
    codes = {"trace_result": result}
    if result in TRACES_WITH_REASON:
        _one_of(reason, TRACE_REASONS, "reason")
        codes["trace_reason"] = reason
    _state(c, to, by, "referral.traced", codes)


def returned(
    c: Connection, to: Referred, by: Statement, *, kept: bool, reason: str = "", facility: str | None = None
) -> None:
    """Whether the person came back on the return date, and if not, what kept her (one of TRACE_REASONS,
    may be empty). Raises INVALID_ANSWER."""
    codes = {"return_result": "kept" if kept else "not_kept"}
    if reason and not kept:
        _one_of(reason, TRACE_REASONS, "reason")
        codes["trace_reason"] = reason
    _state(c, to, by, "referral.returned", codes, facility=facility)


def closed(c: Connection, to: Referred, by: Statement, *, reason: str) -> None:
    """Nothing more is to be done; `reason` is one of CLOSES. Raises INVALID_ANSWER."""
    _one_of(reason, CLOSES, "reason")
    _state(c, to, by, "referral.closed", {"close_reason": reason})


def taken_back(c: Connection, to: Referred, by: Statement, *, event: int) -> None:
    """The statement `event` about this referral was a slip of the hand."""
    draft = Draft(
        unit=to.unit, kind="event.retracted", household=to.household, person=to.person, target=event
    )
    say(c, author=by.author, now=by.now, rules=by.rules, draft=draft)


def _state(
    c: Connection, to: Referred, by: Statement, kind: str, codes: dict[str, str], *,
    facility: str | None = None, more: Iterable[Observation] = (), return_day: int | None = None,
) -> None:  # fmt: skip
    values = [Observation(concept=concept, code=code) for concept, code in codes.items()]
    if facility is not None:
        values.append(Observation(concept="seen_at_facility", text=facility))
    values += more
    step = step_of(kind, codes, return_day=return_day is not None)
    if step is not None:
        start = by.now if return_day is None else day_start(return_day, by.rules.zone)
        due_at, escalate_at = by.times.after(step, to.class_, start)
        values.append(Observation(concept="referral_due_at", number=due_at))
        values.append(Observation(concept="referral_escalate_at", number=escalate_at))
    draft = Draft(
        unit=to.unit, kind=kind, household=to.household, person=to.person, target=to.referral,
        observations=tuple(values),
    )  # fmt: skip
    say(c, author=by.author, now=by.now, rules=by.rules, draft=draft)


def _one_of(given: str, listed: Iterable[str], field: str) -> None:
    if given not in listed:
        raise HodiError(INVALID_ANSWER, field)
