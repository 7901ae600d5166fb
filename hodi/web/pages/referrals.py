"""A referral as its unit's supervisor follows it: what has happened, whom to call, what she found out."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hodi import access, care, views
from hodi.access import Account, Session
from hodi.db import Connection
from hodi.errors import INVALID_ANSWER, NOT_FOUND, HodiError
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
from hodi.web.way_back import came_from

router = APIRouter()


@router.get("/referrals/{unit}/{referral}")
async def referral(
    request: Request,
    session: SignedIn,
    unit: Number,
    referral: Number,
    back: str = "/board",
    known: str = "",
) -> Response:
    """Who was referred, what has happened so far, whom to call, and what can be noted. A page that asks by
    itself names what it shows (`known`), and is given nothing where nothing is new."""
    return await _shown(request, session, unit, referral, back=back, known=known)


@router.get("/referrals/{unit}/{referral}/{step}")
async def again(session: SignedIn, unit: Number, referral: Number, step: str) -> Response:
    """Whoever comes back here after logging in finds the referral."""
    return RedirectResponse(f"/referrals/{unit}/{referral}", 303)


@router.post("/referrals/{unit}/{referral}/{step}")
async def act(
    request: Request, session: SignedIn, form: Posted, unit: Number, referral: Number, step: str
) -> Response:
    """Note what tracing found, whether the return date was kept, close the referral, or take the last of
    her own notes back."""
    services, account = services_of(request), session.account
    if step not in ("traced", "returned", "closed", "take_back"):
        raise HodiError(NOT_FOUND)

    def write(c: Connection) -> None:
        line = _require_referral(c, account, unit, referral)
        require_unchanged(c, line, form)
        _state(c, services, account, line, step, form)

    back = came_from(text(form, "back"))
    try:
        await write_and_refold(services, unit, write)
    except HodiError as error:
        if error.problem not in SHOWN_AGAIN:
            raise
        typed = typed_in(step, form)
        return await _shown(request, session, unit, referral, back=back, typed=typed, error=error)
    return RedirectResponse(f"/referrals/{unit}/{referral}?back={quote(back)}#saved", 303)


async def _shown(
    request: Request,
    session: Session,
    unit: int,
    referral: int,
    *,
    back: str,
    known: str = "",
    typed: Mapping[str, str] = NOTHING_TYPED,
    error: HodiError | None = None,
) -> Response:
    services, account = services_of(request), session.account

    def read(c: Connection) -> views.Followed:
        line = _require_referral(c, account, unit, referral)
        found = views.followed(c, line, discretion=services.discretion)
        if found is None:
            raise HodiError(NOT_FOUND)
        return found

    found = await services.store.read(read)
    line, shown = found.line, views.fingerprint(found)
    if known == shown:
        return Response(status_code=204)

    return page(
        request,
        "referral.html",
        status=error.problem.status if error else 200,
        followed=found,
        shown=shown,
        own=views.last_own(found.steps, account.account),
        typed=typed,
        typing_key=await services.store.write(lambda c: log_reading(c, services, account, line)),
        error=error,
        traces=care.TRACES,
        trace_reasons=care.TRACE_REASONS,
        closes=care.CLOSES,
        csrf=masked(session.csrf),
        back=came_from(back),
    )


def _require_referral(c: Connection, account: Account, unit: int, referral: int) -> views.ReferralLine:
    """The referral, if the account supervises its unit. Raises NOT_ALLOWED or NOT_FOUND."""
    access.require_unit(account, unit)
    line = views.referral(c, unit=unit, referral=referral)
    if line is None:
        raise HodiError(NOT_FOUND)
    return line


def _state(
    c: Connection,
    services: Services,
    account: Account,
    line: views.ReferralLine,
    step: str,
    form: FormData,
) -> None:
    """State one step. Raises INVALID_ANSWER for one that does not fit where the referral stands."""
    to, by = referred(line), statement(services, account)
    if step == "take_back":
        take_back(c, services, account, line, form)
        return
    fits = {"traced": line.stands not in ("return", "arrived"), "returned": line.stands == "return"}
    if not line.open or not fits.get(step, True):
        raise HodiError(INVALID_ANSWER, step)
    result, reason = text(form, "result"), text(form, "reason")
    if step == "traced":
        care.traced(c, to, by, result=result, reason=reason)
    elif step == "closed":
        care.closed(c, to, by, reason=reason)
    elif result in ("kept", "not_kept"):
        care.returned(c, to, by, kept=result == "kept", reason=reason)
    else:
        raise HodiError(INVALID_ANSWER, "result")
