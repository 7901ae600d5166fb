"""A programme that nobody prepared for: a folder laid into the pack of the example country is on the phone's
visit, on the trajectory, on the board and among the indicators, with no other file changed. The app is built
for that country, in its languages."""

from __future__ import annotations

import html
import os
import pathlib
import re
import shutil
import subprocess
import time
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Browser, expect

from hodi import access
from hodi.clock import system_clock
from hodi.config import ROOT
from hodi.content import load
from hodi.db import Connection, Store
from hodi.domain import DAY_MS
from hodi.simulate.demonstration import load_demonstration
from hodi.sync.app_words import build_app_words
from tests.cast import PASSWORD
from tests.harness.layout import PHONE, faults
from tests.harness.serve import Served
from tests.harness.story import Story
from tests.journeys.phone_hand import Thumb
from tests.rooms.test_web import log_in

EXAMPLE = ROOT / "content" / "example"
PROGRAMME = ROOT / "tests" / "programmes" / "bed_nets"
UNIT, AREA = 101, 10101


@pytest.fixture
def pack(tmp_path: pathlib.Path) -> pathlib.Path:
    """The example's pack with the new folder in it."""
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder)
    shutil.copytree(PROGRAMME, folder / "programmes" / PROGRAMME.name)
    return folder


@pytest.fixture
def app(pack: pathlib.Path, tmp_path: pathlib.Path) -> pathlib.Path:
    """The app, built for that country."""
    words, built = tmp_path / "words.json", tmp_path / "app"
    words.write_bytes(build_app_words(load(pack)))
    subprocess.run(
        ["npm", "run", "--silent", "build", "--", "--logLevel", "error"],
        cwd=ROOT,
        env={**os.environ, "HODI_WORDS": str(words), "HODI_APP": str(built)},
        check=True,
    )
    return built


def families(c: Connection, pack: pathlib.Path) -> None:
    """The example's people; Ana's house; Rosa's, where a child slept without a net."""
    now = system_clock()
    shown, promoter = load_demonstration(pack), 0
    access.put_places(c, shown.places)
    hashed = access.hash_password(PASSWORD)
    for one in shown.accounts:
        number = access.create_account(
            c, username=one.username, password_hash=hashed, name=one.name, role=one.role,
            language=one.language, posts=one.posts, now=now - 300 * DAY_MS,
        )  # fmt: skip
        promoter = number if one.role == "promoter" else promoter
    story = Story(c, now, pack)
    home = story.household("Ana Souza", village="Porto", area=AREA, unit=UNIT, author=promoter)
    story.person(home, "Ana", "Souza", age_days=9_500, unit=UNIT, author=promoter)
    story.person(home, "Rui", "Souza", age_days=760, unit=UNIT, author=promoter)
    home = story.household("Rosa Lima", village="Porto", area=AREA, unit=UNIT, author=promoter)
    child = story.person(home, "Davi", "Lima", age_days=900, unit=UNIT, author=promoter)
    story.tell(
        "assessment.recorded", household=home, person=child, form="net_round", days_ago=35, under_net=0,
        unit=UNIT, author=promoter,
    )  # fmt: skip


def test_a_folder_is_a_programme(
    browser: Browser,
    serve: Callable[..., Served],
    sqlite_store: Store,
    pack: pathlib.Path,
    app: pathlib.Path,
) -> None:
    sqlite_store.write_now(lambda c: families(c, pack))
    url = serve(sqlite_store, environ={"HODI_PACK": str(pack), "HODI_APP": str(app)}).url
    context = browser.new_context(viewport=PHONE, has_touch=True, locale="pt-BR", service_workers="block")
    thumb = Thumb(context, url, EXAMPLE)
    thumb.enrols("promotora")

    # The task stands on the day list.
    task = thumb.page.get_by_role("link", name=re.compile("Perguntar outra vez pelos mosquiteiros"))
    expect(task).to_contain_text("Rosa Lima")
    assert faults(thumb.page) == []

    # The visit: a form over all members.
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Ana Souza")))
    thumb.sees("Pessoas")
    thumb.tap("Ronda dos mosquiteiros", "link")
    thumb.answers({"Ana dormiu": "Não", "Rui dormiu": "Não"})
    thumb.tap(thumb.says("form.finish"))
    thumb.sees("Pessoas")
    expect(thumb.page.get_by_text("2 pessoas dormiram sem mosquiteiro.")).to_be_visible()
    expect(thumb.page.get_by_text(re.compile("0 de 2 dormiram com mosquiteiro"))).to_be_visible()

    # The trajectory, and what the form may know the next time.
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Rui")).first)
    thumb.sees("Mosquiteiro")
    expect(thumb.page.get_by_role("listitem").get_by_text("Ronda dos mosquiteiros")).to_be_visible()
    assert faults(thumb.page) == []
    thumb.goes_back()
    thumb.sees("Pessoas")
    thumb.tap("Ronda dos mosquiteiros", "link")
    expect(thumb.page.get_by_text("Da última vez Ana dormiu sem mosquiteiro.")).to_be_visible()
    thumb.tap(thumb.says("form.leave"))
    thumb.touch(thumb.page.get_by_role("dialog").get_by_role("button", name=thumb.says("form.leave")))
    thumb.sees("Pessoas")
    thumb.goes_back()
    thumb.touch(thumb.page.get_by_role("link", name=re.compile(thumb.says("nav.sync"))))
    expect(thumb.page.get_by_role("heading", name=thumb.says("sync.all_sent"))).to_be_visible()
    context.close()

    on_the_servers_pages(url)


def on_the_servers_pages(url: str) -> None:
    """The board, the list behind its number, a member's and the household's pages, the figures."""
    with httpx.Client(base_url=url, follow_redirects=True) as supervisor:
        log_in(supervisor, "supervisora")
        until = time.monotonic() + 15
        while "2 personas durmieron sin mosquitero." not in supervisor.get("/board").text:
            assert time.monotonic() < until, "the signal is not on the board"
            time.sleep(0.1)
        assert "Preguntar otra vez por los mosquiteros" in supervisor.get("/board/list/tasks").text
        visited = supervisor.get("/board/list/visited").text
        home = supervisor.get(re.findall(r"/households/[\d/]+", visited)[0]).text
        assert re.search(r"0 de 2 durmieron con mosquitero, el \d", home)
        member = supervisor.get(re.findall(r"/people/[\d/]+", home)[0]).text
        assert "Con mosquitero (1 = sí)" in member
    with httpx.Client(base_url=url, follow_redirects=True) as officer:
        page = log_in(officer, "distrito").text
        assert "Dormiram com mosquiteiro ÷ perguntados" in page
        counts = set(re.findall(r"/places/\d+/list/NETS_USED[^\"]+", page.split("<tfoot>")[1]))
        behind = [officer.get(html.unescape(address)).text.count("Sem mosquiteiro em") for address in counts]
        assert sorted(behind) == [0, 2], "behind the numerator and the denominator"
