"""What is asked of the server besides taking visits in, on a unit of ten promoters with a year behind them:
pull, snapshot, the board, the refold of one household. In one process, without HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec

from bench.figures import Figure, figure, keep
from bench.fill import fill
from bench.flat import refresh
from bench.population import History
from bench.stores import ENGINES, new_store
from bench.world import promoters
from hodi.access import Device, device_by_token
from hodi.config import from_environment
from hodi.content import load
from hodi.db import Connection, Store, open_store
from hodi.indicators import load_limits
from hodi.record import EARLIEST_DAY
from hodi.signals import discretion_of
from hodi.sync import build_snapshot, pull, read_request
from hodi.views import board

RUNS = 7
NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
_TOUCH = """
INSERT INTO touched (unit, household, kind, since_day)
SELECT DISTINCT unit, household, kind, CAST(:since_day AS INTEGER) FROM event
WHERE unit = :unit AND household = :household
"""


def main() -> None:
    """Measure both stores; keep the figures."""
    started = time.perf_counter()
    figures: list[Figure] = []
    for engine in ENGINES:
        figures += reads(engine)
    keep("reads", figures, how="python -m bench.reads", seconds=time.perf_counter() - started)


def reads(engine: str) -> list[Figure]:
    """The figures of one store."""
    everyone = promoters(10)
    name = NAMES[engine]
    with new_store(engine) as (url, _):
        histories, _ = fill(url, everyone, households=100, months=12, observations=30)
        store = open_store(url)
        try:
            refresh(store)
            if engine == "postgres":
                store.write_now(lambda connection: connection.run("ANALYZE"))
            device = store.read_now(lambda connection: device_by_token(connection, everyone[0].token))
            brought = runs(lambda: pull_all(store, device))
            boards = runs(board_of(store, everyone[0].unit))
            return [
                figure(f"{name}: pull of a year, everything anew", "s", brought),
                figure(f"{name}: pull", "events/s", [4_200 / took for took in brought]),
                figure(f"{name}: snapshot of a year, built", "s", runs(lambda: snapshot(store, device))),
                figure(f"{name}: the board of a unit", "ms", [took * 1000 for took in boards]),
                figure(f"{name}: a household's year refolded, judged", "ms", refolds(store, histories[0])),
            ]
        finally:
            store.close()


def runs(work: Callable[[], object]) -> list[float]:
    """Seconds of several runs, after one that is not counted."""
    work()
    took = []
    for _ in range(RUNS):
        before = time.perf_counter()
        work()
        took.append(time.perf_counter() - before)
    return took


def pull_all(store: Store, device: Device) -> int:
    """A phone without a token asks: the bytes of the whole answer."""
    now = time.time_ns() // 1_000_000
    head = msgspec.json.encode({"hodi": 1, "now": now, "token": None, "waiting": 0})
    request = read_request(head + b"\n", gzipped=False)

    def work(connection: Connection) -> int:
        return sum(len(piece) for piece in pull(connection, device, request, [], now=now, reach="sub_county"))

    return store.read_now(work)


def snapshot(store: Store, device: Device) -> int:
    """The file for a new phone: its bytes."""
    return len(store.read_now(lambda connection: build_snapshot(connection, device)).content)


def board_of(store: Store, unit: int) -> Callable[[], object]:
    """Reading everything that the board of a unit shows."""
    pack = load(from_environment().pack)
    limits, discretion = load_limits(pack.folder), discretion_of(pack)

    def read(connection: Connection) -> object:
        now = time.time_ns() // 1_000_000
        return board(connection, units=(unit,), now=now, limits=limits, discretion=discretion)

    return lambda: store.read_now(read)


def refolds(store: Store, history: History) -> list[float]:
    """Milliseconds to fold and judge one household from its first event on, for one after another."""
    took = []
    for family in history.families[: RUNS + 1]:
        given = {"unit": history.promoter.unit, "household": family.household, "since_day": EARLIEST_DAY}

        def touch(connection: Connection, given: dict[str, int] = given) -> None:
            connection.run(_TOUCH, given)

        store.write_now(touch)
        before = time.perf_counter()
        refresh(store)
        took.append((time.perf_counter() - before) * 1000)
    return took[1:]


if __name__ == "__main__":
    main()
