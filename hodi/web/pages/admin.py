"""Finding accounts and phones, taking a phone out of use, and the access log. The administrator sees nobody's
record. Accounts are made and changed in `accounts`, places in `places`."""

from __future__ import annotations

from typing import get_args

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hodi import access, views
from hodi.access.log import Change, Reading
from hodi.db import Connection
from hodi.errors import INVALID_ANSWER, HodiError
from hodi.web.numbers import Number
from hodi.web.render import page
from hodi.web.services import services_of
from hodi.web.sessions import Posted, SignedIn, number, text
from hodi.web.tokens import masked

router = APIRouter()

TYPED_MAX = 60
_ACTIONS = (*get_args(Reading), *get_args(Change))
_LATEST = (2**53, 2**53)


@router.get("/admin")
async def admin(request: Request, session: SignedIn) -> Response:
    """Accounts and phones."""
    return await _page(request, session, typed="")


@router.post("/admin/find")
async def find(request: Request, session: SignedIn, form: Posted) -> Response:
    """Accounts and phones like the words given, which stand in no address."""
    return await _page(request, session, typed=text(form, "q")[:TYPED_MAX])


@router.post("/admin/devices/{device}/revoke")
async def revoke(request: Request, session: SignedIn, form: Posted, device: Number) -> Response:
    """Take a phone out of use, under all its numbers: it wipes itself at its next contact."""
    services = services_of(request)
    access.require_admin(session.account)
    if text(form, "sure") != "1" or number(form, "device") != device:
        raise HodiError(INVALID_ANSWER, "sure")

    def write(c: Connection) -> None:
        for one in access.revoke_device(c, device, now=services.now):
            access.log_change(c, session.account.account, "revoke", now=services.now, detail=f"device {one}")

    await services.store.write(write)
    return RedirectResponse("/admin#devices", 303)


@router.get("/admin/log")
async def log(request: Request, session: SignedIn) -> Response:
    """The access log, latest first. Who reads it is noted in it."""
    return await _log_page(request, session, before=_LATEST, action="", username="")


@router.post("/admin/log")
async def filtered_log(request: Request, session: SignedIn, form: Posted) -> Response:
    """The access log of one account or kind of action, or its next page."""
    action, username = text(form, "action"), text(form, "username").lower()[:TYPED_MAX]
    if action and action not in _ACTIONS:
        raise HodiError(INVALID_ANSWER, "action")
    before = (number(form, "at"), number(form, "id")) if text(form, "id") else _LATEST
    return await _log_page(request, session, before=before, action=action, username=username)


async def _log_page(
    request: Request, session: access.Session, *, before: tuple[int, int], action: str, username: str
) -> Response:
    services = services_of(request)
    access.require_admin(session.account)
    lines = await services.store.read(
        lambda c: views.access_log(c, before=before, action=action, username=username)
    )
    await services.store.write(
        lambda c: access.log_change(c, session.account.account, "log_read", now=services.now)
    )
    return page(
        request,
        "admin_log.html",
        lines=lines,
        actions=_ACTIONS,
        action=action,
        username=username,
        more=len(lines) == views.LINES_MAX,
        csrf=masked(session.csrf),
    )


async def _page(request: Request, session: access.Session, *, typed: str) -> Response:
    services = services_of(request)
    access.require_admin(session.account)
    accounts, devices, counts = await services.store.read(
        lambda c: (
            views.accounts(c, typed=typed),
            views.devices(c, typed=typed),
            views.staff_counts(c, typed=typed),
        )
    )
    return page(
        request,
        "admin.html",
        accounts=accounts,
        devices=devices,
        counts=counts,
        typed=typed,
        csrf=masked(session.csrf),
        most=views.LINES_MAX,
    )
