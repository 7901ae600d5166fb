"""What can go wrong in a promoter's hand: each ends in a sentence she understands, and nothing is lost.

The wrong PIN, the second window, the wrong password and the revoked phone are told in test_phone.py; bodies
that are malformed, oversized, forged or replayed in tests/rooms/test_api.py and test_sync.py.
"""

from __future__ import annotations

import pathlib
import re
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from hodi.clock import system_clock
from hodi.config import ROOT
from hodi.db import Store
from hodi.domain import DAY_MS, day_of
from tests.cast import ZONE
from tests.harness.layout import PHONE
from tests.harness.serve import Served
from tests.journeys.family import family, goes_to_graces
from tests.journeys.phone_hand import Thumb, healthy_but_thin
from tests.journeys.test_phone import rows

_SOON_MS = 20_000
_UNDER_FIVE = "Mtoto chini ya miaka mitano"

_CLOCK = """(() => {
  const Real = Date;
  let shift = 0;
  new BroadcastChannel('clock-of-this-phone').addEventListener('message', ({ data }) => { shift = data; });
  globalThis.Date = class extends Real {
    constructor(...given) { given.length === 0 ? super(Real.now() + shift) : super(...given); }
    static now() { return Real.now() + shift; }
  };
})();
"""
"""A clock that can be turned, in the page as in the worker that keeps the records."""


@pytest.fixture
def url(serve: Callable[..., Served], sqlite_store: Store) -> str:
    """A served house with Grace's household in it, registered today."""
    sqlite_store.write_now(lambda c: family(c, "Amani", days_ago=0))
    return serve(sqlite_store).url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone's browser. Without a service worker, so that a test can stand between app and files; the
    app that is open keeps working with the network cut."""
    made = browser.new_context(viewport=PHONE, has_touch=True, locale="sw-KE", service_workers="block")
    yield made
    made.close()


def with_a_clock_that_turns(context: BrowserContext) -> None:
    """Let the clock of this phone be turned by `turn`."""

    def behind_it(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=_CLOCK + answer.text())

    context.add_init_script(_CLOCK)
    context.route(re.compile(r"/assets/worker-[^/]*\.js$"), behind_it)


def turn(thumb: Thumb, days: int) -> None:
    """Somebody sets the phone's clock, or its battery was out."""
    shift = f"new BroadcastChannel('clock-of-this-phone').postMessage({days * DAY_MS})"
    thumb.page.evaluate(f"{shift}; null")
    thumb.page.wait_for_timeout(100)


def goes_home(thumb: Thumb) -> None:
    """Back and back again, to today's list."""
    tabs = thumb.page.get_by_role("navigation")
    back = thumb.page.get_by_role("button", name="Rudi", exact=True)
    expect(tabs.or_(back).first).to_be_visible()
    while not tabs.count():
        before = thumb.page.url
        thumb.touch(back)
        thumb.page.wait_for_url(lambda url, before=before: url != before)
        expect(tabs.or_(back).first).to_be_visible()
    thumb.touch(tabs.get_by_role("link", name=re.compile("Leo")))
    thumb.sees("Leo")


def goes_to(thumb: Thumb, tab: str) -> None:
    """Open one of the tabs below."""
    goes_home(thumb)
    thumb.touch(thumb.page.get_by_role("navigation").get_by_role("link", name=re.compile(tab)))


def calls_at_graces(thumb: Thumb) -> None:
    """A call at the household, with nothing to note."""
    goes_to(thumb, "^Kaya")
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Grace Wambui")))
    thumb.sees("Grace Wambui")
    begin = thumb.page.get_by_role("button", name="Anza ziara", exact=True)
    finish = thumb.page.get_by_role("button", name="Maliza ziara", exact=True)
    expect(begin.or_(finish)).to_be_visible()
    if begin.count():
        thumb.touch(begin)
    thumb.touch(finish)
    asked = thumb.page.get_by_role("dialog")
    expect(asked.or_(begin)).to_be_visible()
    if asked.count():
        thumb.touch(asked.get_by_role("button", name="tulizungumza mlangoni"))
    expect(finish).to_have_count(0)


def has_sent_everything(thumb: Thumb) -> None:
    """Open what has been sent and what waits; nothing waits, or only for a moment."""
    goes_to(thumb, "Kutuma")
    thumb.touch(thumb.page.get_by_role("button", name=re.compile("Tuma sasa|Inatuma")))
    expect(thumb.page.get_by_role("heading", name="Kila kitu kimetumwa")).to_be_visible(timeout=_SOON_MS)


