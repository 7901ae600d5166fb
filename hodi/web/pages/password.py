"""One's own password, for everybody who logs in."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hodi import access
from hodi.access import checks
from hodi.errors import INVALID_ANSWER, HodiError, Problem
from hodi.web.render import page
from hodi.web.services import services_of
from hodi.web.sessions import Posted, SignedIn, clear_session, client_of
from hodi.web.tokens import masked

router = APIRouter()


@router.get("/password")
async def form(request: Request, session: SignedIn) -> Response:
    """The form."""
    return _page(request, session)


@router.post("/password")
async def change(request: Request, session: SignedIn, form: Posted) -> Response:
    """Change it, with the one so far as proof. Every log-in of the account ends; a phone in use stays."""
    services, account = services_of(request), session.account
    old, new, again = (str(form.get(name, "")) for name in ("old", "new", "again"))
    try:
        checks.check_new_password(new, account.username)
        if new != again:
            raise HodiError(INVALID_ANSWER, "again")
        hashed = await access.POOL.hash(new)
        await access.change_password(
            services.store, account, old, hashed, now=services.now, client=client_of(request)
        )
    except HodiError as error:
        return _page(request, session, problem=error.problem, detail=error.detail)
    await services.store.write(
        lambda c: access.log_change(
            c, account.account, "password_changed", now=services.now, about=account.account
        )
    )
    response = RedirectResponse("/login", 303)
    clear_session(request, response)
    return response


def _page(
    request: Request, session: access.Session, problem: Problem | None = None, detail: str | None = None
) -> Response:
    return page(
        request,
        "password.html",
        status=problem.status if problem else 200,
        problem=problem,
        detail=detail,
        least=checks.PASSWORD_MIN,
        csrf=masked(session.csrf),
    )
