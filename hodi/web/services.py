"""What every route needs, made once by `create_app` and reached by `services_of(request)`."""

from __future__ import annotations

import dataclasses

from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from hodi.background import Background
from hodi.clock import Clock
from hodi.config import Config
from hodi.content import Discretion, Pack
from hodi.db import Store
from hodi.domain import day_of
from hodi.events import Rules
from hodi.indicators import Indicator, Limits
from hodi.web.closing import Closing
from hodi.web.metrics import Metrics


@dataclasses.dataclass(frozen=True, kw_only=True)
class Services:
    """Store, pack, rules of the ledger, limits of the figures, the pack's indicators, wording of signals and
    tasks (by language and key), what shared lists keep to themselves, settings, clock, background work,
    metrics and end of one server process."""

    store: Store
    pack: Pack
    rules: Rules
    limits: Limits
    indicators: tuple[Indicator, ...]
    rule_words: dict[str, dict[str, str]]
    discretion: Discretion
    config: Config
    clock: Clock
    background: Background
    metrics: Metrics
    closing: Closing

    @property
    def now(self) -> int:
        """The instant, in ms."""
        return self.clock()

    @property
    def today(self) -> int:
        """The local day."""
        return day_of(self.clock(), self.rules.zone)


def services_of(request: HTTPConnection) -> Services:
    """The services of the process that a request came to."""
    return services_of_app(request.app)


def services_of_app(app: Starlette) -> Services:
    """The services of an application."""
    services = app.state.services
    assert isinstance(services, Services)
    return services
