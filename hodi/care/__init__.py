"""What staff do about what they see: receive a referred person, record an outcome, trace and close a
referral, answer a signal, review a departure, move a household. Care states facts through the front door
(`events.state`) and writes no table; who may do it is asked of `access` before, by the page."""

from hodi.care.departures import VERDICTS, review_departure
from hodi.care.discretion import discretion_of
from hodi.care.referrals import (
    ADVICE_CHARACTERS_MAX,
    CLOSES,
    DECLINES,
    OUTCOMES,
    TRACE_REASONS,
    TRACES,
    TRACES_WITH_REASON,
    Referred,
    Statement,
    arrived,
    closed,
    declined,
    returned,
    seen,
    taken_back,
    traced,
)
from hodi.care.supervision import ANSWERS, REASON_CHARACTERS_MAX, answer_signal, move_household

__all__ = [
    "ADVICE_CHARACTERS_MAX",
    "ANSWERS",
    "CLOSES",
    "DECLINES",
    "OUTCOMES",
    "REASON_CHARACTERS_MAX",
    "TRACES",
    "TRACES_WITH_REASON",
    "TRACE_REASONS",
    "VERDICTS",
    "Referred",
    "Statement",
    "answer_signal",
    "arrived",
    "closed",
    "declined",
    "discretion_of",
    "move_household",
    "returned",
    "review_departure",
    "seen",
    "taken_back",
    "traced",
]
