"""The sub-county's page: totals of units, never a person."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hodi import access, views
from hodi.db import Connection
from hodi.domain.times import date_of, day_of_date, month_of
from hodi.errors import NOT_FOUND, HodiError
from hodi.indicators import Aggregates, aggregates
from hodi.web.numbers import AskedNumber
from hodi.web.render import page
from hodi.web.services import Services, services_of
from hodi.web.sessions import SignedIn

router = APIRouter()


@router.get("/sub-county")
async def sub_county(
    request: Request, session: SignedIn, month: AskedNumber = None, place: AskedNumber = None
) -> Response:
    """Figures of every unit of a sub-county in a month, this month unless another is asked for."""
    services, account = services_of(request), session.account
    access.require_role(account, "sub_county", "county")
    offered = _months(services)
    chosen = month or offered[0]
    where = place or min(account.sub_counties, default=0)
    access.require_sub_county(account, where)
    if chosen not in offered:
        raise HodiError(NOT_FOUND)
    now = services.now

    def read(c: Connection) -> tuple[Aggregates, list[views.Place]]:
        figures = aggregates(c, place=where, month=chosen, now=now, limits=services.limits)
        offered_places = (views.place(c, place=one) for one in sorted(account.sub_counties))
        return figures, [one for one in offered_places if one]

    figures, places = await services.store.read(read)
    return page(
        request,
        "sub_county.html",
        figures=figures,
        months=offered,
        month=chosen,
        places=places,
        place=where,
    )


def _months(services: Services) -> list[int]:
    """The months offered, this month first."""
    first = date_of(services.today).replace(day=1)
    found = []
    for _ in range(services.limits.months_back + 1):
        found.append(month_of(day_of_date(first)))
        first = date_of(day_of_date(first) - 1).replace(day=1)
    return found
