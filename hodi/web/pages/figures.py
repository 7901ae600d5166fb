"""The officers' pages: figures of a place of any level and what lies below it, and the rows behind each;
never a person."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hodi import access
from hodi.db import Connection
from hodi.errors import NOT_FOUND, HodiError
from hodi.indicators import Column, Figures, Indicator, Listed, figures, listed, months_offered
from hodi.web.numbers import AskedNumber, Number, PageNumber
from hodi.web.paging import paged
from hodi.web.render import page
from hodi.web.services import Services, services_of
from hodi.web.sessions import SignedIn

router = APIRouter()


@router.get("/places")
async def own_place(request: Request, session: SignedIn, month: AskedNumber = None) -> Response:
    """The page of the place where she works; of several, the first."""
    access.require_role(session.account, "officer")
    return await of_place(request, session, min(session.account.places, default=0), month)


@router.get("/places/{place}")
async def of_place(request: Request, session: SignedIn, place: Number, month: AskedNumber = None) -> Response:
    """The pack's indicators for the places two levels below a place (for its units, where those lie directly
    below) in a month, this month unless another is asked for."""
    services, account = services_of(request), session.account
    chosen, offered = _month(services, month)

    def read(c: Connection) -> tuple[Figures, list[access.Place], list[access.Place]]:
        above = _place(c, services, account, place)
        others = [access.place_by_number(c, one) for one in sorted(account.places)]
        return _figures(c, services, place, chosen), above, others

    shown, above, others = await services.store.read(read)
    return page(
        request,
        "figures.html",
        figures=shown,
        months=offered,
        month=chosen,
        here=above[-1],
        above=above[:-1],
        others=others,
    )


@router.get("/places/{place}/list/{code}")
async def list_behind(
    request: Request,
    session: SignedIn,
    place: Number,
    code: str,
    month: AskedNumber = None,
    within: AskedNumber = None,
    cell: str = "",
    part: Literal["counted", "all"] = "counted",
    n: PageNumber = 1,
) -> Response:
    """The rows behind one figure of a row (`within`), or behind the total of those that are shown. What is
    not shown has no list."""
    services, account = services_of(request), session.account
    chosen, _ = _month(services, month)

    def read(c: Connection) -> tuple[Column, list[Listed], dict[int, str]]:
        _place(c, services, account, place)
        found = _figures(c, services, place, chosen)
        column = next((one for one in found.columns if (one.indicator.code, one.cell) == (code, cell)), None)
        shown = {one for one, its in column.cells.items() if its.shown} if column else set()
        if within is not None:
            shown &= {one.unit for one in found.units if one.row_place == within}
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
        back=f"/places/{place}?month={chosen}",
        here=f"/places/{place}/list/{code}?month={chosen}&cell={cell}&part={part}"
        + (f"&within={within}" if within is not None else ""),
    )


def _month(services: Services, month: int | None) -> tuple[int, list[int]]:
    """The month that is asked for, and those offered. Raises NOT_FOUND for another."""
    offered = months_offered(services.today, services.limits.months_back)
    chosen = month or offered[0]
    if chosen not in offered:
        raise HodiError(NOT_FOUND)
    return chosen, offered


def _place(c: Connection, services: Services, account: access.Account, place: int) -> list[access.Place]:
    """The place, last, after those that it lies in and that are hers too. Raises where it is not hers, or not
    above the unit."""
    above = access.require_place(c, account, place)
    if above[-1].kind not in services.pack.places.above:
        raise HodiError(NOT_FOUND, "place")
    first = next(n for n, one in enumerate(above) if one.place in account.places)
    return above[first:]


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
