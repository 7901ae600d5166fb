"""The way back: the phone's own key and the button on the screen do the same, and a screen is found as it was
left. Starting and ending a visit, taking back, and putting details right, with thumbs that tap twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from hodi.db import Store
from tests.harness.layout import PHONE, faults
from tests.harness.phone import Phone, code
from tests.harness.serve import Served
from tests.journeys.family import family, goes_to_graces
from tests.journeys.phone_hand import Thumb, healthy_but_thin
from tests.journeys.test_phone import rows

_UNDER_FIVE = "Mtoto chini ya miaka mitano"


@pytest.fixture
def url(serve: Callable[..., Served], sqlite_store: Store) -> str:
    """A served house with Grace's household in it."""
    sqlite_store.write_now(lambda c: family(c, "Amani"))
    return serve(sqlite_store).url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone's browser. Without a service worker, which costs half a second of processor time: no
    journey here starts without a network."""
    made = browser.new_context(viewport=PHONE, has_touch=True, locale="sw-KE", service_workers="block")
    yield made
    made.close()


@pytest.fixture
def thumb(context: BrowserContext, url: str) -> Thumb:
    """Her thumb, on an app that is enrolled."""
    made = Thumb(context, url)
    made.enrols()
    return made


def entries_of_history(thumb: Thumb) -> int:
    """How many entries the browser's history has."""
    return int(thumb.page.evaluate("history.length"))


def test_the_phones_key_closes_a_sheet_and_stays_on_the_screen(thumb: Thumb) -> None:
    goes_to_graces(thumb)
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Amani")))
    thumb.sees("Amani Wambui")
    assert faults(thumb.page) == []
    thumb.tap("Zaidi")
    expect(thumb.page.get_by_role("dialog")).to_be_visible()
    assert faults(thumb.page) == []
    thumb.page.go_back()
    expect(thumb.page.get_by_role("dialog")).to_be_hidden()
    thumb.sees("Amani Wambui")
    thumb.tap("Zaidi")
    thumb.tap("Ghairi")
    expect(thumb.page.get_by_role("dialog")).to_be_hidden()
    thumb.page.go_back()
    thumb.sees("Grace Wambui")


def test_a_form_opened_from_a_sheet_leads_back_to_the_person(thumb: Thumb) -> None:
    goes_to_graces(thumb)
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Amani")))
    thumb.tap("Zaidi")
    thumb.tap("Andika rufaa", "link")
    thumb.sees("Rufaa mpya")
    thumb.page.go_back()
    thumb.sees("Amani Wambui")
    expect(thumb.page.get_by_role("dialog")).to_be_hidden()
    thumb.page.go_back()
    thumb.sees("Grace Wambui")


def test_in_a_form_the_phones_key_goes_to_the_question_before_as_the_button_does(thumb: Thumb) -> None:
    goes_to_graces(thumb)
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Amani")))
    thumb.tap(_UNDER_FIVE, "link")
    thumb.sees("Kuna dalili gani za hatari")
    first = thumb.question()
    thumb.answers(healthy_but_thin(140, 11.0), until="Pima mzingo wa mkono (MUAC)")
    third = thumb.question()
    thumb.page.go_back()
    expect(thumb.page.locator("h2, h1").first).not_to_have_text(third)
    second = thumb.question()
    thumb.answers(healthy_but_thin(140, 11.0), until="Pima mzingo wa mkono (MUAC)")
    thumb.tap("Rudi")
    expect(thumb.page.locator("h2, h1").first).to_have_text(second)
    for _ in range(30):
        if thumb.question() == first:
            break
        before = thumb.question()
        thumb.page.go_back()
        expect(thumb.page.locator("h2, h1").first).not_to_have_text(before)
    assert thumb.question() == first
    thumb.page.go_back()  # from the first question: it offers to leave, and everything is kept
    thumb.tap("Acha, nitaendelea baadaye")
    thumb.sees("Amani Wambui")
    thumb.page.go_back()
    thumb.sees("Grace Wambui")


def test_back_from_a_found_household_the_search_stands(thumb: Thumb) -> None:
    goes_to_graces(thumb)
    thumb.tap("Rudi")
    thumb.tap("Kaya", "link")
    thumb.page.get_by_role("searchbox").press_sequentially("grace wa")
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Grace Wambui")))
    thumb.sees("Grace Wambui")
    thumb.tap("Rudi")
    expect(thumb.page.get_by_role("searchbox")).to_have_value("grace wa")
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Grace Wambui")))
    thumb.sees("Grace Wambui")
    thumb.page.go_back()
    expect(thumb.page.get_by_role("searchbox")).to_have_value("grace wa")
    thumb.tap("Leo", "link")
    thumb.tap("Kaya", "link")
    expect(thumb.page.get_by_role("searchbox")).to_have_value("")


def test_going_back_in_the_app_makes_no_history(thumb: Thumb) -> None:
    goes_to_graces(thumb)
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Amani")))
    thumb.sees("Amani Wambui")
    thumb.tap("Rudi")
    thumb.sees("Grace Wambui")
    before = entries_of_history(thumb)
    for _ in range(3):
        thumb.touch(thumb.page.get_by_role("link", name=re.compile("Amani")))
        thumb.sees("Amani Wambui")
        thumb.tap("Rudi")
        thumb.sees("Grace Wambui")
    assert entries_of_history(thumb) == before
    thumb.page.go_back()
    thumb.sees("Leo")
    for place in ("Kaya", "Kutuma", "Mipangilio"):
        thumb.tap(place, "link")
    thumb.sees("Mipangilio")
    thumb.page.go_back()
    thumb.sees("Leo")


