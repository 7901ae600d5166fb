"""The facility desk: find the referred person, note that she arrived, record what came of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hodi import access, care, views
from hodi.access import Account, Session
from hodi.db import Connection
from hodi.domain.times import day_of_date
from hodi.errors import INVALID_ANSWER, NOT_ALLOWED, NOT_FOUND, HodiError
from hodi.web.numbers import Number
from hodi.web.read_your_writes import write_and_refold
from hodi.web.referral_steps import (
    NOTHING_TYPED,
    SHOWN_AGAIN,
    log_reading,
    referred,
    require_unchanged,
    statement,
    take_back,
    typed_in,
)
from hodi.web.render import page
from hodi.web.services import Services, services_of
from hodi.web.sessions import Posted, SignedIn, text
from hodi.web.tokens import masked

router = APIRouter()


@router.get("/desk")
async def desk(request: Request, session: SignedIn) -> Response:
    """Who is expected, emergencies first; the search box is ready for a code, a name or a telephone."""
    services, account = services_of(request), session.account
    facility, now = _facility(account), services.now

    def read(c: Connection) -> tuple[views.Desk, str]:
        place = views.facility(c, code=facility)
        return views.desk(
            c, facility=facility, place=place.place, now=now, discretion=services.discretion
        ), place.name

    shown, name = await services.store.read(read)
    return page(
        request, "desk.html", desk=shown, facility=facility, facility_name=name, csrf=masked(session.csrf)
    )


@router.get("/desk/find")
async def find_again(session: SignedIn) -> Response:
    """What is looked for stands in no address: whoever comes back here, after logging in, types it anew."""
    return RedirectResponse("/desk", 303)


@router.post("/desk/find")
async def find(request: Request, session: SignedIn, form: Posted) -> Response:
    """Find a referral. A right code leads straight to it, whichever facility it was made to, unless it is
    confidential and not the facility's own: then the person's name is asked too. A code with a wrong
    letter opens nothing, and those of the facility's own that it may have been are offered. A name or
    telephone lists the facility's own. Searches are counted and logged."""
    services, account = services_of(request), session.account
    facility, now = _facility(account), services.now
    typed, name = text(form, "q")[:60], text(form, "name")[:60]

    def look(c: Connection) -> views.Found:
        access.require_searches_left(c, account, now=now)
        found = views.find(
            c, typed=typed, name=name, facility=facility, now=now, discretion=services.discretion,
            numbering=services.pack.telephone,
        )  # fmt: skip
        access.log_search(c, account, found=bool(found.lines), now=now)
        for line in found.lines if found.by == "code" else ():
            if line.facility != facility:
                access.claim_referral(c, account, unit=line.unit, referral=line.referral, now=now)
        return found

    found = await services.store.write(look)
    if found.by == "code" and len(found.lines) == 1:
        [line] = found.lines
        return RedirectResponse(f"/desk/referrals/{line.unit}/{line.referral}", 303)
    return page(
        request, "found.html", found=found, typed=typed, name=name, facility=facility,
        csrf=masked(session.csrf),
    )  # fmt: skip


@router.get("/desk/referrals/{unit}/{referral}")
async def slip(
    request: Request, session: SignedIn, unit: Number, referral: Number, known: str = ""
) -> Response:
    """One referral in full, with the next step ready. A page that asks by itself names what it shows
    (`known`), and is given nothing where nothing is new."""
    return await _shown(request, session, unit, referral, known=known)


@router.get("/desk/referrals/{unit}/{referral}/{step}")
async def slip_again(session: SignedIn, unit: Number, referral: Number, step: str) -> Response:
    """Whoever comes back here after logging in finds the referral, and what was typed (typed.js)."""
    return RedirectResponse(f"/desk/referrals/{unit}/{referral}", 303)


