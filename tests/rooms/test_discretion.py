"""What is restricted never enters a shared list: told as stories, on both engines and through the pages."""

from __future__ import annotations

import json
import pathlib
import re
import shutil
from collections.abc import Callable

import httpx
import msgspec
import pytest

from hodi import signals, tasks, views
from hodi.care import discretion_of
from hodi.clock import system_clock
from hodi.config import ROOT
from hodi.content import Discretion, check, load
from hodi.db import Connection, Store
from hodi.domain import DAY_MS, day_of
from hodi.indicators import load_limits
from tests import cast
from tests.cast import ZONE
from tests.harness.serve import Served
from tests.harness.story import PACK, Story, falling_arm

UNIT = cast.UMOJA.place
YEAR_DAYS = 365.25
KENYA = discretion_of(load(PACK))
TELLTALE = re.compile(r"pregnan|antenatal|ANC_MISSED|Amina|ujauzito|wajawazito", re.IGNORECASE)


def pregnant(story: Story, home: int, given: str, years: float) -> int:
    """A member five months pregnant who has not been to the clinic."""
    woman = story.person(home, given, "Otieno", age_days=round(years * YEAR_DAYS))
    story.tell(
        "pregnancy.registered", household=home, person=woman, days_ago=20, edd_day=story.today + 130,
        edd_source="handbook",
    )  # fmt: skip
    return woman


def two_pregnancies(c: Connection, now: int) -> tuple[int, int, int, int]:
    """A girl of sixteen and a woman of thirty, each with a missed visit and a referral."""
    story = Story(c, now)
    home = story.household("Wanjiku")
    girl, woman = pregnant(story, home, "Amina", 16), pregnant(story, home, "Grace", 30)
    referral = story.refer(
        home, girl, code="G7R2F48", reason="antenatal", treatment_given="Iron for antenatal"
    )
    story.refer(home, woman, code="WOMAN23", reason="antenatal")
    story.fold()
    return home, girl, woman, referral


def test_both_sides_answer_the_vectors() -> None:
    vectors = json.loads((ROOT / "contract" / "vectors" / "discretion.json").read_text())
    said = vectors["discretion"]
    discretion = Discretion(
        zone=ZONE,
        minor_years=said["minor_years"],
        always=frozenset(said["always"]),
        minors=frozenset(said["minors"]),
    )
    ask = {
        "signal": discretion.covers_signal, "referral_reason": discretion.covers_referral,
        "concept": discretion.covers_concept,
    }  # fmt: skip
    for case in vectors["cases"]:
        what, _, name = case["key"].partition(".")
        birth_day = None if case["age_days"] is None else vectors["day"] - case["age_days"]
        assert ask[what](name, birth_day=birth_day, day=vectors["day"]) is case["covers"], case


def test_every_rule_and_reason_about_pregnancy_discloses_it() -> None:
    kinds_of_rule = {"signal": signals.load_rules(PACK), "task": tasks.load_tasks(PACK)}
    for kind, rules in kinds_of_rule.items():
        for rule in rules:
            about = bool({"pregnancy", "antenatal_contact"} & set(rule.sql().reads))
            assert about == (f"{kind}.{rule.code}" in KENYA.minors), rule.code
    reasons = {key for key in KENYA.minors if key.startswith("referral_reason.")}
    assert reasons == {"referral_reason.antenatal", "referral_reason.antenatal_missed"}
    kinds = {key for key in KENYA.minors if key.startswith("kind.")}
    assert kinds == {"kind.pregnancy.registered", "kind.pregnancy.ended"}


def test_a_girls_pregnancy_is_on_the_board_without_a_name_or_a_reason(store: Store) -> None:
    now = system_clock()
    store.write_now(lambda c: cast.seat(c, now - 300 * DAY_MS))
    home, girl, woman, _ = store.write_now(lambda c: two_pregnancies(c, now))
    board = store.read_now(
        lambda c: views.board(c, units=(UNIT,), now=now, limits=load_limits(PACK), discretion=KENYA)
    )
    summary = store.read_now(lambda c: views.summary(c, unit=UNIT, household_id=home, discretion=KENYA))
    assert summary is not None
    for lines in (board.signals, board.referrals, summary.signals, summary.referrals):
        hers = [line for line in lines if line.person == girl]
        assert len(hers) == 1 and hers[0].confidential
        assert hers[0].class_ in ("routine", "urgent")
        assert hers[0].who is not None and hers[0].who.birth_day is not None
        assert not TELLTALE.search(repr(hers[0])), hers[0]
        others = [line for line in lines if line.person == woman]
        assert len(others) == 1 and not others[0].confidential
    person = store.read_now(lambda c: views.person(c, unit=UNIT, household_id=home, person_id=girl))
    assert person is not None
    shown = store.read_now(
        lambda c: views.sections(
            c, load(PACK).display, "person", unit=UNIT, household=home, person=girl, today=day_of(now, ZONE)
        )
    )
    assert [one.section.code for one in shown] == ["pregnancy"], "her own page says it"
    assert [line.code for line in person.signals] == ["ANC_MISSED"]
    assert [line.reason for line in person.referrals] == ["antenatal"]


