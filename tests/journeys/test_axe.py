"""Every page of the staff and every screen of the phone, read by axe: in both languages, light and dark,
small and large."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Page

from hodi.db import Store
from tests import cast
from tests.harness.axe import violations
from tests.harness.layout import PHONE
from tests.harness.serve import Served
from tests.journeys.phone_hand import PIN, Thumb
from tests.journeys.test_board import crowd, log_in

LOOKS = {"sw": [("dark", 360), ("light", 320)], "en": [("light", 1280), ("dark", 360)]}
WHERE = {
    cast.ASSISTANT: [
        "/board", "/board/list/signals", "/board/list/referrals", "/board/list/promoters",
        "/board/list/pending", "/board/list/visits_today", "/board/list/refused", "/nowhere",
    ],
    cast.NURSE: ["/desk"],
    cast.OFFICER: ["/places", "/places/2/list/REFERRALS_ARRIVED?part=all"],
    cast.ADMIN: ["/admin", "/admin/new", "/admin/new?role=chp&q=umoja"],
}  # fmt: skip
FIRST_ROWS = {
    cast.ASSISTANT: ["/board/list/signals", "/board/list/referrals", "/board/list/pending"],
    cast.NURSE: ["/desk"],
}
"""Lists whose first row is opened too: a signal, a referral and from it the person, a household; a slip."""


def listed(found: dict[str, list[str]]) -> str:
    """What was found, a line each."""
    return "\n".join(f"{at}: {wrong}" for at, all_wrong in found.items() for wrong in all_wrong)


def test_axe_finds_nothing_on_the_pages(
    browser: Browser, serve: Callable[..., Served], sqlite_store: Store
) -> None:
    crowd(sqlite_store)
    url = serve(sqlite_store).url
    found: dict[str, list[str]] = {}

    def look(page: Page, at: str, language: str) -> None:
        assert page.locator("html").get_attribute("lang") == language
        for scheme, width in LOOKS[language]:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": 640})
            found[f"{at}, {language}, {scheme}, {width}"] = violations(page)

    for language in LOOKS:
        outside = browser.new_context(locale=language).new_page()
        for address in ("/", "/login"):
            outside.goto(f"{url}{address}")
            look(outside, address, language)
        outside.context.close()
    for who, addresses in WHERE.items():
        page = log_in(browser, url, who)
        for language in LOOKS:
            page.goto(f"{url}/language/{language}?back=/")
            for address in addresses:
                page.goto(f"{url}{address}")
                look(page, address, language)
            for address in FIRST_ROWS.get(who, []):
                page.goto(f"{url}{address}")
                page.goto(f"{url}{page.locator('a.row').first.get_attribute('href')}")
                look(page, f"the first of {address}", language)
                if "/referrals/" in page.url and who == cast.ASSISTANT:
                    page.locator("#live").get_by_role("link", name=re.compile("record|rekodi")).click()
                    page.wait_for_url("**/people/**")
                    look(page, "a person", language)
        page.context.close()
    assert len(found) == 21 * 4
    assert not any(found.values()), listed(found)


def test_axe_finds_nothing_on_the_phones_screens(
    browser: Browser, serve: Callable[..., Served], sqlite_store: Store
) -> None:
    crowd(sqlite_store)
    url = serve(sqlite_store).url
    [(household, person, referral)] = sqlite_store.read_now(
        lambda c: c.rows("SELECT household, person, referral FROM referral WHERE code = 'K7M2P00'")
    )
    context = browser.new_context(viewport=PHONE, has_touch=True, locale="sw-KE")
    thumb = Thumb(context, url)
    found: dict[str, list[str]] = {}

    def look(at: str) -> None:
        # Tall, so that the bars at the foot of a screen cover nothing where it happens to stand.
        thumb.page.set_viewport_size({"width": PHONE["width"], "height": 2600})
        for scheme in ("light", "dark"):
            thumb.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found[f"{at}, {scheme}"] = violations(thumb.page)
        thumb.page.set_viewport_size(PHONE)

    thumb.open()
    thumb.page.get_by_label("Jina la mtumiaji").wait_for()
    look("enrol")
    thumb.enrols()
    screens = {
        "/": "Leo|Today", "/households": "Kaya|Households", f"/household/{household}": "Wanjiku",
        f"/person/{household}/{person}": "Amina", f"/history/{household}/{person}": ".",
        f"/details/{household}/{person}": ".", f"/refer/{household}/{person}": "Rufaa|referral",
        f"/slip/{household}/{person}/{referral}": "Hati|slip", "/sync": "Kutuma|Sending",
        "/settings": "Mipangilio|Settings",
        f"/new/under_five_assessment/{household}/{person}": ".",
    }  # fmt: skip
    for language in ("sw", "en"):
        thumb.page.evaluate("language => localStorage.setItem('hodi-language', language)", language)
        thumb.page.goto(f"{url}/app/")
        thumb.page.reload()
        thumb.page.get_by_role("button", name=re.compile("Tarakimu 2|Digit 2")).wait_for()
        look(f"{language} unlock")
        for digit in PIN:
            thumb.touch(thumb.page.get_by_role("button", name=re.compile(f"^(Tarakimu|Digit) {digit}$")))
        thumb.page.get_by_role("heading", name=re.compile("Leo|Today")).first.wait_for()
        for path, heading in screens.items():
            # The screen that was there is marked, so that what is waited for is the one that follows it.
            if path != "/":
                thumb.page.locator("main").evaluate("main => main.setAttribute('data-before', '')")
                thumb.page.goto(f"{url}/app/#{path}")
            thumb.page.locator("main:not([data-before])").wait_for()
            thumb.page.locator("h1, [aria-level='1']").first.wait_for()
            thumb.page.get_by_role("heading", name=re.compile(heading, re.IGNORECASE)).first.wait_for()
            look(f"{language} {path.split('/')[1]}")
    context.close()
    assert len(found) == 2 + 2 * 2 * 12
    assert not any(found.values()), listed(found)
