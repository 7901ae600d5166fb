"""For whoever watches over the server: whether it is well, and its figures. Both answer while the database is
down, and neither says anything about a person."""

from __future__ import annotations

import asyncio
import dataclasses

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hodi import __version__, record
from hodi.errors import NOT_FOUND, HodiError
from hodi.web.services import Services, services_of

router = APIRouter()

DATABASE_PATIENCE_S = 3.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Found:
    """Whether the database answered in time, and what waits in it."""

    database: bool
    households: int | None = None
    oldest_s: float | None = None


@router.get("/healthz")
async def healthz(request: Request) -> Response:
    """200 while the database answers and no consumer fails, else 503; in JSON either way."""
    services = services_of(request)
    found, background = await _look(services), services.background.health()
    ok = found.database and bool(background.get("ok"))
    said = {
        "ok": ok,
        "version": __version__,
        "database": found.database,
        "households_waiting": found.households,
        "oldest_waiting_s": found.oldest_s,
        "background": background,
    }
    return JSONResponse(said, 200 if ok else 503)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """The process's metrics, for the addresses in HODI_MONITORS. Raises NOT_FOUND for anybody else."""
    services = services_of(request)
    if request.client is None or request.client.host not in services.config.monitors.split(","):
        raise HodiError(NOT_FOUND)
    found, background, known = await _look(services), services.background.health(), services.metrics
    known.database.set(found.database)
    if found.database:
        known.waiting.set(found.households or 0)
        known.oldest.set(found.oldest_s or 0)
    known.failing.clear()
    failing = background.get("failing")
    for consumer in failing if isinstance(failing, dict) else ():
        known.failing.labels(consumer).set(1)
    aside = background.get("set_aside")
    households = [one for one in aside if one["consumer"] == "fold"] if isinstance(aside, list) else []
    known.set_aside.set(len(households))
    return Response(known.text(), media_type=CONTENT_TYPE_LATEST)


async def _look(services: Services) -> _Found:
    try:
        async with asyncio.timeout(DATABASE_PATIENCE_S):
            waiting = await services.store.read(record.waiting)
    except Exception:  # whatever it is, the database has not answered
        return _Found(database=False)
    since = waiting.oldest_at
    lag_s = None if since is None else round(max(0, services.now - since) / 1000, 1)
    return _Found(database=True, households=waiting.households, oldest_s=lag_s)
