"""The one place that makes answers from errors: JSON for programs under /api/, a plain page for
people, in their language. What is shown comes from the catalogue; what went wrong inside stays in the log."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Match

from hodi.errors import INVALID_ANSWER, NOT_ALLOWED, NOT_FOUND, NOT_SIGNED_IN, UNEXPECTED, HodiError, Problem
from hodi.web.render import page
from hodi.web.services import services_of

_BY_STATUS: dict[int, Problem] = {
    400: INVALID_ANSWER,  # a form that cannot be read, or has more fields than any of ours
    403: NOT_ALLOWED,
    404: NOT_FOUND,
    405: NOT_FOUND,
    422: INVALID_ANSWER,
}


def handle_problems(app: FastAPI) -> None:
    """Let `app` answer every error through this module."""

    @app.exception_handler(HodiError)
    async def _hodi(request: Request, error: HodiError) -> Response:
        return respond(request, error)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        return respond(request, HodiError(_BY_STATUS.get(error.status_code, UNEXPECTED)))

    @app.exception_handler(RequestValidationError)
    async def _validation(request: Request, error: RequestValidationError) -> Response:
        fields = ", ".join(str(one["loc"][-1]) for one in error.errors() if one.get("loc"))
        # A path whose parts are no numbers leads nowhere; a form whose fields are not there is an answer.
        in_path = any(one.get("loc", ("",))[0] == "path" for one in error.errors())
        return respond(request, HodiError(NOT_FOUND) if in_path else HodiError(INVALID_ANSWER, fields))


def respond(request: Request, error: HodiError) -> Response:
    """The answer to a request that failed with `error`."""
    if request.url.path.startswith("/api/"):
        return _for_programs(request, error)
    if error.problem is NOT_SIGNED_IN and _can_come_back(request):
        if "hx-request" in request.headers:
            return Response(status_code=401, headers={"HX-Redirect": f"/login?next={request.url.path}"})
        return RedirectResponse(f"/login?next={request.url.path}", 303)
    problem = error.problem
    return page(request, "problem.html", status=problem.status, problem=problem, detail=error.detail)


def _can_come_back(request: Request) -> bool:
    """Whether the address can be opened after logging in, also where it was one that is posted to."""
    asked = {**request.scope, "method": "GET"}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.router.routes)


def _for_programs(request: Request, error: HodiError) -> JSONResponse:
    problem, services = error.problem, services_of(request)
    says = {language: words[f"error.{problem.code}"] for language, words in services.pack.words.items()}
    return JSONResponse(
        {"error": {"code": problem.code, "detail": error.detail, "says": says}, "now": services.now},
        status_code=problem.status,
    )