def test_a_double_tap_on_starting_a_visit_ends_nothing(thumb: Thumb, sqlite_store: Store) -> None:
    goes_to_graces(thumb)
    expect(thumb.page.get_by_role("button", name="Anza ziara")).to_be_visible()
    box = thumb.page.get_by_role("button", name="Anza ziara").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for _ in range(3):
        thumb.page.touchscreen.tap(x, y)
    expect(thumb.page.get_by_role("status").filter(has_text="Ziara inaendelea")).to_be_visible()
    under = thumb.page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y).closest('button, a')?.textContent", [x, y]
    )
    assert under is None

    thumb.tap("Maliza ziara")
    expect(thumb.page.get_by_role("dialog")).to_contain_text("Hakuna kilichoandikwa katika ziara hii")
    assert faults(thumb.page) == []
    thumb.tap("Nilianza kwa makosa")
    expect(thumb.page.get_by_role("button", name="Anza ziara")).to_be_visible()
    thumb.tap("Rudi")
    thumb.tap("Kutuma", "link")
    expect(thumb.page.get_by_role("heading", name="Kila kitu kimetumwa")).to_be_visible(timeout=20_000)
    assert rows(sqlite_store, "SELECT 1 FROM event WHERE kind = 'visit.made'") == []


def test_nobody_home_is_undone_within_ten_seconds(thumb: Thumb, sqlite_store: Store) -> None:
    goes_to_graces(thumb)
    thumb.tap("Hakuna mtu")
    thumb.tap("hakuna mtu nyumbani")
    thumb.sees("Leo")
    thumb.tap("Tengua")
    expect(thumb.page.get_by_role("button", name="Tengua")).to_be_hidden()
    thumb.tap("Kutuma", "link")
    expect(thumb.page.get_by_role("heading", name="Kila kitu kimetumwa")).to_be_visible(timeout=20_000)
    kinds = dict(
        rows(sqlite_store, "SELECT kind, COUNT(*) FROM event WHERE kind LIKE '%retracted' GROUP BY kind")
    )
    assert kinds == {"event.retracted": 1}


def test_a_visit_is_taken_back_where_it_is_shown(thumb: Thumb, sqlite_store: Store) -> None:
    [(home,)] = rows(sqlite_store, "SELECT household FROM home")
    old = Phone(thumb.url)  # she made it with the phone that she had before
    visit = old.mint.next()
    done = old.event(
        "visit.made", code("visit_outcome", "done"), id_=visit, visit=visit, household=int(str(home))
    )
    assert old.push(done) == ["accepted"]
    thumb.tap("Kutuma", "link")
    thumb.tap("Tuma sasa")
    thumb.tap("Leo", "link")
    expect(thumb.page.get_by_text(re.compile(r"^1 zimetembelewa|1 .*imetembelewa"))).to_be_visible()
    thumb.page.get_by_role("link", name=re.compile("Kaya")).first.click()
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Grace Wambui")))
    thumb.touch(thumb.page.get_by_role("listitem").get_by_role("button", name=re.compile("leo")))
    thumb.tap("Ondoa ziara hii")
    thumb.tap("Ndiyo, ondoa")
    expect(thumb.page.get_by_text("Bado hakuna ziara.")).to_be_visible()
    thumb.tap("Tengua")
    expect(thumb.page.get_by_text("Bado hakuna ziara.")).to_be_hidden()


def test_a_name_is_put_right_with_its_history_and_taken_back(thumb: Thumb) -> None:
    goes_to_graces(thumb)
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Amani")))
    thumb.tap("Zaidi")
    thumb.tap("Sahihisha taarifa", "link")
    thumb.touch(thumb.page.get_by_role("button", name=re.compile("Jina la kwanza")))
    name = thumb.page.get_by_role("dialog").get_by_role("textbox")
    name.press("End")
    name.press_sequentially("ta")
    name.press("Enter")
    expect(thumb.page.get_by_role("button", name=re.compile("Jina la kwanza"))).to_contain_text("Amanita")
    thumb.touch(thumb.page.get_by_role("button", name=re.compile("Jina la kwanza")))
    lines = thumb.page.get_by_role("dialog").get_by_role("listitem")
    expect(lines).to_have_count(2)
    thumb.touch(lines.filter(has_text="Amanita").get_by_role("button", name="Ondoa"))
    expect(thumb.page.get_by_role("button", name=re.compile("Jina la kwanza"))).not_to_contain_text("Amanita")
    thumb.page.go_back()
    thumb.page.go_back()
    thumb.sees("Amani Wambui")


def test_a_fact_opens_from_the_history_and_is_taken_back_and_brought_back(thumb: Thumb) -> None:
    goes_to_graces(thumb)
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Amani")))
    thumb.tap(_UNDER_FIVE, "link")
    thumb.answers(healthy_but_thin(140, 11.0))
    thumb.tap("Hifadhi")
    thumb.sees("Ukuaji")
    thumb.touch(thumb.page.get_by_role("listitem").get_by_role("link", name=re.compile(_UNDER_FIVE)))
    thumb.sees(_UNDER_FIVE)
    expect(thumb.page.get_by_text("Iliandikwa", exact=True)).to_be_visible()
    thumb.tap("Ondoa")
    thumb.touch(thumb.page.get_by_role("dialog").get_by_role("button", name="Ondoa"))
    expect(thumb.page.get_by_text("Imeondolewa").first).to_be_visible()
    thumb.tap("Rudi")
    thumb.sees("Amani Wambui")
    expect(thumb.page.get_by_role("heading", name="Ukuaji")).to_be_hidden()
    thumb.touch(thumb.page.get_by_role("listitem").get_by_role("link", name=re.compile(_UNDER_FIVE)))
    thumb.tap("Rudisha")
    expect(thumb.page.get_by_role("button", name="Ondoa", exact=True)).to_be_visible()
    thumb.page.go_back()
    thumb.sees("Ukuaji")
