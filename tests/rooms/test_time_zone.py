"""A country whose clocks are put forward and back: phone and server count its days by the same changes."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import json
import pathlib
import shutil
import zoneinfo

import pytest

from hodi import care, indicators, views
from hodi.background import Background
from hodi.config import ROOT
from hodi.content import Pack, load
from hodi.db import Connection, Store
from hodi.domain import DAY_MS, day_of, day_start
from hodi.domain.times import OffsetChange, date_of, day_of_date, zone_of
from hodi.events import Draft, load_rules, state
from hodi.sync import build_pack
from tests import cast
from tests.cast import AREA_A, UMOJA
from tests.harness.story import Story

HOUR_MS = 3_600_000
KENYA = ROOT / "content" / "kenya"
LISBON = zoneinfo.ZoneInfo("Europe/Lisbon")


def _pack_in(tmp_path: pathlib.Path, zone: str) -> pathlib.Path:
    folder = tmp_path / "pack"
    shutil.copytree(KENYA, folder)
    facts = (folder / "pack.toml").read_text(encoding="utf-8")
    assert "Africa/Nairobi" in facts
    (folder / "pack.toml").write_text(facts.replace("Africa/Nairobi", zone), encoding="utf-8")
    return folder


def test_phones_receive_the_changes_that_the_server_counts_by(tmp_path: pathlib.Path) -> None:
    folder = _pack_in(tmp_path, "Europe/Lisbon")
    sent = json.loads(build_pack(load(folder)).content)
    zone = load_rules(folder).zone
    assert sent["utc_offset_min"] == zone.utc_offset_min == 0
    assert tuple(OffsetChange(**change) for change in sent["offset_changes"]) == zone.changes
    spring = datetime.datetime(2026, 3, 29, 1, tzinfo=datetime.UTC).timestamp() * 1000
    assert OffsetChange(at=int(spring), utc_offset_min=60) in zone.changes
    assert "offset_changes" not in json.loads(build_pack(load(KENYA)).content), "no changes cost nothing"


def test_what_is_stated_before_midnight_in_summer_belongs_to_the_local_day(
    sqlite_store: Store, tmp_path: pathlib.Path
) -> None:
    rules = load_rules(_pack_in(tmp_path, "Europe/Lisbon"))
    clock = [datetime.datetime(2026, month, 14, 23, 30, tzinfo=LISBON) for month in (1, 7)]
    clock += [at + datetime.timedelta(hours=1) for at in clock]
    for at in sorted(clock):
        now = int(at.timestamp() * 1000)
        draft = Draft(unit=UMOJA.place, area=AREA_A.place, kind="sync.tried")
        sqlite_store.write_now(
            lambda c, now=now, draft=draft: state(c, author=104, drafts=[draft], now=now, rules=rules)
        )
    rows = sqlite_store.read_now(lambda c: c.rows("SELECT occurred_at, occurred_day FROM event ORDER BY id"))
    assert [date_of(day) for _, day in rows] == [at.date() for at in sorted(clock)]
    assert [at // DAY_MS - day for at, day in rows] == [0, 0, 0, -1], (
        "half past midnight in July is still the 14th in UTC"
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Switch:
    """A local day on which clocks change, and how many hours it has."""

    zone: str
    date: datetime.date
    hours: int

    @property
    def day(self) -> int:
        return day_of_date(self.date)

    def begins(self, days: int = 0) -> int:
        """The first instant (ms) of the day so many days after it."""
        date = self.date + datetime.timedelta(days=days)
        local = datetime.datetime.combine(date, datetime.time(), zoneinfo.ZoneInfo(self.zone))
        return int(local.timestamp() * 1000)

    def pack_in(self, tmp_path: pathlib.Path) -> Pack:
        return load(_pack_in(tmp_path, self.zone))


SWITCHES = [
    Switch(zone="Europe/Lisbon", date=datetime.date(2026, 3, 29), hours=23),
    Switch(zone="Europe/Lisbon", date=datetime.date(2026, 10, 25), hours=25),
    Switch(zone="America/Santiago", date=datetime.date(2026, 9, 6), hours=23),  # begins at one o'clock
    Switch(zone="America/Santiago", date=datetime.date(2026, 4, 4), hours=25),  # ends with eleven twice
]
on_switch_days = pytest.mark.parametrize("switch", SWITCHES, ids=lambda one: f"{one.zone} {one.date}")


@on_switch_days
def test_a_day_is_as_long_as_its_clocks_say(switch: Switch) -> None:
    zone = zone_of(switch.zone)
    assert switch.begins(1) - switch.begins() == switch.hours * HOUR_MS
    assert [day_start(switch.day + n, zone) for n in range(-2, 3)] == [switch.begins(n) for n in range(-2, 3)]
    around = (switch.begins() - 1, switch.begins(), switch.begins(1) - 1, switch.begins(1))
    assert [day_of(at, zone) - switch.day for at in around] == [-1, 0, 0, 1]


@on_switch_days
def test_visits_count_on_their_local_day(switch: Switch, sqlite_store: Store, tmp_path: pathlib.Path) -> None:
    pack = switch.pack_in(tmp_path)

    def act(c: Connection) -> None:
        cast.seat(c, switch.begins() - 300 * DAY_MS)
        for at in (switch.begins() - 1, switch.begins(), switch.begins(1) - 1, switch.begins(1)):
            story = Story(c, at, pack.folder)
            story.visit(story.household("Wanjiku"))
            story.fold()

    def calls(c: Connection, now: int) -> int:
        limits = indicators.load_limits(pack.folder)
        figures = indicators.promoter_figures(c, unit=UMOJA.place, now=now, zone=pack.zone, limits=limits)
        shown = views.board(
            c, units=(UMOJA.place,), now=now, limits=limits, discretion=care.discretion_of(pack)
        )
        [called] = {sum(one.calls_today for one in these) for these in (figures, shown.promoters)}
        assert called == len(views.visits_of_day(c, units=[UMOJA.place], day=shown.today))
        return called

    sqlite_store.write_now(act)
    for now, found in ((switch.begins() - 1, 1), (switch.begins(), 2), (switch.begins(1) - 1, 2)):
        assert sqlite_store.read_now(lambda c, now=now: calls(c, now)) == found
    assert sqlite_store.read_now(lambda c: calls(c, switch.begins(1))) == 1


@on_switch_days
def test_a_return_date_is_due_after_its_own_beginning_and_its_task_ends_with_a_day(
    switch: Switch, sqlite_store: Store, tmp_path: pathlib.Path
) -> None:
    """The day itself has 23 or 25 hours; the chase begins at an instant, the task's windows at midnight."""
    pack = switch.pack_in(tmp_path)
    clock = [switch.begins(-4) + 10 * HOUR_MS]

    def tell(c: Connection) -> None:
        cast.seat(c, clock[0] - 300 * DAY_MS)
        story = Story(c, clock[0], pack.folder)
        home = story.household("Wanjiku")
        child = story.person(home, "Amina", "Otieno")
        referral = story.refer(home, child, code="K7M2P49", days_ago=1)
        care.seen(
            c,
            care.Referred(unit=UMOJA.place, household=home, person=child, referral=referral, class_="urgent"),
            care.Statement(
                author=cast.NURSE.account, now=clock[0], rules=story.rules, times=pack.referral_times
            ),
            facility="90004",
            outcome="treated",
            advice="",
            return_day=switch.day,
            today=story.today,
        )

    def awaited() -> tuple[list[tuple[str, int]], int]:
        """Codes of the tasks with their due days, and how many signals say that she did not come back."""
        asyncio.run(Background(sqlite_store, pack, clock=lambda: clock[0]).run_until_idle())
        tasks = "SELECT code, due_day FROM task WHERE code = 'RETURN_DATE'"
        signals = "SELECT count(*) FROM signal WHERE code = 'REF_NOSHOW'"
        return sqlite_store.read_now(lambda c: (c.rows(tasks), c.rows(signals)[0][0]))

    sqlite_store.write_now(tell)
    hours = pack.referral_times.steps["return"]["urgent"].due_h
    due_at = switch.begins() + hours * HOUR_MS
    task, ends = ("RETURN_DATE", switch.day), int(pack.limits["ref_follow_open_days"].value) + 1
    for at, found in (
        (clock[0], ([task], 0)),
        (due_at - 1, ([task], 0)),
        (due_at, ([task], 1)),
        (switch.begins(ends) - 1, ([task], 1)),
        (switch.begins(ends), ([], 1)),
    ):
        clock[0] = at
        assert awaited() == found, f"{(at - switch.begins()) / HOUR_MS} hours after the day began"


