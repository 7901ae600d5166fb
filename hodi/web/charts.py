"""A line of numbers over time, laid out here and drawn by a template as SVG."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hodi.content import Limit
from hodi.content.display_model import Line, Section
from hodi.views import Shown, ShownSection

WIDTH = 560
HEIGHT = 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 12, 10, 24


@dataclasses.dataclass(frozen=True, kw_only=True)
class Dot:
    """One value: place in the drawing, where it lies on its axis, the value, and its class for the colour."""

    x: float
    y: float
    at: int
    value: float
    mark: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Level:
    """A level drawn across, with its label."""

    y: float
    label: str
    mark: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Chart:
    """A drawing WIDTH × HEIGHT: its title by language, levels, reference curves, dots joined in order, and
    where it begins and ends: days, or days of age."""

    title: Mapping[str, str]
    levels: tuple[Level, ...]
    curves: tuple[str, ...]
    dots: tuple[Dot, ...]
    by_age: bool
    first: int
    last: int

    @property
    def path(self) -> str:
        """The points of the line that joins the dots."""
        return " ".join(f"{dot.x:g},{dot.y:g}" for dot in self.dots)


def chart_of(limits: Mapping[str, Limit]) -> Callable[[Shown, Section], Chart | None]:
    """What draws a line of a section, for a template."""
    return lambda shown, section: chart(shown, section.title, limits)


def charts_in(sections: Sequence[ShownSection], limits: Mapping[str, Limit]) -> list[Chart]:
    """The lines of some sections, as far as they can be drawn."""
    parts = ((shown, one.section) for one in sections for shown in one.parts)
    drawn = (chart(shown, section.title, limits) for shown, section in parts if isinstance(shown.part, Line))
    return [one for one in drawn if one is not None]


def chart(shown: Shown, title: Mapping[str, str], limits: Mapping[str, Limit]) -> Chart | None:
    """A line as a chart; None for fewer than two values. `title`: the section's, for a part that has none."""
    part = shown.part
    assert isinstance(part, Line)
    points = [(_number(row[part.x]), _number(row[part.y])) for row in shown.rows if not row.get("odd")]
    if len(points) < 2:
        return None
    first, last = int(points[0][0]), int(points[-1][0])
    levels = [(_level_of(one.limit, one.value, limits), one.tone) for one in part.level]
    fixed = [value for value, _ in levels if value is not None]
    near = [row for row in shown.curves if first <= _number(row["x"]) <= last]
    values = [
        *(value for _, value in points),
        *fixed,
        *(_number(row[one.column]) for row in near for one in part.curve),
        *(value for value in (part.from_value, part.to_value) if value is not None),
    ]
    low, high = min(values), max(values)

    def across(at: float) -> float:
        return round(_LEFT + (at - first) / max(1, last - first) * (WIDTH - _LEFT - _RIGHT), 1)

    def down(value: float) -> float:
        return round(_TOP + (high - value) / max(high - low, 0.001) * (HEIGHT - _TOP - _BOTTOM), 1)

    return Chart(
        title=part.title or title,
        levels=tuple(
            Level(y=down(value), label=f"{value:g}".replace("-", "−"), mark=tone)
            for value, tone in levels
            if value is not None
        ),
        curves=tuple(
            " ".join(f"{across(_number(row['x'])):g},{down(_number(row[one.column])):g}" for row in near)
            for one in part.curve
        ),
        dots=tuple(
            Dot(x=across(at), y=down(value), at=int(at), value=value, mark=_mark(value, levels))
            for at, value in points
        ),
        by_age=part.x == "age_days",
        first=first,
        last=last,
    )


def _level_of(limit: str | None, value: float | None, limits: Mapping[str, Limit]) -> float | None:
    return limits[limit].value if limit is not None else value


def _mark(value: float, levels: Sequence[tuple[float | None, str]]) -> str:
    """The class of the stripe that a value lies in."""
    return next((tone for level, tone in levels if level is None or value < level), "plain")


def _number(value: Any) -> float:
    return float(value)
