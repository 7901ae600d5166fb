"""The supervisor's board: her promoters' figures, and the lists that she works through."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from hodi.content import Discretion
from hodi.db import Connection, load_queries, records
from hodi.domain import day_of, month_of
from hodi.indicators import CONTACTS, Limits, PromoterFigures, promoter_figures
from hodi.views.departures import DepartureLine, departures, discreet_departures
from hodi.views.lines import (
    ReferralLine,
    SignalLine,
    discreet_referrals,
    discreet_signals,
)
from hodi.views.people import facility_names
from hodi.views.staff import place

_sql = load_queries(__file__)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Refused:
    """A record that was not taken in: when, why (code of the catalogue), from whom, and what kind."""

    id: int
    unit: int
    received_at: int
    code: str
    detail: str | None
    kind: str | None
    occurred_day: int | None
    worker: str | None
    area_name: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Board:
    """Everything on the board at one instant (`now`, ms). `facilities` names them by code."""

    now: int
    today: int
    month: int
    promoters: tuple[PromoterFigures, ...]
    signals: tuple[SignalLine, ...]
    referrals: tuple[ReferralLine, ...]
    departures: tuple[DepartureLine, ...]
    refused: tuple[Refused, ...]
    facilities: dict[str, str]
    units: dict[int, str]

    @property
    def area_names(self) -> dict[int, str]:
        """Names of the areas."""
        return {promoter.area: promoter.area_name for promoter in self.promoters}

    @property
    def workers(self) -> dict[int, str]:
        """Who works in an area, by area."""
        return {promoter.area: promoter.name for promoter in self.promoters if promoter.name}

    @property
    def open_signals(self) -> tuple[SignalLine, ...]:
        """Signals that nobody has answered."""
        return tuple(line for line in self.signals if line.state == "open")

    @property
    def seen_signals(self) -> tuple[SignalLine, ...]:
        """Signals that were seen and not yet acted upon."""
        return tuple(line for line in self.signals if line.state != "open")

    @property
    def overdue(self) -> tuple[ReferralLine, ...]:
        """Referrals that nobody arrived for in time."""
        return tuple(line for line in self.referrals if line.overdue(self.now))


@dataclasses.dataclass(frozen=True, kw_only=True)
class HouseholdLine:
    """A household with its visits of the month; `last_day` None = not visited yet."""

    unit: int
    household: int
    area: int
    head_name: str | None
    village: str | None
    visits: int
    last_day: int | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class VisitLine:
    """A visit of today, whatever its outcome."""

    unit: int
    household: int
    area: int
    head_name: str | None
    village: str | None
    outcome: str


def board(
    c: Connection, *, units: tuple[int, ...], now: int, limits: Limits, discretion: Discretion
) -> Board:  # fmt: skip
    """The board of the supervisor of `units`. What is restricted is only said to be there (`discretion`)."""
    promoters: list[PromoterFigures] = []
    signals: list[SignalLine] = []
    referrals: list[ReferralLine] = []
    gone: list[DepartureLine] = []
    refused: list[Refused] = []
    names: dict[int, str] = {}
    for unit in units:
        known = place(c, place=unit)
        names[unit] = known.name if known else str(unit)
        promoters += promoter_figures(c, unit=unit, now=now, zone=discretion.zone, limits=limits)
        signals += records(c, SignalLine, _sql.signals_of_unit, {"unit": unit})
        referrals += records(c, ReferralLine, _sql.referrals_of_unit, {"unit": unit})
        gone += departures(c, unit=unit)
        refused += quarantined(c, unit=unit)
    today = day_of(now, discretion.zone)
    return Board(
        now=now,
        today=today,
        month=month_of(today),
        promoters=tuple(sorted(promoters, key=_worst_first)),
        signals=discreet_signals(sorted(signals, key=_signal_urgency), discretion),
        referrals=discreet_referrals(sorted(referrals, key=lambda line: _urgency(line, now)), discretion),
        departures=discreet_departures(sorted(gone, key=lambda line: (line.kind, line.told_at)), discretion),
        refused=tuple(refused),
        facilities=facility_names(c, (line.facility for line in referrals)),
        units=names,
    )


def households_of(c: Connection, *, units: Iterable[int], today: int) -> list[HouseholdLine]:
    """The households of some units: those not visited this month first."""
    month = month_of(today)
    found = [
        line
        for unit in units
        for line in records(c, HouseholdLine, _sql.households_of_unit, {"unit": unit, "month": month})
    ]
    return sorted(found, key=lambda line: line.visits > 0)


def visits_of_day(c: Connection, *, units: Iterable[int], day: int) -> list[VisitLine]:
    """The visits of a day in some units, whatever came of them."""
    return [
        line
        for unit in units
        for line in records(c, VisitLine, _sql.visits_of_day, {"unit": unit, "day": day})
    ]


def _worst_first(one: PromoterFigures) -> tuple[int, int, int, float]:
    """Who has not been heard of, then whose referrals and signals wait, then who has most still to visit."""
    share = one.visited / one.households if one.households else 1
    return CONTACTS.index(one.contact), -one.referrals_overdue, -one.signals_pressing, share


def _signal_urgency(line: SignalLine) -> tuple[int, int, int, int]:
    """Open before answered, the most urgent first, of equals those hers to act upon, then the latest."""
    return line.state != "open", line.rank, not line.escalated, -line.last_day


def _urgency(line: ReferralLine, now: int) -> tuple[int, bool, bool, int]:
    """The most urgent first, of equals those hers to trace, then the late ones, then the latest."""
    late = line.overdue(now)
    return line.rank, not line.escalated(now), not late, -line.made_at


def quarantined(c: Connection, *, unit: int) -> list[Refused]:
    """What was refused from the phones of `unit`, latest first, at most 200."""
    return records(c, Refused, _sql.quarantined, {"unit": unit})
