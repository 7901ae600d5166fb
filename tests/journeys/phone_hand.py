"""A promoter's thumb: what she taps and reads on the phone app, by the words she sees."""

from __future__ import annotations

import contextlib
import functools
import math
import pathlib
import re
import time

from playwright.sync_api import (
    BrowserContext,
    Error,
    FloatRect,
    Locator,
    Page,
    Position,
    TimeoutError,
    expect,
)

from hodi.config import DEFAULT_PACK
from hodi.content import load
from tests.cast import PASSWORD, PROMOTER

PIN = "294817"
_PATIENCE_MS = 15_000
_READS_MS = 450
"""Nobody has read another screen before this; the app takes a tap at the same place before for a slip."""
_SAME_PLACE_PX = 80
_WIDE_PX = 240
"""On a button as wide as this her next tap falls elsewhere, as a thumb's does; she need not look first."""


_PAINTED = "() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))"
_IS_BUTTON = "(element) => element.matches('button, [role=button]')"


@functools.cache
def words_of(pack: pathlib.Path) -> dict[str, str]:
    """What the app of a country says in its first language, by key."""
    country = load(pack)
    return country.words[country.languages[0]]


class Thumb:
    """One window of a country's phone app, in its first language unless she changes it."""

    def __init__(self, context: BrowserContext, url: str, pack: pathlib.Path = DEFAULT_PACK) -> None:
        self.context = context
        self._words = words_of(pack)
        self.url = url
        self.complaints: list[str] = []
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page: Page = context.new_page()
        self.page.set_default_timeout(_PATIENCE_MS)
        self._touched = (math.inf, math.inf)
        self._touched_at = -math.inf

    def says(self, key: str, **values: object) -> str:
        """What the app says under a key."""
        return self._words[f"phone.{key}"].format(**values)

    def open(self) -> None:
        """Open the app."""
        self.page.goto(f"{self.url}/app/")

    def kill(self) -> None:
        """The tab is gone, as when Android takes its memory back; a new one is opened."""
        self.page.close(run_before_unload=False)
        self.page = self.context.new_page()
        self.page.set_default_timeout(_PATIENCE_MS)

    def tap(self, name: str, role: str = "button") -> None:
        """Tap a button (or link, radio, …) by its whole name."""
        self.touch(self.page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]

    def touch(self, what: Locator, timeout: float = _PATIENCE_MS) -> None:
        """Tap something that she sees. Where she has just tapped she looks first."""
        box = self._brings_into_sight(what, timeout)
        at = Position(x=box["width"] / 2, y=box["height"] / 2)
        button = what.evaluate(_IS_BUTTON)
        if button and box["width"] >= _WIDE_PX and self._is_near(box, at):
            left = Position(x=at["x"] - _WIDE_PX / 2.5, y=at["y"])
            right = Position(x=at["x"] + _WIDE_PX / 2.5, y=at["y"])
            at = right if self._is_near(box, left) else left
        if self._is_near(box, at):
            self.page.evaluate(_PAINTED)  # on a slow machine she sees it later than the browser knows it
            self.page.wait_for_timeout(_READS_MS)
        elif not button:  # the tap may scroll it to where she tapped before: two at once make a double tap
            self.page.wait_for_timeout(max(0.0, _READS_MS - 1_000 * (time.monotonic() - self._touched_at)))
        what.tap(timeout=timeout, position=at)
        self._touched = (box["x"] + at["x"], box["y"] + at["y"])
        self._touched_at = time.monotonic()

    def _brings_into_sight(self, what: Locator, timeout: float) -> FloatRect:
        """Scroll to it; where it stands then. A list that is drawn anew meanwhile is looked at again."""
        until = time.monotonic() + timeout / 1_000
        while True:
            try:
                what.scroll_into_view_if_needed(timeout=timeout)
                box = what.bounding_box(timeout=timeout)
            except Error as error:
                if "not attached" not in error.message or time.monotonic() > until:
                    raise
                continue
            if box is not None:
                return box
            assert time.monotonic() < until, f"{what} is not to be seen"

    def _is_near(self, box: FloatRect, at: Position) -> bool:
        """Whether a place within `box` is where she has just tapped."""
        return math.dist((box["x"] + at["x"], box["y"] + at["y"]), self._touched) < _SAME_PLACE_PX

    def types(self, field: Locator, text: str) -> None:
        """Tap a field, rub out what stands there, and type key by key."""
        self.touch(field)
        field.press("End")
        for _ in field.input_value():
            field.press("Backspace")
        field.press_sequentially(text)

    def goes_back(self) -> None:
        """Android's back, as quickly as she likes."""
        self.page.evaluate("history.back()")

    def sees(self, heading: str | re.Pattern[str]) -> Locator:
        """Wait for a heading."""
        found = self.page.get_by_role("heading", name=heading).first
        expect(found).to_be_visible(timeout=_PATIENCE_MS)
        return found

    def types_pin(self, pin: str = PIN) -> None:
        """Type a PIN on the large keys."""
        for digit in pin:
            self.page.get_by_role("button", name=self.says("pin.digit", n=digit), exact=True).tap()

    def enrols(self, username: str = PROMOTER.username, password: str = PASSWORD) -> None:
        """Log in with the network, choose a PIN, and reach today's list."""
        self.open()
        self.types(self.page.get_by_label(self.says("enrol.username")), username)
        self.types(self.page.get_by_label(self.says("enrol.password"), exact=True), password)
        self.tap(self.says("enrol.go"))
        self.sees(self.says("pin.choose"))
        self.types_pin()
        self.sees(self.says("pin.again"))
        self.types_pin()
        self.sees(self.says("today.title"))

    def unlocks(self) -> None:
        """Type the PIN after a start."""
        expect(self.page.get_by_text(self.says("pin.unlock_says"))).to_be_visible(timeout=_PATIENCE_MS)
        self.types_pin()

    def question(self) -> str:
        """The first question on the screen."""
        return self.page.locator("h2, h1").first.inner_text()

    def answers(self, answers: dict[str, str], until: str | None = None) -> None:
        """Answer screen after screen: a part of each question's words gives what to say. A question that
        has no answer here is left empty (then it must be one that may be). It ends at the heading `until`,
        the summary's if none is named."""
        required = self.says("form.problem.required")
        until = until or self.says("form.summary")
        for _ in range(60):
            headings = self._headings()
            if until in headings:
                return
            goes_on = False
            for group in self._questions():
                goes_on = self._answer(group, answers)
            if not (goes_on and self._moves_on_from(headings, 5_000)):
                self.tap(self.says("app.next"))
                missing = self.page.get_by_role("alert").filter(has_text=required).count()
                # A choice moves on by itself: on a slow machine it may do so just before the tap.
                assert missing == 0 or self._headings() != headings, f"no answer here to {headings}"
                assert self._moves_on_from(headings, 5_000), f"stays at {headings}"
        raise AssertionError(f"still at {self._headings()}")

    def _questions(self) -> list[Locator]:
        """The questions on the screen, each found by its words: a screen that moves on meanwhile has none
        of them, so that nothing is answered there."""
        said: list[str] = self.page.locator(".question h2").all_text_contents()
        found = []
        for at, words in enumerate(said):
            heading = self.page.locator("h2", has_text=re.compile(rf"^\s*{re.escape(words.strip())}\s*$"))
            same = self.page.locator(".question").filter(has=heading)
            found.append(same.nth(said[:at].count(words)))
        return found

    def _headings(self) -> list[str]:
        return self.page.get_by_role("heading").all_inner_texts()

    def _moves_on_from(self, headings: list[str], within_ms: int) -> bool:
        """Whether another screen appears in time. Notes have no headings: their words are compared."""
        before = self.page.locator("main").inner_text() if not headings else ""
        for _ in range(within_ms // 25):
            if self._headings() != headings or (before and self.page.locator("main").inner_text() != before):
                return True
            self.page.wait_for_timeout(25)
        return False

    def _answer(self, group: Locator, answers: dict[str, str]) -> bool:
        """Answer a question that she has an answer to; whether the next then comes by itself."""
        try:
            words = group.locator("h2").inner_text(timeout=1_000)
        except TimeoutError:  # the screen has moved on since the last look: there is nothing to answer here
            return False
        said = next((answer for part, answer in answers.items() if part in words), None)
        if said is None:
            return False
        for role in ("radio", "checkbox"):
            choice = group.get_by_role(role, name=said, exact=True)  # type: ignore[arg-type]
            if choice.count():
                # Asked before the tap, after which the next screen may already be there.
                alone = self.page.locator(".question").count() <= 1
                # The screen may be moving on since the last look: then there is nothing to answer here.
                with contextlib.suppress(TimeoutError):
                    if choice.get_attribute("aria-checked", timeout=1_000) == "true":
                        return False
                    self.touch(choice, timeout=5_000)
                    return role == "radio" and alone
                return True
        if group.get_by_label(self.says("form.year")).count():
            year, month, day = said.split("-")
            self.types(group.get_by_label(self.says("form.day"), exact=True), str(int(day)))
            group.get_by_label(self.says("form.month")).select_option(str(int(month)))
            self.types(group.get_by_label(self.says("form.year")), year)
            return False
        if group.get_by_role("textbox").count():  # else the screen has moved on since the last look
            self.types(group.get_by_role("textbox").first, said)
        return False

    def waiting(self) -> int:
        """How many records the app says are waiting to be sent."""
        badge = self.page.get_by_role("navigation").locator("b")
        return int(badge.inner_text()) if badge.count() else 0


HOUSEHOLD = {
    "familia inakubali": "Ndiyo, anakubali", "Jina la mkuu": "Grace Wambui", "Kijiji": "Umoja",
    "nyumba hii": "Karibu na kanisa", "Nambari ya simu": "0700000001", "choo": "Ndiyo", "kunawia": "Hapana",
    "Maji ya kunywa hutoka": "Bomba", "hutibiwa": "Ndiyo", "Taka": "Shimo la taka", "bima": "Hakuna",
}  # fmt: skip


def child(born: str, name: str = "Amani") -> dict[str, str]:
    """A child's line of the register."""
    return {
        "Jina la kwanza": name, "Jina la mwisho": "Wambui", "Jinsia": "Mwanamke", "inajulikana": "Ndiyo",
        "Tarehe ya kuzaliwa": born, "Uhusiano": "Mtoto", "anakubali": "Ndiyo, anakubali",
        "ugonjwa sugu": "Hakuna",
    }  # fmt: skip


def healthy_but_thin(muac_mm: int, weight_kg: float) -> dict[str, str]:
    """Answers about a child who is not ill, with an arm of `muac_mm`."""
    return {
        "dalili": "Hakuna hata moja", "Kikohozi": "Hapana", "Mwili una joto": "Hapana", "Kuhara": "Hapana",
        "kwapani": "36.8", "mzingo wa mkono": str(muac_mm), "shimo linabaki": "Hapana", "anakataa": "Hapana",
        "Uzito": str(weight_kg), "kijitabu": "Ndiyo", "chanjo": "Ndiyo", "Vitamini": "Ndiyo",
        "minyoo": "Ndiyo", "chandarua": "Ndiyo", "umri wake": "Ndiyo",
        "kifua kikuu": "Hapana", "umemshauri": "Ndiyo",
    }  # fmt: skip
