"""The demonstration of the example country: its people, stories and referrals; and a programme that nobody
has prepared for, filled in by its simulated population."""

from __future__ import annotations

import datetime
import pathlib
import shutil

import msgspec
import pytest

from hodi import background, content, events
from hodi.config import ROOT
from hodi.db import Row, Store
from hodi.domain import day_of
from hodi.simulate.demonstration import StoreInUse, is_seeded, load_demonstration, seed

EXAMPLE = ROOT / "content" / "example"
BED_NETS = ROOT / "tests" / "programmes" / "bed_nets"
NOW = int(datetime.datetime(2026, 10, 20, 15, tzinfo=datetime.UTC).timestamp() * 1000)
"""Six weeks after the clocks went forward."""


def seeded(store: Store, pack: pathlib.Path, *, households: int) -> None:
    """Seed one unit of the demonstration, and do what the background would."""
    whole = load_demonstration(pack)
    small = msgspec.structs.replace(whole, units=whole.units[:1], households=households)
    loaded = content.load(pack)

    def build_records(_: object) -> None:
        store.write_now(lambda c: background.prepare(c, pack))
        for consumer in (background.FOLD, background.INDICATORS):
            for _batch in background.run_now(store, loaded, consumer, clock=lambda: NOW):
                pass

    rules = events.load_rules(pack)
    assert seed(store, small, rules, now=NOW, build_records=build_records, progress=lambda *_: None)


def rows(store: Store, sql: str) -> list[Row]:
    """The rows of a query."""
    return store.read_now(lambda c: c.rows(sql))


def test_it_shows_each_signal_and_each_state_of_a_referral(sqlite_store: Store) -> None:
    seeded(sqlite_store, EXAMPLE, households=12)
    assert is_seeded(sqlite_store, load_demonstration(EXAMPLE))
    open_ = rows(sqlite_store, "SELECT DISTINCT code FROM signal WHERE state = 'open' AND unit = 101")
    assert {code for (code,) in open_} == {"LARVAE_AGAIN", "REF_NOSHOW"}
    states = rows(
        sqlite_store, f"SELECT DISTINCT state, CASE WHEN escalate_at <= {NOW} THEN 1 ELSE 0 END FROM referral"
    )
    assert {("made", 1), ("made", 0)} <= set(states), "one is her supervisor's already, one is hers"
    assert "seen" in {state for state, _ in states}
    assert rows(sqlite_store, "SELECT COUNT(*) FROM quarantine") == [(0,)]
    filled = {
        form for (form,) in rows(sqlite_store, "SELECT DISTINCT form FROM event WHERE form IS NOT NULL")
    }
    assert filled >= {"household_registration", "member_registration", "home_inspection", "fever_check"}
    counted = dict(rows(sqlite_store, "SELECT code, SUM(denominator) FROM indicator_value GROUP BY code"))
    assert counted["HOUSES_FREE"] > 0


def test_its_people_bear_its_names_and_its_days(sqlite_store: Store) -> None:
    seeded(sqlite_store, EXAMPLE, households=12)
    names = load_demonstration(EXAMPLE).names
    given = {name for (name,) in rows(sqlite_store, "SELECT DISTINCT given_name FROM person")}
    assert given and given <= {*names.given_names["female"], *names.given_names["male"]}
    numbers = rows(sqlite_store, "SELECT DISTINCT phone FROM household WHERE phone IS NOT NULL")
    telephone = content.load(EXAMPLE).telephone
    assert numbers and all(number.startswith(f"+{telephone.country_code}") for (number,) in numbers)
    zone = content.load(EXAMPLE).zone
    visits = rows(sqlite_store, "SELECT occurred_at, occurred_day FROM event WHERE kind = 'visit.made'")
    assert all(day_of(at, zone) == day for at, day in visits)
    offsets = {zone.offset_min(at) for at, _ in visits}
    assert offsets == {-240, -180}, "visits before the clocks went forward, and after"
    hours = [(at // 60_000 + zone.offset_min(at)) // 60 % 24 for at, _ in visits]
    assert all(6 <= hour < 22 for hour in hours), "nobody is visited at night"


def test_nothing_is_seeded_over_other_data(sqlite_store: Store) -> None:
    seeded(sqlite_store, EXAMPLE, households=4)
    with pytest.raises(StoreInUse):  # another country's demonstration
        seeded(sqlite_store, ROOT / "content" / "kenya", households=4)
    sqlite_store.write_now(lambda c: c.run("DELETE FROM setting", {}))
    with pytest.raises(StoreInUse):
        seeded(sqlite_store, EXAMPLE, households=4)


def test_a_folder_is_a_programme_of_the_simulated_population(
    tmp_path: pathlib.Path, sqlite_store: Store
) -> None:
    pack = tmp_path / "example"
    shutil.copytree(EXAMPLE, pack)
    shutil.copytree(BED_NETS, pack / "programmes" / BED_NETS.name)
    seeded(sqlite_store, pack, households=12)
    nights = rows(sqlite_store, "SELECT slept, COUNT(*) FROM net_night GROUP BY slept")
    assert {slept for slept, _ in nights} == {0, 1}
    assert sum(count for _, count in nights) > 20
    counted = dict(rows(sqlite_store, "SELECT code, SUM(denominator) FROM indicator_value GROUP BY code"))
    assert counted["NETS_USED"] > 0
    tasks = {code for (code,) in rows(sqlite_store, "SELECT DISTINCT code FROM task")}
    signals = {code for (code,) in rows(sqlite_store, "SELECT DISTINCT code FROM signal")}
    assert "NETS_AGAIN" in tasks and "NETS_UNUSED" in signals
