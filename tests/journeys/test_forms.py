"""Filling in forms on the phone with one thumb: typed key by key, on a small and on a smaller screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from hodi.clock import system_clock
from hodi.db import Connection, Store
from hodi.domain import DAY_MS
from tests import cast
from tests.harness.layout import PHONE, SIZES, faults
from tests.harness.serve import Served
from tests.harness.story import Story
from tests.journeys.phone_hand import Thumb, healthy_but_thin

_GROWTH = "Ukuaji"
_IN_SIGHT = """(element) => {
  const seen = element.getBoundingClientRect();
  const bar = document.querySelector('.actions').getBoundingClientRect();
  return seen.top >= 0 && seen.bottom <= bar.top + 1;
}"""
"""Whether an element lies between the top of the screen and the bar with the buttons."""


def family(c: Connection) -> None:
    """Grace's house: herself, pregnant; a child of two; a child without a first letter to stumble on."""
    cast.seat(c, system_clock() - 300 * DAY_MS)
    story = Story(c, system_clock())
    home = story.household("Grace Wambui", village="Umoja")
    grace = story.person(home, "Grace", "Wambui", age_days=9_500, relationship="head")
    story.person(home, "Amani", "Ng'ang'a", age_days=760, relationship="child")
    story.tell(
        "pregnancy.registered", household=home, person=grace, days_ago=20, edd_day=story.today + 90,
        edd_source="handbook",
    )  # fmt: skip


@pytest.fixture
def thumb(browser: Browser, serve: Callable[..., Served], sqlite_store: Store) -> Iterator[Thumb]:
    """Her thumb, on an app with Grace's house in it."""
    sqlite_store.write_now(family)
    context = browser.new_context(viewport=PHONE, has_touch=True, locale="sw-KE", service_workers="block")
    made = Thumb(context, serve(sqlite_store).url)
    made.enrols()
    yield made
    assert made.complaints == []
    context.close()


def visits(thumb: Thumb, member: str) -> None:
    """From today's list to a member's page."""
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Grace Wambui")))
    thumb.sees("Wanakaya")
    thumb.touch(thumb.page.get_by_role("link", name=re.compile(member)))
    thumb.sees(re.compile(member))


def opens_the_childs_form(thumb: Thumb) -> None:
    """Amani's assessment."""
    visits(thumb, "Amani")
    thumb.tap("Mtoto chini ya miaka mitano", "link")


def asked(page: Page, words: str) -> Locator:
    """The question with these words."""
    return page.locator(".question").filter(has=page.get_by_role("heading", name=re.compile(words)))


def is_in_sight(what: Locator) -> bool:
    """Whether she sees all of it above the buttons."""
    return bool(what.evaluate(_IN_SIGHT))


def test_a_page_of_questions_stays_where_she_reads_it_and_tells_what_is_missing(thumb: Thumb) -> None:
    opens_the_childs_form(thumb)
    assert faults(thumb.page) == []
    thumb.answers(healthy_but_thin(131, 8.9), until=_GROWTH)
    assert faults(thumb.page) == []
    # What is typed key by key stands whole, and the page stays.
    for words, typed in (("Uzito", "8.9"), ("Urefu", "78")):
        field = asked(thumb.page, words).get_by_role("textbox")
        thumb.touch(field)
        before = thumb.page.evaluate("scrollY")
        field.press_sequentially(typed, delay=60)
        expect(field).to_have_value(typed)
        expect(field).to_be_focused()
        assert thumb.page.evaluate("scrollY") == before
    position = asked(thumb.page, "Urefu ulipimwaje").last
    thumb.touch(position.get_by_role("radio").first)
    for words, typed in (("Uzito", "8.9"), ("Urefu", "78")):
        expect(asked(thumb.page, words).get_by_role("textbox")).to_have_value(typed)
    thumb.tap("Endelea")
    thumb.sees("Kinga na ukuaji")

    # An answer far down the page does not scroll it to the top.
    *groups, last = thumb.page.locator(".question").all()
    answer = last.get_by_role("radio").first
    answer.scroll_into_view_if_needed()
    before = thumb.page.evaluate("scrollY")
    assert before > 0
    thumb.touch(answer)
    expect(answer).to_have_attribute("aria-checked", "true")
    assert thumb.page.evaluate("scrollY") == before

    # Going on says how many answers are missing, and shows the first.
    thumb.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    number = len(groups)
    thumb.tap("Endelea")
    expect(thumb.page.get_by_role("button", name=f"Majibu {number} yanakosekana")).to_be_visible()
    said = groups[0].get_by_role("alert")
    expect(said).to_have_text("Tafadhali jibu swali hili.")
    assert is_in_sight(groups[0].get_by_role("heading"))
    assert is_in_sight(said)
    expect(thumb.page.get_by_text("Tafadhali jibu swali hili.")).to_have_count(number)
    assert faults(thumb.page) == []

    *others, last = groups
    for group in others:
        thumb.touch(group.get_by_role("radio").first)
    expect(thumb.page.get_by_role("button", name="Jibu 1 linakosekana")).to_be_visible()
    thumb.tap("Endelea")
    expect(last.get_by_role("alert")).to_be_visible()
    assert is_in_sight(last.get_by_role("alert"))
    thumb.touch(last.get_by_role("radio").first)
    expect(thumb.page.get_by_role("button", name="Jibu 1 linakosekana")).to_have_count(0)


