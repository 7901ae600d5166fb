"""A promoter's day on the phone app, told through the front door: a real server, a real browser, the app as
it is built. The network is cut and the app is killed at the worst moments; nothing may be gone."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Route, expect

from hodi.clock import system_clock
from hodi.db import Store
from hodi.domain import DAY_MS
from tests import cast
from tests.harness.layout import PHONE
from tests.harness.serve import Served
from tests.journeys.family import BORN, family, goes_to_graces
from tests.journeys.phone_hand import HOUSEHOLD, PIN, Thumb, child, healthy_but_thin
from tests.journeys.test_board import log_in

_SOON_MS = 20_000

_FILES = """async () => {
  const found = [];
  const walk = async (folder) => {
    for await (const [name, handle] of folder) {
      if (handle.kind === 'directory') await walk(handle);
      else found.push([name, await (await handle.getFile()).text()]);
    }
  };
  await walk(await navigator.storage.getDirectory());
  return found;
}"""
"""Name and content of every file that the origin keeps."""

_KEPT_OUTSIDE = """async () => {
  const opening = indexedDB.open('hodi-keys');
  const database = await new Promise((done) => { opening.onsuccess = () => done(opening.result); });
  const asking = database.transaction('keys').objectStore('keys').getAll();
  const shelf = await new Promise((done) => { asking.onsuccess = () => done(asking.result); });
  const plain = (value) => (value instanceof CryptoKey ? { key: value.extractable } : String(value));
  return JSON.stringify([{ ...localStorage }, shelf.map((one) => Object.values(one).map(plain))]);
}"""
"""What is kept outside the encrypted database; of a key, whether it can be taken out."""


WITH_A_FAMILY = pytest.mark.parametrize("children", [("Amani",)], ids=["Amani"])
"""Grace's household is there before the phone is enrolled."""


@pytest.fixture
def children() -> tuple[str, ...] | None:
    """Those of Grace's household; None = there is no household."""
    return None


@pytest.fixture
def url(serve: Callable[..., Served], sqlite_store: Store, children: tuple[str, ...] | None) -> str:
    """A served house with the cast in it, and a household if the test wants one."""
    if children is None:
        sqlite_store.write_now(lambda c: cast.seat(c, system_clock() - 300 * DAY_MS))
    else:
        sqlite_store.write_now(lambda c: family(c, *children))
    return serve(sqlite_store).url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone's browser: small, touched, its storage its own."""
    made = browser.new_context(viewport=PHONE, has_touch=True, locale="sw-KE")
    yield made
    made.close()


@pytest.fixture
def thumb(context: BrowserContext, url: str) -> Thumb:
    """Her thumb, on an app that is enrolled and can start without a network."""
    made = Thumb(context, url)
    made.enrols()
    made.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return made


def registers_a_family(thumb: Thumb, *names: str) -> None:
    """A household with children of that name; ends on the household's screen."""
    thumb.tap("Sajili kaya", "link")
    thumb.answers(HOUSEHOLD)
    thumb.tap("Hifadhi")
    thumb.sees("Grace Wambui")
    for name in names:
        thumb.tap("Sajili mwanakaya", "link")
        thumb.answers(child(BORN, name))
        thumb.tap("Hifadhi")
        thumb.sees("Grace Wambui")
        expect(thumb.page.get_by_role("link", name=re.compile(name))).to_be_visible()


def rows(store: Store, sql: str) -> list[tuple[object, ...]]:
    """What the server's store holds."""
    return [tuple(row) for row in store.read_now(lambda c: c.rows(sql))]


ILL = {
    "Kikohozi": "Ndiyo", "Mwili una joto": "Ndiyo", "siku ngapi": "2", "kwapani": "38.4",
    "alilala mahali": "Ndiyo", "Kipimo cha haraka": "Hasi", "pumzi": "34",
}  # fmt: skip


