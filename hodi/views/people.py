"""A household and a person as their supervisor or the treating nurse reads them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from hodi.content import Discretion
from hodi.db import Connection, load_queries, record, records
from hodi.views.lines import (
    Named,
    ReferralLine,
    SignalLine,
    Who,
    discreet_referrals,
    discreet_signals,
)
from hodi.views.staff import facility_with_code

_sql = load_queries(__file__)
FACILITY_CONCEPTS = ("referral_facility", "seen_at_facility")
"""Their values are master facility codes."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Member(Named):
    """A member of a household as described now."""

    person: int
    birth_estimated: bool
    relationship: str | None
    phone: str | None
    disability: bool
    state: str
    state_day: int
    refused_day: int | None

    @property
    def who(self) -> Who:
        """Who she is."""
        return self.named()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Visit:
    """One visit at the house, whatever came of it."""

    day: int
    outcome: str
    worker: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Household:
    """A household with its members, visits, signals and referrals."""

    unit: int
    household: int
    area: int
    area_name: str | None
    unit_name: str | None
    head_name: str | None
    village: str | None
    landmark: str | None
    phone: str | None
    registered_day: int
    here: bool
    refused_day: int | None
    members: tuple[Member, ...] = ()
    visits: tuple[Visit, ...] = ()
    signals: tuple[SignalLine, ...] = ()
    referrals: tuple[ReferralLine, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Stated:
    """One stated value."""

    concept: str
    number: float | None
    code: str | None
    text: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Entry:
    """One recorded event about a person; a withdrawn one keeps its line but shows no values."""

    event: int
    kind: str
    form: str | None
    day: int
    worker: str | None
    corrected: bool
    withdrawn: bool
    values: tuple[Stated, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Recorded:
    """A row of the history; `source` is the event whose values count now, 0 if it was withdrawn."""

    event: int
    kind: str
    form: str | None
    day: int
    worker: str | None
    source: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Person:
    """One person: who she is and what was recorded; how she has fared is in the programmes' sections
    (`sections`). `facilities` names them by code."""

    household: Household
    member: Member
    signals: tuple[SignalLine, ...]
    referrals: tuple[ReferralLine, ...]
    history: tuple[Entry, ...]
    facilities: dict[str, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Destination:
    """An area that a household can be moved to."""

    area: int
    area_name: str
    unit: int
    unit_name: str


def household(c: Connection, *, unit: int, household: int) -> Household | None:
    """A household, or None if there is none of that number in the unit."""
    at_home = {"unit": unit, "household": household}
    found = record(c, Household, _sql.household, at_home)
    if found is None:
        return None
    return dataclasses.replace(
        found,
        members=tuple(records(c, Member, _sql.members, at_home)),
        visits=tuple(records(c, Visit, _sql.visits, at_home)),
        signals=tuple(records(c, SignalLine, _sql.signals_of_household, at_home)),
        referrals=tuple(records(c, ReferralLine, _sql.referrals_of_household, at_home)),
    )


def summary(c: Connection, *, unit: int, household_id: int, discretion: Discretion) -> Household | None:
    """A household as its page shows it: what is restricted is only said to be there. None if there is
    none of that number in the unit."""
    home = household(c, unit=unit, household=household_id)
    if home is None:
        return None
    return dataclasses.replace(
        home,
        signals=discreet_signals(home.signals, discretion),
        referrals=discreet_referrals(home.referrals, discretion),
    )


def person(c: Connection, *, unit: int, household_id: int, person_id: int) -> Person | None:
    """A person with her trajectory, or None if there is nobody of that number in the household."""
    home = household(c, unit=unit, household=household_id)
    member = next((one for one in home.members if one.person == person_id), None) if home else None
    if home is None or member is None:
        return None
    if home.refused_day is not None or member.refused_day is not None:
        return _unshown(home, member)
    of_person = {"unit": unit, "household": household_id, "person": person_id}
    history = tuple(_entry(c, unit, row) for row in records(c, _Recorded, _sql.history, of_person))
    return Person(
        household=home,
        member=member,
        signals=tuple(line for line in home.signals if line.person in (0, person_id)),
        referrals=tuple(line for line in home.referrals if line.person == person_id),
        history=history,
        facilities=facility_names(
            c, (v.text for entry in history for v in entry.values if v.concept in FACILITY_CONCEPTS)
        ),
    )


def _unshown(home: Household, member: Member) -> Person:
    """A person of whom nothing more is shown than who she is, because she or her family does not agree that
    it is kept. A referral is still followed."""
    return Person(
        household=home,
        member=member,
        signals=(),
        referrals=tuple(line for line in home.referrals if line.person == member.person),
        history=(),
        facilities={},
    )


def facility_names(c: Connection, codes: Iterable[str | None]) -> dict[str, str]:
    """Names of the facilities with these master facility codes, as far as they are known."""
    wanted = {code for code in codes if code}
    found = ((code, facility_with_code(c, code=code)) for code in wanted)
    return {code: facility.name for code, facility in found if facility}


def destinations(c: Connection, *, unit: int, reach: str) -> list[Destination]:
    """Areas that a household of `unit` can be moved to: those of the place of the level `reach` around it."""
    return records(c, Destination, _sql.areas_for_moving, {"unit": unit, "reach": reach})


def stated(c: Connection, *, unit: int, event: int) -> tuple[Stated, ...]:
    """The values that an event states."""
    return tuple(records(c, Stated, _sql.observations, {"unit": unit, "event": event}))


def _entry(c: Connection, unit: int, row: _Recorded) -> Entry:
    return Entry(
        event=row.event,
        kind=row.kind,
        form=row.form,
        day=row.day,
        worker=row.worker,
        corrected=row.source not in (0, row.event),
        withdrawn=row.source == 0,
        values=stated(c, unit=unit, event=row.source) if row.source else (),
    )
