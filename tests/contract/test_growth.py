"""Growth scores against vectors computed from WHO's tables (contract/vectors/growth.csv), colours and
what excludes a score; on both of the server's engines."""

from __future__ import annotations

import csv

import pytest

from hodi.config import ROOT
from hodi.db import Store
from hodi.record import fold
from tests.contract.told import SCHEMA, Told

TOLERANCE = 0.01
SCORES = ("waz", "lhaz", "wlhz", "mfaz")
MEASURES = ("weight_kg", "length_cm", "muac_mm")


def vectors() -> list[dict[str, str]]:
    with (ROOT / "contract" / "vectors" / "growth.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measure(told: Told, child: dict[str, object], day: int = 0, **states: object) -> int:
    """A household with one child who is measured on a day; gives the household."""
    household = told.household()
    person = told.member(household, **child)
    told.assessment(
        household, person, day, **{name: value for name, value in states.items() if value is not None}
    )
    return household


def growth(store: Store, told: Told) -> dict[int, dict[str, object]]:
    """The growth rows by household, after a fold."""

    def work(c: object) -> list[tuple[object, ...]]:
        told.write(c)
        while fold(c, SCHEMA, households_max=100).more:
            pass
        return c.rows("SELECT * FROM growth")

    columns = SCHEMA.tables["growth"].columns
    return {row[1]: dict(zip(columns, row, strict=True)) for row in store.write_now(work)}


def test_scores_are_who_scores(store: Store) -> None:
    told = Told()
    wanted = {}
    for vector in vectors():
        states: dict[str, object] = {name: float(vector[name]) for name in MEASURES if vector[name]}
        states |= {"measured_position": vector["position"], "oedema": int(vector["oedema"])}
        child = {"sex": vector["sex"], "birth_day": -int(vector["age_days"])}
        wanted[measure(told, child, **states)] = vector
    found = growth(store, told)
    for household, vector in wanted.items():
        if int(vector["age_days"]) > 1826:
            assert household not in found, "a child of five has outgrown the standards"
            continue
        row = found[household]
        for score in SCORES:
            if vector[score]:
                assert row[score] == pytest.approx(float(vector[score]), abs=TOLERANCE), (score, vector)
            else:
                assert row[score] is None, (score, vector)
        assert row["implausible"] == int(vector["implausible"]), vector


@pytest.mark.parametrize(
    ("age_days", "states", "colour"),
    [
        (400, {"muac_mm": 114}, "red"),
        (400, {"muac_mm": 114.9}, "red"),
        (400, {"muac_mm": 115}, "yellow"),
        (400, {"muac_mm": 124.9}, "yellow"),
        (400, {"muac_mm": 125}, "green"),
        (182, {"muac_mm": 110}, None),
        (183, {"muac_mm": 110}, "red"),
        (400, {"muac_colour": "yellow"}, "yellow"),
        (400, {"muac_mm": 130, "muac_colour": "red"}, "green"),
        (400, {"muac_mm": 130, "oedema": 1}, "red"),
        (90, {"oedema": 1}, "red"),
        (400, {"weight_kg": 7.05, "length_cm": 71.34}, "yellow"),
        (400, {"weight_kg": 6.5, "length_cm": 71.34}, "red"),
        (400, {"weight_kg": 8.5, "length_cm": 71.34}, "green"),
        (400, {"weight_kg": 8.5, "length_cm": 71.34, "muac_mm": 120}, "yellow"),
        # Weight for length below −5 is a measurement to repeat, not a colour.
        (400, {"weight_kg": 5.0, "length_cm": 76.0}, None),
        (400, {"weight_kg": 9.0}, None),
    ],
)
def test_colours(sqlite_store: Store, age_days: int, states: dict[str, object], colour: str | None) -> None:
    told = Told()
    household = measure(told, {"sex": "female", "birth_day": -age_days}, **states)
    assert growth(sqlite_store, told)[household]["colour"] == colour


def test_an_estimated_birth_day_makes_scores_approximate(sqlite_store: Store) -> None:
    told = Told()
    household = measure(told, {"sex": "female", "birth_day": -400, "birth_estimated": 1}, weight_kg=9.0)
    row = growth(sqlite_store, told)[household]
    assert (row["approximate"], row["waz"] is None) == (1, False)


def test_no_scores_without_a_known_sex(sqlite_store: Store) -> None:
    told = Told()
    household = measure(told, {"sex": "intersex", "birth_day": -400}, weight_kg=9.0, muac_mm=120)
    row = growth(sqlite_store, told)[household]
    assert [row[score] for score in SCORES] == [None] * 4
    assert row["colour"] == "yellow"


def test_a_changed_birth_day_changes_every_score(store: Store) -> None:
    told = Told()
    household = told.household()
    person = told.member(household, sex="male", birth_day=-300)
    for day in (0, 30, 60):
        told.assessment(household, person, day, weight_kg=9.0)
    before = store.write_now(lambda c: told.fold(c, "SELECT day, age_days, waz FROM growth ORDER BY day"))
    told.say("person.described", 61, household=household, person=person, birth_day=-330)
    after = store.write_now(lambda c: told.fold(c, "SELECT day, age_days, waz FROM growth ORDER BY day"))
    assert [row[1] for row in after] == [row[1] + 30 for row in before]
    assert all(new[2] < old[2] for new, old in zip(after, before, strict=True))
