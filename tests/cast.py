"""The people and places that every test's story is told with. Nobody here exists.

    sub-county KIJANI
      ward MTONI, facility ZAHANATI (links the unit), facility HOSPITALI (anyone may be referred to it)
        unit UMOJA: area A (promoter), area B (her colleague); supervised by the assistant
        unit JIRANI: area C (the stranger), supervised by the strange assistant

`seat(connection, now)` writes places and accounts. Everybody's password is `PASSWORD`.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib

import argon2

from hodi.db import Connection
from hodi.domain.times import zone_of

ZONE = zone_of("Africa/Nairobi")
"""Where the story is told."""

PASSWORD = "karibu-nyumbani"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Place:
    """A row of `place`."""

    place: int
    kind: str
    parent: int | None
    name: str
    code: str | None = None
    hmis_uid: str | None = None
    facility: int | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Worker:
    """A row of `account` with its posts, and for promoters the phone she carries."""

    account: int
    username: str
    name: str
    role: str
    posts: tuple[int, ...]
    language: str = "en"
    phone: str | None = None
    device: int | None = None

    @property
    def token(self) -> str:
        """The bearer token of her phone."""
        return f"token-of-{self.username}"


COUNTY = Place(place=1, kind="county", parent=None, name="Kaunti", code="99")
KIJANI = Place(place=2, kind="sub_county", parent=1, name="Kijani", code="KE_SubCounty_9999")
MTONI = Place(place=3, kind="ward", parent=2, name="Mtoni", code="KE_Ward_9999")
ZAHANATI = Place(place=4, kind="facility", parent=3, name="Zahanati ya Mtoni", code="90004")
HOSPITALI = Place(place=5, kind="facility", parent=3, name="Hospitali ya Kijani", code="90005")
UMOJA = Place(place=10, kind="unit", parent=3, name="Umoja", code="990010", facility=4)
JIRANI = Place(place=20, kind="unit", parent=3, name="Jirani", code="990020", facility=5)
AREA_A = Place(place=11, kind="area", parent=10, name="Umoja A")
AREA_B = Place(place=12, kind="area", parent=10, name="Umoja B")
AREA_C = Place(place=21, kind="area", parent=20, name="Jirani C")
REACH = "sub_county"
"""The level of places within which people are referred, as the pack says."""
PLACES = (COUNTY, KIJANI, MTONI, ZAHANATI, HOSPITALI, UMOJA, JIRANI, AREA_A, AREA_B, AREA_C)

PROMOTER = Worker(
    account=101,
    username="promoter",
    name="Promoter A",
    role="promoter",
    posts=(11,),
    language="sw",
    phone="+254700000101",
    device=1001,
)
COLLEAGUE = Worker(
    account=102,
    username="colleague",
    name="Promoter B",
    role="promoter",
    posts=(12,),
    language="sw",
    phone="+254700000102",
    device=1002,
)
STRANGER = Worker(
    account=103,
    username="stranger",
    name="Promoter C",
    role="promoter",
    posts=(21,),
    language="sw",
    phone="+254700000103",
    device=1003,
)
ASSISTANT = Worker(
    account=104,
    username="assistant",
    name="Assistant of Umoja",
    role="supervisor",
    posts=(10,),
    phone="+254700000104",
)
STRANGE_ASSISTANT = Worker(
    account=105,
    username="strange-assistant",
    name="Assistant of Jirani",
    role="supervisor",
    posts=(20,),
    phone="+254700000105",
)
NURSE = Worker(account=106, username="nurse", name="Nurse at Zahanati", role="nurse", posts=(4,))
STRANGE_NURSE = Worker(
    account=107, username="strange-nurse", name="Nurse at Hospitali", role="nurse", posts=(5,)
)
OFFICER = Worker(account=108, username="officer", name="Officer of Kijani", role="officer", posts=(2,))
COUNTY_OFFICER = Worker(
    account=109, username="county-officer", name="Officer of Kaunti", role="officer", posts=(1,)
)
ADMIN = Worker(account=110, username="admin", name="Administrator", role="admin", posts=())
WORKERS = (
    PROMOTER, COLLEAGUE, STRANGER, ASSISTANT, STRANGE_ASSISTANT, NURSE, STRANGE_NURSE, OFFICER,
    COUNTY_OFFICER, ADMIN,
)  # fmt: skip


@functools.cache
def _password_hash() -> str:
    # Argon2 as the product uses it, at the least cost, so that tests do not wait for it.
    return argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def seat(connection: Connection, now: int) -> None:
    """Write all places, accounts, posts and phones into an empty store. `now` in milliseconds."""
    connection.insert(
        "place",
        ("place", "kind", "parent", "name", "code", "hmis_uid", "facility"),
        [dataclasses.astuple(place) for place in PLACES],
    )
    connection.insert(
        "account",
        ("account", "username", "password", "name", "phone", "role", "language", "active", "created_at"),
        [
            (one.account, one.username, _password_hash(), one.name, one.phone, one.role, one.language, 1, now)
            for one in WORKERS
        ],
    )
    connection.insert(
        "post", ("account", "place"), [(one.account, place) for one in WORKERS for place in one.posts]
    )
    areas = {place.place: place for place in PLACES if place.kind == "area"}
    connection.insert(
        "device",
        ("device", "account", "unit", "area", "token", "enrolled_at"),
        [
            (
                one.device,
                one.account,
                areas[one.posts[0]].parent,
                one.posts[0],
                hashlib.sha256(one.token.encode()).hexdigest(),
                now,
            )
            for one in WORKERS
            if one.device is not None
        ],
    )
