"""The sub-county's pages: totals of units, and the rows behind each; never a person."""

from __future__ import annotations

import dataclasses
from typing import Literal

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hodi import access, views
from hodi.access import Session
from hodi.db import Connection
from hodi.domain.times import date_of, day_of_date, month_of
from hodi.errors import NOT_FOUND, HodiError
from hodi.indicators import Aggregates, Cell, Listed, Measure, Total, aggregates, listed
from hodi.web.numbers import AskedNumber, PageNumber
from hodi.web.paging import paged
from hodi.web.render import page
from hodi.web.services import Services, services_of
from hodi.web.sessions import SignedIn

router = APIRouter()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Column:
    """A column of the table: the measure, for signals their code, its cells by unit, and the total."""

    measure: Measure
    code: str
    cells: dict[int, Cell]
    total: Total


@router.get("/sub-county")
async def sub_county(
    request: Request, session: SignedIn, month: AskedNumber = None, place: AskedNumber = None
) -> Response:
    """Figures of every unit of a sub-county in a month, this month unless another is asked for."""
    services, account = services_of(request), session.account
    chosen, where, offered = _asked(services, session, month, place)

    def read(c: Connection) -> tuple[Aggregates, list[views.Place]]:
        offered_places = (views.place(c, place=one) for one in sorted(account.sub_counties))
        return _figures(c, services, where, chosen), [one for one in offered_places if one]

    figures, places = await services.store.read(read)
    return page(
        request,
        "sub_county.html",
        figures=figures,
        columns=_columns(figures, this_month=chosen == offered[0]),
        months=offered,
        month=chosen,
        places=places,
        place=where,
    )


@router.get("/sub-county/list/{measure}")
async def list_behind(
    request: Request,
    session: SignedIn,
    measure: Measure,
    month: AskedNumber = None,
    place: AskedNumber = None,
    unit: AskedNumber = None,
    code: str = "",
    part: Literal["counted", "all"] = "counted",
    n: PageNumber = 1,
) -> Response:
    """The rows behind one figure of a unit, or behind the total of those that are shown. What is not
    shown has no list."""
    services = services_of(request)
    chosen, where, offered = _asked(services, session, month, place)
    now = services.now

    def read(c: Connection) -> tuple[list[Listed], dict[int, str]]:
        figures = _figures(c, services, where, chosen)
        columns = _columns(figures, this_month=chosen == offered[0])
        column = next((one for one in columns if (one.measure, one.code) == (measure, code)), None)
        shown = {one for one, cell in column.cells.items() if cell.shown} if column else set()
        if unit is not None:
            shown &= {unit}
        if not shown:
            raise HodiError(NOT_FOUND)
        names = {one.unit: one.name for one in figures.units if one.unit in shown}
        rows = [
            row
            for one in names
            for row in listed(c, measure, unit=one, month=chosen, code=code, now=now, limits=services.limits)
        ]
        return [row for row in rows if row.counts or part == "all"], names

    rows, names = await services.store.read(read)
    return page(
        request,
        "figure_list.html",
        rows=paged(rows, n),
        names=names,
        measure=measure,
        code=code,
        part=part,
        month=chosen,
        back=f"/sub-county?month={chosen}&place={where}",
        here=f"/sub-county/list/{measure}?month={chosen}&place={where}&code={code}&part={part}"
        + (f"&unit={unit}" if unit is not None else ""),
    )


def _asked(
    services: Services, session: Session, month: int | None, place: int | None
) -> tuple[int, int, list[int]]:
    """The month and place that are asked for, and the months offered. Raises where either is not hers."""
    account = session.account
    access.require_role(account, "sub_county", "county")
    offered = _months(services)
    chosen = month or offered[0]
    where = place or min(account.sub_counties, default=0)
    access.require_sub_county(account, where)
    if chosen not in offered:
        raise HodiError(NOT_FOUND)
    return chosen, where, offered


def _figures(c: Connection, services: Services, place: int, month: int) -> Aggregates:
    return aggregates(
        c,
        place=place,
        month=month,
        now=services.now,
        limits=services.limits,
        counted=services.discretion.counts_signal,
    )


def _columns(figures: Aggregates, *, this_month: bool) -> list[Column]:
    """The columns for a month. Who synced and what is open is known of today alone: it stands in this
    month's table, and in no other."""
    units = figures.units
    columns = [
        Column(
            measure="households",
            code="",
            cells={one.unit: one.households_visited for one in units},
            total=figures.households_visited,
        ),
        Column(
            measure="under_fives",
            code="",
            cells={one.unit: one.under_fives_assessed for one in units},
            total=figures.under_fives_assessed,
        ),
        Column(
            measure="referrals",
            code="",
            cells={one.unit: one.referrals_arrived for one in units},
            total=figures.referrals_arrived,
        ),
    ]
    if not this_month:
        return columns
    synced = {one.unit: one.promoters_synced for one in units}
    columns.append(Column(measure="synced", code="", cells=synced, total=figures.promoters_synced))
    for code in figures.codes:
        cells = {one.unit: one.signals[code] for one in units}
        columns.append(Column(measure="signals", code=code, cells=cells, total=figures.signals[code]))
    return columns


def _months(services: Services) -> list[int]:
    """The months offered, this month first."""
    first = date_of(services.today).replace(day=1)
    found = []
    for _ in range(services.limits.months_back + 1):
        found.append(month_of(day_of_date(first)))
        first = date_of(day_of_date(first) - 1).replace(day=1)
    return found
