"""The front door alone: events handed in over HTTP, numbered and on the disk, nothing folded; beside it the
same events as documents, one each, by `_bulk_docs` on `pouchdb-server` (LevelDB, which does not wait for the
disk). Two hundred a request, not compressed on either side; over one connection, then four at once.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import msgspec

from bench.figures import Figure, figure, keep
from bench.fill import today
from bench.phones import Phone, lines
from bench.population import History, Promoter
from bench.pouchdb import Bulk
from bench.processes import ROOT, free_port, pouchdb_server, running, scratch
from bench.stores import ENGINES, new_store
from bench.world import enrol_all, promoters
from hodi.db import open_store
from hodi.domain import Event

EVENTS_A_REQUEST = 200
REQUESTS = 60
CLIENTS = 4
NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


def main() -> None:
    """Measure all three in turn, several times; keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    started = time.perf_counter()
    figures: list[Figure] = []
    for clients in (1, CLIENTS):
        how = "one connection" if clients == 1 else f"{clients} connections"
        rates: dict[str, list[float]] = {name: [] for name in (*ENGINES, "pouchdb")}
        for _ in range(arguments.runs):
            for engine in ENGINES:
                rates[engine].append(hodi(engine, clients))
            rates["pouchdb"].append(pouchdb(clients))
        figures.append(figure(f"pouchdb-server, {how}: documents", "/s", rates["pouchdb"]))
        for engine in ENGINES:
            figures.append(figure(f"{NAMES[engine]}, {how}: events", "/s", rates[engine]))
            times = [a / b for a, b in zip(rates[engine], rates["pouchdb"], strict=True)]
            figures.append(
                figure(
                    f"{NAMES[engine]}, {how}: times pouchdb-server's rate",
                    "×",
                    times,
                    at_least=10,
                )
            )
    keep("raw_push", figures, how="python -m bench.raw_push", seconds=time.perf_counter() - started)


def batches(promoter: Promoter) -> list[list[Event]]:
    """A promoter's register and visits, as many as her requests hold."""
    history = History(promoter, seed=1, today=today())
    events = history.register(100, day=history.today - 30 * 60 - 7)
    needed = EVENTS_A_REQUEST * REQUESTS
    for visit in history.months(60, observations=15):
        events += visit.events
        if len(events) >= needed:
            break
    return [events[start : start + EVENTS_A_REQUEST] for start in range(0, needed, EVENTS_A_REQUEST)]


def hodi(engine: str, clients: int) -> float:
    """Events a second through `POST /api/sync` of a server that does nothing in the background."""
    everyone = promoters(clients * 10)[::10]  # each in a unit of her own
    bodies = [[lines(batch) for batch in batches(one)] for one in everyone]
    with new_store(engine) as (url, _):
        store = open_store(url)
        store.write_now(lambda connection: enrol_all(connection, everyone))
        store.close()
        with standing_still(url) as port:
            phones = [Phone(one, port) for one in everyone]
            for phone in phones:
                phone.sync()

            def push(number: int) -> None:
                for body in bodies[number]:
                    if phones[number].sync(body, compressed=False).accepted != EVENTS_A_REQUEST:
                        raise RuntimeError("not everything was accepted")

            return rate(push, clients)


def pouchdb(clients: int) -> float:
    """Documents a second through `_bulk_docs`, each event one document."""
    everyone = promoters(clients)
    bodies = [
        [[{"_id": str(event.id), **msgspec.to_builtins(event)} for event in batch] for batch in batches(one)]
        for one in everyone
    ]
    with scratch("pouchdb") as folder, pouchdb_server(folder) as port:
        bulks = [Bulk(port, "events") for _ in everyone]
        bulks[0].create()
        encoded = [[Bulk.encode(batch) for batch in mine] for mine in bodies]

        def push(number: int) -> None:
            for body in encoded[number]:
                bulks[number].write(body)

        return rate(push, clients)


def rate(push: Callable[[int], None], clients: int) -> float:
    """Events a second while every client pushes all of its batches."""
    faults: list[BaseException] = []

    def work(number: int) -> None:
        try:
            push(number)
        except BaseException as error:
            faults.append(error)

    threads: Sequence[threading.Thread] = [
        threading.Thread(target=work, args=(number,)) for number in range(clients)
    ]
    before = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - before
    if faults:
        raise faults[0]
    return clients * REQUESTS * EVENTS_A_REQUEST / took


@contextlib.contextmanager
def standing_still(url: str) -> Iterator[int]:
    """The web application over a store, without its background work, as a process; gives its port."""
    port = free_port()
    command = [sys.executable, "-m", "bench.standing_still"]
    settings = {"HODI_STORE": url, "HODI_PORT": str(port)}
    with running(command, url=f"http://127.0.0.1:{port}/healthz", cwd=ROOT, environ=settings):
        yield port


if __name__ == "__main__":
    main()