def test_blood_pressure_keeps_its_keys_to_the_last_figure(thumb: Thumb) -> None:
    visits(thumb, "Grace")
    thumb.tap("Mama mjamzito", "link")
    thumb.answers(
        {
            "bado ni mjamzito": "Ndiyo",
            "dalili": "Hakuna hata moja",
            "kijitabu": "Ndiyo",
            "ameenda kliniki": "Hapana",
        },
        until="Nambari ya juu",
    )
    keys = thumb.page.get_by_role("group", name="Vitufe vya tarakimu")
    upper = asked(thumb.page, "Nambari ya juu").get_by_role("textbox")
    lower = asked(thumb.page, "Nambari ya chini").get_by_role("textbox")
    for digit in "118":
        keys.get_by_role("button", name=f"Tarakimu {digit}").tap()
    expect(upper).to_have_value("118")
    expect(lower).to_be_visible()
    expect(keys).to_be_visible()
    thumb.tap("Endelea")
    expect(asked(thumb.page, "Nambari ya chini").get_by_role("alert")).to_be_visible()
    for digit in "76":
        keys.get_by_role("button", name=f"Tarakimu {digit}").tap()
    expect(lower).to_have_value("76")
    for field in (upper, lower):
        expect(field).to_have_attribute("inputmode", "none")
        for size in SIZES:
            thumb.page.set_viewport_size(size)
            unit = field.locator("xpath=following-sibling::*").bounding_box()
            assert unit is not None
            assert unit["x"] + unit["width"] <= size["width"]
    assert faults(thumb.page) == []
    thumb.tap("Endelea")
    expect(thumb.page.get_by_role("heading", name=re.compile("Shinikizo la damu"))).to_have_count(0)


def test_back_goes_to_the_question_before_and_then_offers_to_leave(thumb: Thumb) -> None:
    opens_the_childs_form(thumb)
    thumb.touch(thumb.page.get_by_role("checkbox", name="Hakuna hata moja"))
    entries = thumb.page.evaluate("history.length")
    thumb.tap("Endelea")
    expect(thumb.page.get_by_role("heading", name="Kikohozi")).to_be_visible()
    thumb.goes_back()
    expect(thumb.page.get_by_role("checkbox", name="Hakuna hata moja")).to_be_checked()
    thumb.tap("Endelea")
    expect(thumb.page.get_by_role("heading", name="Kikohozi")).to_be_visible()
    thumb.tap("Rudi")
    expect(thumb.page.get_by_role("checkbox", name="Hakuna hata moja")).to_be_visible()
    assert thumb.page.evaluate("history.length") == entries

    thumb.goes_back()
    expect(thumb.page.get_by_role("dialog")).to_be_visible()
    thumb.goes_back()
    expect(thumb.page.get_by_role("dialog")).to_have_count(0)
    expect(thumb.page.get_by_role("checkbox", name="Hakuna hata moja")).to_be_visible()
    thumb.goes_back()
    thumb.tap("Acha, nitaendelea baadaye")
    thumb.sees("Amani Ng'ang'a")
    thumb.goes_back()  # the form is not behind her
    expect(thumb.page.get_by_role("heading", name=re.compile("Amani|Grace Wambui")).first).to_be_visible()
    assert re.search(r"#/(person|household)/", thumb.page.url)


