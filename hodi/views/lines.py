"""The lines that several pages list: a signal, a referral, and how a person is named."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from hodi.content import Discretion
from hodi.domain import day_of


@dataclasses.dataclass(frozen=True, kw_only=True)
class Who:
    """A person as lists name her: name parts joined, sex, day of birth (days since 1970)."""

    name: str | None
    sex: str | None
    birth_day: int | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Named:
    """What rows say of a person (columns as in the table `person`)."""

    given_name: str | None
    middle_name: str | None
    family_name: str | None
    sex: str | None
    birth_day: int | None

    def named(self) -> Who:
        """The person as lists name her."""
        name = full_name(self.given_name, self.middle_name, self.family_name)
        return Who(name=name, sex=self.sex, birth_day=self.birth_day)


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignalLine(Named):
    """A signal in a list. Columns as in the table `signal`. A `confidential` one says neither
    whom nor what it is about, only how urgent, and how old she is. `rank` 0 is the most pressing class."""

    unit: int
    household: int
    person: int
    code: str
    episode: int
    class_: str
    rank: int
    state: str
    first_day: int
    last_day: int
    detail: str | None
    number_1: float | None
    number_2: float | None
    escalated: bool
    area: int
    head_name: str | None
    confidential: bool = False

    @property
    def who(self) -> Who | None:
        """Whom it is about; None for a whole household."""
        return self.named() if self.person else None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReferralLine(Named):
    """A referral in a list. Columns as in the table `referral`; `area` is where the household is now. A
    `confidential` one gives neither name nor reason, nor what was given, found or advised. `rank` 0 is the
    most pressing class."""

    unit: int
    household: int
    person: int
    referral: int
    code: str
    class_: str
    rank: int
    facility: str | None
    reason: str | None
    given: str | None
    made_at: int
    due_at: int | None
    escalate_at: int | None
    state: str
    state_at: int
    arrived_at: int | None
    seen_at: int | None
    outcome: str | None
    evidence: str | None
    seen_by: str | None
    advice: str | None
    return_day: int | None
    return_kept: bool | None
    owner: str
    state_event: int
    trace_reason: str | None
    decline_reason: str | None
    close_reason: str | None
    author: int
    area: int
    confidential: bool = False

    @property
    def who(self) -> Who:
        """Whom it is about."""
        return self.named()

    @property
    def open(self) -> bool:
        """Whether somebody (`owner`) has something to do for it."""
        return self.due_at is not None

    @property
    def stands(self) -> str:
        """Its state as a list says it: arrived on a facility's word is not arrived as told."""
        if self.state == "arrived" and self.evidence not in ("facility_desk", "facility_record"):
            return "told_arrived"
        return "return" if self.state == "seen" and self.open else self.state

    def overdue(self, now: int) -> bool:
        """Whether its next step is late: the record's one definition (contract/schema.sql)."""
        return self.due_at is not None and self.due_at <= now

    def escalated(self, now: int) -> bool:
        """Whether it stands with the supervisor too."""
        return self.escalate_at is not None and self.escalate_at <= now


def full_name(*parts: str | None) -> str | None:
    """Name parts joined by spaces; None if there are none."""
    return " ".join(part for part in parts if part) or None


def discreet_signals(lines: Iterable[SignalLine], discretion: Discretion) -> tuple[SignalLine, ...]:
    """Signals for a shared list: those it must not name are only said to be there. Their code gives
    way to nothing and their episode to a count, so that no address in the page names them either."""
    shown: list[SignalLine] = []
    for nth, line in enumerate(lines):
        birth_day = line.who.birth_day if line.who else None
        if not discretion.covers_signal(line.code, birth_day=birth_day, day=line.first_day):
            shown.append(line)
            continue
        shown.append(
            dataclasses.replace(
                line,
                confidential=True,
                code="",
                episode=nth,
                detail=None,
                number_1=None,
                number_2=None,
                given_name=None,
                middle_name=None,
                family_name=None,
                sex=None,
            )
        )
    return tuple(shown)


def discreet_referrals(
    lines: Iterable[ReferralLine], discretion: Discretion, *, receiving: str | None = None
) -> tuple[ReferralLine, ...]:
    """Referrals for a shared list. Those to the facility `receiving` are its own to read."""
    return tuple(
        dataclasses.replace(
            line,
            confidential=True,
            reason=None,
            given=None,
            outcome=None,
            advice=None,
            given_name=None,
            middle_name=None,
            family_name=None,
            sex=None,
            trace_reason=None,
        )
        if line.facility != receiving and is_confidential(line, discretion)
        else line
        for line in lines
    )


def is_confidential(line: ReferralLine, discretion: Discretion) -> bool:
    """Whether shared lists keep the reason of this referral to themselves."""
    made_day = day_of(line.made_at, discretion.zone)
    return discretion.covers_referral(line.reason, birth_day=line.who.birth_day, day=made_day)
