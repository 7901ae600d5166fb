"""The data-quality list on the supervisor's board: plain words, no answer, nobody's name; dealt with by her
alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from hodi.clock import system_clock
from hodi.db import Connection, Store
from hodi.domain import DAY_MS
from tests import cast
from tests.harness.serve import Served
from tests.harness.story import Story
from tests.rooms.test_referral_pages import field, log_in

UNIT = cast.UMOJA.place
FAULTS = (
    ("under_five_assessment", "muac_mm", "range"),
    ("under_five_assessment", "Amina has a secret", "unknown"),
    ("member_check", "hiv_positive", "required"),
    ("no_such_form", "", "unknown"),
)


@pytest.fixture
def url(sqlite_store: Store, serve: Callable[..., Served]) -> str:
    now = system_clock()

    def tell(c: Connection) -> None:
        cast.seat(c, now - 300 * DAY_MS)
        story = Story(c, now)
        home = story.household("Wanjiku")
        child = story.person(home, "Amina", "Otieno")
        event = story.assess(home, child, days_ago=2, muac_mm=140)
        story.fold()
        columns = (
            "unit",
            "event",
            "ordinal",
            "household",
            "form",
            "form_version",
            "question",
            "reason",
            "found_at",
        )
        c.insert(
            "answer_fault",
            columns,
            [
                (UNIT, event, n, home, form, 1, question, reason, now)
                for n, (form, question, reason) in enumerate(FAULTS)
            ],
        )

    sqlite_store.write_now(tell)
    return serve(sqlite_store).url


def browser_of(url: str, who: cast.Worker) -> httpx.Client:
    browser = httpx.Client(base_url=url)
    assert log_in(browser, who).status_code == 303
    return browser


def test_the_board_counts_what_does_not_hold_and_lists_as_many(url: str) -> None:
    browser = browser_of(url, cast.ASSISTANT)
    counted = re.search(r'data-count="(\d+)" href="/board/list/faults"', browser.get("/board").text)
    assert counted and counted.group(1) == str(len(FAULTS))
    listed = browser.get("/board/list/faults").text
    assert listed.count("<li data-row") == len(FAULTS)
    for said in (
        "Measure the upper arm", "outside what is possible", "A question that the form does not have",
        "A form that is not known here", "Confidential matter", "not answered", cast.PROMOTER.name,
    ):  # fmt: skip
        assert said in listed, said
    for kept in ("Amina", "secret", "Wanjiku", "140", "HIV"):
        assert kept not in listed, kept
    spoken = browser.get("/board/list/faults", headers={"cookie": cookies(browser, "hodi-language=sw")}).text
    assert "nje ya kiwango kinachowezekana" in spoken


def cookies(browser: httpx.Client, more: str) -> str:
    """The browser's cookies and one more."""
    return "; ".join([*(f"{name}={value}" for name, value in browser.cookies.items()), more])


def test_only_her_own_supervisor_deals_with_one(url: str, sqlite_store: Store) -> None:
    [(event,)] = sqlite_store.read_now(lambda c: c.rows("SELECT DISTINCT event FROM answer_fault"))
    address = f"/board/faults/{UNIT}/{event}/0"
    for stranger in (cast.STRANGE_ASSISTANT, cast.NURSE, cast.ADMIN, cast.OFFICER):
        browser = browser_of(url, stranger)
        token = field(browser.get("/", follow_redirects=True).text, "csrf")
        assert browser.post(address, data={"csrf": token}).status_code == 403, stranger.username
        assert browser.get("/board/list/faults").status_code in (200, 403)
    assert "upper arm" not in browser_of(url, cast.STRANGE_ASSISTANT).get("/board/list/faults").text
    hers = browser_of(url, cast.ASSISTANT)
    assert hers.post(address, data={"csrf": "forged"}).status_code == 403
    token = field(hers.get("/board/list/faults").text, "csrf")
    back = {"csrf": token, "back": "/board/list/faults"}
    done = hers.post(address, data=back)
    assert (done.status_code, done.headers["location"]) == (303, "/board/list/faults#here")
    assert hers.post(address, data=back).status_code == 404, "once"
    listed = hers.get("/board/list/faults").text
    assert "upper arm" not in listed and listed.count("<li data-row") == len(FAULTS) - 1