def test_a_form_that_was_only_looked_at_leaves_no_draft(thumb: Thumb) -> None:
    opens_the_childs_form(thumb)
    expect(thumb.page.locator(".question").first).to_be_visible()
    thumb.goes_back()
    thumb.touch(thumb.page.get_by_role("dialog").get_by_role("button", name="Toka kwenye fomu"))
    thumb.sees("Amani Ng'ang'a")
    thumb.page.goto(f"{thumb.url}/app/#/")
    thumb.sees("Leo")
    expect(thumb.page.get_by_role("link", name=re.compile("Grace Wambui"))).to_be_visible()
    expect(thumb.page.get_by_text("Fomu haijakamilika")).to_have_count(0)

    opens_the_childs_form(thumb)
    thumb.touch(thumb.page.get_by_role("checkbox", name="Hakuna hata moja"))
    expect(thumb.page.get_by_role("checkbox", name="Hakuna hata moja")).to_be_checked()
    thumb.goes_back()
    thumb.tap("Acha, nitaendelea baadaye")
    thumb.sees("Amani Ng'ang'a")
    thumb.page.goto(f"{thumb.url}/app/#/")
    expect(thumb.page.get_by_text("Fomu haijakamilika")).to_have_count(1)


def test_an_impatient_thumb_on_save_opens_nothing(thumb: Thumb) -> None:
    opens_the_childs_form(thumb)
    thumb.answers({**healthy_but_thin(140, 12.0), "Urefu ulipimwaje": "Amelala", "Urefu": "86"})
    box = thumb.page.get_by_role("button", name="Hifadhi", exact=True).bounding_box()
    assert box is not None
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    thumb.page.clock.install()
    thumb.page.clock.pause_at(system_clock() / 1000 + 60)
    thumb.page.touchscreen.tap(*at)
    thumb.page.touchscreen.tap(*at)
    thumb.sees("Amani Ng'ang'a")
    expect(thumb.page.get_by_role("link", name="Mtoto chini ya miaka mitano", exact=True)).to_be_visible()
    for _ in range(3):
        thumb.page.touchscreen.tap(*at)
    thumb.page.clock.run_for(200)
    thumb.page.touchscreen.tap(*at)
    thumb.page.clock.run_for(200)
    thumb.page.touchscreen.tap(*at)  # still the same tapping, whenever the screen appeared
    assert re.search(r"#/person/", thumb.page.url), thumb.page.url
    thumb.page.clock.run_for(1_000)
    thumb.page.touchscreen.tap(*at)  # and now she means it
    expect(thumb.page).to_have_url(re.compile("#/new/"))


def test_no_such_day_and_a_short_year_are_told_as_what_they_are(thumb: Thumb) -> None:
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Grace Wambui")))
    thumb.tap("Sajili mwanakaya", "link")
    thumb.answers(
        {
            "Jina la kwanza": "Baraka",
            "Jina la mwisho": "Wambui",
            "Jinsia": "Mwanamume",
            "inajulikana": "Ndiyo",
        },
        until="Tarehe ya kuzaliwa",
    )
    date, year = thumb.page.get_by_label("Siku", exact=True), thumb.page.get_by_label("Mwaka")
    said = thumb.page.get_by_role("alert")
    thumb.types(date, "31")
    thumb.page.get_by_label("Mwezi").select_option("2")
    thumb.types(year, "1990")
    thumb.tap("Endelea")
    expect(said).to_contain_text("Kalenda haina siku hii")
    assert is_in_sight(said)
    thumb.types(year, "90")
    thumb.tap("Endelea")
    expect(said).to_contain_text("tarakimu nne")
    expect(date).to_have_value("31")
    expect(year).to_have_value("90")
    thumb.goes_back()
    expect(thumb.page.get_by_role("heading", name=re.compile("inajulikana"))).to_be_visible()
    thumb.tap("Endelea")
    expect(year).to_have_value("90")  # what she typed is still there to be put right
    thumb.types(date, "28")
    thumb.types(year, "1990")
    thumb.tap("Endelea")
    expect(thumb.page.get_by_role("heading", name="Tarehe ya kuzaliwa")).to_have_count(0)


def test_enter_goes_on(thumb: Thumb) -> None:
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Grace Wambui")))
    thumb.tap("Sajili mwanakaya", "link")
    thumb.types(thumb.page.get_by_role("textbox"), "Baraka")
    thumb.page.keyboard.press("Enter")
    thumb.sees("Jina la kati")
    thumb.page.keyboard.press("Tab")
    thumb.touch(thumb.page.get_by_role("textbox"))
    thumb.page.keyboard.press("Enter")
    thumb.sees("Jina la mwisho")
