"""An account from its making to its end: new, edited, sent to other posts, locked, given another password,
replaced, retired. Everything that is done here stands in the access log."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hodi import access, views
from hodi.access import checks
from hodi.access.log import Change
from hodi.db import Connection
from hodi.errors import INVALID_ANSWER, HodiError
from hodi.web.numbers import Number
from hodi.web.render import page
from hodi.web.services import Services, services_of
from hodi.web.sessions import Posted, SignedIn, number, text
from hodi.web.tokens import masked

router = APIRouter()
_TYPED_MAX = 60
_DIGITS_MAX = 15


@router.get("/admin/new")
async def new_account(request: Request, session: SignedIn) -> Response:
    """The form of a new account: first the role and a search for the place, then the rest."""
    return await _form(request, session, role="promoter", typed="", replaces=0)


@router.post("/admin/new")
async def find_post(request: Request, session: SignedIn, form: Posted) -> Response:
    """The same with the places found, or for somebody who takes over from another (`replaces`)."""
    replaces = number(form, "replaces") if text(form, "replaces") else 0
    role, typed = checks.check_role(text(form, "role")), text(form, "q")[:_TYPED_MAX]
    return await _form(request, session, role=role, typed=typed, replaces=replaces)


async def _form(
    request: Request, session: access.Session, *, role: access.Role, typed: str, replaces: int
) -> Response:
    access.require_admin(session.account)
    services = services_of(request)
    kinds = checks.posts_of(role, services.pack.places)

    def read(c: Connection) -> tuple[access.Account | None, list[views.Post]]:
        if replaces:
            return access.account_by_number(c, replaces), _posts(c, replaces)
        return None, views.posts_to_offer(c, kinds=kinds, typed=typed) if kinds and typed.strip() else []

    before, offered = await services.store.read(read)
    return page(
        request,
        "new_account.html",
        roles=access.ROLES,
        role=before.role if before else role,
        typed=typed,
        needs_post=bool(kinds),
        many=checks.has_many_posts(before.role if before else role),
        posts=offered,
        before=before,
        csrf=masked(session.csrf),
    )


@router.post("/admin/accounts")
async def create(request: Request, session: SignedIn, form: Posted) -> Response:
    """A new account with a password of our making, shown once. With `replaces`, the one before her is retired
    in the same transaction: her phones, and what they did or did not send, are not her successor's."""
    services, by = services_of(request), session.account.account
    access.require_admin(session.account)
    username, name = checks.check_username(text(form, "username")), checks.check_name(text(form, "name"))
    role, phone = checks.check_role(text(form, "role")), checks.check_phone(text(form, "phone"))
    language = _language(services, form)
    replaces = number(form, "replaces") if text(form, "replaces") else 0
    password = access.new_password()
    hashed = await access.POOL.hash(password)

    def write(c: Connection) -> int:
        posts = checks.check_posts(c, role, _numbers(form, "post"), services.pack.places)
        if views.username_taken(c, username=username):
            raise HodiError(INVALID_ANSWER, "username")
        if replaces:
            _require_another(session, replaces)
            access.account_by_number(c, replaces)
            access.retire(c, replaces, now=services.now)
            access.log_change(c, by, "account_retired", now=services.now, about=replaces)
        made = access.create_account(
            c, username=username, password_hash=hashed, name=name, role=role, language=language, posts=posts,
            now=services.now, phone=phone,
        )  # fmt: skip
        access.log_change(c, by, "account_created", now=services.now, about=made)
        return made

    made = await services.store.write(write)
    return await _account_page(request, session, made, password=password)


@router.get("/admin/accounts/{account}")
async def show(request: Request, session: SignedIn, account: Number) -> Response:
    """One account, with everything that can be done about it."""
    return await _account_page(request, session, account)


@router.post("/admin/accounts/{account}/find-post")
async def find_other_post(request: Request, session: SignedIn, form: Posted, account: Number) -> Response:
    """The same with the places found to which the account could be sent."""
    return await _account_page(request, session, account, typed=text(form, "q")[:_TYPED_MAX])


@router.post("/admin/accounts/{account}/{step}")
async def change(request: Request, session: SignedIn, form: Posted, account: Number, step: str) -> Response:
    """Edit, posts, active, password, retire. What locks somebody out asks whether it is meant."""
    services, by = services_of(request), session.account.account
    access.require_admin(session.account)
    if step in ("active", "password", "retire") and text(form, "sure") != "1":
        raise HodiError(INVALID_ANSWER, "sure")
    if step in ("active", "retire"):
        _require_another(session, account)
    password = access.new_password() if step == "password" else None
    hashed = await access.POOL.hash(password) if password else ""

    def write(c: Connection) -> None:
        now, found = services.now, access.account_by_number(c, account)
        if found.retired_at is not None:
            raise HodiError(INVALID_ANSWER, "retired")
        done: Change
        if step == "edit":
            name, phone = checks.check_name(text(form, "name")), checks.check_phone(text(form, "phone"))
            access.edit_account(c, account, name=name, phone=phone, language=_language(services, form))
            done = "account_changed"
        elif step == "posts":
            posts = checks.check_posts(c, found.role, _numbers(form, "post"), services.pack.places)
            access.set_posts(c, account, posts)
            done = "posts_changed"
        elif step == "active":
            active = text(form, "active") == "1"
            access.set_active(c, account, active)
            done = "account_unlocked" if active else "account_locked"
        elif step == "password":
            access.set_password(c, account, hashed)
            done = "password_reset"
        elif step == "retire":
            access.retire(c, account, now=now)
            done = "account_retired"
        else:
            raise HodiError(INVALID_ANSWER, "step")
        access.log_change(c, by, done, now=now, about=account)
        if step in ("password", "retire") and text(form, "revoke") == "1":
            for device in access.revoke_devices(c, account, now=now):
                access.log_change(c, by, "revoke", now=now, about=account, detail=f"device {device}")

    await services.store.write(write)
    if account == by and step == "password":
        return RedirectResponse("/login", 303)
    if step == "password":
        return await _account_page(request, session, account, password=password)
    return RedirectResponse(f"/admin/accounts/{account}", 303)


async def _account_page(
    request: Request, session: access.Session, account: int, *, typed: str = "", password: str | None = None
) -> Response:
    services = services_of(request)
    access.require_admin(session.account)

    def read(c: Connection) -> dict[str, Any]:
        found = access.account_by_number(c, account)
        kinds = checks.posts_of(found.role, services.pack.places)
        return {
            "one": found,
            "posts": _posts(c, account),
            "needs_post": bool(kinds),
            "many": checks.has_many_posts(found.role),
            "offered": views.posts_to_offer(c, kinds=kinds, typed=typed) if kinds and typed.strip() else [],
            "devices": views.devices_of_account(c, account=account),
        }

    values = await services.store.read(read)
    return page(
        request,
        "admin_account.html",
        **values,
        typed=typed,
        password=password,
        own=account == session.account.account,
        csrf=masked(session.csrf),
    )


def _posts(c: Connection, account: int) -> list[views.Post]:
    return views.posts_of_account(c, account=account)


def _numbers(form: FormData, name: str) -> list[int]:
    typed = [value if isinstance(value, str) else "" for value in form.getlist(name)]
    return [int(value) if value.isdecimal() and len(value) <= _DIGITS_MAX else -1 for value in typed]


def _language(services: Services, form: FormData) -> str:
    language = text(form, "language")
    if language not in services.pack.languages:
        raise HodiError(INVALID_ANSWER, "language")
    return language


def _require_another(session: access.Session, account: int) -> None:
    if account == session.account.account:
        raise HodiError(INVALID_ANSWER, "account")
