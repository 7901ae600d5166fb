"""What is true of places: from the pack's places.csv down to areas, to phones and to the rules."""

from __future__ import annotations

import pathlib
import shutil

import pytest

from hodi import access
from hodi.access import Place
from hodi.background import consumers, run_now
from hodi.config import ROOT
from hodi.content import PlaceFact, load, load_place_facts
from hodi.db import Connection, Store
from hodi.record import context_of
from tests.cast import (
    AREA_A,
    AREA_B,
    AREA_C,
    COLLEAGUE,
    COUNTY,
    JIRANI,
    KIJANI,
    MTONI,
    PROMOTER,
    STRANGER,
    UMOJA,
    seat,
)
from tests.hand import NOW, Hand, sync
from tests.harness.story import Story

KENYA = ROOT / "content" / "kenya"
ALL_AREAS = ((UMOJA, AREA_A), (UMOJA, AREA_B), (JIRANI, AREA_C))

RULE = """\
-- MALARIA_HOME: a household where malaria is endemic.
--
-- Source: an example.
-- from: household
SELECT h.unit, h.household, 0 AS person, 0 AS episode, 'routine' AS class,
       h.registered_day AS first_day, h.registered_day AS last_day,
       0 AS first_event, 0 AS last_event, 'here' AS detail,
       CAST(NULL AS DOUBLE PRECISION) AS number_1, CAST(NULL AS DOUBLE PRECISION) AS number_2,
       0 AS escalated, CAST(NULL AS INTEGER) AS until_day
FROM household h
LEFT JOIN place_fact f ON f.unit = h.unit AND f.area = h.area AND f.fact = 'malaria_risk'
WHERE COALESCE(f.value, '') = 'endemic'
"""
TOML = """\
code = "MALARIA_HOME"
class = "routine"
turn = "day"
version = 1
owner = "an example"
source = "an example"

[title]
en = "Malaria"
sw = "Malaria"

[says.here]
en = "Malaria."
sw = "Malaria."

[act]
en = "Ask."
sw = "Uliza."
"""


@pytest.fixture
def store(store: Store) -> Store:
    """A store with the cast seated."""
    store.write_now(lambda c: seat(c, NOW))
    return store


def says(place: object, value: str = "endemic", fact: str = "malaria_risk") -> PlaceFact:
    """A fact of a place of the cast."""
    return PlaceFact(kind=place.kind, code=place.code, fact=fact, value=value)  # type: ignore[attr-defined]


EVERYWHERE = PlaceFact(kind="", code="", fact="malaria_risk", value="low")


def stated(store: Store, *facts: PlaceFact) -> None:
    """Take these facts into use, as the start does."""
    store.write_now(lambda c: access.state_place_facts(c, facts))


def facts(store: Store) -> list[dict[str, str]]:
    """What is true of the areas A, B and C."""
    return store.read_now(
        lambda c: [access.facts_of_area(c, unit.place, area.place) for unit, area in ALL_AREAS]
    )


def touched(store: Store) -> set[int]:
    """The households that wait for the fold; they wait no longer."""

    def take(c: Connection) -> set[int]:
        found = {int(row[0]) for row in c.rows("SELECT household FROM touched")}
        c.run("DELETE FROM touched")
        return found

    return store.write_now(take)


def test_a_fact_holds_for_every_area_below_its_place_and_for_no_other(store: Store) -> None:
    stated(store, says(UMOJA))
    assert facts(store) == [{"malaria_risk": "endemic"}, {"malaria_risk": "endemic"}, {}]
    assert store.read_now(
        lambda c: c.rows("SELECT unit, area, fact, value FROM place_fact ORDER BY area")
    ) == [
        (UMOJA.place, AREA_A.place, "malaria_risk", "endemic"),
        (UMOJA.place, AREA_B.place, "malaria_risk", "endemic"),
    ]


def test_the_nearest_place_decides_and_what_is_said_of_none_comes_last(store: Store) -> None:
    stated(store, EVERYWHERE)
    assert facts(store) == [{"malaria_risk": "low"}] * 3
    stated(store, EVERYWHERE, says(COUNTY), says(JIRANI, "low"))
    assert facts(store) == [{"malaria_risk": "endemic"}, {"malaria_risk": "endemic"}, {"malaria_risk": "low"}]
    stated(store, says(MTONI, "low"), says(KIJANI))
    assert facts(store) == [{"malaria_risk": "low"}] * 3
    stated(store)
    assert facts(store) == [{}, {}, {}]


def test_a_code_of_another_level_is_another_place(store: Store) -> None:
    stated(store, PlaceFact(kind="ward", code=str(COUNTY.code), fact="malaria_risk", value="endemic"))
    assert facts(store) == [{}, {}, {}]


def test_places_that_come_or_change_have_what_is_true_of_where_they_lie(store: Store) -> None:
    stated(store, says(UMOJA), PlaceFact(kind="county", code="43", fact="malaria_risk", value="low"))
    number = store.write_now(
        lambda c: access.new_place(c, Place(place=0, kind="area", name="Umoja C", parent=UMOJA.place))
    )
    assert store.read_now(lambda c: access.facts_of_area(c, UMOJA.place, number)) == {
        "malaria_risk": "endemic"
    }
    store.write_now(
        lambda c: access.put_places(c, [Place(place=COUNTY.place, kind="county", name="Homa Bay", code="43")])
    )
    assert facts(store) == [{"malaria_risk": "endemic"}, {"malaria_risk": "endemic"}, {"malaria_risk": "low"}]
    # an area that is put into another unit takes nothing with it
    store.write_now(
        lambda c: access.put_places(c, [Place(place=number, kind="area", name="C", parent=JIRANI.place)])
    )
    assert store.read_now(lambda c: access.facts_of_area(c, UMOJA.place, number)) == {}
    assert store.read_now(lambda c: access.facts_of_area(c, JIRANI.place, number)) == {"malaria_risk": "low"}


