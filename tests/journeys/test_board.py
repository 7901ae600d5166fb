"""A supervisor watches her board while a promoter's phone syncs: what changed appears by itself."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from hodi.clock import system_clock
from hodi.db import Store
from hodi.domain import DAY_MS, day_of
from tests import cast
from tests.harness.line import frozen_line
from tests.harness.phone import Phone, code, number, text
from tests.harness.serve import Served
from tests.harness.story import Story, falling_arm

FRESH_WITHIN_MS = 2000


def log_in(browser: Browser, url: str, who: cast.Worker, **options: object) -> Page:
    """A new window in which `who` has logged in."""
    page = browser.new_context(**options).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(10_000)
    page.goto(f"{url}/login")
    page.get_by_label("Username").press_sequentially(who.username)
    page.get_by_label("Password").press_sequentially(cast.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda address: not address.endswith("/login"))
    return page


def watched(page: Page) -> list[str]:
    """Complaints of the browser: refused by the policy, failed, thrown."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.fixture
def home(sqlite_store: Store) -> tuple[int, int]:
    """A household with a child, known since long, in an otherwise empty store."""
    now = system_clock()

    def tell(c: object) -> tuple[int, int]:
        cast.seat(c, now - 300 * DAY_MS)  # type: ignore[arg-type]
        story = Story(c, now)  # type: ignore[arg-type]
        household = story.household("Wanjiku")
        child = story.person(household, "Amina", "Otieno")
        story.fold()
        return household, child

    return sqlite_store.write_now(tell)


def test_a_visit_a_signal_and_a_referral_appear_within_two_seconds(
    browser: Browser, serve: Callable[..., Served], sqlite_store: Store, home: tuple[int, int]
) -> None:
    household, child = home
    url = serve(sqlite_store).url
    page = log_in(browser, url, cast.ASSISTANT)
    complaints = watched(page)
    page.wait_for_url("**/board")
    expect(page.locator("#connection")).to_have_class(re.compile(r"\bon\b"))
    expect(page.locator("#connection")).to_have_text("Live")
    promoter = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=cast.PROMOTER.name))
    expect(promoter).to_contain_text("0/1")
    expect(promoter).to_contain_text("never")
    expect(page.locator("#signals")).to_contain_text("No open signals.")
    page.evaluate("window.sameWindow = true")

    phone = Phone(url)
    visit = phone.mint.next()
    found = [
        phone.event("visit.made", code("visit_outcome", "done"), id_=visit, visit=visit, household=household)
    ]
    for days_ago, muac in ((60, 140), (30, 133), (0, 126)):
        at = system_clock() - days_ago * DAY_MS
        found.append(
            phone.event(
                "assessment.recorded",
                number("muac_mm", muac),
                household=household,
                person=child,
                form="under_five",
                occurred_at=at,
                occurred_day=day_of(at, cast.ZONE),
            )
        )
    due = system_clock() + DAY_MS
    found.append(
        phone.event(
            "referral.made",
            text("referral_code", "K7M2P49"),
            code("referral_class", "priority"),
            text("referral_facility", "90004"),
            code("referral_reason", "growth"),
            number("referral_due_at", due),
            number("referral_escalate_at", due + DAY_MS),
            household=household,
            person=child,
            visit=visit,
        )
    )
    assert phone.push(*found) == ["accepted"] * len(found)
    pushed = time.monotonic()

    signals, referrals = page.locator("#signals"), page.locator("#referrals")
    expect(signals).to_contain_text("from 140 to 126 mm", timeout=FRESH_WITHIN_MS)
    expect(referrals).to_contain_text("K7M2 P49", timeout=FRESH_WITHIN_MS)
    expect(promoter).to_contain_text("1/1", timeout=FRESH_WITHIN_MS)
    expect(promoter).to_contain_text("just now", timeout=FRESH_WITHIN_MS)
    took_ms = (time.monotonic() - pushed) * 1000
    expect(page.locator("#news")).to_have_text("2 new entries")
    assert took_ms < FRESH_WITHIN_MS, f"the board was fresh after {took_ms:.0f} ms"
    assert page.evaluate("window.sameWindow") is True, "the page was loaded anew"
    expect(page.locator("#connection")).to_have_class(re.compile(r"\bon\b"))
    assert complaints == []


