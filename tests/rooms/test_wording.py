"""How the pages say ages and lags: whole ones, by the calendar, one and many by the language."""

from __future__ import annotations

import datetime

import pytest

from hodi.config import ROOT
from hodi.content import load
from hodi.domain import DAY_MS
from hodi.domain.times import day_of_date
from hodi.views import Who
from hodi.web.wording import Wording
from tests.harness.story import PACK

NOW = day_of_date(datetime.date(2026, 10, 20)) * DAY_MS + 9 * 3_600_000


def wording(language: str) -> Wording:
    return Wording(pack=load(PACK), rules={language: {}}, language=language, now=NOW)


@pytest.mark.parametrize(
    ("born", "sw", "en"),
    [
        ("2026-10-19", "siku 1", "1 day"),
        ("2026-08-21", "siku 60", "60 days"),
        ("2026-08-20", "miezi 2", "2 months"),
        ("2021-10-21", "miezi 59", "59 months"),
        ("2021-10-20", "miaka 5", "5 years"),
        ("2017-10-20", "miaka 9", "9 years"),
        ("2013-10-20", "miaka 13", "13 years"),
        ("2013-10-21", "miaka 12", "12 years"),
    ],
)
def test_an_age_changes_on_the_birthday(born: str, sw: str, en: str) -> None:
    day = day_of_date(datetime.date.fromisoformat(born))
    who = Who(name="Amina", sex="female", birth_day=day)
    assert (wording("sw").age(who), wording("en").age(who)) == (sw, en)


def test_lags_are_one_or_many() -> None:
    sw, hour = wording("sw"), 3_600_000
    assert sw.ago(NOW - 50 * hour) == "siku 2 zilizopita"
    assert sw.ago(NOW - hour) == "saa 1 iliyopita"
    assert sw.age_of(sw.today - 1) == "siku 1 iliyopita"
    assert sw("board.waiting", n=1) == "1 inasubiri kwenye simu"
    assert wording("en").ago(NOW - 60_000) == "1 minute ago"


@pytest.mark.parametrize(("pack", "language", "says"), [("example", "pt", "8,9"), ("kenya", "sw", "8.9")])
def test_decimals_are_written_as_the_language_writes_them(pack: str, language: str, says: str) -> None:
    t = Wording(pack=load(ROOT / "content" / pack), rules={language: {}}, language=language, now=NOW)
    assert t.value("containers_seen", 8.9, None, None).startswith(says)
    assert [t.shown("weight", 8.94), t.figure(8.9)] == [says, says]
    assert t.shown("score", -8.9) == f"−{says}"
    assert t.decimal("12") == "12"
