"""Figures: what a benchmark measured, how often, and what it was to reach."""

from __future__ import annotations

import dataclasses
import json
import pathlib
import statistics
import time
from collections.abc import Sequence

from bench.machine import describe_machine

RESULTS = pathlib.Path(__file__).parent / "results"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured quantity: the median of its runs, and how far they lay apart.

    `at_most` and `at_least` are targets in the figure's own unit; a figure without one is told for
    the record. `note` says what exactly was measured, where the name is not enough.
    """

    name: str
    unit: str
    runs: tuple[float, ...]
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def median(self) -> float:
        """The middle run: one slow run on a shared machine does not move it."""
        return statistics.median(self.runs)

    @property
    def reached(self) -> bool | None:
        """Whether the median meets the target; None without a target."""
        if self.at_most is not None:
            return self.median <= self.at_most
        if self.at_least is not None:
            return self.median >= self.at_least
        return None

    def line(self) -> str:
        """The figure as one line for a terminal."""
        spread = (
            f" ({tidy(min(self.runs))} to {tidy(max(self.runs))}, {len(self.runs)} runs)"
            if len(self.runs) > 1
            else ""
        )
        verdict = {None: "", True: "  reached", False: "  NOT REACHED"}[self.reached]
        return f"{self.name}: {tidy(self.median)} {self.unit}{spread}{self.target()}{verdict}"

    def target(self) -> str:
        """The target in words, or nothing."""
        if self.at_most is not None:
            return f"  [at most {tidy(self.at_most)}]"
        if self.at_least is not None:
            return f"  [at least {tidy(self.at_least)}]"
        return ""


def figure(
    name: str,
    unit: str,
    runs: float | Sequence[float],
    *,
    at_most: float | None = None,
    at_least: float | None = None,
    note: str = "",
) -> Figure:
    """A figure from one run or several."""
    values = tuple(float(run) for run in runs) if isinstance(runs, Sequence) else (float(runs),)
    return Figure(name=name, unit=unit, runs=values, at_most=at_most, at_least=at_least, note=note)


def tidy(value: float) -> str:
    """Three significant digits, thousands apart, no trailing zeros."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def keep(benchmark: str, figures: Sequence[Figure], *, how: str, seconds: float) -> None:
    """Print the figures and write them to `results/<benchmark>.json`. `how` says what was run."""
    for each in figures:
        print(each.line())
    RESULTS.mkdir(exist_ok=True)
    content = {
        "benchmark": benchmark,
        "ran_at": time.strftime("%Y-%m-%d %H:%M", time.gmtime()),
        "took_s": round(seconds, 1),
        "how": how,
        "machine": describe_machine(),
        "figures": [dataclasses.asdict(each) for each in figures],
    }
    path = RESULTS / f"{benchmark}.json"
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def kept(benchmark: str) -> list[Figure]:
    """The figures of a benchmark's last run; empty if it has not run."""
    path = RESULTS / f"{benchmark}.json"
    if not path.exists():
        return []
    content = json.loads(path.read_text(encoding="utf-8"))
    return [Figure(**{**each, "runs": tuple(each["runs"])}) for each in content["figures"]]
