"""A nurse at a busy desk: the referral appears while she looks, and she needs no mouse to close it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from hodi.clock import system_clock
from hodi.db import Store
from hodi.domain import DAY_MS
from tests import cast
from tests.harness.phone import Phone, code, number, text
from tests.harness.serve import Served
from tests.harness.story import Story
from tests.journeys.test_board import FRESH_WITHIN_MS, log_in, watched


@pytest.fixture
def home(sqlite_store: Store) -> tuple[int, int]:
    """A household with a child."""
    now = system_clock()

    def tell(c: object) -> tuple[int, int]:
        cast.seat(c, now - 300 * DAY_MS)  # type: ignore[arg-type]
        story = Story(c, now)  # type: ignore[arg-type]
        household = story.household("Wanjiku")
        child = story.person(household, "Amina", "Otieno")
        story.fold()
        return household, child

    return sqlite_store.write_now(tell)


def refer(phone: Phone, household: int, child: int) -> None:
    """Push an emergency referral with what was found."""
    visit = phone.mint.next()
    due = system_clock() + DAY_MS
    about = {"household": household, "person": child, "visit": visit}
    verdicts = phone.push(
        phone.event("visit.made", code("visit_outcome", "done"), id_=visit, visit=visit, household=household),
        phone.event(
            "assessment.recorded", number("convulsions", 1), number("cough", 0), form="under_five", **about
        ),
        phone.event(
            "referral.made",
            text("referral_code", "K7M2P49"),
            code("referral_class", "emergency"),
            text("referral_facility", "90004"),
            code("referral_reason", "danger_sign"),
            number("referral_due_at", due),
            number("referral_escalate_at", due),
            **about,
        ),
    )
    assert verdicts == ["accepted"] * 3


def test_a_nurse_receives_and_closes_a_referral_by_keyboard(
    browser: Browser, serve: Callable[..., Served], sqlite_store: Store, home: tuple[int, int]
) -> None:
    url = serve(sqlite_store).url
    page = log_in(browser, url, cast.NURSE)
    complaints = watched(page)
    page.wait_for_url("**/desk")
    expect(page.locator("#find")).to_be_focused()
    expect(page.locator("#connection")).to_have_class(re.compile(r"\bon\b"))
    page.keyboard.type("k7m2")
    page.evaluate("window.sameWindow = true")

    refer(Phone(url), *home)
    expect(page.locator("#live")).to_contain_text("Amina Otieno", timeout=FRESH_WITHIN_MS)
    assert page.evaluate("window.sameWindow") is True, "the page was loaded anew"
    # What she was typing is still there, and so is the cursor.
    expect(page.locator("#find")).to_be_focused()
    expect(page.locator("#find")).to_have_value("k7m2")

    page.keyboard.type(" p49")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Amina Otieno")
    expect(page.locator(".findings .present")).to_have_text("Convulsions")
    expect(page.get_by_role("button", name="Arrived", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("input[value=treated]")).to_be_focused()
    page.get_by_role("button", name="Take it back").press("Enter")
    expect(page.get_by_role("button", name="Arrived", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("input[value=treated]")).to_be_focused()
    page.keyboard.press("2")
    expect(page.locator("input[value=admitted]")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Stay until the fever is gone")
    page.get_by_role("button", name="in 7 d").click()
    page.get_by_role("button", name="Save the outcome").press("Enter")
    page.wait_for_url("**/desk")
    expect(page.locator("#live")).to_contain_text("Closed in the last two days 1")
    expect(page.locator("#find")).to_be_focused()
    [(state, outcome, advice)] = sqlite_store.read_now(
        lambda c: c.rows("SELECT state, outcome, advice FROM referral")
    )
    assert (state, outcome, advice) == ("seen", "admitted", "Stay until the fever is gone")
    assert complaints == []


def test_what_a_nurse_types_is_never_lost(
    browser: Browser, serve: Callable[..., Served], sqlite_store: Store, home: tuple[int, int]
) -> None:
    """Not when somebody else states something meanwhile, not when her log-in ends, not when the page is
    loaded anew; and another who logs in at the same window does not see it."""
    url = serve(sqlite_store).url
    refer(Phone(url), *home)
    page = log_in(browser, url, cast.NURSE, viewport={"width": 360, "height": 640})
    page.locator("#live a.row").first.click()
    expect(page.locator("#connection")).to_have_class(re.compile(r"\bon\b"))
    slip = page.url
    page.locator("#advice").press_sequentially("Stay until the fever")

    board = log_in(browser, url, cast.ASSISTANT, viewport={"width": 360, "height": 640})
    board.locator("#referrals a.row").click()
    expect(board.get_by_role("heading", level=1)).to_contain_text("Amina Otieno")
    assert board.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than a phone"
    assert "Amina" not in board.url and "Amina" not in board.title()
    expect(board.get_by_role("link", name="Call the promoter")).to_have_attribute(
        "href", f"tel:{cast.PROMOTER.phone}"
    )
    board.get_by_label("Refused").check()
    board.get_by_label("What kept her or him").select_option(label="Cost")
    board.get_by_role("button", name="Save", exact=True).click()
    expect(board.locator("#live")).to_contain_text("refused to go")

    expect(page.locator("#live")).to_contain_text("refused to go", timeout=FRESH_WITHIN_MS)
    expect(page.locator("#steps")).to_contain_text("Cost")
    expect(page.locator("#meanwhile")).to_be_visible()
    expect(page.locator("#advice")).to_be_focused()
    page.keyboard.type(" is gone")
    expect(page.locator("#advice")).to_have_value("Stay until the fever is gone")
    page.get_by_label("admitted", exact=False).check()
    page.get_by_role("button", name="Save the outcome").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody else has recorded")
    expect(page.locator("#advice")).to_have_value("Stay until the fever is gone")
    expect(page.get_by_label("admitted", exact=False)).to_be_checked()

    sqlite_store.write_now(lambda c: c.run("DELETE FROM session", {}))
    page.get_by_role("button", name="Save the outcome").click()
    page.wait_for_url(re.compile(r"/login\?next="))
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert "typed " in kept and "fever" not in kept and "admitted" not in kept
    log_in_here(page, cast.STRANGE_NURSE)
    page.goto(f"{url}/desk")
    page.locator("#find").press_sequentially("K7M2P49")
    page.keyboard.press("Enter")
    page.wait_for_url(slip)
    expect(page.locator("#connection")).to_have_class(re.compile(r"\bon\b"))
    expect(page.locator("#advice")).to_have_value("")
    page.get_by_role("button", name="Log out").click()
    page.goto(f"{slip}/seen")
    log_in_here(page, cast.NURSE)
    page.wait_for_url(slip)
    expect(page.locator("#advice")).to_have_value("Stay until the fever is gone")
    expect(page.get_by_label("admitted", exact=False)).to_be_checked()
    page.reload()
    expect(page.locator("#advice")).to_have_value("Stay until the fever is gone")
    page.get_by_role("button", name="Save the outcome").click()
    page.wait_for_url("**/desk")
    [(outcome, advice)] = sqlite_store.read_now(lambda c: c.rows("SELECT outcome, advice FROM referral"))
    assert (outcome, advice) == ("admitted", "Stay until the fever is gone")
    page.wait_for_function("Object.keys(sessionStorage).every((one) => !one.startsWith('typed '))")


def log_in_here(page: Page, who: cast.Worker) -> None:
    """Log in where the page asks for it."""
    page.get_by_label("Username").press_sequentially(who.username)
    page.get_by_label("Password").press_sequentially(cast.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda address: "/login" not in address)


def test_a_supervisor_sees_the_outcome_appear(
    browser: Browser, serve: Callable[..., Served], sqlite_store: Store, home: tuple[int, int]
) -> None:
    url = serve(sqlite_store).url
    refer(Phone(url), *home)
    board = log_in(browser, url, cast.ASSISTANT)
    expect(board.locator("#referrals")).to_contain_text("referred, on the way")
    nurse = log_in(browser, url, cast.NURSE, viewport={"width": 360, "height": 640})
    nurse.locator("#live a.row").first.click()
    assert nurse.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than a phone"
    nurse.get_by_role("button", name="Arrived", exact=True).click()
    expect(board.locator("#referrals")).to_contain_text("arrived", timeout=FRESH_WITHIN_MS)
    nurse.get_by_text("We cannot help here").click()
    nurse.get_by_label("Why").select_option(label="Out of stock")
    nurse.get_by_role("button", name="Tell the promoter").click()
    expect(board.locator("#referrals")).to_contain_text("facility could not help", timeout=FRESH_WITHIN_MS)


def test_another_facility_claims_by_code_and_finds_nothing_by_name(
    browser: Browser, serve: Callable[..., Served], sqlite_store: Store, home: tuple[int, int]
) -> None:
    url = serve(sqlite_store).url
    refer(Phone(url), *home)
    page = log_in(browser, url, cast.STRANGE_NURSE)
    page.locator("#find").press_sequentially("Amina")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Nothing found")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("K7M2-P49")  # what was looked for before gives way
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("This referral was made to Zahanati ya Mtoni")
    page.get_by_role("button", name="Arrived", exact=True).click()
    expect(page.locator("main")).to_contain_text("arrived")