async def _shown(
    request: Request,
    session: Session,
    unit: int,
    referral: int,
    *,
    known: str = "",
    typed: Mapping[str, str] = NOTHING_TYPED,
    error: HodiError | None = None,
) -> Response:
    services, account = services_of(request), session.account
    facility = _facility(account)

    def read(c: Connection) -> views.Slip:
        line = _require_referral(c, services, account, unit, referral)
        found = views.slip(
            c, unit=unit, referral_id=referral, receiving=_receives(c, account, line),
            discretion=services.discretion,
        )  # fmt: skip
        if found is None:
            raise HodiError(NOT_FOUND)
        return found

    found = await services.store.read(read)
    line, shown = found.line, views.fingerprint(found)
    if known == shown:
        return Response(status_code=204)

    return page(
        request,
        "slip.html",
        status=error.problem.status if error else 200,
        slip=found,
        shown=shown,
        own=views.last_own(found.steps, account.account),
        typed=typed,
        typing_key=await services.store.write(lambda c: log_reading(c, services, account, line)),
        error=error,
        csrf=masked(session.csrf),
        facility=facility,
        outcomes=care.OUTCOMES,
        declines=care.DECLINES,
        trace_reasons=care.TRACE_REASONS,
        advice_max=care.ADVICE_CHARACTERS_MAX,
    )


@router.post("/desk/referrals/{unit}/{referral}/{step}")
async def act(
    request: Request, session: SignedIn, form: Posted, unit: Number, referral: Number, step: str
) -> Response:
    """Arrived, seen (with an outcome), declined, returned on the return date or not; or the last of these
    taken back by whoever stated it. What cannot be saved is shown again with what was typed."""
    services, account = services_of(request), session.account
    facility = _facility(account)
    if step not in ("arrived", "seen", "declined", "returned", "take_back"):
        raise HodiError(NOT_FOUND)

    def write(c: Connection) -> None:
        line = _require_referral(c, services, account, unit, referral)
        require_unchanged(c, line, form)
        _state(c, services, account, facility, line, step, form)

    try:
        await write_and_refold(services, unit, write)
    except HodiError as error:
        if error.problem not in SHOWN_AGAIN:
            raise
        typed = typed_in(step, form)
        return await _shown(request, session, unit, referral, typed=typed, error=error)
    stays = step in ("arrived", "take_back")
    return RedirectResponse(f"/desk/referrals/{unit}/{referral}" if stays else "/desk#saved", 303)


def _state(
    c: Connection,
    services: Services,
    account: Account,
    facility: str,
    line: views.ReferralLine,
    step: str,
    form: FormData,
) -> None:
    to, by = referred(line), statement(services, account)
    if step == "take_back":
        take_back(c, services, account, line, form)
    elif step == "arrived":
        care.arrived(c, to, by, facility=facility)
    elif step == "declined":
        care.declined(c, to, by, facility=facility, reason=text(form, "reason"))
    elif step == "seen":
        care.seen(
            c, to, by, facility=facility, outcome=text(form, "outcome"), advice=text(form, "advice"),
            return_day=_day(text(form, "return_day"), "return_day"), today=services.today,
        )  # fmt: skip
    elif line.stands == "return" and text(form, "result") in ("kept", "not_kept"):
        kept = text(form, "result") == "kept"
        care.returned(c, to, by, kept=kept, reason=text(form, "reason"), facility=facility)
    else:
        raise HodiError(INVALID_ANSWER, "returned")


def _facility(account: Account) -> str:
    """The facility a nurse works at. Raises NOT_ALLOWED for anybody else."""
    access.require_role(account, "nurse")
    if not account.facilities:
        raise HodiError(NOT_ALLOWED)
    return min(account.facilities)


def _require_referral(
    c: Connection, services: Services, account: Account, unit: int, referral: int
) -> views.ReferralLine:
    """The referral, if the account may open it. A confidential one is for the facility that receives the
    person, and for nobody else."""
    line = views.referral(c, unit=unit, referral=referral)
    if line is None:
        raise HodiError(NOT_FOUND)
    if not _receives(c, account, line):
        access.require_referral(c, account, unit=unit, referral=referral)
        if views.is_confidential(line, services.discretion):
            access.require_facility(account, line.facility or "")
    return line


def _receives(c: Connection, account: Account, line: views.ReferralLine) -> bool:
    """Whether the person comes to her: by the referral, or with the slip in hand."""
    return line.facility in account.facilities or access.has_claimed(
        c, account, unit=line.unit, referral=line.referral
    )


def _day(typed: str, field: str) -> int | None:
    if not typed:
        return None
    try:
        return day_of_date(datetime.date.fromisoformat(typed))
    except ValueError:
        raise HodiError(INVALID_ANSWER, field) from None
