"""A line to a server that can freeze: connections stay open, and nothing comes through."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit


class Line:
    """A proxy on loopback. `url` leads through it; `freeze()` holds every byte back until `thaw()`."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._flows = threading.Event()
        self._flows.set()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def freeze(self) -> None:
        """From here on nothing comes through."""
        self._flows.clear()

    def thaw(self) -> None:
        """What was held back comes through, and all that follows."""
        self._flows.set()

    def close(self) -> None:
        """Let go of everything."""
        self._flows.set()
        for one in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(self._target)
            self._open += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65_536):
                self._flows.wait()
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def frozen_line(url: str) -> Iterator[Line]:
    """A line to the server at `url`, flowing to begin with."""
    address = urlsplit(url)
    line = Line((address.hostname or "", address.port or 0))
    try:
        yield line
    finally:
        line.close()
