"""The scope that a phone receives: where it works, and with whom."""

from __future__ import annotations

import zlib

import msgspec

from hodi.access.accounts import account_by_number
from hodi.access.devices import Device
from hodi.access.place_facts import facts_of_area
from hodi.access.places import place_by_number, places_above
from hodi.db import Connection, load_queries
from hodi.errors import NOT_FOUND, HodiError

_sql = load_queries(__file__)


class PhoneScope(msgspec.Struct, frozen=True, kw_only=True):
    """The scope as contract/sync.md says it; `version` changes whenever anything in it does. `facts`: what is
    true of the area, by fact (`place_fact`)."""

    version: int
    unit: dict[str, object]
    area: dict[str, object]
    above: list[dict[str, object]]
    facilities: list[dict[str, object]]
    worker: dict[str, object]
    supervisor: dict[str, object] | None
    facts: dict[str, str]


def phone_scope(connection: Connection, device: Device, *, reach: str) -> PhoneScope:
    """The scope of a phone now: its area and unit, what they lie in, the facilities of the place of the level
    `reach` around them (the linked one first), its worker and her supervisor. Raises NOT_FOUND if the area is
    not in the register."""
    rows = connection.rows(_sql.surroundings, {"area": device.area})
    if not rows:
        raise HodiError(NOT_FOUND, "area")
    area, area_name, unit, unit_name, unit_code, linked = rows[0]
    above = places_above(connection, unit)[:-1]
    facilities = [
        {"code": code, "name": name, "linked": place == linked}
        for around in above
        if around.kind == reach
        for place, code, name in connection.rows(_sql.facilities_within, {"place": around.place})
    ]
    if linked is not None and not any(one["linked"] for one in facilities):
        across = place_by_number(connection, linked)
        facilities.append({"code": across.code, "name": across.name, "linked": True})
    facilities.sort(key=lambda one: not one["linked"])
    worker = account_by_number(connection, device.account)
    supervisors = connection.rows(_sql.supervisor, {"unit": unit})
    scope = PhoneScope(
        version=0,
        unit={"place": unit, "name": unit_name, "code": unit_code},
        area={"place": area, "name": area_name},
        above=[{"kind": one.kind, "place": one.place, "name": one.name} for one in above],
        facilities=facilities,
        worker={"account": worker.account, "name": worker.name, "phone": worker.phone},
        supervisor={"name": supervisors[0][0], "phone": supervisors[0][1]} if supervisors else None,
        facts=facts_of_area(connection, unit, area),
    )
    return msgspec.structs.replace(scope, version=zlib.crc32(msgspec.json.encode(scope)))
