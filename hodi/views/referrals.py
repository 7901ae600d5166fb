"""One referral as those who follow it see it: what was stated about it, in order, and whom to call."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable

from hodi.content import Discretion
from hodi.db import Connection, load_queries, record, records
from hodi.domain import day_of
from hodi.views.lines import ReferralLine, discreet_referrals
from hodi.views.people import FACILITY_CONCEPTS, Stated, facility_names, household, stated

_sql = load_queries(__file__)
_OPEN_OF_CONFIDENTIAL = ("trace_result", "return_result", "decline_reason", "close_reason")
"""What the steps of a confidential referral may say: what came of asking, not what it is about."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Step:
    """One statement about a referral: when (ms), by whom, and what. `source` is the event whose values count
    now; 0 if it was taken back."""

    event: int
    kind: str
    at: int
    author: int
    worker: str | None
    source: int
    values: tuple[Stated, ...] = ()

    @property
    def withdrawn(self) -> bool:
        """Whether it was taken back."""
        return self.source == 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Contact:
    """Somebody with a telephone."""

    name: str | None
    phone: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Followed:
    """A referral as its unit's supervisor follows it. Of a confidential one there is neither a name nor the
    person's telephone. `facilities` names them by code."""

    line: ReferralLine
    head_name: str | None
    village: str | None
    patient_phones: tuple[str, ...]
    promoters: tuple[Contact, ...]
    desk: tuple[Contact, ...]
    steps: tuple[Step, ...]
    version: int
    facilities: dict[str, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Version:
    version: int


def version_of(c: Connection, line: ReferralLine) -> int:
    """Changes whenever anything is stated about a referral: the place in the unit's ledger of the latest
    statement, corrections and retractions too. A save names the version it started from."""
    about = {"unit": line.unit, "household": line.household, "referral": line.referral}
    found = record(c, _Version, _sql.referral_version, about)
    return found.version if found else 0


def steps_of(
    c: Connection, line: ReferralLine, *, discretion: Discretion, receiving: bool
) -> tuple[Step, ...]:
    """What was stated about a referral, in order. Who is not `receiving` the person is shown no restricted
    value, and of a confidential referral only what came of asking."""
    about = {"unit": line.unit, "household": line.household, "referral": line.referral}

    def shown(value: Stated, day: int) -> bool:
        if line.confidential:
            return value.concept in _OPEN_OF_CONFIDENTIAL
        return receiving or not discretion.covers_concept(value.concept, birth_day=line.birth_day, day=day)

    return tuple(
        dataclasses.replace(
            step,
            values=tuple(
                value
                for value in stated(c, unit=line.unit, event=step.source)
                if shown(value, day_of(step.at, discretion.zone))
            ),
        )
        if step.source and step.kind != "referral.made"  # what was said at first stands on the page itself
        else step
        for step in records(c, Step, _sql.referral_steps, about)
    )


def last_own(steps: Iterable[Step], account: int) -> Step | None:
    """The last step, if `account` stated it: what it can take back. The referral itself is none."""
    standing = [step for step in steps if not step.withdrawn]
    last = standing[-1] if standing else None
    return last if last and last.author == account and last.kind != "referral.made" else None


def followed(c: Connection, line: ReferralLine, *, discretion: Discretion) -> Followed | None:
    """A referral for its unit's supervisor; None if its household has left the unit's record."""
    home = household(c, unit=line.unit, household=line.household)
    member = next((one for one in home.members if one.person == line.person), None) if home else None
    if home is None or member is None:
        return None
    [shown] = discreet_referrals([line], discretion)
    phones = (member.phone, home.phone) if not shown.confidential else ()
    steps = steps_of(c, shown, discretion=discretion, receiving=False)
    return Followed(
        line=shown,
        head_name=None if shown.confidential else home.head_name,
        village=None if shown.confidential else home.village,
        patient_phones=tuple(dict.fromkeys(phone for phone in phones if phone)),
        promoters=tuple(records(c, Contact, _sql.promoters_of_area, {"area": home.area})),
        desk=tuple(records(c, Contact, _sql.desk_of_facility, {"facility": line.facility})),
        steps=steps,
        version=version_of(c, line),
        facilities=facility_names(c, _codes(shown, steps)),
    )


def fingerprint(*shown: object) -> str:
    """Changes when anything of what a page shows does: a page that has it needs nothing new."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:20]


def _codes(line: ReferralLine, steps: Iterable[Step]) -> list[str | None]:
    """The facilities that a referral and its steps name."""
    named = (value.text for step in steps for value in step.values if value.concept in FACILITY_CONCEPTS)
    return [line.facility, line.seen_by, *named]