def test_a_phone_is_told_what_is_true_of_its_area_and_of_no_other(store: Store) -> None:
    tokens = {one: sync(store, one).token for one in (PROMOTER, COLLEAGUE, STRANGER)}
    stated(store, says(UMOJA), says(JIRANI, "low"))
    told = {one: sync(store, one, token=token) for one, token in tokens.items()}
    assert told[PROMOTER].scope["facts"] == told[COLLEAGUE].scope["facts"] == {"malaria_risk": "endemic"}
    assert told[STRANGER].scope["facts"] == {"malaria_risk": "low"}
    again = {one: sync(store, one, token=answer.token) for one, answer in told.items()}
    assert all(answer.scope is None for answer in again.values()), "it is said once"
    stated(store, says(UMOJA), says(JIRANI))
    assert sync(store, PROMOTER, token=again[PROMOTER].token).scope is None, "another's fact is not hers"
    assert sync(store, STRANGER, token=again[STRANGER].token).scope["facts"] == {"malaria_risk": "endemic"}


def test_only_households_of_an_area_of_which_something_else_is_true_are_asked_again(store: Store) -> None:
    homes = {}
    for worker in (PROMOTER, COLLEAGUE, STRANGER):
        homes[worker], registered = Hand(worker).household()
        sync(store, worker, [registered])
    pack = load(KENYA)
    store.write_now(lambda c: consumers.prepare(c, KENYA))
    for _ in run_now(store, pack, consumers.FOLD, clock=lambda: NOW):
        pass
    assert touched(store) == set()
    stated(store, says(UMOJA))
    assert touched(store) == {homes[PROMOTER], homes[COLLEAGUE]}
    stated(store, says(UMOJA))
    assert touched(store) == set(), "the same pack at the next start"
    stated(store, says(UMOJA), says(JIRANI))
    assert touched(store) == {homes[STRANGER]}


def test_a_rule_that_reads_a_fact_is_asked_again_when_the_pack_says_something_else(
    store: Store, tmp_path: pathlib.Path
) -> None:
    def folder(name: str, places: str) -> pathlib.Path:
        pack = tmp_path / name
        shutil.copytree(KENYA, pack)
        signal = pack / "programmes" / "illness" / "signals" / "MALARIA_HOME"
        signal.mkdir()
        (signal / "rule.sql").write_text(RULE, encoding="utf-8")
        (signal / "signal.toml").write_text(TOML, encoding="utf-8")
        path = pack / "programmes" / "illness" / "places.csv"
        path.write_text("kind,code,name,fact,value,source,mark\n" + places, encoding="utf-8")
        return pack

    def started(pack: pathlib.Path) -> list[tuple[int, int]]:
        whole = load(pack)
        store.write_now(lambda c: consumers.prepare(c, pack))
        for _ in run_now(store, whole, consumers.FOLD, clock=lambda: NOW):
            pass
        return [
            (int(row[0]), int(row[1]))
            for row in store.read_now(
                lambda c: c.rows("SELECT unit, household FROM signal WHERE code = 'MALARIA_HOME'")
            )
        ]

    homes = {}
    for worker in (PROMOTER, STRANGER):
        homes[worker], registered = Hand(worker).household()
        sync(store, worker, [registered])
    row = "{0.kind},{0.code},{0.name},malaria_risk,{1},an example,D\n"
    assert started(folder("silent", "")) == []
    assert started(folder("endemic", row.format(UMOJA, "endemic"))) == [(UMOJA.place, homes[PROMOTER])]
    assert started(folder("moved", row.format(JIRANI, "endemic"))) == [(JIRANI.place, homes[STRANGER])]
    assert started(folder("low", row.format(JIRANI, "low"))) == []


def test_forms_know_the_risk_of_malaria_where_the_household_lives(store: Store) -> None:
    def told(c: Connection) -> list[int]:
        story = Story(c, NOW)
        return [
            story.household("Amina"),
            story.household("Juma", area=AREA_C.place, unit=JIRANI.place, author=STRANGER.account),
        ]

    here, there = store.write_now(told)
    pack = load(KENYA)
    store.write_now(lambda c: consumers.prepare(c, KENYA))
    stated(store, says(UMOJA))
    for _ in run_now(store, pack, consumers.FOLD, clock=lambda: NOW):
        pass

    def known(c: Connection, unit: int, household: int) -> object:
        about = {"unit": unit, "household": household, "today": Story(c, NOW).today}
        return context_of(c, pack.context, about).get("malaria_risk")

    assert store.read_now(lambda c: known(c, UMOJA.place, here)) == "endemic"
    assert store.read_now(lambda c: known(c, JIRANI.place, there)) is None


def test_kenya_says_which_counties_have_endemic_malaria(store: Store) -> None:
    """The eight counties of the malaria vaccine are read in a source; any other is marked unconfirmed."""
    sheet = (KENYA / "programmes" / "illness" / "places.csv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split(",") for line in sheet]
    assert {row[1] for row in rows if row[-1] == "C"} == {str(county) for county in range(37, 45)}
    assert all(row[4] == "endemic" for row in rows if row[-1] == "C")
    assert {row[-1] for row in rows} == {"C", "U"}
    stated(store, *load_place_facts(KENYA))
    assert facts(store) == [{}, {}, {}], "of county 99 nothing is said"
    homa_bay = Place(place=COUNTY.place, kind="county", name="Homa Bay", code="43")
    store.write_now(lambda c: access.put_places(c, [homa_bay]))
    assert facts(store) == [{"malaria_risk": "endemic"}] * 3
