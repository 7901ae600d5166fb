"""A household and a person as their supervisor or the treating nurse reads them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from hodi.content import Discretion
from hodi.db import Connection, Row, load_queries
from hodi.views.lines import (
    ReferralLine,
    SignalLine,
    Who,
    discreet_referrals,
    discreet_signals,
    full_name,
    referral_line,
    signal_line,
)

_sql = load_queries(__file__)
_FACILITY_CONCEPTS = ("referral_facility", "seen_at_facility")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Member:
    """A member of a household as described now."""

    person: int
    who: Who
    birth_estimated: bool
    relationship: str | None
    phone: str | None
    disability: bool
    state: str
    state_day: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Call:
    """One call at the house."""

    day: int
    outcome: str
    worker: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Household:
    """A household with its members, calls, signals and referrals."""

    unit: int
    household: int
    area: int
    area_name: str | None
    unit_name: str | None
    head_name: str | None
    village: str | None
    landmark: str | None
    phone: str | None
    latrine: int | None
    handwashing: int | None
    treated_water: int | None
    insured: int | None
    registered_day: int
    here: bool
    members: tuple[Member, ...]
    calls: tuple[Call, ...]
    signals: tuple[SignalLine, ...]
    referrals: tuple[ReferralLine, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Measurement:
    """One measurement of a child; z-scores in standard deviations."""

    day: int
    weight_kg: float | None
    length_cm: float | None
    muac_mm: float | None
    oedema: bool
    waz: float | None
    lhaz: float | None
    wlhz: float | None
    colour: str | None
    approximate: bool
    implausible: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Pregnancy:
    """One pregnancy; days since 1970."""

    pregnancy: int
    registered_day: int
    lmp_day: int | None
    edd_day: int | None
    edd_source: str | None
    ended_day: int | None
    outcome: str | None
    contacts: int
    last_contact_day: int | None
    next_contact_day: int | None
    high_risk: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class MobilityCheck:
    """One check of how a person moves."""

    day: int
    walking: int | None
    chair_rise_s: float | None
    falls: int | None


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
class Person:
    """One person: who she is and how she has fared. `facilities` names them by code."""

    household: Household
    member: Member
    growth: tuple[Measurement, ...]
    pregnancies: tuple[Pregnancy, ...]
    mobility: tuple[MobilityCheck, ...]
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
    rows = c.rows(_sql.household, at_home)
    if not rows:
        return None
    row = rows[0]
    return Household(
        unit=row[0],
        household=row[1],
        area=row[2],
        area_name=row[3],
        unit_name=row[4],
        head_name=row[5],
        village=row[6],
        landmark=row[7],
        phone=row[8],
        latrine=row[9],
        handwashing=row[10],
        treated_water=row[11],
        insured=row[12],
        registered_day=row[13],
        here=bool(row[14]),
        members=tuple(_member(row) for row in c.rows(_sql.members, at_home)),
        calls=tuple(Call(day=row[0], outcome=row[1], worker=row[2]) for row in c.rows(_sql.visits, at_home)),
        signals=tuple(signal_line(row) for row in c.rows(_sql.signals_of_household, at_home)),
        referrals=tuple(referral_line(row) for row in c.rows(_sql.referrals_of_household, at_home)),
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
    of_person = {"unit": unit, "household": household_id, "person": person_id}
    history = tuple(_entry(c, unit, row) for row in c.rows(_sql.history, of_person))
    return Person(
        household=home,
        member=member,
        growth=tuple(_measurement(row) for row in c.rows(_sql.growth, of_person)),
        pregnancies=tuple(_pregnancy(row) for row in c.rows(_sql.pregnancies, of_person)),
        mobility=tuple(
            MobilityCheck(day=row[0], walking=row[1], chair_rise_s=row[2], falls=row[3])
            for row in c.rows(_sql.mobility, of_person)
        ),
        signals=tuple(line for line in home.signals if line.person in (0, person_id)),
        referrals=tuple(line for line in home.referrals if line.person == person_id),
        history=history,
        facilities=facility_names(
            c, (v.text for entry in history for v in entry.values if v.concept in _FACILITY_CONCEPTS)
        ),
    )


def facility_names(c: Connection, codes: Iterable[str | None]) -> dict[str, str]:
    """Names of the facilities with these master facility codes, as far as they are known."""
    wanted = {code for code in codes if code}
    return {code: row[2] for code in wanted for row in c.rows(_sql.facility, {"code": code})}


def destinations(c: Connection, *, unit: int) -> list[Destination]:
    """Areas that a household of `unit` can be moved to: those of the same sub-county."""
    return [
        Destination(area=row[0], area_name=row[1], unit=row[2], unit_name=row[3])
        for row in c.rows(_sql.areas_for_moving, {"unit": unit})
    ]


def stated(c: Connection, *, unit: int, event: int) -> tuple[Stated, ...]:
    """The values that an event states."""
    return tuple(
        Stated(concept=row[0], number=row[1], code=row[2], text=row[3])
        for row in c.rows(_sql.observations, {"unit": unit, "event": event})
    )


def _entry(c: Connection, unit: int, row: Row) -> Entry:
    event, kind, form, day, worker, source = row
    return Entry(
        event=event,
        kind=kind,
        form=form,
        day=day,
        worker=worker,
        corrected=source not in (0, event),
        withdrawn=source == 0,
        values=stated(c, unit=unit, event=source) if source else (),
    )


def _member(row: Row) -> Member:
    return Member(
        person=row[0],
        who=Who(name=full_name(*row[1:4]), sex=row[4], birth_day=row[5]),
        birth_estimated=bool(row[6]),
        relationship=row[7],
        phone=row[8],
        disability=bool(row[9]),
        state=row[10],
        state_day=row[11],
    )


def _measurement(row: Row) -> Measurement:
    return Measurement(
        day=row[0],
        weight_kg=row[1],
        length_cm=row[2],
        muac_mm=row[3],
        oedema=bool(row[4]),
        waz=row[5],
        lhaz=row[6],
        wlhz=row[7],
        colour=row[8],
        approximate=bool(row[9]),
        implausible=bool(row[10]),
    )


def _pregnancy(row: Row) -> Pregnancy:
    return Pregnancy(
        pregnancy=row[0],
        registered_day=row[1],
        lmp_day=row[2],
        edd_day=row[3],
        edd_source=row[4],
        ended_day=row[5],
        outcome=row[6],
        contacts=row[7],
        last_contact_day=row[8],
        next_contact_day=row[9],
        high_risk=bool(row[10]),
    )