def test_a_visit_offline_killed_in_the_middle_of_a_form_reaches_everybody(
    thumb: Thumb, sqlite_store: Store, browser: Browser
) -> None:
    registers_a_family(thumb, "Amani", "Baraka")
    thumb.context.set_offline(True)

    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Amani")))
    thumb.tap("Mtoto chini ya miaka mitano", "link")
    thumb.answers({**healthy_but_thin(131, 10.4), **ILL}, until="Pima mzingo wa mkono (MUAC)")
    thumb.types(thumb.page.get_by_role("textbox"), "131")
    expect(thumb.page.get_by_role("status").filter(has_text="Kijani")).to_be_visible()
    thumb.page.wait_for_timeout(300)  # no tap on “Endelea”: what is typed is kept as it is typed

    thumb.kill()
    thumb.open()
    thumb.unlocks()
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Fomu haijakamilika")))
    thumb.sees("Pima mzingo wa mkono (MUAC)")
    expect(thumb.page.get_by_role("textbox")).to_have_value("131")
    thumb.answers({**healthy_but_thin(131, 10.4), **ILL})
    expect(thumb.page.get_by_role("listitem").filter(has_text="Joto la mwili")).to_contain_text("38.4")
    thumb.tap("Hifadhi")
    thumb.sees(re.compile("Amani|Rufaa mpya"))
    if thumb.page.get_by_role("heading", name="Rufaa mpya").count():
        thumb.tap("Si sasa")
    thumb.sees("Amani Wambui")
    thumb.tap("Rudi")

    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Baraka")))
    thumb.tap("Mtoto chini ya miaka mitano", "link")
    thumb.answers({**healthy_but_thin(119, 8.9), **ILL})
    thumb.tap("Hifadhi")

    thumb.sees("Rufaa mpya")
    expect(thumb.page.get_by_role("radio", checked=True)).to_have_count(1)
    thumb.types(thumb.page.get_by_label("Alichopewa kabla ya rufaa"), "ORS")
    thumb.tap("Mpe rufaa")
    thumb.sees("Hati ya rufaa")
    code = thumb.page.locator(".slip .code strong").inner_text().replace(" ", "")
    expect(thumb.page.get_by_role("img", name=re.compile("QR"))).to_be_visible()
    thumb.tap("Tayari")
    thumb.sees("Baraka Wambui")
    thumb.tap("Rudi")
    thumb.sees("Grace Wambui")
    expect(thumb.page.get_by_role("heading", name="Kikohozi kwa wanakaya kadhaa")).to_be_visible()
    thumb.tap("Maliza ziara")
    thumb.tap("Rudi")
    thumb.sees("Leo")
    grace = thumb.page.get_by_role("link", name=re.compile("Grace Wambui"))
    expect(grace).to_contain_text("Kikohozi kwa wanakaya kadhaa")
    assert thumb.waiting() >= 3
    assert rows(sqlite_store, "SELECT 1 FROM event WHERE kind = 'assessment.recorded'") == []

    thumb.context.set_offline(False)
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Kutuma")))
    expect(thumb.page.get_by_role("heading", name="Kila kitu kimetumwa")).to_be_visible(timeout=_SOON_MS)
    kinds = dict(rows(sqlite_store, "SELECT kind, COUNT(*) FROM event GROUP BY kind"))
    assert kinds == {
        "household.registered": 1, "person.registered": 2, "visit.made": 1, "assessment.recorded": 2,
        "referral.made": 1,
    }  # fmt: skip
    assert len(rows(sqlite_store, "SELECT DISTINCT visit FROM event WHERE visit IS NOT NULL")) == 1
    words = "SELECT text FROM observation WHERE concept = '{}'"
    assert rows(sqlite_store, words.format("referral_code")) == [(code,)]
    assert rows(sqlite_store, words.format("treatment_given")) == [("ORS",)]

    answered_at_the_desk(browser, thumb.url, code)
    thumb.tap("Tuma sasa")
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("^Leo")))
    news = thumb.page.get_by_role("link", name=re.compile("Baraka Wambui: ametibiwa", re.IGNORECASE))
    expect(news).to_be_visible(timeout=_SOON_MS)
    thumb.touch(news)
    thumb.sees("Hati ya rufaa")
    expect(thumb.page.get_by_text("Ale mara tano kwa siku")).to_be_visible()
    assert thumb.complaints == []


def answered_at_the_desk(browser: Browser, url: str, code: str) -> None:
    """The nurse finds the slip's code, receives the child and records what was done."""
    page = log_in(browser, url, cast.NURSE)
    page.wait_for_url("**/desk")
    page.locator("#find").press_sequentially(code.lower())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Baraka Wambui")
    page.get_by_role("button", name="Arrived", exact=True).click()
    page.locator("input[value=treated]").check()
    page.locator("textarea[name=advice]").press_sequentially("Ale mara tano kwa siku")
    page.get_by_role("button", name="Save the outcome").click()
    page.wait_for_url("**/desk")
    page.context.close()


def test_a_second_window_asks_and_the_first_lets_go(thumb: Thumb) -> None:
    second = Thumb(thumb.context, thumb.url)
    second.open()
    second.sees("Imefunguliwa kwingine")
    second.tap("Endelea hapa")
    second.unlocks()
    second.sees("Leo")
    thumb.sees("Imefunguliwa kwingine")
    thumb.tap("Endelea hapa")
    thumb.unlocks()
    thumb.sees("Leo")
    second.sees("Imefunguliwa kwingine")


