"""What is true of the place of each promoter's area: the pack's facts of places, led down the register to the
areas. Made anew whenever the pack is taken into use or a place changes, so that it is never set by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from hodi import record
from hodi.content import PlaceFact
from hodi.db import Connection, load_queries

_sql = load_queries(__file__)

Area = tuple[int, int]
"""(unit, area)."""


def state_place_facts(connection: Connection, facts: Iterable[PlaceFact]) -> None:
    """Take a pack's facts of places into use. Does nothing where they are in use already. Needs a write
    transaction."""
    stated = msgspec.json.encode(sorted(msgspec.structs.astuple(one) for one in facts)).decode()
    in_use = connection.rows(_sql.stated_place_facts)
    if in_use and in_use[0][0] == stated:
        return
    connection.run(_sql.state_place_facts, {"facts": stated})
    refresh_place_facts(connection)


def refresh_place_facts(connection: Connection, below: int | None = None) -> None:
    """Lead the facts down to every area, or to the areas in and below a place. The households of an area of
    which something else is true now are touched, so that what rules say of them is asked again."""
    given = {} if below is None else {"place": below}
    chains = connection.rows(_sql.chains if below is None else _sql.chains_below, given)
    kept = connection.rows(_sql.place_facts if below is None else _sql.place_facts_below, given)
    before, after = defaultdict[Area, dict[str, str]](dict), _facts_of(_stated(connection), chains)
    for unit, area, fact, value in kept:
        before[unit, area][fact] = value
    changed = sorted(area for area in before.keys() | after.keys() if before.get(area) != after.get(area))
    for unit, area in changed:
        connection.run(_sql.forget_place_facts, {"unit": unit, "area": area})
    rows = [(*area, fact, value) for area in changed for fact, value in after.get(area, {}).items()]
    connection.insert("place_fact", ("unit", "area", "fact", "value"), rows)
    for unit, area in changed:
        record.touch_area(connection, unit, area)


def facts_of_area(connection: Connection, unit: int, area: int) -> dict[str, str]:
    """What is true of an area, by fact."""
    rows = connection.rows(_sql.facts_of_area, {"unit": unit, "area": area})
    return {str(fact): str(value) for fact, value in rows}


def _stated(connection: Connection) -> dict[tuple[str, str], dict[str, str]]:
    """What the pack in use says, by kind and code of a place."""
    rows = connection.rows(_sql.stated_place_facts)
    found = defaultdict[tuple[str, str], dict[str, str]](dict)
    for kind, code, fact, value in msgspec.json.decode(rows[0][0]) if rows else ():
        found[kind, code][fact] = value
    return found


def _facts_of(
    stated: dict[tuple[str, str], dict[str, str]], chains: Iterable[tuple[object, ...]]
) -> dict[Area, dict[str, str]]:
    """By area what is true of it: `chains` goes from each area upward, and the nearest place decides."""
    everywhere = stated.get(("", ""), {})
    found: dict[Area, dict[str, str]] = {}
    for unit, area, kind, code in chains:
        facts = found.setdefault((unit, area), {})  # type: ignore[arg-type]
        for fact, value in stated.get((kind, code or ""), {}).items():  # type: ignore[arg-type]
            facts.setdefault(fact, value)
    return {area: everywhere | facts for area, facts in found.items() if everywhere or facts}
