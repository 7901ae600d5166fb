"""What was told of a member who left or died: the supervisor reads it, and approves it or sends it back."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hodi import access, care, views
from hodi.db import Connection
from hodi.errors import CHANGED_MEANWHILE, NOT_FOUND, HodiError
from hodi.web.numbers import Number
from hodi.web.read_your_writes import write_and_refold
from hodi.web.render import page
from hodi.web.services import services_of
from hodi.web.sessions import Posted, SignedIn, text
from hodi.web.tokens import masked
from hodi.web.way_back import back_to, came_from

router = APIRouter()


@router.get("/departures/{unit}/{household}/{departure}")
async def departure(
    request: Request,
    session: SignedIn,
    unit: Number,
    household: Number,
    departure: Number,
    back: str = "/board",
) -> Response:
    """One departure as it was told. While it waits, it can be approved or sent back."""
    services, account = services_of(request), session.account
    access.require_unit(account, unit)
    now = services.now
    line = await services.store.read(lambda c: _departure(c, unit, household, departure))
    await services.store.write(
        lambda c: access.log_read(
            c,
            account,
            "read",
            now=now,
            unit=unit,
            household=household,
            person=line.person,
            detail="departure",
        )
    )
    return page(
        request,
        "departure.html",
        line=line,
        csrf=masked(session.csrf),
        reason_max=care.REASON_CHARACTERS_MAX,
        back=came_from(back),
    )


@router.post("/departures/{unit}/{household}/{departure}")
async def review(
    request: Request, session: SignedIn, form: Posted, unit: Number, household: Number, departure: Number
) -> Response:
    """Approve a departure, or send it back with a reason. What was reviewed meanwhile stays as it is."""
    services, account = services_of(request), session.account
    access.require_unit(account, unit)
    verdict, reason = text(form, "answer"), text(form, "reason")

    def write(c: Connection) -> None:
        line = _departure(c, unit, household, departure)
        if line.verdict != "waiting":
            raise HodiError(CHANGED_MEANWHILE)
        care.review_departure(
            c,
            author=account.account,
            unit=unit,
            household=household,
            person=line.person,
            departure=departure,
            verdict=verdict,
            reason=reason,
            now=services.now,
            rules=services.rules,
        )

    await write_and_refold(services, unit, write)
    return RedirectResponse(back_to(text(form, "back")), 303)


def _departure(c: Connection, unit: int, household: int, departure: int) -> views.DepartureLine:
    line = views.departure(c, unit=unit, household=household, departure=departure)
    if line is None:
        raise HodiError(NOT_FOUND)
    return line
