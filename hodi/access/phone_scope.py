"""The scope that a phone receives: where it works, and with whom."""

from __future__ import annotations

import zlib

import msgspec

from hodi.access.accounts import account_by_number
from hodi.access.devices import Device
from hodi.access.places import place_by_number
from hodi.db import Connection, load_queries
from hodi.errors import NOT_FOUND, HodiError

_sql = load_queries(__file__)


class PhoneScope(msgspec.Struct, frozen=True, kw_only=True):
    """The scope as contract/sync.md says it; `version` changes whenever anything in it does."""

    version: int
    unit: dict[str, object]
    area: dict[str, object]
    ward: str | None
    sub_county: str | None
    facilities: list[dict[str, object]]
    worker: dict[str, object]
    supervisor: dict[str, object] | None


def phone_scope(connection: Connection, device: Device) -> PhoneScope:
    """The scope of a phone now: its area and unit, the facilities of the sub-county (the linked one
    first), its worker and her supervisor. Raises NOT_FOUND if the area is not in the register."""
    rows = connection.rows(_sql.surroundings, {"area": device.area})
    if not rows:
        raise HodiError(NOT_FOUND, "area")
    area, area_name, unit, unit_name, unit_code, linked, ward, ward_name, sub_county, sub_county_name = rows[
        0
    ]
    facilities = [
        {"code": code, "name": name, "linked": place == linked}
        for place, code, name in connection.rows(
            _sql.facilities_around, {"ward": ward, "sub_county": sub_county}
        )
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
        ward=ward_name,
        sub_county=sub_county_name,
        facilities=facilities,
        worker={"account": worker.account, "name": worker.name, "phone": worker.phone},
        supervisor={"name": supervisors[0][0], "phone": supervisors[0][1]} if supervisors else None,
    )
    return msgspec.structs.replace(scope, version=zlib.crc32(msgspec.json.encode(scope)))
