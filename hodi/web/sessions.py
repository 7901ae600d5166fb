"""Who is asking: the session behind the cookie, and the proof that a form came from our own page."""

from __future__ import annotations

import hmac
import re
import secrets
from typing import Annotated

from fastapi import Depends
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from hodi import access
from hodi.errors import FORM_EXPIRED, INVALID_ANSWER, NOT_SIGNED_IN, HodiError
from hodi.web.services import Services, services_of
from hodi.web.tokens import unmasked

_SESSION_MAX_S = 12 * 3600
_FORM_MAX_S = 3600
_KNOWN_MAX_S = 400 * 86_400
_TOUCH_AFTER_MS = 60_000
_FIELDS_MAX = 40
_NUMBER_MAX = 2**53

HOME_OF = {
    "promoter": "/app/",
    "supervisor": "/board",
    "nurse": "/desk",
    "officer": "/places",
    "admin": "/admin",
}


def cookie_name(services: Services, name: str) -> str:
    """The cookie's name: bound to host and TLS by its prefix where there is TLS."""
    return f"__Host-{name}" if services.config.secure_cookies else name


async def signed_in(request: Request) -> access.Session:
    """The session of a request. Raises NOT_SIGNED_IN."""
    services = services_of(request)
    token = request.cookies.get(cookie_name(services, "hodi"))
    if not token:
        raise HodiError(NOT_SIGNED_IN)
    now = services.now
    session = await services.store.read(lambda c: access.session_of(c, token, now=now))
    if _is_activity(request) and now - session.seen_at > _TOUCH_AFTER_MS:
        await services.store.write(lambda c: access.touch_session(c, token, now=now))
    request.state.session = session
    return session


def _is_activity(request: Request) -> bool:
    """Whether somebody did something. What a page fetches by itself keeps no log-in alive: a board that
    nobody looks at any more logs itself out."""
    by_itself = "hx-request" in request.headers or request.url.path == "/live"
    return request.method != "GET" or not by_itself


SignedIn = Annotated[access.Session, Depends(signed_in)]


async def posted(request: Request, session: SignedIn) -> FormData:
    """The fields of a form that was posted from a page of this session. Raises FORM_EXPIRED."""
    form = await request.form(max_files=0, max_fields=_FIELDS_MAX)
    _check_token(session.csrf, form)
    return form


Posted = Annotated[FormData, Depends(posted)]


async def posted_before_login(request: Request) -> FormData:
    """The fields of the log-in form, whose token is in a cookie of its own."""
    form = await request.form(max_files=0, max_fields=_FIELDS_MAX)
    _check_token(request.cookies.get(cookie_name(services_of(request), "hodi-form"), ""), form)
    return form


PostedBeforeLogin = Annotated[FormData, Depends(posted_before_login)]


def text(form: FormData, name: str) -> str:
    """A field's text, trimmed, without what no text column holds; "" if it is absent."""
    value = form.get(name, "")
    return value.replace("\0", "").strip() if isinstance(value, str) else ""


def number(form: FormData, name: str) -> int:
    """A field's whole number, of at most 53 bits. Raises INVALID_ANSWER naming the field."""
    typed = text(form, name)
    if not re.fullmatch(r"-?[0-9]{1,16}", typed) or abs(int(typed)) > _NUMBER_MAX:
        raise HodiError(INVALID_ANSWER, name)
    return int(typed)


def form_token(request: Request, response: Response | None = None) -> str:
    """The token for a form before log-in: the cookie's, or a new one."""
    known = request.cookies.get(cookie_name(services_of(request), "hodi-form"))
    return known or secrets.token_urlsafe(24)


def set_form_token(request: Request, response: Response, token: str) -> None:
    """Keep the token of the log-in form in its cookie."""
    services = services_of(request)
    response.set_cookie(
        cookie_name(services, "hodi-form"),
        token,
        max_age=_FORM_MAX_S,
        httponly=True,
        samesite="strict",
        secure=services.config.secure_cookies,
    )


def set_session(request: Request, response: Response, token: str) -> None:
    """Log the browser in."""
    services = services_of(request)
    response.set_cookie(
        cookie_name(services, "hodi"),
        token,
        max_age=_SESSION_MAX_S,
        httponly=True,
        samesite="lax",
        secure=services.config.secure_cookies,
    )


async def check_password(request: Request, username: str, password: str) -> access.Account:
    """The account, if the password is right; counted in the metrics. Raises WRONG_PASSWORD, TOO_MANY_TRIES,
    LOGIN_BUSY."""
    services = services_of(request)
    try:
        account = await access.check_password(
            services.store, username, password, now=services.now, client=client_of(request)
        )
    except HodiError as error:
        services.metrics.logins.labels(error.problem.code).inc()
        raise
    services.metrics.logins.labels("right").inc()
    return account


def client_of(request: Request) -> access.Client:
    """Where an attempt to log in comes from. Behind a proxy that we trust (HODI_PROXIES) the address is the
    one that the proxy names."""
    browser = request.cookies.get(cookie_name(services_of(request), "hodi-known"), "")
    return access.Client(address=request.client.host if request.client else "", browser=browser)


def set_known(request: Request, response: Response, token: str) -> None:
    """Let the browser be known as one in which this account has logged in."""
    services = services_of(request)
    response.set_cookie(
        cookie_name(services, "hodi-known"),
        token,
        max_age=_KNOWN_MAX_S,
        httponly=True,
        samesite="strict",
        secure=services.config.secure_cookies,
    )


def clear_session(request: Request, response: Response) -> None:
    """Log the browser out."""
    services = services_of(request)
    response.delete_cookie(
        cookie_name(services, "hodi"), httponly=True, samesite="lax", secure=services.config.secure_cookies
    )


def _check_token(expected: str, form: FormData) -> None:
    if not expected or not hmac.compare_digest(expected.encode(), unmasked(text(form, "csrf"))):
        raise HodiError(FORM_EXPIRED)
