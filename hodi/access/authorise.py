"""Whether a phone may state what it sends (contract/sync.md, verdicts)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from hodi.access.devices import Device
from hodi.db import Connection, Row, load_queries
from hodi.domain import Event, device_of
from hodi.errors import MALFORMED, NOT_YOURS, OUT_OF_SCOPE, Problem
from hodi.events import Arrival

Pair = tuple[int, int]
Fault = tuple[Problem, str]

# What only a facility, or the server, can know.
_EVIDENCE_OF_OTHERS = frozenset({"facility_record", "facility_desk"})
_KINDS_OF_OTHERS = frozenset({"worker.assigned", "departure.reviewed"})

_sql = load_queries(__file__)


def authorise(
    connection: Connection, device: Device, arrivals: Sequence[Arrival], *, also: Iterable[Pair] = ()
) -> list[Arrival]:
    """The arrivals, with NOT_YOURS or OUT_OF_SCOPE noted on those that the phone may not state. `also`
    are (unit, area) pairs that its token shows it held before: work done there is still welcome."""
    areas = {(device.unit, device.area), *also}
    numbers = {row[0] for row in connection.rows(_sql.devices_of_account, {"account": device.account})}
    events = [arrival.event for arrival in arrivals if arrival.event is not None and arrival.problem is None]
    held = _held(connection, numbers, areas, events)
    permitted = _Permitted(account=device.account, devices=numbers, areas=areas, households=held)
    return [_checked(arrival, permitted, connection) for arrival in arrivals]


class _Permitted(msgspec.Struct, frozen=True, kw_only=True):
    """What a phone may speak of, and in whose name: its owner's, under any number her phones have had
    (an earlier phone's events may still wait on this one)."""

    account: int
    devices: set[int]
    areas: set[Pair]
    households: set[Pair]


def _held(connection: Connection, devices: set[int], areas: set[Pair], events: Iterable[Event]) -> set[Pair]:
    """The (unit, household) pairs of a batch that the phone may speak of: households of the areas, those
    that were, and those not known yet that the promoter's own phones have numbered."""
    asked = {(event.unit, event.household) for event in events if event.household is not None}
    current = {
        (unit, household): (unit, area)
        for unit in {unit for unit, _ in areas}
        for household, area in _ask(connection, _sql.current_areas, unit, asked)
    }
    held = {pair for pair, home in current.items() if home in areas}
    held |= {pair for pair in asked - current.keys() if device_of(pair[1]) in devices}
    for unit, area in areas if asked - held else ():
        held |= {(unit, row[0]) for row in _ask(connection, _sql.once_here, unit, asked - held, area)}
    return held


def _ask(connection: Connection, sql: str, unit: int, pairs: set[Pair], area: int | None = None) -> list[Row]:
    households = {household: 0 for one, household in pairs if one == unit}
    if not households:
        return []
    params = {"unit": unit, "households": msgspec.json.encode(households).decode()}
    return connection.rows(sql, params if area is None else {**params, "area": area})


def _checked(arrival: Arrival, permitted: _Permitted, connection: Connection) -> Arrival:
    event = arrival.event
    if event is None or arrival.problem is not None:
        return arrival
    fault = _fault(event, permitted) or _fault_of_move(event, connection)
    if fault is None:
        return arrival
    return msgspec.structs.replace(arrival, problem=fault[0], detail=fault[1])


def _fault(event: Event, permitted: _Permitted) -> Fault | None:
    if event.device not in permitted.devices:
        return (NOT_YOURS, "device")
    if event.author != permitted.account:
        return (NOT_YOURS, "author")
    if event.kind in _KINDS_OF_OTHERS:
        return (NOT_YOURS, "kind")
    if any(one.concept == "evidence" and one.code in _EVIDENCE_OF_OTHERS for one in event.observations):
        return (NOT_YOURS, "evidence")
    if event.unit not in {unit for unit, _ in permitted.areas}:
        return (OUT_OF_SCOPE, "unit")
    if event.area is not None and (event.unit, event.area) not in permitted.areas:
        return (OUT_OF_SCOPE, "area")
    if event.household is not None and (event.unit, event.household) not in permitted.households:
        return (OUT_OF_SCOPE, "household")
    return None


def _fault_of_move(event: Event, connection: Connection) -> Fault | None:
    """A household moves to an area that exists."""
    if event.kind != "household.moved":
        return None
    stated = {one.concept: one.number for one in event.observations}
    to = {"unit": int(stated["to_unit"] or 0), "area": int(stated["to_area"] or 0)}
    return None if connection.rows(_sql.is_area_of, to) else (MALFORMED, "to_area")
