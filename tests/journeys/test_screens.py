"""Screens of the phone under what the field does to them: long names, large letters, a phone held sideways,
an address that is none, a search with one thumb."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from hodi.clock import system_clock
from hodi.db import Connection, Store
from hodi.domain import DAY_MS
from tests import cast
from tests.harness.layout import PHONE, SMALL_PHONE, faults
from tests.harness.serve import Served
from tests.harness.story import Story
from tests.journeys.phone_hand import Thumb

_ENDLESS = "Wanjikuwanjiru" * 9
"""A name of 126 letters without a gap."""


def houses(c: Connection) -> None:
    """Grace's house with Zawadi Ng'ang'a in it, and one of endless names."""
    cast.seat(c, system_clock() - 300 * DAY_MS)
    story = Story(c, system_clock())
    home = story.household("Grace Wambui", village="Umoja", landmark="Karibu na kanisa", latrine=1)
    story.person(home, "Grace", "Wambui", age_days=9_500, relationship="head")
    child = story.person(home, "Zawadi", "Ng'ang'a", age_days=760, relationship="child")
    visit = story.visit(home, days_ago=40)
    for days_ago, weight, muac in ((90, 11.0, 130), (60, 10.8, 124), (40, 10.6, 119)):
        story.assess(home, child, visit=visit, days_ago=days_ago, weight_kg=weight, muac_mm=muac)
    story.refer(home, child, code="K7M2P4XA", days_ago=3)
    other = story.household(_ENDLESS, village=_ENDLESS)
    story.person(other, _ENDLESS, _ENDLESS, age_days=800, relationship="head")


@pytest.fixture
def thumb(
    browser: Browser, serve: Callable[..., Served], sqlite_store: Store, size: ViewportSize
) -> Iterator[Thumb]:
    """Her thumb, on an app with both houses."""
    sqlite_store.write_now(houses)
    context = browser.new_context(viewport=size, has_touch=True, locale="sw-KE", service_workers="block")
    made = Thumb(context, serve(sqlite_store).url)
    made.enrols()
    yield made
    assert made.complaints == []
    context.close()


def every_screen(thumb: Thumb) -> Iterator[str]:
    """From screen to screen, both houses; gives the address of each."""
    page = thumb.page
    for path in ("/", "/households", "/sync", "/settings"):
        goes(thumb, path)
        yield path
    for name in ("Grace Wambui", _ENDLESS):
        goes(thumb, "/households")
        thumb.touch(page.get_by_role("link", name=re.compile(name)).first)
        thumb.sees("Wanakaya")
        yield f"household of {name}"
        house = page.url
        thumb.touch(
            page.get_by_role("main").get_by_role(
                "link", name=re.compile("Zawadi" if name != _ENDLESS else name)
            )
        )
        page.wait_for_url("**/#/person/**")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        yield f"person of {name}"
        goes(thumb, re.sub(r".*#/person", "/new/under_five_assessment", page.url))
        expect(page.locator(".question").first).to_be_visible()
        yield f"form about {name}"
        goes(thumb, re.sub(r".*#/new/under_five_assessment", "/refer", page.url))
        thumb.sees("Rufaa mpya")
        yield f"referral of {name}"
        goes(thumb, house.partition("#")[2])


def goes(thumb: Thumb, path: str) -> None:
    """Open an address of the app."""
    thumb.page.evaluate("(path) => { location.hash = path; }", path)
    expect(thumb.page.locator("main")).to_be_visible()


def waits_for_words(page: Page) -> None:
    """Until what the screen shows has come from the engine."""
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"\S"))


@pytest.mark.parametrize("size", [PHONE], ids=["360x640"])
def test_every_screen_stands_right_on_both_sizes_with_letters_of_both_sizes(thumb: Thumb) -> None:
    found = []
    for screen in every_screen(thumb):
        waits_for_words(thumb.page)
        for letters in (18, 24):
            size = f"{letters}px"
            thumb.page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)
            found += [f"{screen}, {size}, {fault}" for fault in faults(thumb.page)]
    assert found == []


@pytest.mark.parametrize("size", [SMALL_PHONE], ids=["320x568"])
def test_a_member_is_found_however_her_name_is_written_and_is_named(thumb: Thumb) -> None:
    thumb.tap("Kaya", "link")
    grace = thumb.page.get_by_role("link", name=re.compile("Grace Wambui"))
    expect(grace).to_be_visible()
    for typed in ("ngan", "Ng’ang", "zawadi"):
        thumb.types(thumb.page.get_by_role("searchbox"), typed)
        expect(thumb.page.get_by_role("main").get_by_role("link")).to_have_count(1)
        expect(grace).to_contain_text("Zawadi Ng'ang'a")


@pytest.mark.parametrize("size", [PHONE], ids=["360x640"])
def test_an_address_that_is_none_says_so_and_leads_back(thumb: Thumb) -> None:
    nobody = ("household/9", "person/9/1", "details/9", "refer/9/1", "slip/9/1/2", "fact/9/1", "history/9")
    for path in ("/foo", *(f"/{path}" for path in nobody)):
        goes(thumb, path)
        thumb.sees("Haipatikani")
        thumb.tap("Nenda kwenye orodha ya leo")
        thumb.sees("Leo")


@pytest.mark.parametrize("size", [{"width": 640, "height": 360}], ids=["640x360"])
def test_held_sideways_more_than_two_answers_are_seen(thumb: Thumb) -> None:
    goes(thumb, "/households")
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Grace Wambui")))
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Zawadi")))
    thumb.tap("Mtoto chini ya miaka mitano", "link")
    expect(thumb.page.get_by_role("checkbox").first).to_be_visible()
    seen = thumb.page.evaluate(
        """() => {
             const bar = document.querySelector('.actions').getBoundingClientRect().top;
             const box = (one) => one.getBoundingClientRect();
             const whole = (one) => box(one).top >= 0 && box(one).bottom <= bar + 1;
             return [...document.querySelectorAll('.choices button')].filter(whole).length;
           }"""
    )
    assert seen > 2


@pytest.mark.parametrize("size", [SMALL_PHONE], ids=["320x568"])
@pytest.mark.parametrize("code", ["export default () => { throw new Error('it broke'); };", "no such code"])
def test_a_screen_that_fails_says_so_and_shows_the_way_out(thumb: Thumb, code: str) -> None:
    thumb.page.route(
        "**/assets/Settings-*.js",
        lambda route: route.fulfill(content_type="text/javascript", body=code),
    )
    thumb.tap("Mipangilio", "link")
    thumb.sees("Haiwezi kuonyeshwa")
    expect(thumb.page.get_by_text("ikijirudia, mwambie msimamizi wako.")).to_be_visible()
    assert faults(thumb.page) == []
    thumb.tap("Nenda kwenye orodha ya leo")
    thumb.sees("Leo")
    # The engine answers with an error: no screen may stay empty.
    thumb.page.evaluate(
        """() => {
             const send = Worker.prototype.postMessage;
             Worker.prototype.postMessage = function (call) {
               send.call(this, { ...call, name: call.name === 'households' ? 'nothing' : call.name });
             };
           }"""
    )
    thumb.tap("Kaya", "link")
    thumb.sees("Haiwezi kuonyeshwa")
