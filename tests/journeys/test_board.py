"""A supervisor watches her board while a promoter's phone syncs: what changed appears by itself."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from hodi.clock import system_clock
from hodi.db import Store
from hodi.domain import DAY_MS
from tests import cast
from tests.harness.phone import Phone, code, number, text
from tests.harness.serve import Served
from tests.harness.story import Story, falling_arm

FRESH_WITHIN_MS = 2000


def log_in(browser: Browser, url: str, who: cast.Worker, **options: object) -> Page:
    """A new window in which `who` has logged in."""
    page = browser.new_context(**options).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(10_000)
    page.goto(f"{url}/login")
    page.get_by_label("Username").fill(who.username)
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Log in").click()
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
                occurred_day=(at + 3 * 3_600_000) // DAY_MS,
            )
        )
    due = system_clock() + DAY_MS
    found.append(
        phone.event(
            "referral.made",
            text("referral_code", "K7M2P4X"),
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
    expect(referrals).to_contain_text("K7M2 P4X", timeout=FRESH_WITHIN_MS)
    expect(promoter).to_contain_text("1/1", timeout=FRESH_WITHIN_MS)
    expect(promoter).to_contain_text("just now", timeout=FRESH_WITHIN_MS)
    took_ms = (time.monotonic() - pushed) * 1000
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
    kept = sqlite_store.read_now(lambda c: c.rows("SELECT resolved_at IS NULL, content FROM quarantine"))
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
    page.get_by_role("link", name="Open her or his record").click()
    expect(page.get_by_role("row").filter(has_text="126")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than a phone"
    page.go_back()
    page.get_by_role("button", name="Set aside").click()
    expect(page.get_by_label("Why it is set aside")).to_be_focused()
    page.get_by_label("Why it is set aside").fill("Measured again at home: 138 mm")
    page.get_by_role("button", name="Set aside").click()
    page.wait_for_url("**/board")
    expect(page.locator("#signals")).to_contain_text("No open signals.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than a phone"
    assert complaints == []
