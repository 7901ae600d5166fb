"""The application: every address in one list, in the order in which a visit meets them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hodi import __version__, care, signals, tasks
from hodi.background import Background
from hodi.clock import Clock, system_clock
from hodi.config import Config
from hodi.content import Pack
from hodi.db import Store
from hodi.events import load_rules
from hodi.indicators import load_indicators, load_limits
from hodi.web import api, live, operations
from hodi.web.closing import Closing
from hodi.web.files import page_file, phone_app
from hodi.web.headers import Guarded
from hodi.web.metrics import Metrics
from hodi.web.observed import Observed
from hodi.web.pages import (
    accounts,
    admin,
    board,
    departures,
    desk,
    figures,
    front,
    password,
    people,
    places,
    referrals,
)
from hodi.web.problems import handle_problems
from hodi.web.services import Services
from hodi.web.wording import rule_words


def create_app(
    store: Store, pack: Pack, config: Config, *, background: Background, clock: Clock = system_clock
) -> FastAPI:
    """The web application of one server process. It starts and stops `background` with itself; the
    store is closed by whoever opened it."""
    services = Services(
        store=store,
        pack=pack,
        rules=load_rules(pack.folder),
        limits=load_limits(pack.folder),
        indicators=load_indicators(pack.folder),
        rule_words=rule_words(signals.load_rules(pack.folder), tasks.load_tasks(pack.folder), pack.languages),
        discretion=care.discretion_of(pack),
        config=config,
        clock=clock,
        background=background,
        metrics=Metrics(__version__),
        closing=Closing(),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await background.start()
        try:
            yield
        finally:
            await background.stop()

    app = FastAPI(title="Hodi", lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None)
    app.state.services = services
    handle_problems(app)
    app.add_middleware(Guarded, secure=config.secure_cookies)
    app.add_middleware(Observed, metrics=services.metrics)
    for router in (
        api.router,
        front.router,
        board.router,
        departures.router,
        people.router,
        referrals.router,
        desk.router,
        figures.router,
        admin.router,
        accounts.router,
        places.router,
        password.router,
        live.router,
        operations.router,
    ):
        app.include_router(router)

    @app.get("/app")
    async def to_app() -> Response:
        return RedirectResponse("/app/", 308)

    @app.api_route("/app/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
    async def app_file(request: Request, path: str) -> Response:
        return phone_app(request, config.app, path)

    @app.api_route("/static/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
    async def static_file(request: Request, path: str) -> Response:
        return page_file(request, path)

    return app
