"""What holds for events that a phone hands in and that are new here. What stands in the ledger already is
known, whatever the phone may do today: so these rules come after `mark_known`."""

from __future__ import annotations

import msgspec

from hodi.db import Connection, load_queries
from hodi.domain import code_of, is_referral_code
from hodi.errors import DAY_FULL, MALFORMED, NOT_YOUR_STATEMENT, OUT_OF_SCOPE, HodiError
from hodi.events.arrival import Fault
from hodi.events.batch import Batch, Entry
from hodi.events.limits import LIMITS
from hodi.events.move import MOVED
from hodi.events.targets import AMENDMENTS, Targets
from hodi.events.writers import FIRST_PHONE

_sql = load_queries(__file__)


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """The phone that hands in, with the unit and the area it works in now, and the local day."""

    device: int
    unit: int
    area: int
    day: int


def refuse_moves_from_elsewhere(batch: Batch, sender: Sender) -> None:
    """A household is moved only from the area that the phone works in now: who has left an area, or whose
    household has left it, cannot take it back and read what has happened since."""
    here = (sender.unit, sender.area)
    batch.refuse(
        {
            entry.place: (OUT_OF_SCOPE, "household.moved")
            for entry in batch.open
            if entry.event.kind == MOVED and (entry.unit, entry.area) != here
        }
    )


def refuse_odd_codes(batch: Batch) -> None:
    """A referral's code is one that a slip can carry and a desk can find."""
    batch.refuse({entry.place: (MALFORMED, "referral_code") for entry in batch.open if _has_odd_code(entry)})


def _has_odd_code(entry: Entry) -> bool:
    stated = [one.text or "" for one in entry.event.observations if one.concept == "referral_code"]
    return any(not is_referral_code(code) or code_of(code) != code for code in stated)


def refuse_amendments_of_others(batch: Batch, targets: Targets) -> None:
    """A phone corrects and retracts only what the same account stated on a phone: never what a desk, a
    partner's system or another promoter stated."""
    faults: dict[int, Fault] = {}
    for entry in batch.open:
        event = entry.event
        if event.kind not in AMENDMENTS or event.target is None:
            continue
        target = targets.get((entry.unit, event.target))
        if target is not None and (target.author != event.author or target.device < FIRST_PHONE):
            faults[entry.place] = (NOT_YOUR_STATEMENT, "target")
    batch.refuse(faults)


def require_room(connection: Connection, sender: Sender) -> None:
    """Raises DAY_FULL where the phone has filled what a phone may fill in a day."""
    rows = connection.rows(
        _sql.bytes_of_day, {"unit": sender.unit, "device": sender.device, "day": sender.day}
    )
    if rows and rows[0][0] >= LIMITS.device_day_bytes_max:
        raise HodiError(DAY_FULL, f"{LIMITS.device_day_bytes_max} bytes")


def note_bytes(connection: Connection, batch: Batch, sender: Sender) -> None:
    """Count what this batch has filled. What was known already fills nothing."""
    arrivals = batch.arrivals
    places = [*(entry.place for entry in batch.accepted), *batch.refused]
    count = sum(len(arrivals[place].raw or b"") for place in places)
    if count:
        of_day = {"unit": sender.unit, "device": sender.device, "day": sender.day}
        connection.run(_sql.forget_earlier_days, of_day)
        connection.run(_sql.note_bytes, {**of_day, "bytes": count})
