"""Whether a visit costs the same however many promoters there are and however long they have worked.

Processor time per visit (this process and the database's), for the same visits handed in, folded and
evaluated on top of stores of growing size; 15 values a visit. No HTTP: the web's share does not depend on the
store.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import pathlib
import time
from collections.abc import Iterator, Sequence

from bench.cost import cpu_seconds
from bench.figures import Figure, figure, keep
from bench.fill import fill, hand_in
from bench.population import History
from bench.stores import ENGINES, new_store, postmaster
from bench.world import promoters
from hodi.background import FOLD, run_now
from hodi.config import from_environment
from hodi.content import Pack, load
from hodi.db import Store, open_store
from hodi.domain import Event

SIZES = ((1, 1), (1, 24), (15, 1), (15, 24), (150, 1), (150, 24))
HOUSEHOLDS, OBSERVATIONS = 100, 15
VISITS_A_PUSH = 10
RUNS = 5
ROUNDS_A_RUN = 2
PUSHES_A_ROUND = 10  # a hundred visits to a hundred households, whatever the size of the store
DAYS_APART = 4
QUIET_DAYS = 50  # rounds are four days apart, so that no household is seen unlike any other


def main() -> None:
    """Measure every size on both stores; keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engines", nargs="+", default=list(ENGINES), choices=ENGINES)
    parser.add_argument("--largest", type=int, default=len(SIZES), help="how many of the sizes")
    arguments = parser.parse_args()
    started = time.perf_counter()
    figures: list[Figure] = []
    for engine in arguments.engines:
        name = {"sqlite": "SQLite", "postgres": "PostgreSQL"}[engine]
        base: float | None = None
        for count, months in SIZES[: arguments.largest]:
            took = cost(engine, count, months)
            label = (
                f"{name}: {count} CHP{'s' if count > 1 else ''}, {months} month{'s' if months > 1 else ''}"
            )
            figures.append(figure(f"{label}: processor time a visit", "ms", took))
            print(figures[-1].line(), flush=True)
            base = base or figures[-1].median
        growth = max(each.median for each in figures if each.name.startswith(name)) / (base or 1)
        figures.append(figure(f"{name}: dearest size against the smallest", "×", growth))
        keep("flat", figures, how="python -m bench.flat", seconds=time.perf_counter() - started)


def cost(engine: str, count: int, months: int) -> list[float]:
    """Milliseconds of processor a visit, one figure a run."""
    with new_store(engine) as (url, folder):
        histories, _ = fill(
            url,
            promoters(count),
            households=HOUSEHOLDS,
            months=months,
            observations=OBSERVATIONS,
            quiet_days=QUIET_DAYS,
        )
        store = open_store(url)
        try:
            refresh(store)
            if engine == "postgres":  # what autovacuum does within the hour
                store.write_now(lambda connection: connection.run("ANALYZE"))
            pushes = new_pushes(histories)
            one_round(store, pushes)
            took = []
            for _ in range(RUNS):
                batches = [[next(pushes) for _ in range(PUSHES_A_ROUND)] for _ in range(ROUNDS_A_RUN)]
                before = used(folder)
                for batch in batches:
                    for events in batch:
                        hand_in(store, events)
                    refresh(store)
                visits = ROUNDS_A_RUN * PUSHES_A_ROUND * VISITS_A_PUSH
                took.append((used(folder) - before) / visits * 1000)
            return took
        finally:
            store.close()


def used(folder: pathlib.Path) -> float:
    """Processor seconds of this process and of the store's own, if it has any."""
    return time.process_time() + cpu_seconds(*postmaster(folder))


def one_round(store: Store, pushes: Iterator[list[Event]]) -> None:
    """A round that is not counted: caches fill, statements are prepared."""
    for _ in range(PUSHES_A_ROUND):
        hand_in(store, next(pushes))
    refresh(store)


def new_pushes(histories: Sequence[History]) -> Iterator[list[Event]]:
    """New visits, ten a push, one promoter after another; a household's next visit is on its next day."""
    for turn in itertools.count(0, VISITS_A_PUSH):
        for history in histories:
            day = history.today + 1 + turn // HOUSEHOLDS * DAYS_APART
            visits = (
                history.visit(history.families[(turn + n) % HOUSEHOLDS], day=day, observations=OBSERVATIONS)
                for n in range(VISITS_A_PUSH)
            )
            yield [event for visit in visits for event in visit.events]


def refresh(store: Store) -> int:
    """Fold all that waits and evaluate the rules that read of it, as the background work does; gives how many
    households that was."""
    return sum(len(done.items) for done in run_now(store, _pack(), FOLD))


@functools.cache
def _pack() -> Pack:
    return load(from_environment().pack)


if __name__ == "__main__":
    main()
