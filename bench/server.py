"""The server under load: visits handed in over HTTP, numbered, folded, judged, and on the board.

For each store: a sub-county's promoters with a month behind them, the server as a process, the load as
another, both on this machine's two cores. The offered rate goes up in steps; a step is sustained if no
push was refused or failed and no sampled visit took longer than two seconds from its receipt to the
record, at any time in the step.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import pathlib
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from bench.cost import cpu_seconds, resident_mb
from bench.figures import Figure, figure, keep
from bench.fill import fill
from bench.house import House, serving
from bench.population import Promoter
from bench.processes import ROOT
from bench.stores import ENGINES, new_store, postmaster
from bench.world import promoters

HOUSEHOLDS, MONTHS, OBSERVATIONS = 100, 1, 30
QUIET_DAYS = 20
STALE_S = 2.0
TARGET = 500


@dataclasses.dataclass(frozen=True, kw_only=True)
class Step:
    """One offered rate and what came of it."""

    offered: float
    reached: float
    latency_p50: float
    latency_p99: float
    stale_p50: float
    stale_max: float
    server_cpu_ms: float
    memory_mb: float
    faults: int

    @property
    def sustained(self) -> bool:
        """Whether the server kept up."""
        return not self.faults and self.stale_max <= STALE_S and self.reached >= 0.97 * self.offered


def main() -> None:
    """Measure both stores; keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--promoters", type=int, default=150)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--rates", type=int, nargs="+", default=[500, 600, 700, 800, 900, 1000, 1200])
    parser.add_argument("--engines", nargs="+", default=list(ENGINES), choices=ENGINES)
    arguments = parser.parse_args()
    started = time.perf_counter()
    figures: list[Figure] = []
    for engine in arguments.engines:
        steps = climb(engine, arguments.promoters, arguments.rates, arguments.seconds)
        figures += figures_of(engine, steps)
    how = f"python -m bench.server --promoters {arguments.promoters} --seconds {arguments.seconds:g}"
    keep("server", figures, how=how, seconds=time.perf_counter() - started)


def climb(engine: str, count: int, rates: Sequence[int], seconds: float) -> list[Step]:
    """Step after step until the server no longer keeps up."""
    everyone = promoters(count)
    steps: list[Step] = []
    with new_store(engine) as (url, folder):
        fill(
            url,
            everyone,
            households=HOUSEHOLDS,
            months=MONTHS,
            observations=OBSERVATIONS,
            quiet_days=QUIET_DAYS,
        )
        with serving(url) as house:
            wait_until_folded(url)
            for number, rate in enumerate(rates):
                steps.append(step(house, url, folder, everyone, rate, seconds, number))
                print(f"{engine}: {steps[-1]}", flush=True)
                if not steps[-1].sustained:
                    break
    return steps


def step(
    house: House,
    url: str,
    folder: pathlib.Path,
    everyone: Sequence[Promoter],
    rate: float,
    seconds: float,
    number: int,
) -> Step:
    """Offer one rate for a while."""
    orders = {
        "port": house.port,
        "store": url,
        "promoters": [dataclasses.asdict(one) for one in everyone],
        "households": HOUSEHOLDS,
        "months": MONTHS,
        "observations": OBSERVATIONS,
        "quiet_days": QUIET_DAYS,
        "rate": rate,
        "seconds": seconds,
        "round": number,
    }
    roots = [house.process.pid, *postmaster(folder)]
    with subprocess.Popen(
        [sys.executable, "-m", "bench.load"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as load:
        assert load.stdin and load.stdout
        print(json.dumps(orders), file=load.stdin, flush=True)
        if load.stdout.readline().strip() != "ready":
            raise RuntimeError("the load did not start")
        before = cpu_seconds(*roots)
        print("go", file=load.stdin, flush=True)
        seen = json.loads(load.stdout.readline())
        used = cpu_seconds(*roots) - before
    for fault in seen["faults"][:3]:
        print(f"  {fault}", file=sys.stderr)
    visits = seen["pushed"] / 3
    return Step(
        offered=rate,
        reached=visits / seen["seconds"],
        latency_p50=statistics.median(seen["latencies"]),
        latency_p99=percentile(seen["latencies"], 0.99),
        stale_p50=statistics.median(seen["staleness"]),
        stale_max=max(seen["staleness"]),
        server_cpu_ms=used / visits * 1000,
        memory_mb=resident_mb(house.process.pid),
        faults=len(seen["faults"]) + seen["refused"] + seen["lost"],
    )


def figures_of(engine: str, steps: Sequence[Step]) -> list[Figure]:
    """The figures of one store: the highest rate sustained, and what it was like at the target."""
    best = max((one for one in steps if one.sustained), key=lambda one: one.offered, default=None)
    at = next((one for one in steps if one.offered >= TARGET), steps[0])
    name = {"sqlite": "SQLite", "postgres": "PostgreSQL"}[engine]
    limit = "offered rate that was kept up; the steps are in the benchmark's defaults"
    return [
        figure(f"{name}: visits sustained", "/s", best.offered if best else 0, at_least=TARGET, note=limit),
        figure(
            f"{name}: at {at.offered:g} visits/s, receipt to board, longest",
            "s",
            at.stale_max,
            at_most=STALE_S,
        ),
        figure(f"{name}: at {at.offered:g} visits/s, receipt to board, median", "s", at.stale_p50),
        figure(f"{name}: at {at.offered:g} visits/s, push of ten visits, median", "s", at.latency_p50),
        figure(
            f"{name}: at {at.offered:g} visits/s, push of ten visits, 99th percentile", "s", at.latency_p99
        ),
        figure(f"{name}: processor time a visit, database included", "ms", at.server_cpu_ms),
        figure(f"{name}: memory of the server process", "MB", at.memory_mb),
    ]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def wait_until_folded(url: str, patience_s: float = 600) -> None:
    """Until nothing waits to be folded."""
    from hodi.db import open_store

    store = open_store(url)
    try:
        deadline = time.monotonic() + patience_s
        while store.read_now(lambda connection: connection.rows("SELECT 1 FROM touched LIMIT 1")):
            if time.monotonic() > deadline:
                raise RuntimeError("the fold does not come to an end")
            time.sleep(0.2)
    finally:
        store.close()


if __name__ == "__main__":
    main()
