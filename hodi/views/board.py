"""The supervisor's board: her promoters' figures, and the lists that she works through."""

from __future__ import annotations

import dataclasses

from hodi.content import Discretion
from hodi.db import Connection, load_queries, records
from hodi.domain import day_of, month_of
from hodi.indicators import Limits, PromoterFigures, promoter_figures
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
    def waiting_for_answer(self) -> int:
        """Signals nobody has answered."""
        return sum(1 for signal in self.signals if signal.state == "open")


@dataclasses.dataclass(frozen=True, kw_only=True)
class HouseholdLine:
    """A household of an area with its visits of the month; `last_day` None = not visited yet."""

    household: int
    head_name: str | None
    village: str | None
    visits: int
    last_day: int | None


def board(
    c: Connection, *, units: tuple[int, ...], now: int, limits: Limits, discretion: Discretion,
    area: int | None = None,
) -> Board:  # fmt: skip
    """The board of the supervisor of `units`; with `area`, the lists hold that area only. What is
    restricted is only said to be there (`discretion`)."""
    promoters: list[PromoterFigures] = []
    signals: list[SignalLine] = []
    referrals: list[ReferralLine] = []
    refused: list[Refused] = []
    names: dict[int, str] = {}
    for unit in units:
        known = place(c, place=unit)
        names[unit] = known.name if known else str(unit)
        promoters += promoter_figures(c, unit=unit, now=now, limits=limits)
        signals += records(c, SignalLine, _sql.signals_of_unit, {"unit": unit})
        referrals += records(c, ReferralLine, _sql.referrals_of_unit, {"unit": unit})
        refused += quarantined(c, unit=unit)
    if area is not None:
        signals = [line for line in signals if line.area == area]
        referrals = [line for line in referrals if line.area == area]
    return Board(
        now=now,
        today=day_of(now),
        month=month_of(day_of(now)),
        promoters=tuple(promoters),
        signals=discreet_signals(signals, discretion),
        referrals=discreet_referrals(referrals, discretion),
        refused=tuple(refused),
        facilities=facility_names(c, (line.facility for line in referrals)),
        units=names,
    )


def households_of_area(c: Connection, *, unit: int, area: int, now: int) -> list[HouseholdLine]:
    """The households of an area: those not visited this month first."""
    params = {"unit": unit, "area": area, "month": month_of(day_of(now))}
    return records(c, HouseholdLine, _sql.households_of_area, params)


def quarantined(c: Connection, *, unit: int) -> list[Refused]:
    """What was refused from the phones of `unit`, latest first, at most 200."""
    return records(c, Refused, _sql.quarantined, {"unit": unit})