def test_a_browser_that_cannot_keep_records_says_so_and_takes_none(context: BrowserContext, url: str) -> None:
    context.route(
        re.compile(r"/assets/worker-[^/]*\.js$"),
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body="delete globalThis.FileSystemFileHandle;" + answer.text(),
        ),
    )
    thumb = Thumb(context, url)
    thumb.open()
    expect(thumb.page.get_by_role("alert")).to_contain_text(
        re.compile("kivinjari|programu", re.IGNORECASE), timeout=_SOON_MS
    )
    assert thumb.page.get_by_label("Jina la mtumiaji").count() == 0
    assert thumb.complaints == []


@pytest.mark.parametrize("days", [-730, 730])
def test_a_clock_two_years_wrong_is_told_and_the_visit_keeps_its_day(
    context: BrowserContext, url: str, sqlite_store: Store, days: int
) -> None:
    with_a_clock_that_turns(context)
    thumb = Thumb(context, url)
    thumb.enrols()
    has_sent_everything(thumb)
    told = thumb.page.get_by_text("Tarehe au saa ya simu hii si sahihi")
    expect(told).to_have_count(0)
    goes_to(thumb, "^Kaya")  # what these screens are made of is here when the network goes
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Grace Wambui")))
    thumb.sees("Grace Wambui")
    goes_home(thumb)
    before = len(rows(sqlite_store, "SELECT 1 FROM event"))

    context.set_offline(True)
    turn(thumb, days)
    today = day_of(system_clock(), ZONE)
    calls_at_graces(thumb)
    goes_to(thumb, "Kutuma")  # no list is empty because of the clock
    expect(thumb.page.get_by_role("listitem").filter(has_text="Imepokelewa")).not_to_have_count(0)
    goes_to(thumb, "^Kaya")
    expect(thumb.page.get_by_role("link", name=re.compile("Grace Wambui"))).to_be_visible()
    goes_home(thumb)
    assert thumb.waiting() >= 1
    if days < 0:  # it stands before the last contact: she hears of it without a network
        expect(told).to_be_visible()

    context.set_offline(False)
    has_sent_everything(thumb)
    expect(told).to_be_visible()
    assert len(rows(sqlite_store, "SELECT 1 FROM event")) > before
    assert rows(sqlite_store, "SELECT DISTINCT occurred_day FROM event") == [(today,)]
    assert rows(sqlite_store, "SELECT 1 FROM quarantine") == []

    turn(thumb, 0)  # she has put it right
    thumb.tap("Tuma sasa")
    expect(told).to_have_count(0, timeout=_SOON_MS)


