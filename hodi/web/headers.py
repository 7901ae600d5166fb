"""The outermost layer: strict headers on every answer, a limit on every body, and an answer even
where the program fails. Pure ASGI, so that streams pass through untouched."""

from __future__ import annotations

import logging

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hodi.errors import TOO_LARGE, UNEXPECTED, HodiError
from hodi.web.problems import respond

_log = logging.getLogger("hodi.web")

FORM_BYTES_MAX = 64 * 1024
API_BYTES_MAX = 2 * 1024 * 1024

_PAGES_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_PHONE_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'"
)
_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(self), geolocation=(self), gyroscope=(), magnetometer=(), microphone=(), "
        "payment=(), usb=()"
    ),
}
# Answers that no page is made of: a sync that has nothing to say costs under 1 kB (contract/sync.md).
_FOR_PROGRAMS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'"}
# The lines of a sync are the answer to a POST, which nothing keeps unasked, in a type that nothing shows.
_LINES = "application/x-ndjson"
_FOR_LINES = {"X-Content-Type-Options": "nosniff"}
_TLS_ONLY = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


class Guarded:
    """Wraps the application. `secure` = it stands behind TLS."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self.app = app
        self.always = {**_EVERYWHERE, **(_TLS_ONLY if secure else {})}
        self.for_programs = {**_FOR_PROGRAMS, **(_TLS_ONLY if secure else {})}
        self.for_lines = {**_FOR_LINES, **(_TLS_ONLY if secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                is_lines = headers.get("content-type") == _LINES
                if path.startswith("/api/"):
                    for name, value in (self.for_lines if is_lines else self.for_programs).items():
                        headers[name] = value
                else:
                    headers["Content-Security-Policy"] = (
                        _PHONE_POLICY if path.startswith("/app/") else _PAGES_POLICY
                    )
                    for name, value in self.always.items():
                        headers[name] = value
                if "cache-control" not in headers and not is_lines:
                    headers["Cache-Control"] = "no-store"
            await send(message)

        limited = _limited(scope, receive)
        try:
            await self.app(scope, limited, sending)
        except HodiError as error:
            if started:
                raise
            await respond(Request(scope), error)(scope, receive, sending)
        except Exception:
            route = getattr(scope.get("route"), "path", "none")
            _log.exception("unexpected error", extra={"fields": {"route": route}})
            if started:
                raise
            await respond(Request(scope), HodiError(UNEXPECTED))(scope, receive, sending)


def _limited(scope: Scope, receive: Receive) -> Receive:
    """`receive` that stops reading above the limit of the path, said or unsaid in Content-Length."""
    limit = API_BYTES_MAX if scope["path"].startswith("/api/") else FORM_BYTES_MAX
    taken = 0

    async def receiving() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > limit:
                raise HodiError(TOO_LARGE, f"{limit} bytes")
        return message

    return receiving
