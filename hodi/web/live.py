"""Pages that stay fresh: a stream of server-sent events that says "changed" when the record of a unit
in sight has been refolded. It carries no data; the page asks for its fragment again, through the same
guards as ever."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from fastapi import APIRouter
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request

from hodi import access
from hodi.errors import HodiError
from hodi.views import units_in_sight
from hodi.web.services import Services, services_of
from hodi.web.sessions import SignedIn, cookie_name

router = APIRouter()

BEAT_S = 15
"""The stream says something at least so often: a page that hears nothing for longer knows that its
connection is frozen, and says so (pages.js)."""
GATHER_S = 0.3
"""Changes that come this close together are one."""
REST_S = 0.7
"""And after one was sent, the next waits so long: a busy unit does not keep a phone loading."""


@router.get("/live")
async def live(request: Request, session: SignedIn) -> EventSourceResponse:
    """The stream of the account's units, until it is closed, the log-in ends, or the server stops."""
    services = services_of(request)
    account = session.account
    reach = services.pack.places.reach
    units = await services.store.read(
        lambda c: units_in_sight(c, units=account.units, facilities=account.facilities, reach=reach)
    )
    token = request.cookies.get(cookie_name(services, "hodi"), "")
    return EventSourceResponse(
        _changes(services, frozenset(units), token), ping=BEAT_S, headers={"Cache-Control": "no-store"}
    )


async def _changes(services: Services, units: frozenset[int], token: str) -> AsyncIterator[ServerSentEvent]:
    closing = services.closing
    with (
        services.background.subscribe() as queue,
        closing.calls_within(lambda: queue.put_nowait(frozenset())),
    ):
        # The first message makes a page that was cut off fetch what it missed.
        yield ServerSentEvent(event="changed", data="1")
        spoke_at = time.monotonic()
        while not closing.has_begun and await _still_logged_in(services, token):
            try:
                changed = await asyncio.wait_for(queue.get(), timeout=BEAT_S)
            except TimeoutError:
                changed = frozenset()
            if changed is None or changed & units:
                await closing.rest(GATHER_S)
                while not queue.empty():
                    queue.get_nowait()
                yield ServerSentEvent(event="changed", data="1")
                spoke_at = time.monotonic()
                await closing.rest(REST_S)
            elif time.monotonic() - spoke_at >= BEAT_S:
                yield ServerSentEvent(event="beat", data="1")
                spoke_at = time.monotonic()


async def _still_logged_in(services: Services, token: str) -> bool:
    now = services.now
    try:
        await services.store.read(lambda c: access.session_of(c, token, now=now))
    except HodiError:
        return False
    return True