def test_the_pin_is_asked_for_while_the_database_gets_ready(browser: Browser, url: str) -> None:
    held: list[Route] = []
    context = browser.new_context(viewport=PHONE, has_touch=True, locale="sw-KE", service_workers="block")
    thumb = Thumb(context, url)
    thumb.enrols()
    thumb.kill()
    context.route("**/*.wasm", lambda route: held.append(route))
    thumb.open()
    thumb.unlocks()
    expect(thumb.page.get_by_text("Inafungua")).to_be_visible()
    assert held, "the database has its code"
    for route in held:
        route.continue_()
    thumb.sees("Leo")
    context.close()


def test_wrong_pins_cost_time_that_a_restart_does_not_give_back(thumb: Thumb) -> None:
    thumb.kill()
    thumb.open()
    for _ in range(4):
        thumb.types_pin("111112")
        expect(thumb.page.get_by_role("alert")).to_contain_text("Nambari ya siri si sahihi")
        expect(thumb.page.get_by_role("button", name="Tarakimu 1", exact=True)).to_be_enabled()
    thumb.types_pin("111112")
    expect(thumb.page.get_by_text(re.compile("Subiri 0:[23]"))).to_be_visible()
    expect(thumb.page.get_by_role("button", name="Tarakimu 1", exact=True)).to_be_disabled()
    thumb.kill()
    thumb.open()
    expect(thumb.page.get_by_text(re.compile("Subiri 0:"))).to_be_visible()
    expect(thumb.page.get_by_role("button", name="Tarakimu 1", exact=True)).to_be_disabled()


@WITH_A_FAMILY
def test_nothing_on_the_disk_can_be_read_without_the_pin(thumb: Thumb) -> None:
    goes_to_graces(thumb)
    files = thumb.page.evaluate(_FILES)
    whole = "".join(content for _, content in files)
    assert len(whole) > 200_000
    for word in ("SQLite format", "CREATE TABLE", "Grace", "Amani", "household", PIN):
        assert word not in whole, word
    kept = thumb.page.evaluate(_KEPT_OUTSIDE)
    assert PIN not in kept
    assert {"key": False} in [value for one in json.loads(kept)[1] for value in one]


@WITH_A_FAMILY
def test_the_second_start_needs_no_network(thumb: Thumb) -> None:
    goes_to_graces(thumb)
    thumb.context.set_offline(True)
    thumb.kill()
    thumb.open()
    thumb.unlocks()
    thumb.sees("Leo")
    expect(thumb.page.get_by_text("Nje ya mtandao")).to_be_visible()
    thumb.touch(thumb.page.get_by_role("link", name="Kaya", exact=True))
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Grace Wambui")))
    thumb.sees("Grace Wambui")


