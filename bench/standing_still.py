"""The whole web application with nothing in the background: what the front door costs alone."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Iterator

import uvicorn

from hodi.config import from_environment
from hodi.content import load
from hodi.db import open_store
from hodi.web.app import create_app


class NoBackground:
    """Background work of which there is none."""

    async def start(self) -> None:
        """Nothing begins."""

    async def stop(self) -> None:
        """Nothing ends."""

    def wake(self, units: Iterable[int] | None = None) -> None:
        """Nobody wakes."""

    def publish(self, units: Iterable[int]) -> None:
        """Nobody listens."""

    @contextlib.contextmanager
    def subscribe(self) -> Iterator[asyncio.Queue[frozenset[int]]]:
        """A queue that stays empty."""
        yield asyncio.Queue()

    def health(self) -> dict[str, object]:
        """All is well."""
        return {"ok": True}


def main() -> None:
    """Serve the store that the environment names."""
    config = from_environment()
    with contextlib.closing(open_store(config.store)) as store:
        app = create_app(store, load(config.pack), config, background=NoBackground())
        uvicorn.run(app, host=config.host, port=config.port, log_level="warning")


if __name__ == "__main__":
    main()
