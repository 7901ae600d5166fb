"""The front page, log-in, log-out, and the choice of language."""

from __future__ import annotations

import re

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hodi import access
from hodi.errors import HodiError
from hodi.web.render import page
from hodi.web.services import services_of
from hodi.web.sessions import (
    HOME_OF,
    Posted,
    PostedBeforeLogin,
    check_password,
    clear_session,
    cookie_name,
    form_token,
    set_form_token,
    set_known,
    set_session,
    signed_in,
    text,
)
from hodi.web.tokens import masked

router = APIRouter()
_INSIDE = re.compile(r"/[A-Za-z0-9/_-]*")
_LANGUAGE_MAX_S = 365 * 86_400


@router.get("/")
async def front(request: Request) -> Response:
    """For promoters the app, for staff the log-in; whoever is logged in goes to her page."""
    try:
        session = await signed_in(request)
    except HodiError:
        return page(request, "front.html")
    return RedirectResponse(HOME_OF[session.account.role], 303)


@router.get("/login")
async def login_form(request: Request, next: str = "") -> Response:
    """The log-in form."""
    token = form_token(request)
    response = page(request, "login.html", csrf=masked(token), next=next, problem=None, username="")
    set_form_token(request, response, token)
    return response


@router.post("/login")
async def login(request: Request, form: PostedBeforeLogin) -> Response:
    """Log in, and go on to the page asked for before or to one's own."""
    services = services_of(request)
    username, now = text(form, "username"), services.now
    try:
        account = await check_password(request, username, str(form.get("password", "")))
    except HodiError as error:
        return page(
            request,
            "login.html",
            status=error.problem.status,
            csrf=text(form, "csrf"),
            next=text(form, "next"),
            problem=error.problem,
            username=username,
        )
    session, known = await services.store.write(
        lambda c: (access.open_session(c, account, now=now), access.browser_token(c, account.username))
    )
    assert session.token is not None
    wanted = text(form, "next")
    # Two slashes would lead to another host.
    inside = bool(_INSIDE.fullmatch(wanted)) and not wanted.startswith("//")
    useful = inside and wanted not in ("/", "/login")
    response = RedirectResponse(wanted if useful else HOME_OF[account.role], 303)
    set_session(request, response, session.token)
    set_known(request, response, known)
    return response


@router.post("/logout")
async def logout(request: Request, form: Posted) -> Response:
    """Log out."""
    services = services_of(request)
    token = request.cookies[cookie_name(services, "hodi")]
    await services.store.write(lambda c: access.close_session(c, token, now=services.now))
    response = RedirectResponse("/", 303)
    clear_session(request, response)
    return response


@router.get("/language/{language}")
async def choose_language(request: Request, language: str, back: str = "/") -> Response:
    """Read the pages in another language from now on."""
    services = services_of(request)
    inside = bool(_INSIDE.fullmatch(back)) and not back.startswith("//")
    response = RedirectResponse(back if inside else "/", 303)
    if language in services.pack.languages:
        response.set_cookie(
            "hodi-language",
            language,
            max_age=_LANGUAGE_MAX_S,
            httponly=True,
            samesite="lax",
            secure=services.config.secure_cookies,
        )
    return response
