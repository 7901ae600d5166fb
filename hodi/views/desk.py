"""The facility desk: who is expected, how a referred person is found, and one referral in full."""

from __future__ import annotations

import dataclasses
from typing import Literal

from hodi.content import Discretion
from hodi.db import Connection, load_queries, record, records
from hodi.domain import DAY_MS, Numbering, code_of, day_of, is_referral_code, looks_like_code, near_codes
from hodi.errors import NOT_FOUND, HodiError
from hodi.views.lines import ReferralLine, discreet_referrals, is_confidential
from hodi.views.people import Household, Member, Stated, facility_names, household, stated
from hodi.views.referrals import Step, steps_of, version_of
from hodi.views.staff import Place, facility_with_code

_sql = load_queries(__file__)
SEARCH_BACK_DAYS = 180
CLOSED_BACK_DAYS = 2
EXPECTED_BACK_DAYS = 14
RETURNING_BACK_DAYS = 3
"""Whoever was referred, arrived, or was to return longer ago is listed apart, so that today is not buried."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class OpenSignals:
    """Open signals of one code in a linked unit: a count, no names."""

    unit: int
    unit_name: str
    code: str
    count: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Desk:
    """What the desk shows at one instant (`now`, ms). `returning` have a return date from three days ago to
    tomorrow; `older` are those arrived, expected or to return for long."""

    now: int
    arrived: tuple[ReferralLine, ...]
    expected: tuple[ReferralLine, ...]
    returning: tuple[ReferralLine, ...]
    older: tuple[ReferralLine, ...]
    closed: tuple[ReferralLine, ...]
    signals: tuple[OpenSignals, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Found:
    """What a search gives. `by`: code (right, to be opened), second_fact (a name has to be told too), near
    (the code was wrong; codes of the facility's own that it may have been), words."""

    by: Literal["code", "second_fact", "near", "words"]
    lines: tuple[ReferralLine, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Slip:
    """A referral in full: who, why, what was found and given, who sent her, and what was stated since, at
    which `version`."""

    line: ReferralLine
    home: Household
    member: Member
    promoter: str | None
    promoter_phone: str | None
    findings: tuple[Stated, ...]
    steps: tuple[Step, ...]
    version: int
    facilities: dict[str, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Worker:
    name: str
    phone: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Finding:
    event: int


def desk(c: Connection, *, facility: str, place: int, now: int, discretion: Discretion) -> Desk:
    """The desk of the facility with master facility code `facility` (place number `place`). Signals of
    linked units that are restricted are not counted by name."""
    lines = records(c, ReferralLine, _sql.referrals_expected, {"facility": facility})
    today = day_of(now, discretion.zone)
    since = {"since_at": now - CLOSED_BACK_DAYS * DAY_MS, "since_day": today - SEARCH_BACK_DAYS}
    closed = records(c, ReferralLine, _sql.arrivals_since, {"facility": facility, **since})
    parts: dict[str, list[ReferralLine]] = {"arrived": [], "expected": [], "returning": [], "older": []}
    for line in discreet_referrals(lines, discretion):
        parts.get(_part(line, now, today), []).append(line)
    return Desk(
        now=now,
        arrived=tuple(parts["arrived"]),
        expected=tuple(parts["expected"]),
        returning=tuple(parts["returning"]),
        older=tuple(parts["older"]),
        closed=discreet_referrals(closed, discretion),
        signals=tuple(
            counted
            for counted in records(c, OpenSignals, _sql.signals_of_linked_units, {"place": place})
            if discretion.counts_signal(counted.code)
        ),
    )


def _part(line: ReferralLine, now: int, today: int) -> str:
    """Which list of the desk an open referral stands in."""
    if line.state == "seen":
        days = (line.return_day or 0) - today
        return "later" if days > 1 else "returning" if days >= -RETURNING_BACK_DAYS else "older"
    if line.state_at < now - EXPECTED_BACK_DAYS * DAY_MS:
        return "older"
    return "arrived" if line.stands == "arrived" else "expected"


def find(
    c: Connection, *, typed: str, name: str, facility: str, now: int, discretion: Discretion,
    numbering: Numbering,
) -> Found:  # fmt: skip
    """What a nurse of `facility` looks for. A confidential referral to another facility is not found by its
    code alone: `name` has to be one of the person's names."""
    if is_referral_code(typed):
        lines = records(c, ReferralLine, _sql.referrals_by_code, {"code": code_of(typed)})
        hidden = [
            line for line in lines
            if line.facility != facility and is_confidential(line, discretion) and not _is_called(line, name)
        ]  # fmt: skip
        shown = tuple(line for line in lines if line not in hidden)
        if lines:
            return Found(by="code" if shown else "second_fact", lines=shown)
    elif looks_like_code(typed):
        near = [
            line
            for code in near_codes(typed)
            for line in records(c, ReferralLine, _sql.referrals_by_code, {"code": code})
            if line.facility == facility
        ]
        return Found(by="near", lines=discreet_referrals(near, discretion))
    today = day_of(now, discretion.zone)
    like = by_words(c, facility=facility, typed=typed, today=today, numbering=numbering)
    return Found(by="words", lines=discreet_referrals(like, discretion))


def _is_called(line: ReferralLine, name: str) -> bool:
    """Whether `name` is one of the person's names, in whatever case."""
    parts = {part.casefold() for part in (line.given_name, line.middle_name, line.family_name) if part}
    return bool(name.split()) and all(word.casefold() in parts for word in name.split())


def by_words(
    c: Connection, *, facility: str, typed: str, today: int, numbering: Numbering
) -> list[ReferralLine]:
    """Referrals to `facility` whose person has a name or telephone like the one typed; at most 30.

    A telephone is the same with the country's code, with the prefix within it, or without.
    """
    words = "%".join(_plain(word) for word in typed.lower().split())
    digits = numbering.national(typed)
    if len(words) < 2:
        return []
    params = {
        "facility": facility,
        "since_day": today - SEARCH_BACK_DAYS,
        "name": f"%{words}%",
        "phone": f"%{digits}" if len(digits) >= 6 else "-",
    }
    return records(c, ReferralLine, _sql.referrals_by_words, params)


def facility(c: Connection, *, code: str) -> Place:
    """The facility with a master facility code. Raises NOT_FOUND."""
    found = facility_with_code(c, code=code)
    if found is None:
        raise HodiError(NOT_FOUND)
    return found


def referral(c: Connection, *, unit: int, referral: int) -> ReferralLine | None:
    """One referral, or None."""
    return record(c, ReferralLine, _sql.referral, {"unit": unit, "referral": referral})


def slip(
    c: Connection, *, unit: int, referral_id: int, receiving: bool, discretion: Discretion
) -> Slip | None:  # fmt: skip
    """A referral in full, or None. Who is not `receiving` the person is not shown restricted findings."""
    line = referral(c, unit=unit, referral=referral_id)
    home = household(c, unit=unit, household=line.household) if line else None
    if line is None or home is None:
        return None
    day = day_of(line.made_at, discretion.zone)
    member = next((one for one in home.members if one.person == line.person), None)
    if member is None:
        return None
    worker = record(c, _Worker, _sql.worker, {"account": line.author})
    events = records(c, _Finding, _sql.findings_with_referral, {"unit": unit, "referral": referral_id})
    findings = (value for one in events for value in stated(c, unit=unit, event=one.event))
    return Slip(
        line=line,
        home=home,
        member=member,
        promoter=worker.name if worker else None,
        promoter_phone=worker.phone if worker else None,
        findings=tuple(
            value
            for value in findings
            if receiving
            or not discretion.covers_concept(value.concept, birth_day=line.who.birth_day, day=day)
        ),
        steps=steps_of(c, line, discretion=discretion, receiving=receiving),
        version=version_of(c, line),
        facilities=facility_names(c, (line.facility, line.seen_by)),
    )


def _plain(word: str) -> str:
    """A word without the signs that LIKE treats as wild, and without what no text column holds."""
    return word.replace("%", "").replace("_", "").replace("\0", "")
