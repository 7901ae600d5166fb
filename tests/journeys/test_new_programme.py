"""A programme that nobody prepared for: a folder laid into a country's pack is on the phone's visit, on the
trajectory, on the board and among the indicators, with no other file changed."""

from __future__ import annotations

import html
import pathlib
import re
import shutil
import time
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Browser, expect

from hodi.clock import system_clock
from hodi.config import ROOT
from hodi.db import Connection, Store
from hodi.domain import DAY_MS
from tests import cast
from tests.harness.layout import PHONE, faults
from tests.harness.serve import Served
from tests.harness.story import PACK, Story
from tests.journeys.phone_hand import Thumb
from tests.rooms.test_web import log_in

PROGRAMME = ROOT / "tests" / "programmes" / "bed_nets"


@pytest.fixture
def pack(tmp_path: pathlib.Path) -> pathlib.Path:
    """The country's pack with the new folder in it."""
    folder = tmp_path / "kenya"
    shutil.copytree(PACK, folder)
    shutil.copytree(PROGRAMME, folder / "programmes" / PROGRAMME.name)
    return folder


def families(c: Connection, pack: pathlib.Path) -> None:
    """Grace's house, herself and a child of two, and Rosa's, in which a child slept without a net."""
    cast.seat(c, system_clock() - 300 * DAY_MS)
    story = Story(c, system_clock(), pack)
    home = story.household("Grace Wambui", village="Umoja")
    story.person(home, "Grace", "Wambui", age_days=9_500, relationship="head")
    story.person(home, "Amani", "Otieno", age_days=760, relationship="child")
    home = story.household("Rosa Achieng", village="Umoja")
    child = story.person(home, "Juma", "Achieng", age_days=900, relationship="child")
    story.tell(
        "assessment.recorded", household=home, person=child, form="net_round", days_ago=35, under_net=0
    )  # fmt: skip


def test_a_folder_is_a_programme(
    browser: Browser, serve: Callable[..., Served], sqlite_store: Store, pack: pathlib.Path
) -> None:
    sqlite_store.write_now(lambda c: families(c, pack))
    url = serve(sqlite_store, environ={"HODI_PACK": str(pack)}).url
    context = browser.new_context(viewport=PHONE, has_touch=True, locale="sw-KE", service_workers="block")
    thumb = Thumb(context, url)
    thumb.enrols()

    # The task stands on the day list, and leads to the household.
    task = thumb.page.get_by_role("link", name=re.compile("Uliza tena kuhusu vyandarua"))
    expect(task).to_contain_text("Rosa Achieng")
    assert faults(thumb.page) == []

    # The visit: a form over all members.
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Grace Wambui")))
    thumb.sees("Wanakaya")
    thumb.tap("Ukaguzi wa vyandarua", "link")
    thumb.answers({"Grace alilala": "Hapana", "Amani alilala": "Hapana"})
    thumb.tap("Hifadhi")
    thumb.sees("Wanakaya")
    expect(thumb.page.get_by_text("Watu 2 walilala bila chandarua.")).to_be_visible()
    expect(thumb.page.get_by_text(re.compile("0 kati ya 2 walilala ndani ya chandarua"))).to_be_visible()

    # The trajectory, and what the form may know the next time.
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Amani")).first)
    thumb.sees("Chandarua")
    expect(thumb.page.get_by_role("listitem").get_by_text("Ukaguzi wa vyandarua")).to_be_visible()
    assert faults(thumb.page) == []
    thumb.goes_back()
    thumb.sees("Wanakaya")
    thumb.tap("Ukaguzi wa vyandarua", "link")
    expect(thumb.page.get_by_text("Mara ya mwisho Grace alilala bila chandarua.")).to_be_visible()
    thumb.tap("Toka kwenye fomu")
    thumb.touch(thumb.page.get_by_role("dialog").get_by_role("button", name="Toka kwenye fomu"))
    thumb.sees("Wanakaya")
    thumb.goes_back()
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Kutuma")))
    expect(thumb.page.get_by_role("heading", name="Kila kitu kimetumwa")).to_be_visible()
    context.close()

    on_the_servers_pages(url)


def on_the_servers_pages(url: str) -> None:
    """The board, the list behind its number, a member's and the household's pages, the figures."""
    with httpx.Client(base_url=url, follow_redirects=True) as supervisor:
        log_in(supervisor, cast.ASSISTANT.username)
        until = time.monotonic() + 15
        while "2 people slept without a net." not in supervisor.get("/board").text:
            assert time.monotonic() < until, "the signal is not on the board"
            time.sleep(0.1)
        assert "Ask again about the nets" in supervisor.get("/board/list/tasks").text
        address = supervisor.get("/board/list/visited").text
        home = supervisor.get(re.findall(r"/households/[\d/]+", address)[0]).text
        assert re.search(r"0 of 2 slept under a net, on \d", home)
        member = supervisor.get(re.findall(r"/people/[\d/]+", home)[0]).text
        assert "Under a net (1 = yes)" in member
    with httpx.Client(base_url=url, follow_redirects=True) as officer:
        page = log_in(officer, cast.OFFICER.username).text
        assert "Slept under a net ÷ asked" in page
        counts = set(re.findall(r"/places/\d+/list/NETS_USED[^\"]+", page.split("<tfoot>")[1]))
        behind = [officer.get(html.unescape(address)).text.count("Without a net on") for address in counts]
        assert sorted(behind) == [0, 2], "behind the numerator and the denominator"