def test_an_idle_sync_and_a_refused_record_appear_too(
    browser: Browser, serve: Callable[..., Served], sqlite_store: Store, home: tuple[int, int]
) -> None:
    household, child = home
    url = serve(sqlite_store).url
    page = log_in(browser, url, cast.ASSISTANT)
    expect(page.locator("#connection")).to_have_class(re.compile(r"\bon\b"))
    phone = Phone(url, cast.COLLEAGUE)
    assert phone.push(waiting=7) == []
    colleague = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=cast.COLLEAGUE.name))
    expect(colleague).to_contain_text("7 waiting on the phone", timeout=FRESH_WITHIN_MS)
    wrong = phone.event(
        "assessment.recorded", number("muac_mm", 5), household=household, person=child, form="under_five"
    )
    assert phone.push(wrong) == ["refused"]
    expect(page.locator("#refused")).to_contain_text("not", timeout=FRESH_WITHIN_MS)
    expect(page.locator("#refused")).to_contain_text(cast.COLLEAGUE.name)
    page.get_by_role("button", name="Dealt with").click()
    expect(page.locator("#refused")).to_have_count(0)
    kept = sqlite_store.read_now(
        lambda c: c.rows(
            "SELECT q.resolved_at IS NULL, w.content FROM quarantine q"
            " JOIN quarantine_content w ON w.id = q.id"
        )
    )
    assert [(waits, '"muac_mm"' in words) for waits, words in kept] == [(0, True)]


