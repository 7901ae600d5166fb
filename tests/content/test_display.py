"""What programmes show: a section that names something that is not there fails the build, and a programme
that nobody prepared for is on the page by its folder alone."""

from __future__ import annotations

import pathlib
import shutil

import pytest

from hodi import record, views
from hodi.config import ROOT
from hodi.content import check, load
from hodi.content.display_model import Facts, Line, Says, Table
from hodi.db import Connection, Store
from hodi.domain import DAY_MS
from hodi.web.charts import charts_in
from hodi.web.wording import Wording
from tests.contract.told import DAY_0, Told

KENYA = ROOT / "content" / "kenya"
SECTION = """
[[section]]
code = "sight"
about = "person"
title = { sw = "Macho", en = "Sight" }

[[section.part]]
draw = "line"
rows = "sight_rises"
x = "day"
y = "seconds"
level = [{ tone = "green", limit = "sight_slow_s" }, { tone = "red" }]

[[section.part]]
draw = "says"
rows = "sight_rises"
[section.part.says.rise]
sw = "{seconds} s, siku {day}"
en = "{seconds} s on {day}"

[[section.part]]
draw = "facts"
facts = [{ concept = "falls" }]

[[mark]]
code = "falls"
title = { sw = "Ameanguka", en = "Fell" }
rows = "who_fell"
discloses = ["falls"]
"""
STATEMENT = """
-- name: sight_rises
-- about: person
SELECT day, number AS seconds FROM finding
WHERE unit = :unit AND household = :household AND person = :person AND concept = 'chair_rise_s'
ORDER BY day, event;

-- name: who_fell
-- about: household
SELECT person, MAX(day) AS day FROM finding
WHERE unit = :unit AND household = :household AND concept = 'falls' AND number > 0
GROUP BY person;
"""


