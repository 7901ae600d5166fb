"""A referral on the supervisor's page and at the desk: what has happened, what can be noted and taken back,
and what must not be possible."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable

import httpx
import pytest

from hodi.background.background import Background
from hodi.clock import system_clock
from hodi.db import Connection, Store
from hodi.domain import DAY_MS
from tests import cast
from tests.harness.serve import Served
from tests.harness.story import Story

UNIT = cast.UMOJA.place


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scene:
    """A served house with one child who was referred, and a girl whose referral is confidential."""

    url: str
    store: Store
    household: int
    child: int
    referral: int
    hidden: int

    @property
    def page(self) -> str:
        """The referral as the supervisor follows it."""
        return f"/referrals/{UNIT}/{self.referral}"

    @property
    def slip(self) -> str:
        """The referral at the desk."""
        return f"/desk/referrals/{UNIT}/{self.referral}"

    def client(self, who: cast.Worker) -> httpx.Client:
        """A browser, logged in as `who`."""
        browser = httpx.Client(base_url=self.url)
        assert log_in(browser, who).status_code == 303
        return browser

    def tell(self, kind: str, days_ago: float = 0, author: int = cast.PROMOTER.account, **values: str) -> int:
        """State something about the referral, and fold."""

        def write(c: Connection) -> int:
            story = Story(c, system_clock())
            event = story.tell(
                kind, household=self.household, person=self.child, target=self.referral, days_ago=days_ago,
                author=author, **values,
            )  # fmt: skip
            story.fold()
            return event

        return self.store.write_now(write)

    def row(self, columns: str) -> tuple[object, ...]:
        """Some columns of the referral's record."""
        rows = self.store.read_now(
            lambda c: c.rows(
                f"SELECT {columns} FROM referral WHERE referral = :referral", {"referral": self.referral}
            )
        )
        return tuple(rows[0])

    def count(self, kind: str) -> int:
        """How many events of a kind there are."""
        return int(
            self.store.read_now(
                lambda c: c.rows("SELECT COUNT(*) FROM event WHERE kind = :kind", {"kind": kind})
            )[0][0]
        )

    def reads(self) -> int:
        """How many readings of the referral were logged."""
        return int(
            self.store.read_now(
                lambda c: c.rows(
                    "SELECT COUNT(*) FROM access_log WHERE action = 'read' AND detail = :detail",
                    {"detail": f"referral {self.referral}"},
                )
            )[0][0]
        )


@pytest.fixture
def scene(sqlite_store: Store, serve: Callable[..., Served]) -> Scene:
    now = system_clock()
    sqlite_store.write_now(lambda c: cast.seat(c, now - 300 * DAY_MS))

    def tell(c: Connection) -> tuple[int, int, int, int]:
        story = Story(c, now)
        c.run("UPDATE account SET phone = '+254700000106' WHERE username = 'nurse'", {})
        home = story.household("Wanjiku", household_phone="+254722000111")
        child = story.person(home, "Amina", "Otieno", person_phone="+254733000222")
        girl = story.person(home, "Neema", "Baraka", age_days=16 * 365, person_phone="+254744000333")
        referral = story.refer(home, child, code="K7M2P49", days_ago=3)
        hidden = story.refer(home, girl, code="G7R2F48", reason="antenatal", days_ago=1)
        story.fold()
        return home, child, referral, hidden

    home, child, referral, hidden = sqlite_store.write_now(tell)
    url = serve(sqlite_store).url
    return Scene(url=url, store=sqlite_store, household=home, child=child, referral=referral, hidden=hidden)


def log_in(browser: httpx.Client, who: cast.Worker, **more: str) -> httpx.Response:
    fields = {"csrf": field(browser.get("/login").text, "csrf"), "username": who.username, **more}
    return browser.post("/login", data={**fields, "password": cast.PASSWORD})


