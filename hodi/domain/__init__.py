"""The words everything else is said in: ids, times, events. Imports nothing of the house."""

from hodi.domain.codes import is_referral_code, referral_code
from hodi.domain.events import Event, Observation, Receipt, Verdict
from hodi.domain.ids import ID_COUNTER_MAX, IdMint, device_of, make_id, mix
from hodi.domain.times import DAY_MS, Stamper, day_of, month_of, stamp_ms

__all__ = [
    "DAY_MS",
    "ID_COUNTER_MAX",
    "Event",
    "IdMint",
    "Observation",
    "Receipt",
    "Stamper",
    "Verdict",
    "day_of",
    "device_of",
    "is_referral_code",
    "make_id",
    "mix",
    "month_of",
    "referral_code",
    "stamp_ms",
]
