"""Ids, times, ages, codes and events: the values that every other room uses. Imports no other room."""

from hodi.domain.ages import birth_day_told, completed_months, completed_years
from hodi.domain.codes import code_of, is_referral_code, looks_like_code, near_codes, referral_code
from hodi.domain.events import Event, Observation, Receipt, Verdict
from hodi.domain.ids import ID_COUNTER_MAX, IdMint, device_of, make_id, mix
from hodi.domain.telephones import Numbering
from hodi.domain.times import DAY_MS, Stamper, Zone, day_of, day_start, month_of, stamp_ms

__all__ = [
    "DAY_MS",
    "ID_COUNTER_MAX",
    "Event",
    "IdMint",
    "Numbering",
    "Observation",
    "Receipt",
    "Stamper",
    "Verdict",
    "Zone",
    "birth_day_told",
    "code_of",
    "completed_months",
    "completed_years",
    "day_of",
    "day_start",
    "device_of",
    "is_referral_code",
    "looks_like_code",
    "make_id",
    "mix",
    "month_of",
    "near_codes",
    "referral_code",
    "stamp_ms",
]
