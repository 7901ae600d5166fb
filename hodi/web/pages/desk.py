"""The facility desk: find the referred person, note that she arrived, record what came of it."""

from __future__ import annotations

import datetime

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hodi import access, care, views
from hodi.access import Account
from hodi.db import Connection
from hodi.domain import code_of
from hodi.domain.times import day_of_date
from hodi.errors import INVALID_ANSWER, NOT_ALLOWED, NOT_FOUND, HodiError
from hodi.web.numbers import Number
from hodi.web.read_your_writes import write_and_refold
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
    return page(request, "desk.html", desk=shown, facility=facility, facility_name=name)


@router.get("/desk/find")
async def find(request: Request, session: SignedIn, q: str = "") -> Response:
    """Find a referral. A code leads straight to it, whichever facility it was made to; a name or
    telephone lists the facility's own."""
    services, account = services_of(request), session.account
    facility, now = _facility(account), services.now
    typed = q.strip()[:60]

    def read(c: Connection) -> tuple[list[views.ReferralLine], list[views.ReferralLine]]:
        exact = views.by_code(c, typed=typed, facility=facility, discretion=services.discretion)
        return exact, [] if exact else views.by_words(c, facility=facility, typed=typed, now=now)

    exact, like = await services.store.read(read)
    if len(exact) == 1:
        line = exact[0]
        return RedirectResponse(f"/desk/referrals/{line.unit}/{line.referral}?code={line.code}", 303)
    await services.store.write(lambda c: access.log_read(c, account, "search", now=now, detail="desk"))
    return page(
        request, "found.html", lines=exact or like, typed=typed, with_code=bool(exact), facility=facility
    )


@router.get("/desk/referrals/{unit}/{referral}")
async def slip(
    request: Request, session: SignedIn, unit: Number, referral: Number, code: str = ""
) -> Response:
    """One referral in full, with the next step ready."""
    services, account = services_of(request), session.account
    facility, now = _facility(account), services.now

    def read(c: Connection) -> views.Slip:
        line = _require_referral(c, services, account, unit, referral, code)
        found = views.slip(
            c, unit=unit, referral_id=referral, receiving=_receives(account, line, code),
            discretion=services.discretion,
        )  # fmt: skip
        if found is None:
            raise HodiError(NOT_FOUND)
        return found

    found = await services.store.read(read)
    line = found.line
    await services.store.write(
        lambda c: access.log_read(
            c,
            account,
            "read",
            now=now,
            unit=unit,
            household=line.household,
            person=line.person,
            detail=f"referral {line.code}",
        )
    )
    return page(
        request,
        "slip.html",
        slip=found,
        csrf=masked(session.csrf),
        code=code,
        facility=facility,
        outcomes=care.OUTCOMES,
        declines=care.DECLINES,
        advice_max=care.ADVICE_CHARACTERS_MAX,
    )


@router.post("/desk/referrals/{unit}/{referral}/{step}")
async def act(
    request: Request, session: SignedIn, form: Posted, unit: Number, referral: Number, step: str
) -> Response:
    """Arrived, seen (with an outcome) or declined."""
    services, account = services_of(request), session.account
    facility, code = _facility(account), text(form, "code")
    if step not in ("arrived", "seen", "declined"):
        raise HodiError(NOT_FOUND)

    def write(c: Connection) -> None:
        line = _require_referral(c, services, account, unit, referral, code)
        _state(c, services, account, facility, line, step, form)

    await write_and_refold(services, unit, write)
    if step == "arrived":
        return RedirectResponse(f"/desk/referrals/{unit}/{referral}?code={code}", 303)
    return RedirectResponse("/desk", 303)


def _state(
    c: Connection,
    services: Services,
    account: Account,
    facility: str,
    line: views.ReferralLine,
    step: str,
    form: FormData,
) -> None:
    to = care.Referred(
        unit=line.unit,
        household=line.household,
        person=line.person,
        referral=line.referral,
        class_=line.class_,
    )
    by = care.Statement(
        author=account.account, now=services.now, rules=services.rules, times=services.pack.referral_times
    )
    if step == "arrived":
        care.arrived(c, to, by, facility=facility)
    elif step == "declined":
        care.declined(c, to, by, facility=facility, reason=text(form, "reason"))
    else:
        care.seen(
            c, to, by, facility=facility, outcome=text(form, "outcome"), advice=text(form, "advice"),
            return_day=_day(text(form, "return_day"), "return_day"), today=services.today,
        )  # fmt: skip


def _facility(account: Account) -> str:
    """The facility a nurse works at. Raises NOT_ALLOWED for anybody else."""
    access.require_role(account, "nurse")
    if not account.facilities:
        raise HodiError(NOT_ALLOWED)
    return min(account.facilities)


def _require_referral(
    c: Connection, services: Services, account: Account, unit: int, referral: int, code: str
) -> views.ReferralLine:
    """The referral, if the account may open it: by right, or because she holds the code on the slip. A
    confidential one is for the facility that receives the person, and for nobody else."""
    line = views.referral(c, unit=unit, referral=referral)
    if line is None:
        raise HodiError(NOT_FOUND)
    if not _receives(account, line, code):
        access.require_referral(c, account, unit=unit, referral=referral)
        if views.is_confidential(line, services.discretion):
            access.require_facility(account, line.facility or "")
    return line


def _receives(account: Account, line: views.ReferralLine, code: str) -> bool:
    """Whether the person comes to her: by the referral, or with the slip in hand."""
    return line.facility in account.facilities or (bool(code) and code_of(code) == line.code)


def _day(typed: str, field: str) -> int | None:
    if not typed:
        return None
    try:
        return day_of_date(datetime.date.fromisoformat(typed))
    except ValueError:
        raise HodiError(INVALID_ANSWER, field) from None