def test_a_supervisor_reads_a_signal_and_sets_it_aside(
    browser: Browser, serve: Callable[..., Served], sqlite_store: Store, home: tuple[int, int]
) -> None:
    household, child = home

    def grow_thin(c: object) -> None:
        story = Story(c, system_clock())  # type: ignore[arg-type]
        falling_arm(story, household, child)
        story.fold()

    sqlite_store.write_now(grow_thin)
    page = log_in(browser, serve(sqlite_store).url, cast.ASSISTANT, viewport={"width": 360, "height": 640})
    complaints = watched(page)
    page.locator("#signals a.row").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Amina Otieno")
    expect(page.locator("svg circle")).to_have_count(6)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than a phone"
    assert "Amina" not in page.title() and "Growth" not in page.title()
    assert "NUT_DECLINE" not in page.url and "Amina" not in page.url
    page.get_by_role("link", name="Open her or his record").click()
    expect(page.get_by_role("row").filter(has_text="126")).to_be_visible()
    assert "Amina" not in page.title() and "Otieno" not in page.title()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than a phone"
    page.go_back()
    page.get_by_role("button", name="Set aside").click()
    expect(page.get_by_label("Why it is set aside")).to_be_focused()
    page.get_by_label("Why it is set aside").press_sequentially("Measured again at home: 138 mm")
    page.get_by_role("button", name="Set aside").click()
    page.wait_for_url("**/board")
    expect(page.locator("#signals")).to_contain_text("No open signals.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than a phone"
    assert complaints == []


def crowd(store: Store) -> None:
    """Fourteen households with a signal and a referral each, of two promoters, in a store of their own."""
    now = system_clock()

    def tell(c: object) -> None:
        cast.seat(c, now - 300 * DAY_MS)  # type: ignore[arg-type]
        story = Story(c, now)  # type: ignore[arg-type]
        for number_ in range(14):
            mine = number_ % 2 == 0
            where = cast.AREA_A if mine else cast.AREA_B
            who = (cast.PROMOTER if mine else cast.COLLEAGUE).account
            household = story.household(f"Wanjiku {number_}", area=where.place, author=who)
            child = story.person(household, "Amina", f"Otieno {number_}", author=who)
            story.assess(household, child, author=who, days_ago=60, muac_mm=140)
            story.assess(household, child, author=who, days_ago=30, muac_mm=133)
            story.assess(household, child, author=who, days_ago=1, muac_mm=126)
            if number_ % 3 == 0:
                story.visit(household, area=where.place, author=who, days_ago=0)
            if number_ == 1:
                story.visit(household, area=where.place, author=who, days_ago=0, outcome="nobody_home")
            days = 3 if number_ % 5 == 0 else 0.1
            story.refer(household, child, author=who, code=f"K7M2P{number_:02}", days_ago=days)
        story.fold()

    store.write_now(tell)


def rows_behind(page: Page, address: str) -> int:
    """How many rows the list at an address has, over all its pages."""
    page.goto(address)
    rows = page.locator("[data-row]").count()
    while page.locator("a[rel=next]").count():
        page.locator("a[rel=next]").click()
        rows += page.locator("[data-row]").count()
    return rows


def test_every_number_of_the_board_opens_a_list_of_as_many_rows(
    browser: Browser, serve: Callable[..., Served], sqlite_store: Store
) -> None:
    crowd(sqlite_store)
    url = serve(sqlite_store).url
    page = log_in(browser, url, cast.ASSISTANT, viewport={"width": 1280, "height": 800})
    page.wait_for_url("**/board")
    numbers = page.locator("[data-count]").evaluate_all(
        "all => all.map((one) => [Number(one.dataset.count), one.href, one.innerText])"
    )
    assert len(numbers) > 25
    assert all(str(count) in text for count, _, text in numbers)
    bare = page.locator(".tiles li b, .promoters td, h2").evaluate_all(
        """all => all.map((one) => {
          const copy = one.cloneNode(true);
          copy.querySelectorAll('[data-count], .pct, small').forEach((part) => part.remove());
          return one.matches('.sync') ? '' : copy.innerText;
        }).filter((text) => /[0-9]/.test(text))"""
    )
    assert bare == [], "a number that opens nothing"
    behind = {address: rows_behind(page, address) for _, address, _ in numbers}
    assert {address: count for count, address, _ in numbers} == behind


@pytest.mark.parametrize("language", ["sw", "en"])
def test_the_first_signal_and_the_first_referral_stand_on_the_first_screen(
    browser: Browser, serve: Callable[..., Served], sqlite_store: Store, language: str
) -> None:
    crowd(sqlite_store)
    url = serve(sqlite_store).url
    for width, height in ((360, 640), (320, 568)):
        page = log_in(browser, url, cast.ASSISTANT, viewport={"width": width, "height": height})
        page.goto(f"{url}/language/{language}?back=/board")
        for place in ("#signals li[data-row]", "#referrals li[data-row]"):
            foot = page.evaluate(
                "place => document.querySelector(place).getBoundingClientRect().bottom", place
            )
            # On the smallest phones the last line of the referral may lie below the edge.
            assert foot <= height + (40 if height < 600 else 0), (place, foot)
        assert page.evaluate("document.documentElement.scrollHeight") < 4000
        for address in ("/board", "/board/list/promoters", "/board/list/pending", "/board/list/signals"):
            page.goto(f"{url}{address}")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (address, width)
        page.context.close()


def test_after_an_answer_she_is_where_she_was(
    browser: Browser, serve: Callable[..., Served], sqlite_store: Store
) -> None:
    crowd(sqlite_store)
    url = serve(sqlite_store).url
    page = log_in(browser, url, cast.ASSISTANT, viewport={"width": 360, "height": 640}, has_touch=True)
    page.wait_for_url("**/board")
    page.locator("#signals").get_by_role("link", name="Show all").tap()
    page.wait_for_url("**/board/list/signals")
    rows = page.locator("li[data-row]")
    before = rows.count()
    rows.nth(9).scroll_into_view_if_needed()
    at = page.evaluate("scrollY")
    assert at > 400
    rows.nth(9).locator("a").tap()
    page.get_by_role("button", name="I have seen it").first.tap()
    page.wait_for_url("**/board/list/signals")
    expect(rows).to_have_count(before - 1)
    assert abs(page.evaluate("scrollY") - at) < 5
    rows.nth(8).locator("a").tap()
    page.locator("a.back").tap()
    page.wait_for_url("**/board/list/signals")
    page.wait_for_function("at => Math.abs(scrollY - at) < 60", arg=at)


def test_paper_shows_the_figures_and_no_buttons(
    browser: Browser, serve: Callable[..., Served], sqlite_store: Store
) -> None:
    crowd(sqlite_store)
    url = serve(sqlite_store).url
    pages = (
        (cast.ASSISTANT, "/board"),
        (cast.ASSISTANT, "/board/list/pending"),
        (cast.OFFICER, "/places"),
    )
    for who, address in pages:
        page = log_in(browser, url, who, viewport={"width": 1000, "height": 700}, color_scheme="dark")
        page.goto(f"{url}{address}")
        page.emulate_media(media="print")
        for button in page.get_by_role("button").all():
            expect(button).to_be_hidden()
        expect(page.locator("#connection, nav.languages").first).to_be_hidden()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        shot = page.screenshot()
        edge = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert edge == "rgb(255, 255, 255)" and len(shot) > 5000, "paper is white in the dark too"
        page.context.close()


def test_a_frozen_connection_says_so_and_is_begun_anew(
    browser: Browser, serve: Callable[..., Served], sqlite_store: Store, home: tuple[int, int]
) -> None:
    """The line stays open and nothing comes through it: a colour that was green stays green, but it must
    not. The page's own clock is moved on, so that nobody waits."""
    served = serve(sqlite_store)
    with frozen_line(served.url) as line:
        page = log_in(browser, line.url, cast.ASSISTANT)
        page.wait_for_url("**/board")
        page.clock.install()
        page.reload()
        says = page.locator("#connection")
        expect(says).to_have_text("Live")
        line.freeze()
        page.clock.run_for(60_000)
        expect(says).to_contain_text("Not live")
        expect(says).not_to_have_class(re.compile(r"\bon\b"))
        line.thaw()
        page.clock.run_for(5_000)
        expect(says).to_have_text("Live")
