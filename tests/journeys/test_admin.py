"""An administrator at her desk and on her phone: a promoter leaves, another takes over, the log tells it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from hodi.clock import system_clock
from hodi.db import Store
from hodi.domain import DAY_MS
from tests import cast
from tests.harness.serve import Served

SIZES = [(360, 640), (320, 568), (1280, 800)]


def log_in(
    browser: Browser, url: str, username: str, size: tuple[int, int], password: str = cast.PASSWORD
) -> Page:
    """A new window of a size in which somebody has typed name and password."""
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{url}/login")
    page.get_by_label("Username").press_sequentially(username)
    page.get_by_label("Password").press_sequentially(password)
    page.keyboard.press("Enter")
    return page


def fits(page: Page) -> None:
    """Nothing stands beside the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_promoter_leaves_and_another_takes_over(
    browser: Browser, serve: Callable[..., Served], sqlite_store: Store, size: tuple[int, int]
) -> None:
    sqlite_store.write_now(lambda c: cast.seat(c, system_clock() - 300 * DAY_MS))
    url = serve(sqlite_store).url
    page = log_in(browser, url, "admin", size)
    page.wait_for_url("**/admin")
    fits(page)
    page.get_by_label("Find an account").press_sequentially("umoja a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="colleague", exact=True)).to_have_count(0)
    assert "umoja" not in page.url
    fits(page)
    page.get_by_role("link", name="promoter", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Promoter A")
    fits(page)

    phone = page.locator("input[name=phone]")
    phone.select_text()
    phone.press_sequentially("hello phone")
    page.get_by_role("button", name="Save", exact=True).click()
    assert page.evaluate("document.querySelector('input[name=phone]').validity.valid") is False
    phone.select_text()
    phone.press_sequentially("0722 000 111")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(phone).to_have_value("0722000111")

    page.get_by_text("Lock", exact=True).first.click()
    page.get_by_role("button", name="Lock", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Promoter A")
    assert sqlite_store.read_now(lambda c: c.rows("SELECT active FROM account WHERE account = 101")) == [(1,)]

    page.get_by_role("button", name="Somebody else takes over").click()
    expect(page.get_by_text("Takes over from Promoter A")).to_be_visible()
    fits(page)
    page.get_by_label("Username").press_sequentially("zawadi")
    page.get_by_label("Name", exact=True).press_sequentially("Zawadi Atieno")
    page.get_by_role("button", name="Create the account").click()
    shown = page.get_by_role("alert")
    expect(shown).to_contain_text("Password of zawadi")
    password = shown.locator("code").inner_text()
    fits(page)
    expect(page.locator(".lead")).to_contain_text("Umoja A")

    page.goto(f"{url}/admin/log")
    expect(page.get_by_role("row").filter(has_text="account closed for good")).to_contain_text("promoter")
    fits(page)
    page.get_by_label("Username").press_sequentially("zawadi")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row").filter(has_text="account made")).to_have_count(1)
    expect(page.get_by_role("row").filter(has_text="account closed for good")).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("row").filter(has_text="account closed for good")).to_have_count(1)

    hers = log_in(browser, url, "zawadi", size, password)
    hers.wait_for_url("**/app/**")
    hers.goto(f"{url}/password")
    hers.get_by_role("link", name="EN", exact=True).click()
    hers.get_by_label("Your password so far").press_sequentially(password)
    hers.get_by_label("New password (").press_sequentially("nyumba kwa nyumba")
    hers.get_by_label("The new password once more").press_sequentially("nyumba kwa nyumbo")
    hers.keyboard.press("Enter")
    expect(hers.get_by_role("alert")).to_contain_text("the same twice")
    fits(hers)
    hers.get_by_label("Your password so far").press_sequentially(password)
    hers.get_by_label("New password (").press_sequentially("nyumba kwa nyumba")
    hers.get_by_label("The new password once more").press_sequentially("nyumba kwa nyumba")
    hers.keyboard.press("Enter")
    hers.wait_for_url(re.compile(r"/login"))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_place_is_found_edited_and_added(
    browser: Browser, serve: Callable[..., Served], sqlite_store: Store, size: tuple[int, int]
) -> None:
    sqlite_store.write_now(lambda c: cast.seat(c, system_clock() - DAY_MS))
    page = log_in(browser, serve(sqlite_store).url, "admin", size)
    page.get_by_role("link", name="Places").click()
    page.get_by_label("Name or code of the place").press_sequentially("umoja")
    page.keyboard.press("Enter")
    expect(page.locator("a.row").filter(has_text="990010")).to_be_visible()
    fits(page)
    page.locator("a.row").filter(has_text="990010").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Umoja")
    fits(page)
    adding = page.locator("section").filter(has=page.get_by_role("heading", name="Add a place here"))
    adding.get_by_label("Name").press_sequentially("Umoja C")
    adding.get_by_role("button", name="Add a place here").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Umoja C")
    page.get_by_role("link", name="Places").click()
    page.get_by_text("Take out of use").first.click()
    page.get_by_label("Nobody can be posted").check()
    page.get_by_role("button", name="Take out of use").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("still in use")).to_be_visible()
    fits(page)