def test_who_was_a_girl_then_keeps_her_secret_when_she_is_grown(store: Store) -> None:
    now = system_clock()
    store.write_now(lambda c: cast.seat(c, now - 300 * DAY_MS))

    def tell(c: Connection) -> int:
        story = Story(c, now)
        home = story.household("Wanjiku")
        grown = story.person(home, "Amina", "Otieno", age_days=round(18 * YEAR_DAYS) + 30)
        story.refer(home, grown, code="THEN234", reason="antenatal", days_ago=60)
        story.refer(home, grown, code="NOW2345", reason="antenatal", days_ago=1)
        story.fold()
        return home

    home = store.write_now(tell)
    summary = store.read_now(lambda c: views.summary(c, unit=UNIT, household_id=home, discretion=KENYA))
    assert summary is not None
    assert {line.code: line.confidential for line in summary.referrals} == {"THEN234": True, "NOW2345": False}


# ── through the pages ──


def browser_of(url: str, who: cast.Worker) -> httpx.Client:
    """A browser in which `who` has logged in."""
    browser = httpx.Client(base_url=url)
    found = re.search(r'name="csrf" value="([^"]+)"', browser.get("/login").text)
    assert found
    form = {"csrf": found.group(1), "username": who.username, "password": cast.PASSWORD}
    assert browser.post("/login", data=form).status_code == 303
    return browser


@pytest.fixture
def url_of(
    sqlite_store: Store, serve: Callable[..., Served]
) -> Callable[..., str]:  # fmt: skip
    """Serves the store with a pack."""
    return lambda pack=PACK: serve(sqlite_store, environ={"HODI_PACK": str(pack)}).url


def test_the_pages_of_those_who_may_and_of_those_who_may_not(
    sqlite_store: Store, url_of: Callable[..., str]
) -> None:
    now = system_clock()
    sqlite_store.write_now(lambda c: cast.seat(c, now - 300 * DAY_MS))

    def tell(c: Connection) -> tuple[int, int, int, int]:
        story = Story(c, now)
        home = story.household("Wanjiku")
        girl = pregnant(story, home, "Amina", 16)
        there = story.refer(home, girl, code="G7R2F48", reason="antenatal", facility="90005")
        story.fold()
        return home, girl, there, story.today

    home, girl, referral, _ = sqlite_store.write_now(tell)
    url = url_of()
    assistant = browser_of(url, cast.ASSISTANT)
    for address in ("/board", f"/households/{UNIT}/{home}"):
        page = assistant.get(address)
        main = page.text.partition('id="referrals"')[0] if address == "/board" else page.text
        assert "Confidential matter" in main, address
    board = assistant.get("/board").text
    assert not TELLTALE.search(board), TELLTALE.findall(board)
    assert f"/signals/{UNIT}/{home}/{girl}?" in board
    listed = assistant.get(f"/households/{UNIT}/{home}").text
    assert not re.search(r"pregnan|antenatal|ANC_MISSED", listed, re.IGNORECASE)
    assert sqlite_store.read_now(lambda c: c.rows("SELECT 1 FROM access_log WHERE person IS NOT NULL")) == []
    opened = assistant.get(f"/people/{UNIT}/{home}/{girl}").text
    assert "Antenatal visit missed" in opened or "has not been to the antenatal clinic" in opened
    logged = sqlite_store.read_now(
        lambda c: c.rows("SELECT account, person FROM access_log WHERE person > 0")
    )
    assert [tuple(row) for row in logged] == [(cast.ASSISTANT.account, girl)]

    slip = f"/desk/referrals/{UNIT}/{referral}"
    receiving, linked = browser_of(url, cast.STRANGE_NURSE), browser_of(url, cast.NURSE)
    listed = receiving.get("/desk").text  # her own patient, on a screen that others see
    assert "Confidential matter" in listed and not TELLTALE.search(listed), TELLTALE.findall(listed)
    assert "Amina" in receiving.get(slip).text
    refused = linked.get(slip)
    assert refused.status_code == 403 and not TELLTALE.search(refused.text)
    # The girl comes to the linked facility with the slip in her hand: the code alone opens nothing.
    for name in ("", "Grace"):
        asked = search(linked, "G7R2F48", name)
        assert asked.status_code == 200 and not TELLTALE.search(asked.text.replace("Grace", "")), name
        assert linked.get(slip).status_code == 403
    assert search(linked, "G7R2F48", "amina").headers["location"] == slip
    assert "Amina" in linked.get(slip).text
    assert browser_of(url, cast.STRANGE_ASSISTANT).get(f"/people/{UNIT}/{home}/{girl}").status_code == 403


