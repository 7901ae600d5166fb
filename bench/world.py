"""Places, accounts and phones for any number of promoters, ten to a unit, written straight into an
empty store: enrolment by HTTP is not what is measured."""

from __future__ import annotations

import hashlib
import time

import argon2

from bench.population import Promoter
from hodi.db import Connection

PASSWORD = "karibu-nyumbani"
PROMOTERS_A_UNIT = 10
SUB_COUNTY, WARD, FACILITY = 2, 3, 4
FIRST_UNIT, FIRST_ACCOUNT, FIRST_DEVICE = 1_000, 1_000, 1_000
ASSISTANT = 900
_PLACE = ("place", "kind", "parent", "name", "code", "hmis_uid", "facility")
_ACCOUNT = ("account", "username", "password", "name", "phone", "role", "language", "active", "created_at")


def promoters(count: int) -> list[Promoter]:
    """`count` promoters with their areas and phones; numbers say nothing else."""
    made = []
    for number in range(count):
        unit = FIRST_UNIT + (number // PROMOTERS_A_UNIT) * 100
        made.append(
            Promoter(
                unit=unit,
                area=unit + 1 + number % PROMOTERS_A_UNIT,
                account=FIRST_ACCOUNT + number,
                device=FIRST_DEVICE + number,
                token=f"token-of-phone-{number}",
            )
        )
    return made


def enrol_all(connection: Connection, everyone: list[Promoter]) -> None:
    """Write the places, accounts, posts and phones, and one assistant who supervises every unit."""
    now = time.time_ns() // 1_000_000
    units = sorted({one.unit for one in everyone})
    connection.insert(
        "place",
        _PLACE,
        [
            (1, "county", None, "County", "1", None, None),
            (SUB_COUNTY, "sub_county", 1, "Sub-county", "2", None, None),
            (WARD, "ward", SUB_COUNTY, "Ward", "3", None, None),
            (FACILITY, "facility", WARD, "Facility", "10001", None, None),
            *((unit, "unit", WARD, f"Unit {unit}", str(unit), None, FACILITY) for unit in units),
            *((one.area, "area", one.unit, f"Area {one.area}", None, None, None) for one in everyone),
        ],
    )
    password = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    connection.insert(
        "account",
        _ACCOUNT,
        [
            (ASSISTANT, "assistant", password, "Assistant", None, "supervisor", "en", 1, now),
            *(
                (one.account, f"promoter{one.account}", password, "Promoter", None, "promoter", "sw", 1, now)
                for one in everyone
            ),
        ],
    )
    connection.insert(
        "post",
        ("account", "place"),
        [*((ASSISTANT, unit) for unit in units), *((one.account, one.area) for one in everyone)],
    )
    connection.insert(
        "device",
        ("device", "account", "unit", "area", "token", "enrolled_at"),
        [
            (
                one.device,
                one.account,
                one.unit,
                one.area,
                hashlib.sha256(one.token.encode()).hexdigest(),
                now,
            )
            for one in everyone
        ],
    )
