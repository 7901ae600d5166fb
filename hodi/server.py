"""The composition root: where store, pack, background work and web are put together, and served."""

from __future__ import annotations

import errno
import signal
import socket

import uvicorn
from fastapi import FastAPI

from hodi.background import Background
from hodi.clock import Clock, system_clock
from hodi.config import Config
from hodi.content import load
from hodi.db import Store
from hodi.logs import write_logs
from hodi.web.app import create_app
from hodi.web.services import services_of_app

_BACKLOG = 2048
_LAST_REQUESTS_S = 5


class PortInUse(Exception):
    """Another program listens on the port already."""


def build_app(config: Config, store: Store, clock: Clock = system_clock) -> FastAPI:
    """The whole house over an open store. Raises ContentError for a pack with faults."""
    pack = load(config.pack)
    return create_app(store, pack, config, background=Background(store, pack, clock=clock), clock=clock)


def listen(config: Config) -> socket.socket:
    """A socket on the configured address. Raises PortInUse, OSError."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((config.host, config.port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse from error
        raise
    listener.listen(_BACKLOG)
    return listener


class HttpServer(uvicorn.Server):
    """Serves `app`: whom we believe about addresses, how long the last requests may take. Asked to stop, it
    answers those that are held at once."""

    def __init__(self, config: Config, app: FastAPI) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="on",
                timeout_graceful_shutdown=_LAST_REQUESTS_S,
                server_header=False,
                proxy_headers=True,
                forwarded_allow_ips=config.proxies,
            )
        )
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let go of the held requests, finish the others, stop the application."""
        services_of_app(self._app).closing.begin()
        await super().shutdown(sockets)


def serve(config: Config, store: Store, listener: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT; then finish open requests and stop what runs in the background."""
    # Asked to stop, uvicorn finishes and then raises the signal once more: these handlers receive it, so
    # that whoever called can close what it opened.
    write_logs(config.log)
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: None)
    HttpServer(config, build_app(config, store)).run(sockets=[listener])
