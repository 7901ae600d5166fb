"""An indicator that nobody prepared for: a folder in a copy of the pack is counted, kept, listed and shown,
with no other file changed; and one that is not whole is refused in a sentence."""

from __future__ import annotations

import pathlib
import re
import shutil
from collections.abc import Callable

import httpx
import pytest

from hodi import indicators
from hodi.background import consumers
from hodi.background.background import run_now
from hodi.config import from_environment
from hodi.content import load
from hodi.db import Connection, Store
from hodi.domain import DAY_MS
from hodi.domain.times import month_of
from hodi.indicators import Cell, figures, listed
from hodi.record import RuleError
from hodi.record.histories import CaseError
from hodi.server import build_app
from tests import cast
from tests.harness.serve import Served
from tests.harness.story import PACK, Story
from tests.rooms.test_figures import NOW, TODAY, counts_on, rows_behind
from tests.rooms.test_web import log_in

SQL = """-- ADULTS_SEEN: adults with an assessment in the month, by sex.
--
-- Source: a test.
-- from: household
WITH adult AS (
  SELECT p.unit, p.household, p.person, p.sex, m.month,
         (SELECT MAX(i.day) FROM illness i
          WHERE i.unit = p.unit AND i.household = p.household AND i.day >= m.first_day AND i.day <= m.last_day
            AND i.person = p.person) AS ill_day
  FROM household h
  CROSS JOIN asked_month m
  LEFT JOIN person p ON p.unit = h.unit AND p.household = h.household
  WHERE COALESCE(p.state, '') = 'here' AND p.birth_day <= m.first_day - :test_adult_days
)
SELECT unit, household, person, month, sex AS cell,
       CASE WHEN ill_day IS NULL THEN 0 ELSE 1 END AS numerator, 1 AS denominator, ill_day AS day
FROM adult
"""
TOML = """code = "ADULTS_SEEN"
version = 1
owner = "nobody"
source = "a test"
mark = "D"
unit = "share"
direction = "none"
small_numbers = "hidden"
[title]
en = "Adults seen ÷ all"
sw = "Watu wazima walioonekana ÷ wote"
[counted]
en = "Adults seen"
sw = "Watu wazima walioonekana"
[all]
en = "Adults"
sw = "Watu wazima"
[done]
en = "Seen on {day}"
sw = "Alionekana {day}"
[not_done]
en = "Not seen"
sw = "Hajaonekana"
[cells.female]
en = "Women"
sw = "Wanawake"
[cells.male]
en = "Men"
sw = "Wanaume"
"""
CASES = """- case: a man who was seen, and a girl
  today: 20
  members:
    baba: {sex: male, born: -9000}
    binti: {born: -400}
  happened:
    - {day: 3, of: baba, states: {cough: 1, fever: 0}}
  gives:
    - {person: baba, cell: male, numerator: 1, denominator: 1, day: 3}
"""
LIMITS = """[test_adult_days]
value = 6574
unit = "days"
mark = "D"
source = "a test"
"""
PROGRAMME = """owner = "nobody"
concerns = "adults"
sources = ["a test"]
order = 45
[name]
en = "Adults"
sw = "Watu wazima"
"""


