"""The load: many phones on real connections, from a process of their own.

Visits are handed in at a fixed rate, whether or not earlier ones have been answered (so that a slow
answer does not slow the asking), ten visits a push, each phone on its own connection. Meanwhile a probe
watches the store: for a sample of the pushes it notes how long after the receipt the visit stood in the
record, where the board reads it.

Run by bench/server.py: reads its orders as JSON on standard input, writes what it saw to standard output.
"""

from __future__ import annotations

import dataclasses
import json
import queue
import sys
import threading
import time
from collections.abc import Callable, Sequence

from bench.fill import SEED, today
from bench.phones import Phone, lines
from bench.population import History, Promoter

VISITS_A_PUSH = 10
CONNECTIONS = 16
PROBE_EVERY = 5
PROBE_S = 0.02
PATIENCE_S = 60.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Orders:
    """What to do. The first seven tell what the store was filled with; `round` is the day after that."""

    port: int
    store: str
    promoters: list[dict[str, object]]
    households: int
    months: int
    observations: int
    quiet_days: int
    rate: float
    seconds: float
    round: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Job:
    """One push: due at `due` seconds after the start; `last` is the visit that the probe looks for."""

    due: float
    phone: Phone
    body: bytes
    last: tuple[int, int, int, int]


@dataclasses.dataclass(kw_only=True)
class Seen:
    """What came of it; seconds throughout."""

    pushed: int = 0
    refused: int = 0
    latencies: list[float] = dataclasses.field(default_factory=list)
    staleness: list[float] = dataclasses.field(default_factory=list)
    lost: int = 0
    faults: list[str] = dataclasses.field(default_factory=list)
    seconds: float = 0.0


def main() -> None:
    """Take orders, prepare, say "ready", wait for "go", run, tell."""
    orders = Orders(**json.loads(sys.stdin.readline()))
    jobs = prepare(orders)
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(dataclasses.asdict(run(orders, jobs))), flush=True)


def prepare(orders: Orders) -> list[Job]:
    """Make every push before the clock starts. The histories are made again as the fill made them, so
    that the visits go to households that are there; ids go on where earlier rounds stopped."""
    everyone = [Promoter(**fields) for fields in orders.promoters]  # type: ignore[arg-type]
    phones, histories = [], []
    for promoter in everyone:
        history = History(promoter, seed=SEED, today=today() - orders.quiet_days)
        history.register(orders.households, day=history.today - 30 * orders.months - 7)
        history.mint.counter = 100_000_000 + orders.round * 10_000_000
        history.stamper.last = 0
        histories.append(history)
        phone = Phone(promoter, orders.port)
        phone.begin_now()
        phones.append(phone)
    jobs = []
    for number in range(int(orders.rate * orders.seconds / VISITS_A_PUSH)):
        history = histories[number % len(histories)]
        turn = number // len(histories) * VISITS_A_PUSH
        visits = [
            history.visit(
                history.families[(turn + n) % len(history.families)],
                day=history.today + 1 + orders.round,
                observations=orders.observations,
            )
            for n in range(VISITS_A_PUSH)
        ]
        made = visits[-1].events[0]
        jobs.append(
            Job(
                due=number * VISITS_A_PUSH / orders.rate,
                phone=phones[number % len(phones)],
                body=lines([event for visit in visits for event in visit.events]),
                last=(made.unit, made.household or 0, made.occurred_day, made.id),
            )
        )
    return jobs


def run(orders: Orders, jobs: Sequence[Job]) -> Seen:
    """Hand in at the rate, on a few connections; a phone is always served by the same one."""
    seen = Seen()
    lock = threading.Lock()
    lanes: list[list[Job]] = [[] for _ in range(CONNECTIONS)]
    for job in jobs:
        lanes[job.phone.promoter.device % CONNECTIONS].append(job)
    watched: queue.Queue[tuple[float, tuple[int, int, int, int]] | None] = queue.Queue()
    started = time.perf_counter()

    def hand_in(lane: list[Job]) -> None:
        for number, job in enumerate(lane):
            time.sleep(max(0.0, started + job.due - time.perf_counter()))
            try:
                answer = job.phone.sync(job.body)
            except Exception as error:  # a fault is a figure too
                with lock:
                    seen.faults.append(str(error)[:200])
                continue
            now = time.perf_counter()
            with lock:
                seen.latencies.append(now - started - job.due)
                seen.pushed += answer.accepted
                seen.refused += answer.refused
            if number % PROBE_EVERY == 0:
                watched.put((now, job.last))

    probe = threading.Thread(target=_probe, args=(orders.store, watched, seen))
    probe.start()
    threads = [threading.Thread(target=hand_in, args=(lane,)) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen.seconds = time.perf_counter() - started
    watched.put(None)
    probe.join()
    return seen


def _probe(
    store: str, watched: queue.Queue[tuple[float, tuple[int, int, int, int]] | None], seen: Seen
) -> None:
    stands = _reader(store)
    waiting: list[tuple[float, tuple[int, int, int, int]]] = []
    is_over = False
    while waiting or not is_over:
        while True:
            try:
                found = watched.get_nowait()
            except queue.Empty:
                break
            if found is None:
                is_over = True
            else:
                waiting.append(found)
        still = []
        for since, visit in waiting:
            waited = time.perf_counter() - since
            if stands(visit):
                seen.staleness.append(time.perf_counter() - since)
            elif waited > PATIENCE_S:
                seen.lost += 1
            else:
                still.append((since, visit))
        waiting = still
        time.sleep(PROBE_S)


def _reader(store: str) -> Callable[[tuple[int, int, int, int]], bool]:
    """Whether a visit stands in the record, asked on a connection of the probe's own."""
    if store.startswith("sqlite"):
        import apsw

        lite = apsw.Connection(store.removeprefix("sqlite://"), flags=apsw.SQLITE_OPEN_READONLY)
        sql = "SELECT 1 FROM visit WHERE unit = ? AND household = ? AND day = ? AND visit = ?"
        return lambda visit: bool(lite.execute(sql, visit).fetchall())
    import psycopg

    postgres = psycopg.connect(store, autocommit=True)
    text = "SELECT 1 FROM visit WHERE unit = %s AND household = %s AND day = %s AND visit = %s"
    return lambda visit: postgres.execute(text, visit).fetchone() is not None


if __name__ == "__main__":
    main()
