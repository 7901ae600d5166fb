"""Grace's household, registered before the phone is enrolled: for journeys that are about something else."""

from __future__ import annotations

import re

from hodi.clock import system_clock
from hodi.db import Connection
from hodi.domain import DAY_MS, day_of
from tests import cast
from tests.cast import ZONE
from tests.harness.story import Story
from tests.journeys.phone_hand import Thumb

BORN = "2025-01-15"
_BORN_DAY = 20_103


def family(c: Connection, *children: str, days_ago: float = 30) -> int:
    """The cast, and the household of Grace Wambui with children of these names, born on `BORN`, registered
    so many days ago. Gives the household's number."""
    now = system_clock()
    cast.seat(c, now - 300 * DAY_MS)
    story = Story(c, now)
    home = story.household(
        "Grace Wambui", village="Umoja", landmark="Karibu na kanisa", latrine=1, days_ago=days_ago
    )
    age_days = day_of(now, ZONE) - _BORN_DAY
    for name in children:
        story.person(
            home,
            name,
            "Wambui",
            age_days=age_days,
            relationship="child",
            days_ago=days_ago,
        )
    return home


def goes_to_graces(thumb: Thumb) -> None:
    """From today's list to her household."""
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Grace Wambui")))
    thumb.sees("Grace Wambui")
