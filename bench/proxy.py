"""A slow road on loopback: every byte arrives half a round trip later than it was sent.

Both sides of every comparison go over the same road. What it does not imitate: the handshakes of a
new connection, TCP's slow start, limits of bandwidth, loss. The more requests a protocol needs, the
more of those a real network would add.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from types import TracebackType

_CHUNK = 65_536
_METHODS = (b"GET ", b"POST ", b"PUT ", b"HEAD ", b"DELETE ", b"OPTIONS ", b"PATCH ")


class SlowRoad:
    """Forwards 127.0.0.1:`port` to 127.0.0.1:`to_port` with `round_trip_s` of delay; counts as it goes.

    `requests` counts HTTP/1.1 requests (their first bytes; nothing here pipelines), `sent` and
    `received` the bytes from and to the client, headers included. Use it as a context manager; it
    runs on a thread of its own.
    """

    def __init__(self, to_port: int, round_trip_s: float) -> None:
        self.to_port = to_port
        self.round_trip_s = round_trip_s
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._up = threading.Event()
        self._last_travel = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="slow-road", daemon=True)
        self.reset()

    def reset(self) -> None:
        """Count from nothing."""
        self.requests = 0
        self.sent = 0
        self.received = 0
        self.lines: list[str] = []

    def wait_until_quiet(self, seconds: float = 1.0) -> None:
        """Until nothing has travelled for a while."""
        while time.monotonic() - self._last_travel < seconds:
            time.sleep(0.05)

    def __enter__(self) -> SlowRoad:
        self._thread.start()
        self._up.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._up.set()
        self._loop.run_forever()
        server.close()
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.to_port)
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await asyncio.gather(
                self._carry(reader, far_writer, outward=True), self._carry(far_reader, writer, outward=False)
            )

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, outward: bool
    ) -> None:
        """Bytes in flight: read as they come, written when their time has come, in order."""
        flight: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def land() -> None:
            while True:
                due, chunk = await flight.get()
                await asyncio.sleep(max(0.0, due - self._loop.time()))
                if not chunk:
                    break
                writer.write(chunk)
                await writer.drain()
            writer.close()

        landing = asyncio.create_task(land())
        chunk = b"open"
        while chunk:
            chunk = await reader.read(_CHUNK)
            self._count(chunk, outward=outward)
            flight.put_nowait((self._loop.time() + self.round_trip_s / 2, chunk))
        await landing

    def _count(self, chunk: bytes, *, outward: bool) -> None:
        self._last_travel = time.monotonic()
        if not outward:
            self.received += len(chunk)
            return
        self.sent += len(chunk)
        if chunk.startswith(_METHODS):
            self.requests += 1
            self.lines.append(chunk.split(b"\r\n", 1)[0].decode("latin-1"))
