"""The outermost layer: every request has an id, a line in the log and a place in the metrics. Both name the
route's pattern, never the address: an address may hold numbers of people, and a search words about them."""

from __future__ import annotations

import logging
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hodi.logs import request_id
from hodi.web.metrics import Metrics

_log = logging.getLogger("hodi.web")
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"))
_STREAMS = frozenset(("/live", "/api/live"))
"""Routes whose answers stay open: how long is no measure of anything."""


class Observed:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        known = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = known
        reset = request_id.set(known)
        began, status = time.monotonic(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = known
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            self._note(scope, status, time.monotonic() - began)
            request_id.reset(reset)

    def _note(self, scope: Scope, status: int, took_s: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self.metrics.requests.labels(method, route, str(status)).inc()
        if route not in _STREAMS:
            self.metrics.seconds.labels(route).observe(took_s)
        fields = {"method": method, "route": route, "status": status, "ms": round(took_s * 1000, 1)}
        _log.info("request", extra={"fields": fields})