def test_a_disk_that_fills_up_in_the_middle_of_a_form_keeps_what_was_answered(
    context: BrowserContext, url: str, sqlite_store: Store
) -> None:
    thumb = Thumb(context, url)
    thumb.enrols()
    goes_to_graces(thumb)
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Amani")))
    thumb.tap(_UNDER_FIVE, "link")
    thumb.answers(healthy_but_thin(140, 11.0))

    devtools = context.new_cdp_session(thumb.page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": url, "quotaSize": 1})
    thumb.tap("Hifadhi")
    expect(thumb.page.get_by_role("alert")).to_contain_text("Hifadhi ya simu imejaa")
    expect(thumb.page.get_by_role("heading", name="Hakiki majibu")).to_be_visible()
    expect(thumb.page.get_by_role("listitem").filter(has_text="MUAC")).to_contain_text("140")

    thumb.kill()  # she gives up, and comes back when there is room
    context.new_cdp_session(thumb.page).send("Storage.overrideQuotaForOrigin", {"origin": url})
    thumb.open()
    thumb.unlocks()
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Fomu haijakamilika")))
    thumb.sees("Hakiki majibu")
    thumb.tap("Hifadhi")
    thumb.sees("Amani Wambui")
    has_sent_everything(thumb)
    muac = "SELECT number FROM observation WHERE concept = 'muac_mm'"
    assert rows(sqlite_store, muac) == [(140.0,)]


def test_an_impossible_value_is_refused_at_the_question_with_the_reason(
    context: BrowserContext, url: str
) -> None:
    thumb = Thumb(context, url)
    thumb.enrols()
    goes_to_graces(thumb)
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Amani")))
    thumb.tap(_UNDER_FIVE, "link")
    measured = "Pima mzingo wa mkono (MUAC)"
    thumb.answers(healthy_but_thin(140, 11.0), until=measured)
    for impossible in ("31", "999"):
        thumb.types(thumb.page.get_by_role("textbox"), impossible)
        thumb.tap("Endelea")
        expect(thumb.page.get_by_role("alert")).to_contain_text(re.compile("60.*300"))
        expect(thumb.page.get_by_role("heading", name=measured)).to_be_visible()
    thumb.types(thumb.page.get_by_role("textbox"), "140")
    thumb.tap("Endelea")
    expect(thumb.page.get_by_role("heading", name=measured)).to_have_count(0)


@pytest.mark.parametrize("way", ["Tuma tena", "Sahihisha rekodi"])
def test_a_refused_record_says_why_and_is_sent_again_or_put_right(
    context: BrowserContext,
    serve: Callable[..., Served],
    sqlite_store: Store,
    tmp_path: pathlib.Path,
    way: str,
) -> None:
    """The server's pack has become stricter than this phone knows: an arm of 131 mm is impossible there."""
    sqlite_store.write_now(lambda c: family(c, "Amani"))
    served = serve(sqlite_store)
    port = int(served.url.rpartition(":")[2])
    thumb = Thumb(context, served.url)
    thumb.enrols()
    expect(thumb.page.get_by_role("link", name=re.compile("Grace Wambui"))).to_be_visible(timeout=_SOON_MS)
    held = len(rows(sqlite_store, "SELECT 1 FROM event"))

    strict = tmp_path / "strict"
    shutil.copytree(ROOT / "content" / "kenya", strict)
    concepts = strict / "concepts.csv"
    listed = concepts.read_text(encoding="utf-8")
    assert "muac_mm,number,mm,60,300,80,250," in listed
    concepts.write_text(
        listed.replace("muac_mm,number,mm,60,300,80,250,", "muac_mm,number,mm,60,130,80,125,", 1)
    )
    served.stop()
    served = serve(sqlite_store, environ={"HODI_PACK": str(strict)}, port=port)

    goes_to(thumb, "^Kaya")
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Grace Wambui")))
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Amani")))
    thumb.tap(_UNDER_FIVE, "link")
    thumb.answers(healthy_but_thin(131, 10.4))
    thumb.tap("Hifadhi")
    thumb.sees("Amani Wambui")
    goes_to(thumb, "Kutuma")
    refused = thumb.page.get_by_role("listitem").filter(has_text="Thamani moja haiwezekani")
    expect(refused).to_have_count(1, timeout=_SOON_MS)
    expect(refused).to_contain_text("Inahitaji kusahihishwa")
    assert rows(sqlite_store, "SELECT code, detail FROM quarantine WHERE resolved_at IS NULL") == [
        ("out_of_range", "muac_mm above 130")
    ]
    assert rows(sqlite_store, "SELECT 1 FROM observation WHERE concept = 'muac_mm'") == []

    if way == "Tuma tena":
        served.stop()
        serve(sqlite_store, port=port)
        thumb.touch(refused.get_by_role("button", name=way))
    else:
        thumb.touch(refused.get_by_role("link", name=way))
        thumb.sees("Hakiki majibu")
        arm = thumb.page.get_by_role("button", name=re.compile("Pima mzingo wa mkono"))
        thumb.touch(arm)
        try:
            expect(thumb.page.get_by_role("textbox")).to_be_visible()
        except AssertionError:  # a tap where she has just tapped is taken for an impatient second one
            thumb.touch(arm)
        thumb.types(thumb.page.get_by_role("textbox"), "129")
        thumb.answers(healthy_but_thin(129, 10.4))
        thumb.tap("Hifadhi")
        thumb.sees("Amani Wambui")
    has_sent_everything(thumb)
    expect(thumb.page.get_by_text("Inahitaji kusahihishwa")).to_have_count(0)
    measured = rows(sqlite_store, "SELECT number FROM observation WHERE concept = 'muac_mm'")
    assert measured == [(131.0 if way == "Tuma tena" else 129.0,)]
    assert len(rows(sqlite_store, "SELECT 1 FROM event")) >= held + 1
    # What was put right is another record: the words that were refused stay for the supervisor to see.
    waits = rows(sqlite_store, "SELECT 1 FROM quarantine WHERE resolved_at IS NULL")
    assert len(waits) == (0 if way == "Tuma tena" else 1)