def search(browser: httpx.Client, typed: str, name: str) -> httpx.Response:
    """Look for a code at the desk, and tell a name with it."""
    token = re.search(r'name="csrf" value="([^"]+)"', browser.get("/desk").text)
    assert token
    return browser.post("/desk/find", data={"csrf": token.group(1), "q": typed, "name": name})


def test_whatever_a_pack_restricts_is_never_named_in_a_shared_list(
    sqlite_store: Store, tmp_path: pathlib.Path, url_of: Callable[..., str]
) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(PACK, pack)
    restricted = 0
    for concepts in (pack / "concepts.csv", pack / "programmes" / "maternal" / "concepts.csv"):
        rows = concepts.read_text(encoding="utf-8").splitlines(keepends=True)
        for n, row in enumerate(rows):
            if row.startswith(("muac_mm,", "severe_headache,")):
                rows[n] = row.replace(",normal,", ",restricted,")
                restricted += rows[n] != row
        concepts.write_text("".join(rows), encoding="utf-8")
    assert restricted == 2
    rule = pack / "programmes" / "nutrition" / "signals" / "NUT_DECLINE" / "signal.toml"
    rule.write_text(rule.read_text(encoding="utf-8").replace(
        'turn = "day"', 'discloses = ["muac_mm"]\nturn = "day"', 1), encoding="utf-8")  # fmt: skip
    facts = pack / "pack.toml"
    facts.write_text(facts.read_text(encoding="utf-8") + 'growth = ["muac_mm"]\n', encoding="utf-8")

    now = system_clock()
    sqlite_store.write_now(lambda c: cast.seat(c, now - 300 * DAY_MS))

    def tell(c: Connection) -> tuple[int, int, int]:
        story = Story(c, now)
        home = story.household("Wanjiku")
        child = story.person(home, "Amina", "Otieno")
        falling_arm(story, home, child)
        story.refer(home, child, code="ARM2345", reason="growth", facility="90005")
        other = story.refer(home, child, code="HOT2345", reason="malaria", facility="90005")
        story.assess(home, child, severe_headache=1, fever=1)
        story.fold()
        return home, child, other

    home, child, other = sqlite_store.write_now(tell)
    url = url_of(pack)
    assistant = browser_of(url, cast.ASSISTANT)
    for address in ("/board", "/board/list/households?area=11", f"/households/{UNIT}/{home}"):
        page = assistant.get(address).text
        assert not re.search(r"arm measured|NUT_DECLINE|Growth|growth|mid-upper", page), address
    assert "arm measured" in assistant.get(f"/people/{UNIT}/{home}/{child}").text

    linked, receiving = browser_of(url, cast.NURSE), browser_of(url, cast.STRANGE_NURSE)
    assert "Growth" not in linked.get("/desk").text  # not even counted by name beside others' patients
    slip = f"/desk/referrals/{UNIT}/{other}"
    assert "Severe headache" in receiving.get(slip).text
    seen = linked.get(slip).text  # may open it, for the unit is linked: but receives nobody
    assert "Fever" in seen and "Severe headache" not in seen


def test_a_pack_that_discloses_what_it_does_not_list_is_refused(tmp_path: pathlib.Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(PACK, pack)
    facts = pack / "pack.toml"
    facts.write_text(
        facts.read_text(encoding="utf-8") + 'growth = ["nothing_known"]\ngossip = ["pregnant"]\n',
        encoding="utf-8",
    )
    said = [complaint.says for complaint in check(pack)]
    assert said == ["nothing_known is not listed", "gossip is not listed"]
    rule = pack / "programmes" / "older_people" / "signals" / "MOB_DECLINE" / "signal.toml"
    rule.write_text('discloses = ["unheard"]\n' + rule.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(signals.RuleError, match="MOB_DECLINE: it discloses unheard"):
        discretion_of(msgspec.structs.replace(load(PACK), folder=pack))