@WITH_A_FAMILY
def test_a_full_disk_is_said_and_nothing_is_lost(thumb: Thumb) -> None:
    goes_to_graces(thumb)
    devtools = thumb.context.new_cdp_session(thumb.page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": thumb.url, "quotaSize": 1})
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Amani")))
    thumb.tap("Mtoto chini ya miaka mitano", "link")
    thumb.touch(thumb.page.get_by_role("checkbox", name="Hakuna hata moja"))
    expect(thumb.page.get_by_role("alert")).to_contain_text("Hifadhi ya simu imejaa")
    thumb.tap("Toka kwenye fomu")
    thumb.touch(thumb.page.get_by_role("dialog").get_by_role("button", name="Toka kwenye fomu"))
    thumb.sees("Amani Wambui")

    devtools.send("Storage.overrideQuotaForOrigin", {"origin": thumb.url})
    thumb.tap("Mtoto chini ya miaka mitano", "link")
    thumb.answers(healthy_but_thin(140, 11.0))
    thumb.tap("Hifadhi")
    thumb.sees("Amani Wambui")
    expect(thumb.page.get_by_role("listitem").get_by_text("Mtoto chini ya miaka mitano")).to_be_visible()


@WITH_A_FAMILY
def test_five_minutes_out_of_sight_lock_it(thumb: Thumb) -> None:
    goes_to_graces(thumb)
    thumb.page.clock.install()
    thumb.page.evaluate(
        "Object.defineProperty(document, 'visibilityState', {get: () => 'hidden', configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    thumb.page.clock.fast_forward("04:50")
    expect(thumb.page.get_by_role("heading", name="Grace Wambui")).to_be_visible()
    thumb.page.clock.fast_forward("00:20")
    thumb.unlocks()
    thumb.sees("Grace Wambui")


def test_a_changed_pin_opens_and_the_old_one_does_not(thumb: Thumb) -> None:
    thumb.tap("Mipangilio", "link")
    thumb.tap("Badilisha nambari ya siri")
    for pin in (PIN, "703152", "703152"):
        thumb.types_pin(pin)
    expect(thumb.page.get_by_text("Nambari ya siri imebadilishwa.")).to_be_visible()
    thumb.tap("Funga sasa")
    thumb.unlocks()
    expect(thumb.page.get_by_role("alert")).to_contain_text("Nambari ya siri si sahihi")
    expect(thumb.page.get_by_role("button", name="Tarakimu 1", exact=True)).to_be_enabled()
    thumb.types_pin("703152")
    thumb.sees("Mipangilio")


def test_she_chooses_her_language_and_the_dark(thumb: Thumb) -> None:
    thumb.tap("Mipangilio", "link")
    thumb.tap("English", "radio")
    thumb.sees("Settings")
    thumb.tap("Dark", "radio")
    expect(thumb.page.locator("html")).to_have_attribute("data-theme", "dark")
    thumb.kill()
    thumb.open()
    expect(thumb.page.get_by_text("Type your PIN")).to_be_visible()
    expect(thumb.page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(thumb.page.locator("html")).to_have_attribute("lang", "en")


def test_a_wrong_password_and_a_missing_network_are_said_plainly(context: BrowserContext, url: str) -> None:
    thumb = Thumb(context, url)
    thumb.open()
    thumb.types(thumb.page.get_by_label("Jina la mtumiaji"), cast.PROMOTER.username)
    thumb.types(thumb.page.get_by_label("Nenosiri", exact=True), "si-hili")
    thumb.tap("Ingia")
    expect(thumb.page.get_by_role("alert")).to_contain_text("Jina la mtumiaji au nenosiri si sahihi")
    context.set_offline(True)
    thumb.tap("Ingia")
    expect(thumb.page.get_by_role("alert")).to_contain_text("Hakuna mtandao")


@WITH_A_FAMILY
def test_a_revoked_phone_wipes_itself(thumb: Thumb, sqlite_store: Store) -> None:
    goes_to_graces(thumb)
    sqlite_store.write_now(lambda c: c.run("UPDATE device SET revoked_at = 1"))
    thumb.tap("Rudi")
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Kutuma")))
    with contextlib.suppress(Error):  # it may have heard by itself meanwhile, and then there is no button
        thumb.touch(thumb.page.get_by_role("button", name=re.compile("Tuma sasa|Inatuma")))
    thumb.sees("Simu imeondolewa matumizini")
    thumb.kill()
    thumb.open()
    thumb.sees("Karibu Hodi")


@WITH_A_FAMILY
def test_a_wrong_measurement_is_corrected_and_both_stay(thumb: Thumb, sqlite_store: Store) -> None:
    goes_to_graces(thumb)
    thumb.touch(thumb.page.get_by_role("link", name=re.compile("Amani")))
    thumb.tap("Mtoto chini ya miaka mitano", "link")
    thumb.answers(healthy_but_thin(113, 10.4))
    thumb.tap("Hifadhi")
    thumb.tap("Si sasa")
    expect(thumb.page.get_by_text("MUAC ya mwisho 113 mm")).to_be_visible()

    thumb.touch(
        thumb.page.get_by_role("listitem").get_by_role("link", name=re.compile("Mtoto chini ya miaka mitano"))
    )
    thumb.tap("Sahihisha rekodi", "link")
    thumb.sees("Hakiki majibu")
    thumb.touch(thumb.page.get_by_role("button", name=re.compile("Pima mzingo wa mkono")))
    thumb.types(thumb.page.get_by_role("textbox"), "131")
    thumb.answers(healthy_but_thin(131, 10.4))
    thumb.tap("Hifadhi")
    thumb.sees("Amani Wambui")
    expect(thumb.page.get_by_text("MUAC ya mwisho 131 mm")).to_be_visible()
    expect(thumb.page.get_by_text("Imesahihishwa")).to_be_visible()
    thumb.page.wait_for_timeout(2_500)
    stated = "SELECT e.kind, o.number FROM event e JOIN observation o ON o.unit = e.unit AND o.event = e.id"
    found = rows(sqlite_store, f"{stated} WHERE o.concept = 'muac_mm' ORDER BY e.id")
    assert found == [("assessment.recorded", 113.0), ("event.corrected", 131.0)]


def test_an_impatient_second_tap_passes_over_no_question(thumb: Thumb) -> None:
    thumb.tap("Sajili kaya", "link")
    thumb.sees(re.compile("familia inakubali"))
    thumb.page.evaluate(
        """() => {
             const named = (selector, name) =>
               [...document.querySelectorAll(selector)].find((one) => one.textContent.includes(name));
             named('[role=radio]', 'Ndiyo, anakubali').click();
             for (let n = 0; n < 3; n += 1) named('button', 'Endelea').click();
           }"""
    )
    thumb.sees(re.compile("Jina la mkuu"))
    thumb.page.wait_for_timeout(500)
    assert "Jina la mkuu" in thumb.question()
    assert thumb.page.get_by_role("alert").count() == 0
