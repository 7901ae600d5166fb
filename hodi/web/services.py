"""What every route needs, made once by `create_app` and reached by `services_of(request)`."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from starlette.requests import HTTPConnection

from hodi.clock import Clock
from hodi.config import Config
from hodi.content import Discretion, Pack
from hodi.db import Announced, Store
from hodi.domain import day_of
from hodi.events import Rules
from hodi.indicators import Limits


class Clockwork(Protocol):
    """What the doors ask of everything that happens by itself (`hodi.clockwork`, wired in by the
    composition root because it stands above the doors)."""

    async def start(self) -> None:
        """Begin."""
        ...

    async def stop(self) -> None:
        """Finish what runs, then stop."""
        ...

    def poke(self, units: Iterable[int] | None = None) -> None:
        """Events were appended: do not wait for the next round."""
        ...

    def announce(self, units: Iterable[int]) -> None:
        """Something that pages show of these units changed without a fold: a phone has synced."""
        ...

    def listen(self) -> AbstractContextManager[asyncio.Queue[Announced]]:
        """A queue of the units whose record has just become fresh; None when all should be looked at."""
        ...

    def health(self) -> dict[str, object]:
        """State of each consumer, for /healthz; `ok` is False where one failed."""
        ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class Services:
    """Store, pack, rules of the ledger, limits of the figures, wording of the signals (by language and
    key), what shared lists keep to themselves, settings, clock and clockwork of one server process."""

    store: Store
    pack: Pack
    rules: Rules
    limits: Limits
    signal_words: dict[str, dict[str, str]]
    discretion: Discretion
    config: Config
    clock: Clock
    clockwork: Clockwork

    @property
    def now(self) -> int:
        """The instant, in ms."""
        return self.clock()

    @property
    def today(self) -> int:
        """The local day."""
        return day_of(self.clock(), self.rules.utc_offset_min)


def services_of(request: HTTPConnection) -> Services:
    """The services of the process that a request came to."""
    services = request.app.state.services
    assert isinstance(services, Services)
    return services
