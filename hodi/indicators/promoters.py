"""The figures of each promoter of a unit, for her supervisor."""

from __future__ import annotations

import dataclasses
import re
from typing import Literal

from hodi.db import Connection, Row, load_queries
from hodi.domain import DAY_MS, Zone, day_of, month_of
from hodi.indicators.limits import Limits

_sql = load_queries(__file__)

Contact = Literal["fresh", "quiet", "silent", "never"]
CONTACTS = ("never", "silent", "quiet", "fresh")


@dataclasses.dataclass(frozen=True, kw_only=True)
class PromoterFigures:
    """One area of a unit: its promoter, her month, what is open, and when her phone last spoke.

    `signals` are the open ones by class, the most pressing class first; `signals_pressing` those of the
    pack's most pressing class. `tasks_due` are not overdue yet. `contact`: fresh; quiet or silent by the
    pack's limits; never = no phone has synced yet.
    `skew_min` is set only where the phone's clock is off by more than the limit (minutes, + = ahead).
    """

    unit: int
    area: int
    area_name: str
    account: int | None
    name: str | None
    phone: str | None
    households: int
    visited: int
    calls_today: int
    done_today: int
    signals: dict[str, int]
    signals_pressing: int
    referrals_open: int
    referrals_overdue: int
    tasks_due: int
    tasks_overdue: int
    last_sync_at: int | None
    waiting: int
    skew_min: int | None
    contact: Contact

    @property
    def pending(self) -> int:
        """Households not yet visited this month."""
        return self.households - self.visited

    @property
    def signals_open(self) -> int:
        """Open signals of every class."""
        return sum(self.signals.values())


def promoter_figures(
    c: Connection, *, unit: int, now: int, zone: Zone, limits: Limits
) -> list[PromoterFigures]:
    """The figures of every area of `unit` at the instant `now` (ms), whose day is the one of `zone`, in the
    order of the areas' names."""
    today = day_of(now, zone)
    at_unit: dict[str, object] = {"unit": unit}
    in_month = {**at_unit, "month": month_of(today)}
    households = {row[0]: row for row in c.rows(_sql.households_by_area, in_month)}
    calls = {row[0]: row for row in c.rows(_sql.visits_by_area, {**at_unit, "day": today})}
    referrals = {row[0]: row for row in c.rows(_sql.referrals_by_area, {**at_unit, "now": now})}
    tasks = {row[0]: row for row in c.rows(_sql.tasks_by_area, {**at_unit, "today": today})}
    phones = {row[0]: row for row in c.rows(_sql.phones, at_unit)}  # the latest of an area stays
    signals: dict[int, dict[str, int]] = {}
    pressing: dict[int, int] = {}
    for area, class_, rank, count in c.rows(_sql.signals_by_area, at_unit):
        signals.setdefault(area, {})[class_] = count
        if rank == 0:
            pressing[area] = count
    figures: dict[int, PromoterFigures] = {}
    for area, area_name, account, name, phone in c.rows(_sql.promoters, at_unit):
        if area in figures:
            continue
        _, registered, visited = households.get(area, (area, 0, 0))
        _, called, done = calls.get(area, (area, 0, 0))
        _, open_, overdue = referrals.get(area, (area, 0, 0))
        _, due, late = tasks.get(area, (area, 0, 0))
        device = phones.get(area)
        figures[area] = PromoterFigures(
            unit=unit,
            area=area,
            area_name=area_name,
            account=account,
            name=name,
            phone=phone,
            households=registered,
            visited=visited,
            calls_today=called,
            done_today=done,
            signals=signals.get(area, {}),
            signals_pressing=pressing.get(area, 0),
            referrals_open=open_,
            referrals_overdue=overdue,
            tasks_due=due,
            tasks_overdue=late,
            last_sync_at=device[1] if device else None,
            waiting=(device[2] or 0) if device else 0,
            skew_min=_skew_min(device, limits),
            contact=contact(device[1] if device else None, now=now, limits=limits),
        )
    return sorted(figures.values(), key=lambda one: _as_counted(one.area_name))


def contact(last_sync_at: int | None, *, now: int, limits: Limits) -> Contact:
    """How long a phone has been silent, in the pack's words."""
    if last_sync_at is None:
        return "never"
    age_ms = now - last_sync_at
    if age_ms >= limits.silent_days * DAY_MS:
        return "silent"
    return "quiet" if age_ms >= limits.quiet_days * DAY_MS else "fresh"


def _as_counted(name: str) -> list[tuple[int, str]]:
    """A key that puts "Area 2" before "Area 10"."""
    return [(int(part), "") if part.isdigit() else (0, part.lower()) for part in re.split(r"(\d+)", name)]


def _skew_min(device: Row | None, limits: Limits) -> int | None:
    if device is None or device[3] is None:
        return None
    minutes = round(device[3] / 60_000)
    return minutes if abs(minutes) > limits.skew_warning_min else None
