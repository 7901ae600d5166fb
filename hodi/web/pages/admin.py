"""Accounts and phones. The administrator sees nobody's record."""

from __future__ import annotations

import re
import secrets
from typing import get_args

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hodi import access, views
from hodi.access.accounts import Role
from hodi.db import Connection
from hodi.errors import INVALID_ANSWER, NOT_FOUND, HodiError
from hodi.web.numbers import Number
from hodi.web.render import page
from hodi.web.services import services_of
from hodi.web.sessions import Posted, SignedIn, number, text
from hodi.web.tokens import masked

router = APIRouter()
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
_ROLES: dict[str, Role] = {role: role for role in get_args(Role)}
_POST_OF = {
    "chp": "area", "cha": "unit", "nurse": "facility", "sub_county": "sub_county", "county": "county",
}  # fmt: skip


@router.get("/admin")
async def admin(request: Request, session: SignedIn, q: str = "") -> Response:
    """Accounts and phones, or those like the words given."""
    return await _page(request, session, typed=q[:60])


@router.get("/admin/new")
async def new_account(request: Request, session: SignedIn, role: str = "chp", q: str = "") -> Response:
    """The form of a new account: first the role and a search for the place, then the rest."""
    access.require_admin(session.account)
    if role not in _ROLES:
        raise HodiError(NOT_FOUND)
    kind, typed = _POST_OF.get(role), q[:60]
    offered = await services_of(request).store.read(
        lambda c: views.posts_to_offer(c, kind=kind, typed=typed) if kind and typed.strip() else []
    )
    return page(
        request,
        "new_account.html",
        roles=tuple(_ROLES),
        role=role,
        typed=typed,
        needs_post=kind is not None,
        posts=offered,
        csrf=masked(session.csrf),
    )


@router.post("/admin/accounts")
async def create(request: Request, session: SignedIn, form: Posted) -> Response:
    """A new account with a password of our making, shown once."""
    services = services_of(request)
    access.require_admin(session.account)
    username, name, role = text(form, "username").lower(), text(form, "name"), text(form, "role")
    language = text(form, "language")
    if not _USERNAME.fullmatch(username):
        raise HodiError(INVALID_ANSWER, "username")
    if not 2 <= len(name) <= 80:
        raise HodiError(INVALID_ANSWER, "name")
    if role not in _ROLES or language not in services.pack.languages:
        raise HodiError(INVALID_ANSWER, "role")
    posts = [int(value) for value in form.getlist("post") if isinstance(value, str) and value.isdigit()]
    password = _new_password()
    hashed = await access.POOL.hash(password)

    def write(c: Connection) -> None:
        kinds = {place.kind for one in posts if (place := views.place(c, place=one))}
        if kinds != ({_POST_OF[role]} if role in _POST_OF else set()):
            raise HodiError(INVALID_ANSWER, "post")
        if views.username_taken(c, username=username):
            raise HodiError(INVALID_ANSWER, "username")
        access.create_account(
            c,
            username=username,
            password_hash=hashed,
            name=name,
            role=_ROLES[role],
            language=language,
            posts=posts,
            now=services.now,
            phone=text(form, "phone") or None,
        )

    await services.store.write(write)
    return await _page(request, session, shown_once=(username, password))


@router.post("/admin/accounts/{account}/active")
async def set_active(request: Request, session: SignedIn, form: Posted, account: Number) -> Response:
    """Lock an account out, or let it in again. Nobody locks herself out."""
    access.require_admin(session.account)
    if account == session.account.account:
        raise HodiError(INVALID_ANSWER, "account")
    active = text(form, "active") == "1"

    def write(c: Connection) -> None:
        access.account_by_number(c, account)
        access.set_active(c, account, active)

    await services_of(request).store.write(write)
    return RedirectResponse("/admin", 303)


@router.post("/admin/accounts/{account}/password")
async def reset_password(request: Request, session: SignedIn, form: Posted, account: Number) -> Response:
    """A new password of our making, shown once; the account is logged out everywhere."""
    services = services_of(request)
    access.require_admin(session.account)
    password = _new_password()
    hashed = await access.POOL.hash(password)

    def write(c: Connection) -> str:
        found = access.account_by_number(c, account)
        access.set_password(c, account, hashed)
        return found.username

    username = await services.store.write(write)
    if account == session.account.account:
        return RedirectResponse("/login", 303)
    return await _page(request, session, shown_once=(username, password))


@router.post("/admin/devices/{device}/revoke")
async def revoke(request: Request, session: SignedIn, form: Posted, device: Number) -> Response:
    """Take a phone out of use: it wipes itself at its next contact."""
    services = services_of(request)
    access.require_admin(session.account)
    if text(form, "sure") != "1" or number(form, "device") != device:
        raise HodiError(INVALID_ANSWER, "sure")

    def write(c: Connection) -> None:
        access.revoke_device(c, device, now=services.now)
        access.log_change(c, session.account.account, "revoke", now=services.now, detail=f"device {device}")

    await services.store.write(write)
    return RedirectResponse("/admin#devices", 303)


async def _page(
    request: Request, session: access.Session, *, typed: str = "", shown_once: tuple[str, str] | None = None
) -> Response:
    services = services_of(request)
    access.require_admin(session.account)
    accounts, devices = await services.store.read(
        lambda c: (views.accounts(c, typed=typed), views.devices(c, typed=typed))
    )
    return page(
        request,
        "admin.html",
        accounts=accounts,
        devices=devices,
        typed=typed,
        csrf=masked(session.csrf),
        shown_once=shown_once,
        most=views.LINES_MAX,
    )


def _new_password() -> str:
    """Four groups of three letters that are not mistaken for one another: 50 bits and more."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(3)) for _ in range(4))
