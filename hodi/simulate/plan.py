"""What is to be simulated: units with their areas, workers and devices, over a span of days."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from hodi.domain import Zone, day_of
from hodi.simulate.stories import Story

FIRST_UNIT = 100
_UNIT_ROOM = 100  # numbers that a unit may use for its areas, accounts and devices
_FIRST_DEVICE = 10_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class AreaPlan:
    """A promoter's area: who works it with which device, and how many households it has.

    `stories`: households with a history that is told (hodi/simulate/stories.py).
    `silent_days`: days before the end since which the phone has not synced.
    `facts`: what is true of the place (places.csv of a programme), by fact.
    """

    area: int
    name: str
    account: int
    device: int
    households: int = 100
    diligence: float | None = None
    stories: tuple[Story, ...] = ()
    silent_days: int = 0
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeskPlan:
    """A facility's desk: master facility code, the account that records outcomes, its device number."""

    facility: str
    account: int
    device: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class SupervisorPlan:
    """The supervisor of a unit: the account, and the number of the server's page that it writes from."""

    account: int
    device: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class UnitPlan:
    """A community health unit. Its people are referred to the first desk, the linked facility's, or, in
    an emergency, to the last. Without a supervisor nobody reviews who left or died."""

    unit: int
    areas: tuple[AreaPlan, ...]
    desks: tuple[DeskPlan, ...]
    supervisor: SupervisorPlan | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Span:
    """The days simulated, both included, in the local time of `zone`, and the instant (ms) after which
    nothing has been received yet."""

    first_day: int
    last_day: int
    until: int
    zone: Zone


def span_of(months: int, until: int, zone: Zone) -> Span:
    """The span of so many months of 30 days that ends with the day of an instant (ms) in `zone`."""
    last_day = day_of(until, zone)
    return Span(first_day=last_day - 30 * months, last_day=last_day, until=until, zone=zone)


def plain_units(
    count: int, *, areas: int = 10, households: int = 100, first_unit: int = FIRST_UNIT
) -> tuple[UnitPlan, ...]:
    """Units of equal size with numbers of their own: unit u has areas u×100+1…, whose accounts bear the
    same number and whose devices follow on. For benchmarks and tests."""
    if areas >= _UNIT_ROOM:
        raise ValueError(f"a unit has fewer than {_UNIT_ROOM} areas")
    return tuple(_plain_unit(first_unit + index, index, areas, households) for index in range(count))


def _plain_unit(unit: int, index: int, areas: int, households: int) -> UnitPlan:
    room = _FIRST_DEVICE + index * _UNIT_ROOM
    return UnitPlan(
        unit=unit,
        areas=tuple(
            AreaPlan(
                area=unit * _UNIT_ROOM + number,
                name=f"{unit}-{number}",
                account=unit * _UNIT_ROOM + number,
                device=room + number,
                households=households,
            )
            for number in range(1, areas + 1)
        ),
        desks=(DeskPlan(facility=f"9{unit:04d}", account=unit * _UNIT_ROOM, device=room),),
    )
