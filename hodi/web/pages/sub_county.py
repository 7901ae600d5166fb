"""The sub-county's pages: totals of units, and the rows behind each; never a person."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hodi import access, views
from hodi.access import Session
from hodi.db import Connection
from hodi.errors import NOT_FOUND, HodiError
from hodi.indicators import Column, Figures, Indicator, Listed, figures, listed, months_offered
from hodi.web.numbers import AskedNumber, PageNumber
from hodi.web.paging import paged
from hodi.web.render import page
from hodi.web.services import Services, services_of
from hodi.web.sessions import SignedIn

router = APIRouter()


@router.get("/sub-county")
async def sub_county(
    request: Request, session: SignedIn, month: AskedNumber = None, place: AskedNumber = None
) -> Response:
    """The pack's indicators for every unit of a sub-county in a month, this month unless another is asked
    for."""
    services, account = services_of(request), session.account
    chosen, where, offered = _asked(services, session, month, place)

    def read(c: Connection) -> tuple[Figures, list[views.Place]]:
        offered_places = (views.place(c, place=one) for one in sorted(account.sub_counties))
        return _figures(c, services, where, chosen), [one for one in offered_places if one]

    shown, places = await services.store.read(read)
    return page(
        request,
        "sub_county.html",
        figures=shown,
        months=offered,
        month=chosen,
        places=places,
        place=where,
    )


@router.get("/sub-county/list/{code}")
async def list_behind(
    request: Request,
    session: SignedIn,
    code: str,
    month: AskedNumber = None,
    place: AskedNumber = None,
    unit: AskedNumber = None,
    cell: str = "",
    part: Literal["counted", "all"] = "counted",
    n: PageNumber = 1,
) -> Response:
    """The rows behind one figure of a unit, or behind the total of those that are shown. What is not
    shown has no list."""
    services = services_of(request)
    chosen, where, _ = _asked(services, session, month, place)

    def read(c: Connection) -> tuple[Column, list[Listed], dict[int, str]]:
        found = _figures(c, services, where, chosen)
        column = next((one for one in found.columns if (one.indicator.code, one.cell) == (code, cell)), None)
        shown = {one for one, its in column.cells.items() if its.shown} if column else set()
        if unit is not None:
            shown &= {unit}
        if column is None or not shown:
            raise HodiError(NOT_FOUND)
        names = {one.unit: one.name for one in found.units if one.unit in shown}
        rows = [
            row
            for one in names
            for row in listed(
                c,
                column.indicator,
                unit=one,
                month=chosen,
                cell=cell,
                today=services.today,
                now=services.now,
                suppress_below=services.limits.suppress_below,
            )
        ]
        return column, [row for row in rows if row.counts or part == "all"], names

    column, rows, names = await services.store.read(read)
    return page(
        request,
        "figure_list.html",
        rows=paged(rows, n),
        names=names,
        column=column,
        part=part,
        month=chosen,
        back=f"/sub-county?month={chosen}&place={where}",
        here=f"/sub-county/list/{code}?month={chosen}&place={where}&cell={cell}&part={part}"
        + (f"&unit={unit}" if unit is not None else ""),
    )


def _asked(
    services: Services, session: Session, month: int | None, place: int | None
) -> tuple[int, int, list[int]]:
    """The month and place that are asked for, and the months offered. Raises where either is not hers."""
    account = session.account
    access.require_role(account, "sub_county", "county")
    offered = months_offered(services.today, services.limits.months_back)
    chosen = month or offered[0]
    where = place or min(account.sub_counties, default=0)
    access.require_sub_county(account, where)
    if chosen not in offered:
        raise HodiError(NOT_FOUND)
    return chosen, where, offered


def _figures(c: Connection, services: Services, place: int, month: int) -> Figures:
    return figures(
        c,
        [one for one in services.indicators if _may_be_counted(services, one)],
        place=place,
        month=month,
        today=services.today,
        now=services.now,
        suppress_below=services.limits.suppress_below,
        counted=services.discretion.counts_signal,
    )


def _may_be_counted(services: Services, one: Indicator) -> bool:
    """Whether an indicator may be counted by name where others than the keepers of its people look."""
    return not any(f"concept.{name}" in services.discretion.always for name in one.discloses)
