"""A real server on loopback for a test: the whole house on a free port, in a thread of its own."""

from __future__ import annotations

import dataclasses
import socket
import threading
import time
from collections.abc import Mapping

from fastapi import FastAPI

from hodi.clock import Clock, system_clock
from hodi.config import Config, from_environment
from hodi.db import Store
from hodi.server import HttpServer, build_app


@dataclasses.dataclass(kw_only=True)
class Served:
    """A running server. `url` has no slash at its end."""

    url: str
    store: Store
    app: FastAPI
    _server: HttpServer
    _thread: threading.Thread

    def stop(self) -> None:
        """Finish open requests, stop the consumers; the store stays open."""
        self._server.should_exit = True
        self._thread.join(timeout=30)
        if self._thread.is_alive():
            raise RuntimeError("the server did not stop within 30 s")


def served(
    store: Store, *, clock: Clock = system_clock, environ: Mapping[str, str] | None = None, port: int = 0
) -> Served:
    """Serve a store the way `python -m hodi serve` does. `environ` holds settings (hodi/config.py)."""
    config: Config = from_environment(dict(environ or {}))
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    app = build_app(config, store, clock)
    server = HttpServer(config, app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started:
        if not thread.is_alive() or time.monotonic() > until:
            raise RuntimeError("the server did not start; its log is above")
        time.sleep(0.01)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    return Served(url=url, store=store, app=app, _server=server, _thread=thread)