@pytest.fixture
def pack(tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy of the Kenyan pack with a programme that nobody prepared for."""
    copy = pathlib.Path(shutil.copytree(KENYA, tmp_path / "pack"))
    folder = copy / "programmes" / "sight"
    folder.mkdir()
    shutil.copy(KENYA / "programmes" / "older_people" / "programme.toml", folder)
    (folder / "limits.toml").write_text(
        '[sight_slow_s]\nvalue = 14\nunit = "s"\nmark = "D"\nsource = "a test"\n', encoding="utf-8"
    )
    (folder / "display.toml").write_text(SECTION, encoding="utf-8")
    (folder / "display.sql").write_text(STATEMENT, encoding="utf-8")
    return copy


def test_a_programme_nobody_prepared_for_is_on_the_page(pack: pathlib.Path, store: Store) -> None:
    schema = record.load_record_schema(pack)
    display = load(pack).display

    def tell(c: Connection) -> tuple[int, int]:
        record.ensure_current(c, schema)
        told = Told()
        household = told.household(0)
        elder = told.member(household, birth_day=-25_000)
        told.assessment(household, elder, 1, chair_rise_s=12.5, falls=1)
        told.assessment(household, elder, 30, chair_rise_s=15.0, falls=0)
        told.write(c)
        while record.fold(c, schema, households_max=10).more:
            pass
        return household, elder

    household, elder = store.write_now(tell)

    def read(c: Connection) -> tuple[views.ShownSection, ...]:
        return views.sections(
            c, display, "person", unit=1, household=household, person=elder, today=DAY_0 + 40
        )

    shown = {one.section.code: one for one in store.read_now(read)}
    line, says, facts = shown["sight"].parts
    assert isinstance(line.part, Line) and isinstance(facts.part, Facts)
    assert [(row["day"], row["seconds"]) for row in says.rows] == [(DAY_0 + 1, 12.5), (DAY_0 + 30, 15)]
    assert [row["number"] for row in facts.rows] == [0], "the latest"
    (chart,) = charts_in([shown["sight"]], load(pack).limits)
    assert [dot.mark for dot in chart.dots] == ["green", "red"]
    assert "mobility" in shown, "beside what is there already"


def test_a_measurement_has_all_its_remarks_and_a_pregnancy_says_where_its_date_comes_from(
    store: Store,
) -> None:
    pack = load(KENYA)
    schema = record.load_record_schema(KENYA)

    def tell(c: Connection) -> tuple[int, int, int]:
        record.ensure_current(c, schema)
        told = Told()
        household = told.household(0)
        child = told.member(household, birth_day=-400, birth_estimated=1, sex="male")
        told.assessment(household, child, 1, weight_kg=9.5, muac_mm=128, oedema=0)
        told.assessment(household, child, 30, length_cm=120.0, muac_mm=156, oedema=1)
        woman = told.member(household, birth_day=-9_000, sex="female")
        known: dict[str, object] = {"lmp_day": -80, "edd_day": 200, "edd_source": "handbook"}
        told.say("pregnancy.registered", 2, household=household, person=woman, **known)
        told.write(c)
        while record.fold(c, schema, households_max=10).more:
            pass
        return household, child, woman

    household, child, woman = store.write_now(tell)

    def page_of(person: int) -> dict[str, views.ShownSection]:
        found = store.read_now(
            lambda c: views.sections(
                c, pack.display, "person", unit=1, household=household, person=person, today=DAY_0 + 40
            )
        )
        return {one.section.code: one for one in found}

    says = Wording(pack=pack, rules={"en": {}}, language="en", now=(DAY_0 + 40) * DAY_MS)
    growth = page_of(child)["growth"]
    (table,) = (one for one in growth.parts if isinstance(one.part, Table))
    assert isinstance(table.part, Table)
    assert [says.remarks(table.part.remark, row) for row in table.rows] == [
        "Swelling of both feet. The measurement is not plausible: measure again. "
        "The date of birth is an estimate: age-based scores are approximate.",
        "The date of birth is an estimate: age-based scores are approximate.",
    ]
    arms = next(one for one in charts_in([growth], pack.limits) if one.title["en"] == "MUAC (mm)")
    assert [level.label for level in arms.levels] == ["115", "125", "150"]

    pregnancy = page_of(woman)["pregnancy"]
    expected = next(one for one in pregnancy.parts if one.part.rows == "pregnancy_expected")
    assert isinstance(expected.part, Says)
    assert says.remarks(expected.part.remark, expected.rows[0]) == "from the mother and child handbook"
    (table,) = (one for one in pregnancy.parts if isinstance(one.part, Table))
    assert [(row["week"], row["edd_source"]) for row in table.rows] == [(17, "handbook")]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('y = "seconds"', 'y = "second"', "sight_rises does not give second"),
        ('rows = "sight_rises"', 'rows = "sight_rise"', "no display.sql has sight_rise"),
        ('concept = "falls"', 'concept = "fall"', "fall is no concept that is kept"),
        ('concept = "falls"', 'concept = "cough"', "cough is no concept that is kept"),
        ('limit = "sight_slow_s"', 'limit = "sight_slow"', "no limit is called sight_slow"),
        ("{seconds} s on", "{second} s on", "names second, which its rows do not give"),
        ('sw = "Macho", ', "", "no words in sw"),
        ('code = "sight"', 'code = "growth"', "another section is called so"),
        ('draw = "line"', 'draw = "lines"', "cannot be read"),
        ('rows = "who_fell"', 'rows = "who_falls"', "no display.sql has who_falls"),
        ('rows = "who_fell"', 'rows = "sight_rises"', "a mark's rows are about the household"),
        ('code = "falls"', 'code = "pregnant"', "another mark is called so"),
        ('title = { sw = "Ameanguka", en = "Fell" }\n', "", "a mark needs a title or an icon"),
        ('discloses = ["falls"]', 'discloses = ["fall"]', "no concept is called fall"),
        ('title = { sw = "Ameanguka", en', "title = { en", "no words in sw"),
        ('about = "person"', 'about = "household"', "sight_rises is about person"),
    ],
)
def test_what_is_not_there_fails_the_build(pack: pathlib.Path, old: str, new: str, says: str) -> None:
    assert check(pack) == []
    path = pack / "programmes" / "sight" / "display.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [str(one) for one in check(pack)]
    assert any(says in one and one.startswith("programmes/sight/display.toml") for one in found), found


def test_a_statement_that_cannot_be_prepared_fails_the_build(pack: pathlib.Path) -> None:
    path = pack / "programmes" / "sight" / "display.sql"
    path.write_text(path.read_text(encoding="utf-8").replace("number AS", "numbr AS"), encoding="utf-8")
    assert "no such column: numbr" in " ".join(str(one) for one in check(pack))
