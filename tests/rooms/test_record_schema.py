"""The record follows the pack: a programme's tables are made, changed and taken away with its files, in a
store that is in use, and filled from what was stated before they were thought of."""

from __future__ import annotations

import pathlib
import shutil

import pytest

from hodi.config import ROOT
from hodi.content import ContentError
from hodi.db import Connection, Store
from hodi.record import StepError, ensure_current, fold, load_record_schema
from tests.contract.told import Told

KENYA = ROOT / "content" / "kenya"

PROGRAMME = """
owner = "somebody"
concerns = "everybody"
sources = ["none"]
order = 90

[name]
en = "Walks"
sw = "Matembezi"
"""
LIMITS = """
[walks_hard_level]
value = 3
unit = "level"
mark = "D"
source = "a test"
"""
STEP = """-- hard_walk: checks at which walking was hard.
--
-- facts: assessment.recorded
-- since: day

-- One such check.
CREATE TABLE hard_walk (
  unit      BIGINT  NOT NULL,  -- community health unit
  household BIGINT  NOT NULL,  -- household
  day       INTEGER NOT NULL,  -- day of the check; here, as everywhere, local
  person    BIGINT  NOT NULL,  -- the person
  event     BIGINT  NOT NULL,  -- the event that states it
  PRIMARY KEY (unit, household, day, person, event)
) /* sqlite: WITHOUT ROWID */;

CREATE INDEX hard_walk_of_person ON hard_walk (unit, person);

SELECT f.unit, f.household, f.occurred_day, f.person, f.id
FROM fresh f
CROSS JOIN observation o
WHERE o.unit = f.unit AND o.event = f.source AND o.concept = 'walking' AND o.number >= :walks_hard_level
"""


@pytest.fixture
def pack(tmp_path: pathlib.Path) -> pathlib.Path:
    """The Kenyan pack with a programme that nobody prepared for."""
    return add(tmp_path / "added", STEP)


def add(folder: pathlib.Path, step: str, limits: str = LIMITS) -> pathlib.Path:
    shutil.copytree(KENYA, folder)
    walks = folder / "programmes" / "walks"
    (walks / "record").mkdir(parents=True)
    (walks / "programme.toml").write_text(PROGRAMME)
    (walks / "limits.toml").write_text(limits)
    (walks / "record" / "hard_walk.sql").write_text(step)
    return folder


def refold(c: Connection, pack: pathlib.Path) -> int:
    """Bring the record up to date with a pack; gives how many households that took."""
    schema, households = load_record_schema(pack), 0
    ensure_current(c, schema)
    while True:
        folded = fold(c, schema, households_max=50)
        households += len(folded.households)
        if not folded.more:
            return households


def test_a_table_that_nobody_prepared_for(store: Store, pack: pathlib.Path, tmp_path: pathlib.Path) -> None:
    told = Told()
    homes = [told.household() for _ in range(3)]
    people = [told.member(home) for home in homes]
    for level, (home, person) in enumerate(zip(homes, people, strict=True), 2):
        told.assessment(home, person, 5, walking=level)

    def before(c: Connection) -> int:
        told.write(c)
        return refold(c, KENYA)

    def after(c: Connection) -> tuple[int, list[tuple[object, ...]]]:
        return refold(c, pack), c.rows("SELECT household, person, day FROM hard_walk ORDER BY household")

    assert store.write_now(before) == 3
    folded, rows = store.write_now(after)
    assert folded == 3, "what was stated before is folded into it"
    assert [row[:2] for row in rows] == list(zip(homes, people, strict=True))[1:]
    assert store.write_now(lambda c: refold(c, pack)) == 0, "what has not changed is left alone"

    stricter = add(tmp_path / "stricter", STEP, LIMITS.replace("value = 3", "value = 4"))
    folded, rows = store.write_now(lambda c: (refold(c, stricter), c.rows("SELECT household FROM hard_walk")))
    assert (folded, rows) == (3, [(homes[2],)]), "a limit that moves is part of the text"

    store.write_now(lambda c: refold(c, KENYA))
    with pytest.raises(Exception, match="hard_walk"):
        store.read_now(lambda c: c.rows("SELECT * FROM hard_walk"))


def test_a_changed_schedule_is_taken_over(store: Store, tmp_path: pathlib.Path) -> None:
    copy = shutil.copytree(KENYA, tmp_path / "pack")
    schedule = copy / "programmes" / "maternal" / "record" / "antenatal_schedule.csv"
    schedule.write_text("contact,week\n1,10\n2,30\n")
    store.write_now(lambda c: refold(c, KENYA))
    assert len(store.read_now(lambda c: c.rows("SELECT * FROM antenatal_schedule"))) == 8
    store.write_now(lambda c: refold(c, copy))
    rows = store.read_now(lambda c: c.rows("SELECT contact, week FROM antenatal_schedule ORDER BY contact"))
    assert rows == [(1, 10), (2, 30)]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("CREATE TABLE hard_walk (", "CREATE TABLE growth (", "there is a table growth already"),
        ("CREATE TABLE hard_walk (", "CREATE TABLE visit (", "there is a table visit already"),
        ("  PRIMARY KEY (unit, household, day, person, event)\n", "", "hard_walk has no primary key"),
        ("SELECT f.unit", "CREATE TABLE other (unit BIGINT, PRIMARY KEY (unit)); SELECT f.unit", "creates 2"),
        ("SELECT f.unit", "SELECT 1; SELECT f.unit", "needs one SELECT"),
        ("-- since: day\n", "", "since: start, day or month"),
        ("-- since: day\n", "-- since: day\n-- reads: nothing\n", "reads nothing, which no step writes"),
        ("-- since: day\n", "-- since: day\n-- reads: hard_walk\n", "each waits for another's table"),
        (":walks_hard_level", ":walks_hrad_level", "names :walks_hrad_level, which no limits.toml gives"),
        ("-- facts: assessment.recorded\n", "-- rows: walks.csv\n", "cannot be read from walks.csv"),
    ],
)
def test_a_step_that_cannot_be_used_is_refused(tmp_path: pathlib.Path, old: str, new: str, says: str) -> None:
    assert old in STEP
    with pytest.raises(StepError, match=says):
        load_record_schema(add(tmp_path / "wrong", STEP.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (LIMITS.replace("walks_hard_level", "nut_decline_fall_mm"), "nutrition/limits.toml already"),
        (LIMITS.replace('mark = "D"', 'mark = "?"'), "Invalid enum value"),
        (LIMITS.replace("value = 3", 'value = "three"'), "Expected"),
        (LIMITS.replace('source = "a test"', ""), "missing required field"),
    ],
)  # fmt: skip
def test_a_limit_that_cannot_be_used_is_refused(tmp_path: pathlib.Path, limits: str, says: str) -> None:
    with pytest.raises(ContentError, match=says):
        load_record_schema(add(tmp_path / "wrong", STEP, limits))


def test_the_order_of_urgencies_is_the_packs() -> None:
    """Each country has its own classes; a store keeps them with their places."""
    kenyan = load_record_schema(KENYA).references["urgency"].rows
    assert kenyan == [("emergency", 0), ("urgent", 1), ("priority", 2), ("routine", 3)]
    example = load_record_schema(ROOT / "content" / "example").references["urgency"].rows
    assert example == [("emergency", 0), ("urgent", 1), ("routine", 2)]
