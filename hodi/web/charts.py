"""A child's growth as two small charts, laid out here and drawn by a template as SVG."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from hodi.content import Limit
from hodi.views import Measurement

WIDTH = 560
HEIGHT = 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 12, 10, 24


@dataclasses.dataclass(frozen=True, kw_only=True)
class Dot:
    """One measurement: place in the drawing, day, value, and its class for the colour."""

    x: float
    y: float
    day: int
    value: float
    mark: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """A level drawn across, with its label."""

    y: float
    label: str
    mark: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Chart:
    """A drawing WIDTH × HEIGHT: levels, dots joined in order, first and last day."""

    name: str
    levels: tuple[Line, ...]
    dots: tuple[Dot, ...]
    first_day: int
    last_day: int

    @property
    def path(self) -> str:
        """The points of the line that joins the dots."""
        return " ".join(f"{dot.x:g},{dot.y:g}" for dot in self.dots)


def growth_charts(measurements: Sequence[Measurement], limits: Mapping[str, Limit]) -> list[Chart]:
    """Weight-for-age z-score and arm circumference over time, each if there are two values or more. Their
    yellow and red levels are the pack's `limits`; a pack that has none of them has no such chart.
    """
    waz = [(one.day, one.waz) for one in measurements if one.waz is not None and not one.implausible]
    muac = [(one.day, one.muac_mm) for one in measurements if one.muac_mm is not None]
    charts = [
        _chart("waz", waz, low=-4, high=3, levels=_levels(limits, "waz_yellow", "waz_red", (2, 0))),
        _chart(
            "muac", muac, low=100, high=180, levels=_levels(limits, "muac_yellow_mm", "muac_red_mm", (150,))
        ),
    ]
    return [chart for chart in charts if chart is not None]


def _levels(
    limits: Mapping[str, Limit], yellow: str, red: str, plain: tuple[float, ...]
) -> list[tuple[float, str, str]]:
    if yellow not in limits or red not in limits:
        return []
    drawn = [(level, "median" if level == 0 else "none") for level in plain]
    drawn += [(limits[yellow].value, "yellow"), (limits[red].value, "red")]
    return [(level, _label(level, signed=0 in plain), mark) for level, mark in drawn]


def _label(level: float, *, signed: bool) -> str:
    return f"{level:+g}".replace("-", "−") if signed and level else f"{level:g}"


def _chart(
    name: str,
    values: Sequence[tuple[int, float]],
    *,
    low: float,
    high: float,
    levels: Sequence[tuple[float, str, str]],
) -> Chart | None:
    if len(values) < 2 or not levels:
        return None
    low, high = min(low, *(value for _, value in values)), max(high, *(value for _, value in values))
    first, last = values[0][0], values[-1][0]

    def across(day: int) -> float:
        return round(_LEFT + (day - first) / max(1, last - first) * (WIDTH - _LEFT - _RIGHT), 1)

    def down(value: float) -> float:
        return round(_TOP + (high - value) / (high - low) * (HEIGHT - _TOP - _BOTTOM), 1)

    red = next(level for level, _, mark in levels if mark == "red")
    yellow = next(level for level, _, mark in levels if mark == "yellow")
    return Chart(
        name=name,
        levels=tuple(Line(y=down(level), label=label, mark=mark) for level, label, mark in levels),
        dots=tuple(
            Dot(
                x=across(day),
                y=down(value),
                day=day,
                value=value,
                mark="red" if value < red else "yellow" if value < yellow else "green",
            )
            for day, value in values
        ),
        first_day=first,
        last_day=last,
    )
