"""Writes `bench/README.md`: what each benchmark measures, its last figures, and the machine."""

from __future__ import annotations

import importlib
import json
import pathlib
from typing import Any

from bench.figures import RESULTS, Figure, tidy

README = pathlib.Path(__file__).with_name("README.md")
BENCHMARKS = ("first_sync", "phone", "server", "flat", "raw_push", "reads", "sizes")

_HEAD = """# Benchmarks

`make bench` runs all of them (about half an hour) and writes this page. Each is also a command of its
own, named at its table; `python -m bench.report` writes the page again from the last results in
`results/`. The comparison with PouchDB needs its packages once: `npm ci --prefix bench`.

A figure is the median of its runs, with the smallest and the largest beside it. Seconds differ by a half
between runs on a shared machine; counts, bytes and ratios do not. Nothing here is a test: a machine
under load fails no build.

**The slow road.** 300 ms are put between both sides by a proxy on loopback (`proxy.py`), 150 ms each
way, alike for Hodi and PouchDB. It imitates no handshakes, no TCP slow start, no limit of bandwidth, no
loss: each would cost a protocol of many requests more than one of few.

**Six times slower.** Chrome's own throttle slows a page's main thread only; Hodi's database works in a
worker. Here every *thread* of the browser has a control group of its own and runs 1 ms of every 6
(`throttle.py`): threads run beside each other, as on a phone with several slow cores. The calibration
lines say how much slower the same loop ran.

**Data.** Histories of exact size (`population.py`): five people a household, a visit a month with 30
values (a child and a second member) or 15 (a child), values varied from one seed.
"""


def main() -> None:
    """Write the page."""
    parts = [_HEAD]
    machines = []
    for name in BENCHMARKS:
        path = RESULTS / f"{name}.json"
        if path.exists():
            content = json.loads(path.read_text(encoding="utf-8"))
            machines.append(content["machine"])
            parts.append(section(name, content))
    if machines:
        parts.append(machine(machines[-1]))
    README.write_text("\n".join(parts), encoding="utf-8")
    print(f"{README.relative_to(README.parent.parent)} is written from {len(machines)} results.")


def section(name: str, content: dict[str, Any]) -> str:
    """One benchmark: what it says of itself, and its figures."""
    says = (importlib.import_module(f"bench.{name}").__doc__ or "").strip()
    figures = [Figure(**{**each, "runs": tuple(each["runs"])}) for each in content["figures"]]
    rows = [row(each) for each in figures]
    load = content["machine"].get("load when it ended", "")
    return "\n".join(
        [
            f"## {name.replace('_', ' ')}",
            "",
            says,
            "",
            f"`{content['how']}` · {content['ran_at']} UTC · took {content['took_s']:.0f} s · load {load}",
            "",
            "| Figure | Median | Smallest to largest | Runs | Target | |",
            "|---|---:|---:|---:|---:|---|",
            *rows,
            "",
        ]
    )


def row(each: Figure) -> str:
    """One line of a table."""
    spread = f"{tidy(min(each.runs))} to {tidy(max(each.runs))}" if len(each.runs) > 1 else ""
    target = each.target().strip().strip("[]").replace("at most", "≤").replace("at least", "≥")
    verdict = {None: "", True: "reached", False: "**not reached**"}[each.reached]
    value = f"{tidy(each.median)} {each.unit}".strip()
    return f"| {each.name} | {value} | {spread} | {len(each.runs)} | {target} | {verdict} |"


def machine(described: dict[str, str]) -> str:
    """The machine of the last result."""
    lines = [f"| {name} | {value} |" for name, value in described.items() if not name.startswith("load")]
    return "\n".join(["## The machine", "", "| | |", "|---|---|", *lines, ""])


if __name__ == "__main__":
    main()
