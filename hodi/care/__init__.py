"""What staff do about what they see: receive a referred person, record an outcome, answer a signal,
move a household. Care states facts through the front door (`events.state`) and writes no table; who
may do it is asked of `access` before, by the page."""

from hodi.care.discretion import discretion_of
from hodi.care.referrals import ADVICE_CHARACTERS_MAX, DECLINES, OUTCOMES, arrived, declined, seen
from hodi.care.supervision import ANSWERS, REASON_CHARACTERS_MAX, answer_signal, move_household

__all__ = [
    "ADVICE_CHARACTERS_MAX",
    "ANSWERS",
    "DECLINES",
    "OUTCOMES",
    "REASON_CHARACTERS_MAX",
    "answer_signal",
    "arrived",
    "declined",
    "discretion_of",
    "move_household",
    "seen",
]
