"""A household and a person as their supervisor reads them. Every reading is logged."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hodi import access, care, views
from hodi.db import Connection
from hodi.errors import INVALID_ANSWER, NOT_FOUND, HodiError
from hodi.web.charts import chart_of
from hodi.web.numbers import Number
from hodi.web.read_your_writes import write_and_refold
from hodi.web.render import page
from hodi.web.services import services_of
from hodi.web.sessions import Posted, SignedIn, number
from hodi.web.tokens import masked
from hodi.web.way_back import came_from

router = APIRouter()


@router.get("/households/{unit}/{household}")
async def household(
    request: Request, session: SignedIn, unit: Number, household: Number, back: str = "/board"
) -> Response:
    """A household: members, visits, signals, referrals; and moving it."""
    services, account = services_of(request), session.account
    access.require_unit(account, unit)
    now = services.now

    def read(
        c: Connection,
    ) -> tuple[views.Household, list[views.Destination], tuple[views.ShownSection, ...]]:
        home = views.summary(c, unit=unit, household_id=household, discretion=services.discretion)
        if home is None:
            raise HodiError(NOT_FOUND)
        shown = views.sections(
            c, services.pack.display, "household", unit=unit, household=household, today=services.today
        )
        return home, views.destinations(c, unit=unit, reach=services.pack.places.reach), shown

    home, destinations, sections = await services.store.read(read)
    await services.store.write(
        lambda c: access.log_read(c, account, "read", now=now, unit=unit, household=household)
    )
    return page(
        request,
        "household.html",
        home=home,
        sections=sections,
        chart_of=chart_of(services.pack.limits),
        back=came_from(back),
        csrf=masked(session.csrf),
        destinations=[one for one in destinations if one.area != home.area],
    )


@router.post("/households/{unit}/{household}/move")
async def move(
    request: Request, session: SignedIn, form: Posted, unit: Number, household: Number
) -> Response:
    """A household goes to live in another area; its history goes with it."""
    services, account = services_of(request), session.account
    access.require_unit(account, unit)
    reach = services.pack.places.reach
    to_area = number(form, "to_area")

    def write(c: Connection) -> None:
        home = views.household(c, unit=unit, household=household)
        if home is None or not home.here:
            raise HodiError(NOT_FOUND)
        offered = {one.area: one for one in views.destinations(c, unit=unit, reach=reach)}
        if to_area not in offered or to_area == home.area:
            raise HodiError(INVALID_ANSWER, "to_area")
        care.move_household(
            c,
            author=account.account,
            unit=unit,
            household=household,
            to_unit=offered[to_area].unit,
            to_area=to_area,
            now=services.now,
            rules=services.rules,
        )

    await write_and_refold(services, unit, write)
    return RedirectResponse("/board", 303)


@router.get("/people/{unit}/{household}/{person}")
async def person(
    request: Request,
    session: SignedIn,
    unit: Number,
    household: Number,
    person: Number,
    back: str = "/board",
) -> Response:
    """A person's record and how she has fared."""
    services, account = services_of(request), session.account
    access.require_unit(account, unit)
    now = services.now

    def read(c: Connection) -> tuple[views.Person, tuple[views.ShownSection, ...]]:
        found = views.person(c, unit=unit, household_id=household, person_id=person)
        if found is None:
            raise HodiError(NOT_FOUND)
        shown = views.sections(
            c,
            services.pack.display,
            "person",
            unit=unit,
            household=household,
            person=person,
            today=services.today,
        )
        return found, shown

    found, sections = await services.store.read(read)
    await services.store.write(
        lambda c: access.log_read(c, account, "read", now=now, unit=unit, household=household, person=person)
    )
    return page(
        request,
        "person.html",
        subject=found,
        sections=sections,
        chart_of=chart_of(services.pack.limits),
        back=came_from(back),
    )
