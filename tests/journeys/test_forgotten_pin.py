"""Giving a phone up, and a forgotten PIN: nothing is lost without her knowing, and nobody else opens it."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect

from hodi.clock import system_clock
from hodi.db import Store
from hodi.domain import DAY_MS
from tests import cast
from tests.harness.serve import Served
from tests.journeys.phone_hand import PIN, Thumb
from tests.journeys.test_phone import registers_a_family, rows

_SOON_MS = 20_000
_NEW_PIN = "703152"


@pytest.fixture
def url(serve: Callable[..., Served], sqlite_store: Store) -> str:
    """A served house with the cast in it."""
    sqlite_store.write_now(lambda c: cast.seat(c, system_clock() - 300 * DAY_MS))
    return serve(sqlite_store).url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A small phone's browser."""
    made = browser.new_context(viewport=ViewportSize(width=320, height=568), has_touch=True, locale="sw-KE")
    yield made
    made.close()


@pytest.fixture
def thumb(context: BrowserContext, url: str) -> Thumb:
    """Her thumb, on an app that is enrolled and can start without a network."""
    made = Thumb(context, url)
    made.enrols()
    made.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return made


def logs_in_at_the_lock(thumb: Thumb, username: str, password: str) -> None:
    """Type name and password into the sheet of the forgotten PIN, over what stands there."""
    for label, words in (("Jina la mtumiaji", username), ("Nenosiri", password)):
        field = thumb.page.get_by_role("dialog").get_by_label(label)
        field.press("ControlOrMeta+a")
        field.press_sequentially(words)
    thumb.tap("Chagua nambari mpya")


def test_a_forgotten_pin_costs_a_log_in_and_loses_nothing(thumb: Thumb, sqlite_store: Store) -> None:
    thumb.context.set_offline(True)
    registers_a_family(thumb)
    thumb.kill()
    thumb.open()
    thumb.tap("Umesahau nambari ya siri?")
    assert thumb.page.get_by_role("button", name="Futa na usajili upya").count() == 0
    logs_in_at_the_lock(thumb, cast.PROMOTER.username, cast.PASSWORD)
    expect(thumb.page.get_by_role("alert")).to_contain_text("Hakuna mtandao")

    thumb.context.set_offline(False)
    logs_in_at_the_lock(thumb, cast.PROMOTER.username, "si-hili")
    expect(thumb.page.get_by_role("alert")).to_contain_text("Jina la mtumiaji au nenosiri si sahihi")
    logs_in_at_the_lock(thumb, cast.COLLEAGUE.username, cast.PASSWORD)
    expect(thumb.page.get_by_role("alert")).to_contain_text("akaunti ya mtu mwingine")
    assert rows(sqlite_store, "SELECT 1 FROM event") == []

    logs_in_at_the_lock(thumb, cast.PROMOTER.username, cast.PASSWORD)
    thumb.sees("Chagua nambari ya siri")
    thumb.types_pin(_NEW_PIN)
    thumb.sees("Andika tena nambari ya siri")
    thumb.types_pin(_NEW_PIN)
    thumb.sees("Leo")
    thumb.tap("Kutuma", "link")
    expect(thumb.page.get_by_role("heading", name="Kila kitu kimetumwa")).to_be_visible(timeout=_SOON_MS)
    assert rows(sqlite_store, "SELECT kind FROM event WHERE kind = 'household.registered'") != []
    thumb.kill()
    thumb.open()
    thumb.types_pin(_NEW_PIN)
    thumb.sees("Leo")


def test_giving_the_phone_up_needs_the_pin_and_takes_unsent_work_along(
    thumb: Thumb, sqlite_store: Store, tmp_path: pathlib.Path
) -> None:
    thumb.context.set_offline(True)
    registers_a_family(thumb)
    thumb.tap("Rudi")
    thumb.tap("Mipangilio", "link")
    thumb.tap("Ondoa simu hii")
    expect(thumb.page.get_by_role("dialog")).to_contain_text(re.compile(r"Rekodi 2 bado hazijatumwa"))
    with thumb.page.expect_download() as saving:
        thumb.tap("Hifadhi rekodi kwenye faili")
    saving.value.save_as(tmp_path / "unsent.json")
    assert "Grace" not in (tmp_path / "unsent.json").read_text()
    thumb.tap("Ndiyo, futa na utoke")
    thumb.types_pin("111112")
    expect(thumb.page.get_by_role("alert").last).to_contain_text("Nambari ya siri si sahihi")
    expect(thumb.page.get_by_role("button", name="Tarakimu 1", exact=True)).to_be_enabled()
    thumb.types_pin(PIN)
    thumb.sees("Karibu Hodi")

    thumb.context.set_offline(False)
    thumb.enrols()
    thumb.tap("Kutuma", "link")
    thumb.touch(thumb.page.get_by_text("Faili la rekodi ambazo hazijatumwa"))
    thumb.page.get_by_label("Rudisha rekodi kutoka faili").last.set_input_files(tmp_path / "unsent.json")
    expect(thumb.page.get_by_text("Rekodi 2 zimerudishwa")).to_be_visible()
    expect(thumb.page.get_by_role("heading", name="Kila kitu kimetumwa")).to_be_visible(timeout=_SOON_MS)
    thumb.page.get_by_label("Rudisha rekodi kutoka faili").last.set_input_files([])
    thumb.page.get_by_label("Rudisha rekodi kutoka faili").last.set_input_files(tmp_path / "unsent.json")
    expect(thumb.page.get_by_text("Rekodi 0 zimerudishwa; 2 zilikuwepo tayari.")).to_be_visible()
    kinds = dict(rows(sqlite_store, "SELECT kind, COUNT(*) FROM event GROUP BY kind"))
    assert kinds == {"household.registered": 1, "visit.made": 1}