@pytest.fixture
def pack(tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy of the pack with a programme that nobody prepared for."""
    folder = tmp_path / "kenya"
    shutil.copytree(PACK, folder)
    own = folder / "programmes" / "adults"
    (own / "indicators" / "ADULTS_SEEN").mkdir(parents=True)
    (own / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    (own / "limits.toml").write_text(LIMITS, encoding="utf-8")
    for name, text in (("indicator.sql", SQL), ("indicator.toml", TOML), ("cases.yaml", CASES)):
        (own / "indicators" / "ADULTS_SEEN" / name).write_text(text, encoding="utf-8")
    return folder


def edit(pack: pathlib.Path, file: str, old: str, new: str) -> None:
    path = pack / "programmes" / "adults" / "indicators" / "ADULTS_SEEN" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def tell(store: Store) -> None:
    """Nine women and six men live in one area; seven of the women were seen this month."""
    store.write_now(lambda c: cast.seat(c, NOW - 300 * DAY_MS))

    def work(c: Connection) -> None:
        story = Story(c, NOW)
        for n in range(9):
            home = story.household(f"Mkuu {n}")
            woman = story.person(home, f"Amina {n}", "Otieno", age_days=9_000)
            if n < 6:
                story.person(home, f"Baraka {n}", "Otieno", sex="male", age_days=9_000)
            if n < 7:
                story.assess(home, woman, form="over_five", days_ago=1, cough=1, fever=0)

    store.write_now(work)


def settled(store: Store, pack: pathlib.Path) -> None:
    """Do what the background work would."""
    whole = load(pack)
    store.write_now(lambda c: consumers.prepare(c, pack))
    for consumer in (consumers.FOLD, consumers.INDICATORS):
        for _ in run_now(store, whole, consumer, clock=lambda: NOW):
            pass


def test_its_cases_hold_and_nothing_is_wrong_with_it(pack: pathlib.Path) -> None:
    assert indicators.faults(load(pack)) == []
    assert indicators.CASES.try_all(pack) == []
    assert [one.code for one in indicators.load_indicators(pack)] == [
        "HOUSEHOLDS_VISITED",
        "UNDER_FIVES_ASSESSED",
        "ADULTS_SEEN",
        "REFERRALS_ARRIVED",
        "PROMOTERS_SYNCED",
        "SIGNALS_OPEN",
    ]


def test_a_cell_that_is_not_named_is_found_by_its_cases(pack: pathlib.Path) -> None:
    edit(pack, "indicator.toml", "[cells.male]", "[cells.man]")
    with pytest.raises(CaseError, match="gives the cell male, which"):
        indicators.CASES.try_all(pack)


def test_it_is_counted_kept_and_listed(store: Store, pack: pathlib.Path) -> None:
    tell(store)
    settled(store, pack)
    rows = store.read_now(
        lambda c: c.rows(
            "SELECT unit, area, month, cell, numerator, denominator FROM indicator_value"
            " WHERE code = 'ADULTS_SEEN' AND month = :month ORDER BY cell",
            {"month": month_of(TODAY)},
        )
    )
    about = (cast.UMOJA.place, cast.AREA_A.place, month_of(TODAY))
    assert rows == [(*about, "female", 7, 9), (*about, "male", 0, 6)]
    known = indicators.load_indicators(pack)

    def women(c: Connection, below: int) -> tuple[Cell, int]:
        shown = figures(
            c,
            known,
            place=cast.KIJANI.place,
            month=month_of(TODAY),
            today=TODAY,
            now=NOW,
            suppress_below=below,
            counted=lambda code: True,
        )
        column = shown.column("ADULTS_SEEN", "female")
        rows = listed(
            c,
            column.indicator,
            unit=cast.UMOJA.place,
            month=month_of(TODAY),
            cell="female",
            today=TODAY,
            now=NOW,
            suppress_below=below,
        )
        return column.cells[cast.UMOJA.place], len(rows)

    assert store.read_now(lambda c: women(c, 0)) == (Cell(count=7, of=9), 9)
    # Two of nine were not seen: neither the number nor the list behind it may say so.
    assert store.read_now(lambda c: women(c, 5)) == (Cell(count=0, of=0, shown=False), 0)


def test_it_stands_on_the_page_with_its_lists(
    sqlite_store: Store, pack: pathlib.Path, serve: Callable[..., Served]
) -> None:
    tell(sqlite_store)
    settled(sqlite_store, pack)
    browser = httpx.Client(
        base_url=serve(sqlite_store, clock=lambda: NOW, environ={"HODI_PACK": str(pack)}).url
    )
    assert log_in(browser, cast.OFFICER.username).status_code == 303
    page = browser.get("/places").text
    assert "Men <small>Adults seen ÷ all</small>" in page
    assert (
        page.index("Under-fives assessed") < page.index("Adults seen ÷ all") < page.index("Referrals arrived")
    )
    ours = [
        (number, list_)
        for number, list_ in counts_on(page)
        if "ADULTS_SEEN" in list_ and "within=10" in list_
    ]
    assert [number for number, _ in ours] == [0, 6], (
        "of the men; the women are too few to show who is missing"
    )
    assert [rows_behind(browser, list_) for _, list_ in ours] == [0, 6]
    shown = browser.get(ours[1][1]).text
    assert "Men: Adults" in shown and "Not seen" in shown and not re.search("Baraka|Otieno|Mkuu", shown)
    assert browser.get("/places/2/list/ADULTS_SEEN?within=10&cell=female").status_code == 404


def test_one_that_discloses_what_is_restricted_is_not_named_there(
    sqlite_store: Store, pack: pathlib.Path, serve: Callable[..., Served]
) -> None:
    restricted = next(one.name for one in load(pack).concepts.values() if one.sensitivity == "restricted")
    edit(pack, "indicator.toml", 'mark = "D"', f'mark = "D"\ndiscloses = ["{restricted}"]')
    tell(sqlite_store)
    settled(sqlite_store, pack)
    browser = httpx.Client(
        base_url=serve(sqlite_store, clock=lambda: NOW, environ={"HODI_PACK": str(pack)}).url
    )
    log_in(browser, cast.OFFICER.username)
    page = browser.get("/places").text
    assert "Under-fives assessed" in page and "Adults" not in page
    assert browser.get("/places/2/list/ADULTS_SEEN?within=10&cell=male").status_code == 404


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("indicator.sql", "p.sex, m.month", "p.sexx AS sex, m.month", "no such column: p.sexx"),
        (
            "indicator.sql",
            "FROM illness i",
            "FROM account i",
            "reads account, which is no table of the record",
        ),
        ("indicator.sql", ":test_adult_days", ":test_adlut_days", "names :test_adlut_days"),
        ("indicator.sql", "-- from: household", "-- from: visit", "start from the household"),
        ("indicator.sql", "sex AS cell", "'' AS nothing", "cells are given by the SQL"),
        ("indicator.toml", 'sw = "Wanaume"', "", "cell.male: no words in sw"),
        ("indicator.toml", "Seen on {day}", "Seen on {dya}", "the names in braces differ"),
        ("indicator.toml", 'unit = "share"', 'unit = "median"', "Invalid enum value 'median'"),
        ("indicator.toml", 'owner = "nobody"', "", "missing required field `owner`"),
        ("indicator.toml", 'mark = "D"', 'mark = "D"\ndiscloses = ["hvi"]', "hvi, which is not listed"),
    ],
)
def test_one_that_is_not_whole_is_refused(
    pack: pathlib.Path, file: str, old: str, new: str, says: str
) -> None:
    edit(pack, file, old, new)
    try:
        faults = indicators.faults(load(pack))
    except RuleError as error:
        faults = [str(error)]
    assert len(faults) == 1 and "ADULTS_SEEN" in faults[0] and says in faults[0], faults


def test_a_pack_without_a_limit_that_figures_need_is_refused(pack: pathlib.Path) -> None:
    path = pack / "programmes" / "supervision" / "limits.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("[silent_days]", "[silence_days]"), encoding="utf-8"
    )
    with pytest.raises(RuleError, match="gives silent_days"):
        indicators.load_limits(pack)


def test_a_server_does_not_start_with_one_that_is_not_whole(sqlite_store: Store, pack: pathlib.Path) -> None:
    edit(pack, "indicator.sql", "FROM illness i", "FROM account i")
    with pytest.raises(RuleError):
        build_app(from_environment({"HODI_PACK": str(pack)}), sqlite_store)


def test_the_background_keeps_it_fresh(store: Store, pack: pathlib.Path) -> None:
    """What is stated after everything was counted is counted by the consumer."""
    tell(store)
    settled(store, pack)

    def count(c: Connection) -> int:
        [(numerator,)] = c.rows(
            "SELECT SUM(numerator) FROM indicator_value WHERE code = 'ADULTS_SEEN' AND cell = 'male'"
        )
        return int(numerator)

    assert store.read_now(count) == 0

    def seen(c: Connection) -> None:
        story = Story(c, NOW)
        [(household, person)] = c.rows(
            "SELECT household, person FROM person WHERE sex = 'male' ORDER BY household LIMIT 1"
        )
        story.assess(household, person, form="over_five", days_ago=0, cough=0, fever=1)

    store.write_now(seen)
    settled(store, pack)
    assert store.read_now(count) == 1