@pytest.mark.parametrize("switch", SWITCHES[1:], ids=lambda one: f"{one.zone} {one.date}")
def test_who_died_while_referred_did_so_on_the_day_that_was_told(
    switch: Switch, sqlite_store: Store, tmp_path: pathlib.Path
) -> None:
    pack = switch.pack_in(tmp_path)

    def act(c: Connection) -> int:
        cast.seat(c, switch.begins() - 300 * DAY_MS)
        story = Story(c, switch.begins(-1) + 10 * HOUR_MS, pack.folder)
        home = story.household("Wanjiku")
        mother = story.person(home, "Grace", "Wanjiku", age_days=12_000)
        story.refer(home, mother, code="K7M2P49")
        story.now = switch.begins(1) - HOUR_MS
        story.tell("person.died", household=home, person=mother, state_reason="died")
        story.fold()
        [(state, at)] = c.rows("SELECT state, state_at FROM referral")
        assert state == "died"
        return int(at)

    assert day_of(sqlite_store.write_now(act), pack.zone) == switch.day


@pytest.mark.parametrize(
    ("zone", "month"),
    [("Europe/Lisbon", datetime.date(2026, 10, 1)), ("America/Santiago", datetime.date(2026, 9, 1)),
     ("Australia/Lord_Howe", datetime.date(2026, 4, 1))],
)  # fmt: skip
def test_a_month_of_the_figures_begins_and_ends_at_local_midnight(
    zone: str, month: datetime.date, sqlite_store: Store, tmp_path: pathlib.Path
) -> None:
    """Each of these months has a switch in it, and its first and last hours are another month's in UTC."""
    pack = load(_pack_in(tmp_path, zone))
    first = day_of_date(month)
    last = day_of_date((month + datetime.timedelta(days=31)).replace(day=1)) - 1
    begins, ends = day_start(first, pack.zone), day_start(last + 1, pack.zone)
    assert (ends - begins) % DAY_MS != 0
    limits = indicators.load_limits(pack.folder)

    def act(c: Connection) -> None:
        cast.seat(c, begins - 300 * DAY_MS)
        for at in (begins - 1, begins, ends - 1, ends):
            story = Story(c, at, pack.folder)
            story.visit(story.household("Wanjiku", days_ago=100))
        story.fold()

    def visited(c: Connection, now: int) -> int:
        found = indicators.promoter_figures(c, unit=UMOJA.place, now=now, zone=pack.zone, limits=limits)
        return sum(one.visited for one in found)

    sqlite_store.write_now(act)
    counted = [
        sqlite_store.read_now(lambda c, now=now: visited(c, now))
        for now in (begins - 1, begins, ends - 1, ends)
    ]
    assert counted == [1, 2, 2, 1]