def field(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"the page has no field {name}"
    return found.group(1)


def started(page: str) -> dict[str, str]:
    """What a form of the page carries: its token, and the state it started from."""
    return {"csrf": field(page, "csrf"), "from": field(page, "from")}


def note(browser: httpx.Client, address: str, step: str, **values: str) -> httpx.Response:
    """Open a page and note something on it."""
    page = browser.get(address).text
    return browser.post(f"{address}/{step}", data={**started(page), **values})


# ── the supervisor's page ──


def test_yours_to_trace_leads_to_the_referral(scene: Scene) -> None:
    browser = scene.client(cast.ASSISTANT)
    board = browser.get("/board").text
    assert "yours to trace" in board
    assert f'href="{scene.page}?back=/board"' in board
    scene.tell("referral.traced", days_ago=1, trace_result="will_go", trace_reason="cost")
    page = browser.get(scene.page).text
    for said in ("Amina Otieno", "Danger sign", "Zahanati ya Mtoni", cast.PROMOTER.name, "will go", "Cost"):
        assert said in page, said
    happened = page.split('id="steps"')[1]
    assert happened.index("> Referral <") < happened.index("> Traced <") < happened.index("Cost")
    for phone in ("+254733000222", "+254722000111", cast.PROMOTER.phone, "+254700000106"):
        assert f'href="tel:{phone}"' in page, phone
    title = re.search(r"<title>(.*)</title>", page)
    assert title and not re.search("Amina|K7M2", title.group(1))
    listed = browser.get(f"/households/{UNIT}/{scene.household}").text
    person = browser.get(f"/people/{UNIT}/{scene.household}/{scene.child}").text
    signals = browser.get(f"/signals/{UNIT}/{scene.household}/{scene.child}").text
    assert all(f'href="{scene.page}?' in one for one in (listed, person, signals))


@pytest.mark.parametrize(
    ("result", "reason", "state", "owner"),
    [
        ("will_go", "cost", "traced", "promoter"),
        ("not_found", "", "not_found", "promoter"),
        ("went_elsewhere", "transferred", "elsewhere", "promoter"),
        ("refused", "stigma", "refused", "supervisor"),
        ("moved", "", "moved", "supervisor"),
        ("died", "", "died", "nobody"),
    ],
)
def test_what_tracing_found_is_noted_and_taken_back(
    scene: Scene, result: str, reason: str, state: str, owner: str
) -> None:
    browser = scene.client(cast.ASSISTANT)
    back = "/board/list/overdue?area=11"
    noted = note(browser, scene.page, "traced", result=result, reason=reason, back=back)
    assert noted.status_code == 303 and noted.headers["location"].startswith(f"{scene.page}?back=")
    assert scene.row("state, owner, trace_reason") == (state, owner, reason or None)
    page = browser.get(noted.headers["location"]).text
    assert f'href="{back}#here"' in page, "the way back is the list she came from"
    assert ("Close the referral" in page) == (state != "died")
    event = field(page, "event")
    taken = browser.post(f"{scene.page}/take_back", data={**started(page), "event": event})
    assert taken.status_code == 303
    assert scene.row("state, trace_reason") == ("made", None)
    assert "withdrawn" in browser.get(scene.page).text, "what was taken back stays in sight"


def test_the_page_after_a_step_shows_it_whatever_else_changes_in_the_unit(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    wake = Background.wake

    def with_another_change(self: Background, units: Iterable[int] | None = None) -> None:
        self.publish([UNIT])
        wake(self, units)

    monkeypatch.setattr(Background, "wake", with_another_change)
    browser = scene.client(cast.ASSISTANT)
    for result, state in (("not_found", "not_found"), ("moved", "moved"), ("not_found", "not_found")):
        assert note(browser, scene.page, "traced", result=result).status_code == 303
        assert scene.row("state") == (state,)


def test_refused_has_a_way_forward_and_an_end(scene: Scene) -> None:
    browser = scene.client(cast.ASSISTANT)
    scene.tell("referral.traced", trace_result="refused", trace_reason="cost")
    assert scene.page in browser.get("/board").text
    assert note(browser, scene.page, "closed", reason="").status_code == 422
    assert note(browser, scene.page, "closed", reason="refused").status_code == 303
    assert scene.row("state, owner, due_at") == ("closed", "nobody", None)
    assert scene.page not in browser.get("/board").text
    ended = browser.get(scene.page).text
    assert "Nothing is left to do" in ended and "Refuses after being advised" in ended
    assert note(browser, scene.page, "traced", result="not_found").status_code == 422
    page = browser.get(scene.page).text
    browser.post(f"{scene.page}/take_back", data={**started(page), "event": field(page, "event")})
    assert scene.row("state, owner") == ("refused", "supervisor"), "a closing taken back wakes it again"


def test_what_cannot_be_noted_is_shown_again_with_what_was_typed(scene: Scene) -> None:
    browser = scene.client(cast.ASSISTANT)
    for wrong in ({"result": "refused"}, {"result": "vanished"}, {"result": "refused", "reason": "none"}):
        refused = note(browser, scene.page, "traced", **wrong)
        assert refused.status_code == 422, wrong
    assert re.search(
        r'value="refused" required checked', note(browser, scene.page, "traced", result="refused").text
    )
    assert note(browser, scene.page, "returned", result="kept").status_code == 422, "no return is awaited"
    assert note(browser, scene.page, "cured").status_code == 404
    scene.tell("referral.arrived", author=cast.NURSE.account, evidence="facility_desk")
    assert "the facility records the outcome" in browser.get(scene.page).text
    assert note(browser, scene.page, "traced", result="not_found").status_code == 422
    assert scene.count("referral.traced") == scene.count("referral.returned") == 0


def test_a_return_date_is_kept_or_not_and_stays_awake(scene: Scene) -> None:
    """It passes unkept: it is overdue, and on the list, until somebody says what came of it."""
    browser = scene.client(cast.ASSISTANT)

    def seen(c: Connection) -> None:
        story = Story(c, system_clock())
        day = story.today - 20
        story.tell(
            "referral.seen", household=scene.household, person=scene.child, target=scene.referral,
            days_ago=25, author=cast.NURSE.account, referral_outcome="treated", evidence="facility_desk",
            return_day=day, referral_due_at=system_clock() - 17 * DAY_MS,
            referral_escalate_at=system_clock() - 15 * DAY_MS,
        )  # fmt: skip
        story.fold()

    scene.store.write_now(seen)
    assert scene.page in browser.get("/board/list/overdue").text
    page = browser.get(scene.page).text
    assert "Came back on the date" in page and 'name="result" value="not_found"' not in page
    missed = note(browser, scene.page, "returned", result="not_kept", reason="cost")
    assert missed.status_code == 303
    assert scene.row("state, return_kept, trace_reason, owner") == ("seen", 0, "cost", "promoter")
    due_at = scene.row("due_at")[0]
    assert isinstance(due_at, int) and due_at > system_clock(), "asked a moment ago, it is awaited anew"
    assert scene.page in browser.get("/board/list/referrals").text
    assert note(browser, scene.page, "returned", result="kept").status_code == 303
    assert scene.row("return_kept, owner, due_at") == (1, "nobody", None)


def test_a_confidential_referral_is_followed_without_a_name_or_a_reason(scene: Scene) -> None:
    browser = scene.client(cast.ASSISTANT)
    address = f"/referrals/{UNIT}/{scene.hidden}"
    page = browser.get(address).text
    assert "Confidential matter" in page
    for secret in ("Neema", "Baraka", "ntenatal", "+254744000333", "+254722000111", "Wanjiku"):
        assert secret not in page, secret
    assert f'href="tel:{cast.PROMOTER.phone}"' in page
    noted = note(browser, address, "traced", result="will_go", reason="stigma")
    assert noted.status_code == 303
    page = browser.get(address).text
    assert "will go" in page and "Afraid of what people say" not in page.split('id="steps"')[1]


@pytest.mark.parametrize(
    "who", [cast.STRANGE_ASSISTANT, cast.NURSE, cast.OFFICER, cast.COUNTY_OFFICER, cast.ADMIN, cast.PROMOTER]
)
def test_nobody_but_the_units_supervisor_follows_it(scene: Scene, who: cast.Worker) -> None:
    browser = scene.client(who)
    refused = browser.get(scene.page)
    assert refused.status_code == 403
    assert not re.search("Amina|Otieno|K7M2", refused.text)
    token = field(browser.get("/", follow_redirects=True).text, "csrf") if who != cast.PROMOTER else "none"
    for step in ("traced", "returned", "closed", "take_back"):
        answer = browser.post(f"{scene.page}/{step}", data={"csrf": token, "from": "1", "result": "died"})
        assert answer.status_code == 403, step
    assert scene.row("state") == ("made",)
    assert scene.reads() == 0


def test_it_is_found_under_its_own_unit_only(scene: Scene) -> None:
    browser = scene.client(cast.ASSISTANT)
    assert browser.get(f"/referrals/{UNIT}/77").status_code == 404
    assert browser.get(f"/referrals/{cast.JIRANI.place}/{scene.referral}").status_code == 403
    stranger = scene.client(cast.STRANGE_ASSISTANT)
    assert stranger.get(f"/referrals/{cast.JIRANI.place}/{scene.referral}").status_code == 404
    assert httpx.get(f"{scene.url}{scene.page}").status_code == 303, "not without logging in"


def test_every_reading_is_logged_and_a_page_that_is_fresh_is_given_nothing(scene: Scene) -> None:
    browsers = ((scene.client(cast.ASSISTANT), scene.page), (scene.client(cast.NURSE), scene.slip))
    for browser, address in browsers:
        before = scene.reads()
        known = field(browser.get(address).text, "known")
        assert scene.reads() == before + 1
        fresh = browser.get(address, params={"known": known}, headers={"hx-request": "true"})
        assert (fresh.status_code, fresh.text) == (204, "")
        assert scene.reads() == before + 1
        scene.tell("referral.traced", trace_result="not_found")
        again = browser.get(address, params={"known": known}, headers={"hx-request": "true"})
        assert again.status_code == 200 and "not found" in again.text
        assert scene.reads() == before + 2


# ── what somebody else has stated meanwhile ──


def test_a_stale_page_overwrites_nobody_and_keeps_what_was_typed(scene: Scene) -> None:
    desk, board = scene.client(cast.NURSE), scene.client(cast.ASSISTANT)
    stale = started(desk.get(scene.slip).text)
    assert note(board, scene.page, "traced", result="refused", reason="cost").status_code == 303
    typed = {"outcome": "admitted", "advice": "Stay until the fever is gone", "return_day": ""}
    refused = desk.post(f"{scene.slip}/seen", data={**stale, **typed})
    assert refused.status_code == 409 and "Somebody else has recorded" in refused.text
    assert "Stay until the fever is gone</textarea>" in refused.text
    assert re.search(r'value="admitted" required checked', refused.text)
    assert "refused to go" in refused.text, "it shows how the referral stands now"
    assert scene.row("state, outcome") == ("refused", None)
    for nothing in ({}, {"from": ""}):
        unnamed = {"csrf": stale["csrf"], **nothing, **typed}
        assert desk.post(f"{scene.slip}/seen", data=unnamed).status_code == 409, "no state is named"
    assert desk.post(f"{scene.slip}/seen", data={**started(refused.text), **typed}).status_code == 303
    assert scene.row("state, outcome") == ("seen", "admitted")


def test_a_supervisors_stale_page_closes_nothing(scene: Scene) -> None:
    board = scene.client(cast.ASSISTANT)
    stale = started(board.get(scene.page).text)
    scene.tell("referral.arrived", author=cast.NURSE.account, evidence="facility_desk")
    refused = board.post(f"{scene.page}/closed", data={**stale, "reason": "lost"})
    assert refused.status_code == 409 and scene.count("referral.closed") == 0


def test_a_statement_that_does_not_change_the_state_makes_a_page_stale_too(scene: Scene) -> None:
    desk = scene.client(cast.NURSE)
    stale = started(desk.get(scene.slip).text)
    event = scene.tell("referral.traced", trace_result="will_go")
    assert desk.post(f"{scene.slip}/arrived", data=stale).status_code == 409
    stale = started(desk.get(scene.slip).text)

    def take_back(c: Connection) -> None:
        story = Story(c, system_clock())
        story.tell("event.retracted", household=scene.household, person=scene.child, target=event)
        story.fold()

    scene.store.write_now(take_back)
    assert desk.post(f"{scene.slip}/arrived", data=stale).status_code == 409


# ── the desk ──


def test_a_tap_on_arrived_is_taken_back_by_whoever_tapped(scene: Scene) -> None:
    desk = scene.client(cast.NURSE)
    arrived = note(desk, scene.slip, "arrived")
    assert (arrived.status_code, arrived.headers["location"]) == (303, scene.slip)
    page = desk.get(scene.slip).text
    event = field(page, "event")
    other = scene.client(cast.STRANGE_NURSE)
    search = other.post("/desk/find", data={"csrf": field(other.get("/desk").text, "csrf"), "q": "K7M2P49"})
    assert search.headers["location"] == scene.slip
    theirs = other.get(scene.slip).text
    assert 'name="event"' not in theirs, "another's statement is not offered"
    for browser, read in ((other, theirs), (scene.client(cast.ASSISTANT), "")):
        address = scene.slip if read else scene.page
        read = read or browser.get(address).text
        refused = browser.post(f"{address}/take_back", data={**started(read), "event": event})
        assert refused.status_code == 403
    assert (
        desk.post(f"{scene.slip}/take_back", data={**started(page), "event": str(scene.referral)}).status_code
        == 403
    )
    assert scene.row("state") == ("arrived",)
    assert desk.post(f"{scene.slip}/take_back", data={**started(page), "event": event}).status_code == 303
    assert scene.row("state, arrived_at") == ("made", None)
    assert "Arrived</button>" in desk.get(scene.slip).text


def test_the_desk_notes_who_came_back_and_who_did_not(scene: Scene) -> None:
    desk = scene.client(cast.NURSE)
    assert note(desk, scene.slip, "returned", result="kept").status_code == 422
    tomorrow = desk.get(scene.slip).text
    day = re.findall(r'data-return="([0-9-]+)"', tomorrow)[0]
    assert note(desk, scene.slip, "seen", outcome="treated", return_day=day).status_code == 303
    page = desk.get(scene.slip).text
    assert "Came back on the date" in page and "Did not come back" in page
    assert note(desk, scene.slip, "returned").status_code == 422
    assert note(desk, scene.slip, "returned", result="not_kept").status_code == 303
    assert scene.row("return_kept, owner") == (0, "promoter")
    again = desk.get(scene.slip).text
    assert (
        desk.post(
            f"{scene.slip}/take_back", data={**started(again), "event": field(again, "event")}
        ).status_code
        == 303
    )
    assert scene.row("return_kept") == (None,)
    assert note(desk, scene.slip, "returned", result="kept").headers["location"] == "/desk#saved"
    assert scene.row("return_kept, owner, due_at") == (1, "nobody", None)


def test_who_arrived_as_somebody_told_can_be_received(scene: Scene) -> None:
    desk = scene.client(cast.NURSE)
    for kind, values in (
        ("referral.arrived", {"evidence": "client_says"}),
        ("referral.traced", {"trace_result": "not_found"}),
        ("referral.traced", {"trace_result": "moved"}),
        ("referral.closed", {"close_reason": "lost"}),
    ):
        scene.tell(kind, **values)
        assert "Arrived</button>" in desk.get(scene.slip).text, (kind, values)


# ── a log-in that has ended ──


def test_after_logging_in_she_is_back_at_the_slip_with_her_own_key(scene: Scene) -> None:
    def key(who: cast.Worker, address: str) -> str:
        found = re.search(r'data-typing-key="([^"]+)"', scene.client(who).get(address).text)
        assert found
        return found.group(1)

    assert key(cast.NURSE, scene.slip) == key(cast.NURSE, scene.slip), "it opens what was kept before"
    assert key(cast.NURSE, scene.slip) != key(cast.ASSISTANT, scene.page), "and nobody else's does"

    browser = scene.client(cast.NURSE)
    fields = started(browser.get(scene.slip).text)
    scene.store.write_now(lambda c: c.run("DELETE FROM session", {}))
    typed = {**fields, "outcome": "admitted", "advice": "Stay until the fever is gone"}
    ended = browser.post(f"{scene.slip}/seen", data=typed)
    assert ended.headers["location"] == f"/login?next={scene.slip}/seen"
    assert scene.count("referral.seen") == 0
    polled = browser.get(scene.slip, headers={"hx-request": "true"})
    assert (polled.status_code, polled.headers["hx-redirect"]) == (401, f"/login?next={scene.slip}")
    there = log_in(browser, cast.NURSE, next=f"{scene.slip}/seen").headers["location"]
    assert browser.get(there).headers["location"] == scene.slip
    kept = scene.store.read_now(lambda c: c.rows("SELECT value FROM setting WHERE value LIKE '%fever%'"))
    assert kept == [], "the server keeps nothing of what was typed"
