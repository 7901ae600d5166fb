"""The pages through the front door: who sees what, what every answer carries, what is refused."""

from __future__ import annotations

import dataclasses
import html
import pathlib
import re
from collections.abc import Callable

import httpx
import pytest

from hodi import access
from hodi.background import CONSUMERS
from hodi.clock import system_clock
from hodi.config import from_environment
from hodi.db import Connection, Store
from hodi.domain import DAY_MS
from hodi.server import build_app
from tests import cast
from tests.harness.serve import Served
from tests.harness.story import Story, falling_arm

UNIT = cast.UMOJA.place
STAFF = (
    cast.ASSISTANT, cast.STRANGE_ASSISTANT, cast.NURSE, cast.STRANGE_NURSE, cast.OFFICER,
    cast.COUNTY_OFFICER, cast.ADMIN,
)  # fmt: skip
NAMES = ("Amina", "Otieno", "Wanjiku", "K7M2P49")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scene:
    """A served house with one household, whose child has a signal and a referral."""

    url: str
    store: Store
    household: int
    child: int
    mother: int
    referral: int

    def client(self, who: cast.Worker | None = None) -> httpx.Client:
        """A browser, logged in as `who`."""
        browser = httpx.Client(base_url=self.url, headers={"accept-language": "en-KE,en;q=0.9"})
        if who is not None:
            done = log_in(browser, who.username)
            assert done.status_code == 303, done.text
        return browser

    @property
    def person(self) -> str:
        """The address of the child's record."""
        return f"/people/{UNIT}/{self.household}/{self.child}"

    @property
    def signal(self) -> str:
        """The address of the child's signal."""
        return f"/signals/{UNIT}/{self.household}/{self.child}"

    @property
    def slip(self) -> str:
        """The address of the referral at the desk."""
        return f"/desk/referrals/{UNIT}/{self.referral}"

    @property
    def followed(self) -> str:
        """The address of the referral as the supervisor follows it."""
        return f"/referrals/{UNIT}/{self.referral}"

    @property
    def clinical(self) -> list[str]:
        """Every address that shows somebody's record."""
        return [
            self.person, self.signal, self.slip, self.followed, f"/households/{UNIT}/{self.household}",
            "/board/list/households?area=11", "/board", "/desk",
        ]  # fmt: skip


@pytest.fixture
def scene(sqlite_store: Store, tmp_path: pathlib.Path, serve: Callable[..., Served]) -> Scene:
    now = system_clock()
    sqlite_store.write_now(lambda c: cast.seat(c, now - 300 * DAY_MS))

    def tell(c: object) -> tuple[int, int, int, int]:
        story = Story(c, now)  # type: ignore[arg-type]
        home = story.household("Wanjiku", landmark="Behind the mill", household_phone="+254722000111")
        child = story.person(home, "Amina", "Otieno")
        mother = story.person(home, "Grace", "Wanjiku", age_days=9000)
        falling_arm(story, home, child)
        referral = story.refer(home, child, code="K7M2P49", days_ago=0.1)
        story.fold()
        return home, child, mother, referral

    home, child, mother, referral = sqlite_store.write_now(tell)
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html><title>app</title>")
    (built / "sw.js").write_text("// worker")
    (built / "assets" / "index-BvQ2x7aP.js").write_text("export {}")
    (built / "assets" / "index-BvQ2x7aP.js.br").write_bytes(b"packed")
    served = serve(sqlite_store, environ={"HODI_APP": str(built)})
    return Scene(
        url=served.url, store=sqlite_store, household=home, child=child, mother=mother, referral=referral
    )


def log_in(
    browser: httpx.Client, username: str, password: str = cast.PASSWORD, **extra: str
) -> httpx.Response:
    form = browser.get("/login")
    return browser.post(
        "/login", data={"csrf": csrf(form.text), "username": username, "password": password, **extra}
    )


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, "the page has no form token"
    return found.group(1)


def started(page: str) -> dict[str, str]:
    """What a form about a referral carries: its token, and the state that it started from."""
    found = re.search(r'name="from" value="([^"]+)"', page)
    assert found, "the page has no form about a referral"
    return {"csrf": csrf(page), "from": found.group(1)}


def log_of(scene: Scene) -> list[tuple[object, ...]]:
    return scene.store.read_now(
        lambda c: c.rows("SELECT account, action, household, person, detail FROM access_log ORDER BY id")
    )


def kinds_of(scene: Scene) -> list[str]:
    return [row[0] for row in scene.store.read_now(lambda c: c.rows("SELECT kind FROM event ORDER BY seq"))]


# ── every answer ──


def test_every_answer_carries_the_strict_headers(scene: Scene) -> None:
    addresses = [
        "/", "/login", "/healthz", "/nowhere", "/static/pages.css", "/static/nothing.css", "/app/",
        "/app/sw.js", "/app/missing.js", "/api/nowhere", "/people/x/y/z", "/live", "/admin/new",
        "/places", *scene.clinical,
    ]  # fmt: skip
    for who in (None, *STAFF):
        browser = scene.client(who)
        for address in addresses:
            if address == "/live" and who is not None:
                continue  # an endless stream; its headers are looked at in the journeys
            answer = browser.get(address)
            policy = answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff", address
            if address.startswith("/api/"):
                assert policy == "default-src 'none'"  # nothing there is a page; an idle sync stays small
                continue
            assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, address
            assert "unsafe-inline" not in policy and "'unsafe-eval'" not in policy, address
            assert ("wasm-unsafe-eval" in policy) == address.startswith("/app/"), address
            assert answer.headers["referrer-policy"] == "no-referrer", address
            assert answer.headers["cross-origin-opener-policy"] == "same-origin", address
            assert "permissions-policy" in answer.headers, address
            kept = answer.headers["cache-control"]
            assert kept == "no-store" or address.startswith(("/static/", "/app/")), (address, kept)


def test_pages_hold_no_inline_script_or_style(scene: Scene) -> None:
    seen = 0
    for who in (None, *STAFF):
        browser = scene.client(who)
        for address in [
            "/",
            "/login",
            "/places",
            "/admin",
            "/admin/new?role=chp&q=umoja",
            *scene.clinical,
        ]:
            page = browser.get(address)
            if page.status_code != 200:
                continue
            seen += 1
            assert not re.search(r"<script(?![^>]*\ssrc=)", page.text), address
            assert not re.search(r"\s(style|on\w+)=", page.text), address
            assert "<style" not in page.text, address
            assert not re.search(r"""(src|href|action)=["'](https?:)?//""", page.text), address
    assert seen > 20


def test_a_failure_inside_is_answered_in_plain_words_with_all_headers(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    browser = scene.client(cast.ASSISTANT)
    monkeypatch.setattr("hodi.web.pages.board.views.board", fail)
    answer = browser.get("/board")
    assert answer.status_code == 500
    assert "Nothing is lost" in answer.text and "secret detail" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for_programs = scene.client().get("/api/nowhere")
    assert for_programs.json()["error"]["code"] == "not_found"
    assert isinstance(for_programs.json()["now"], int)


def test_a_body_beyond_the_limit_is_refused(scene: Scene) -> None:
    browser = scene.client()
    answer = browser.post("/login", data={"csrf": "x", "username": "a" * 70_000, "password": "b"})
    assert answer.status_code == 413
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_health_tells_of_the_background(scene: Scene) -> None:
    answer = scene.client().get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["ok"] is True and answer.json()["background"]["running"] == len(CONSUMERS)


# ── files ──


def test_the_phone_app_is_served_packed_and_kept(scene: Scene) -> None:
    browser = scene.client()
    asset = browser.get("/app/assets/index-BvQ2x7aP.js", headers={"accept-encoding": "identity"})
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asset.headers["content-type"].startswith("text/javascript")
    with browser.stream(
        "GET", "/app/assets/index-BvQ2x7aP.js", headers={"accept-encoding": "gzip, br"}
    ) as packed:
        assert packed.headers["content-encoding"] == "br"
        assert b"".join(packed.iter_raw()) == b"packed"
    start = browser.get("/app/")
    assert start.headers["cache-control"] == "no-cache" and "<title>app" in start.text
    assert browser.get("/app/household/12").text == start.text
    again = browser.get("/app/", headers={"if-none-match": start.headers["etag"]})
    assert again.status_code == 304
    assert browser.get("/app/sw.js").headers["cache-control"] == "no-cache"
    for outside in ("/app/../pyproject.toml", "/app/%2e%2e/%2e%2e/pyproject.toml", "/static/%2e%2e/app.py"):
        assert browser.get(outside).status_code == 404
    page = browser.get("/").text
    css = re.search(r'href="(/static/pages\.css\?v=\w+)"', page)
    assert css and browser.get(css.group(1)).headers["cache-control"].endswith("immutable")


# ── log-in ──


def test_each_role_lands_on_its_own_page(scene: Scene) -> None:
    landings = {
        cast.ASSISTANT: "/board", cast.NURSE: "/desk", cast.OFFICER: "/places",
        cast.COUNTY_OFFICER: "/places", cast.ADMIN: "/admin", cast.PROMOTER: "/app/",
    }  # fmt: skip
    for who, landing in landings.items():
        browser = scene.client()
        done = log_in(browser, who.username)
        assert (done.status_code, done.headers["location"]) == (303, landing)
        cookie = done.headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=lax" in cookie
        assert browser.get(landing).status_code == 200
        assert browser.get("/").headers["location"] == landing


def test_cookies_are_bound_to_tls_where_there_is_tls(scene: Scene, serve: Callable[..., Served]) -> None:
    browser = httpx.Client(base_url=serve(scene.store, environ={"HODI_SECURE_COOKIES": "1"}).url)
    form = browser.get("/login")
    assert "Secure" in form.headers["set-cookie"]
    done = browser.post(
        "/login",
        data={"csrf": csrf(form.text), "username": cast.ADMIN.username, "password": cast.PASSWORD},
        headers={"cookie": form.headers["set-cookie"].split(";")[0]},
    )
    assert done.headers["set-cookie"].startswith("__Host-hodi=")
    assert "Secure" in done.headers["set-cookie"] and "HttpOnly" in done.headers["set-cookie"]
    assert "max-age" in done.headers["strict-transport-security"]


def test_log_in_goes_back_to_the_page_asked_for_but_never_elsewhere(scene: Scene) -> None:
    refused = scene.client().get("/board")
    assert refused.headers["location"] == "/login?next=/board"
    fragment = scene.client().get("/board", headers={"hx-request": "true"})
    assert (fragment.status_code, fragment.headers["hx-redirect"]) == (401, "/login?next=/board")
    wanted = {
        "/desk": "/desk", "//evil.example": "/board", "https://evil.example": "/board",
        "/\\evil.example": "/board", "": "/board", "/login": "/board",
    }  # fmt: skip
    for next_, landing in wanted.items():
        done = log_in(scene.client(), cast.ASSISTANT.username, next=next_)
        assert done.headers["location"] == landing, next_


def test_wrong_passwords_meet_a_growing_wait(scene: Scene) -> None:
    browser = scene.client()
    answers = [log_in(browser, cast.NURSE.username, "wrong") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert "is not right" in answers[0].text and "Wait a few minutes" in answers[5].text
    right = log_in(browser, cast.NURSE.username)
    assert right.status_code == 429, "the right password does not help before the wait is over"
    assert log_in(scene.client(), cast.ASSISTANT.username).status_code == 303


def test_logging_out_ends_the_session(scene: Scene) -> None:
    browser = scene.client(cast.ASSISTANT)
    stolen = browser.cookies["hodi"]
    done = browser.post("/logout", data={"csrf": csrf(browser.get("/board").text)})
    assert done.headers["location"] == "/"
    thief = scene.client()
    thief.cookies.set("hodi", stolen)
    assert thief.get("/board").status_code == 303


def test_pages_speak_the_language_that_was_chosen(scene: Scene) -> None:
    browser = scene.client(cast.ASSISTANT)
    assert "Referrals outstanding" in browser.get("/board").text
    chosen = browser.get("/language/sw?back=/board")
    assert chosen.headers["location"] == "/board"
    page = browser.get("/board").text
    assert 'lang="sw"' in page and "Rufaa zinazosubiri" in page and "Referrals outstanding" not in page
    assert "Mzingo wa mkono umepungua" in page
    assert browser.get("/language/sw?back=//evil.example").headers["location"] == "/"
    refused = browser.get("/desk")
    assert refused.status_code == 403 and "Akaunti yako hairuhusiwi" in refused.text


# ── who sees what ──


def test_nobody_sees_anything_without_logging_in(scene: Scene) -> None:
    browser = scene.client()
    for address in [*scene.clinical, "/places", "/admin", "/admin/new", "/live"]:
        assert browser.get(address).status_code == 303, address


@pytest.mark.parametrize(
    "who", [cast.STRANGE_ASSISTANT, cast.OFFICER, cast.COUNTY_OFFICER, cast.ADMIN, cast.PROMOTER]
)
def test_whoever_has_no_business_with_a_household_sees_none_of_it(scene: Scene, who: cast.Worker) -> None:
    browser = scene.client(who)
    for address in [*scene.clinical, "/places", "/admin", "/admin?q=umoja"]:
        page = browser.get(address)
        for name in NAMES:
            assert name not in page.text, (who.username, address)
    for address in (scene.person, scene.signal, scene.slip, f"/households/{UNIT}/{scene.household}"):
        assert browser.get(address).status_code == 403, (who.username, address)
    assert not [row for row in log_of(scene) if row[1] == "read"]


def test_the_supervisor_sees_her_units_and_no_desk(scene: Scene) -> None:
    browser = scene.client(cast.ASSISTANT)
    board = browser.get("/board").text
    assert (
        "Amina Otieno" in board and "The arm measured less three times in a row: from 140 to 126 mm." in board
    )
    for address in (
        scene.person,
        scene.signal,
        f"/households/{UNIT}/{scene.household}",
        "/board/list/households?area=11",
    ):
        assert browser.get(address).status_code == 200, address
    for address in ("/desk", scene.slip, "/places", "/admin"):
        assert browser.get(address).status_code == 403, address
    assert browser.get("/board/list/everything").status_code == 404
    assert browser.get("/board/list/households?area=21").status_code == 404


def test_a_nurse_sees_referrals_to_her_facility_and_no_other_record(scene: Scene) -> None:
    browser = scene.client(cast.NURSE)
    assert "Amina Otieno" in browser.get("/desk").text
    assert browser.get(scene.slip).status_code == 200
    assert "Grace" not in browser.get(scene.slip).text
    for address in (
        scene.person,
        f"/people/{UNIT}/{scene.household}/{scene.mother}",
        scene.signal,
        "/board",
        "/places",
        "/admin",
    ):
        assert browser.get(address).status_code == 403, address


def test_another_facility_needs_the_code_on_the_slip(scene: Scene) -> None:
    browser = scene.client(cast.STRANGE_NURSE)
    listed = browser.get("/desk").text
    assert "Otieno" not in listed
    for typed in ("amina", "0722000111", "K7M2P48", "7K M2P49"):
        found = search(browser, typed)
        assert "Otieno" not in found.text and found.status_code == 200, typed
    assert browser.get(scene.slip).status_code == 403
    assert browser.get(f"{scene.slip}?code=K7M2P49").status_code == 403, (
        "the code is typed, not in an address"
    )
    found = search(browser, "k7m2 p49")
    assert found.headers["location"] == scene.slip
    page = browser.get(found.headers["location"]).text
    assert "Amina Otieno" in page
    title = re.search(r"<title>(.*)</title>", page)
    assert title and not re.search("K7M2|Amina", title.group(1))


def search(browser: httpx.Client, typed: str, **more: str) -> httpx.Response:
    """Look for something at the desk."""
    return browser.post("/desk/find", data={"csrf": csrf(browser.get("/desk").text), "q": typed, **more})


def test_a_wrong_code_opens_nothing_and_offers_the_facilitys_own(scene: Scene) -> None:
    for typed in ("K7M2P48", "k7m2 4p9", "7KM2P49", "K7M2P4", "K7M22P49"):
        found = search(scene.client(cast.NURSE), typed)
        assert found.status_code == 200 and "is not a right code" in found.text, typed
        assert scene.slip in found.text and "Is it one of these?" in found.text, typed
        elsewhere = search(scene.client(cast.STRANGE_NURSE), typed)
        assert "is not a right code" in elsewhere.text and scene.slip not in elsewhere.text, typed
    assert scene.slip not in search(scene.client(cast.NURSE), "K7M2Q52").text


def test_codes_cannot_be_worked_out_nor_tried_one_by_one(scene: Scene) -> None:
    browser = scene.client(cast.STRANGE_NURSE)
    found = search(browser, code_as_before(scene.referral))
    assert found.status_code == 200 and "Nothing found" in found.text
    for n in range(access.MISSES_MAX - 1):
        assert search(browser, code_as_before(scene.referral + n + 1)).status_code == 200
    assert search(browser, "K7M2P49").status_code == 429, "even the right one, now"
    assert browser.get(scene.slip).status_code == 403
    searches = [row for row in log_of(scene) if row[:2] == (cast.STRANGE_NURSE.account, "search")]
    assert [row[4] for row in searches] == ["desk: nothing"] * access.MISSES_MAX
    assert search(scene.client(cast.NURSE), "K7M2P49").status_code == 303, "others go on"


def code_as_before(referral: int) -> str:
    """The code that followed from a referral's number, as codes were made at first."""
    letters, stir = "23456789ABCDEFGHJKMNPQRSTUVWXYZ", 618_033_989
    device, counter = divmod(referral, 2**32)
    paired = counter * counter + device if device < counter else device * device + device + counter
    length, lowest = 6, 0
    while paired - lowest >= 31**length:
        lowest += 31**length
        length += 1
    rest, code = (paired - lowest) * stir % 31**length, ""
    for _ in range(length):
        rest, place = divmod(rest, 31)
        code = letters[place] + code
    return code + letters[sum((n + 2) * letters.index(letter) for n, letter in enumerate(code)) % 31]


def test_the_officers_see_counts_only(scene: Scene) -> None:
    for who in (cast.OFFICER, cast.COUNTY_OFFICER):
        for address, row in {"/places": None, "/places/2": "Umoja", "/places/3": "Umoja"}.items():
            page = scene.client(who).get(address)
            assert page.status_code == 200 and (row or "Mtoni") in page.text
            assert "not shown" in page.text
        for address in ("/board", "/desk", "/admin", "/places/99"):
            assert scene.client(who).get(address).status_code == 403, address
        assert scene.client(who).get("/places?month=190001").status_code == 404


def test_every_reading_of_a_record_is_logged(scene: Scene) -> None:
    assistant, nurse = scene.client(cast.ASSISTANT), scene.client(cast.NURSE)
    before = len(log_of(scene))
    assistant.get("/board")
    assert len(log_of(scene)) == before
    assistant.get(scene.person)
    assistant.get(scene.signal)
    assistant.get(f"/households/{UNIT}/{scene.household}")
    nurse.get(scene.slip)
    search(nurse, "amina")
    home, child = scene.household, scene.child
    assert log_of(scene)[before:] == [
        (cast.ASSISTANT.account, "read", home, child, None),
        (cast.ASSISTANT.account, "read", home, child, "signals NUT_DECLINE"),
        (cast.ASSISTANT.account, "read", home, None, None),
        (cast.NURSE.account, "read", home, child, f"referral {scene.referral}"),
        (cast.NURSE.account, "search", None, None, "desk"),
    ]


def test_the_stream_says_that_something_changed_and_nothing_else(scene: Scene) -> None:
    browser = scene.client(cast.ASSISTANT)
    with browser.stream("GET", "/live") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert "default-src 'none'" in stream.headers["content-security-policy"]
        assert stream.headers["cache-control"] == "no-store"
        lines = stream.iter_lines()
        first = [next(lines), next(lines)]
        assert first == ["event: changed", "data: 1"]
        scene.store.write_now(lambda c: Story(c, system_clock()).visit(scene.household))
        later = [line for line in (next(lines) for _ in range(3)) if line]
        assert later == first


# ── what is posted ──


def test_nothing_is_done_without_the_token_of_the_page(scene: Scene) -> None:
    posts = {
        "/logout": cast.ASSISTANT,
        scene.signal: cast.ASSISTANT,
        f"/households/{UNIT}/{scene.household}/move": cast.ASSISTANT,
        f"/board/refused/{UNIT}/77": cast.ASSISTANT,
        f"/board/faults/{UNIT}/77/0": cast.ASSISTANT,
        f"/departures/{UNIT}/{scene.household}/77": cast.ASSISTANT,
        "/desk/find": cast.NURSE,
        f"{scene.slip}/arrived": cast.NURSE,
        f"{scene.followed}/closed": cast.ASSISTANT,
        "/admin/accounts": cast.ADMIN,
        f"/admin/accounts/{cast.NURSE.account}/active": cast.ADMIN,
        f"/admin/accounts/{cast.NURSE.account}/find-post": cast.ADMIN,
        "/admin/find": cast.ADMIN,
        "/admin/log": cast.ADMIN,
        "/admin/new": cast.ADMIN,
        "/admin/places": cast.ADMIN,
        f"/admin/places/{UNIT}/edit": cast.ADMIN,
        "/password": cast.NURSE,
        "/admin/devices/1001/revoke": cast.ADMIN,
        "/login": None,
    }
    app = build_app(from_environment({}), scene.store)
    routes = {
        path
        for path, ways in app.openapi()["paths"].items()
        if "post" in ways and not path.startswith("/api/")
    }
    assert len(routes) == len(posts), "a page that is posted to is not tried here"
    before = kinds_of(scene)
    for address, who in posts.items():
        browser = scene.client(who)
        fields = {
            "answer": "acted",
            "code": "NUT_DECLINE",
            "episode": "0",
            "to_area": "12",
            "active": "0",
            "sure": "1",
            "device": "1001",
        }
        for token in ({}, {"csrf": ""}, {"csrf": "forged"}):
            answer = browser.post(address, data={**fields, **token})
            assert answer.status_code == 403 and "open too long" in answer.text, address
    assert kinds_of(scene) == before
    assert scene.client(cast.NURSE).get("/desk").status_code == 200


def test_a_signal_is_answered_and_leaves_the_board(scene: Scene) -> None:
    browser = scene.client(cast.ASSISTANT)
    came_from = "/board/list/signals?area=11"
    opened = browser.get(scene.signal, params={"back": came_from}).text
    token, back = csrf(opened), html.unescape(re.findall(r'name="back" value="([^"]+)"', opened)[0])
    assert back == came_from
    which = {"csrf": token, "code": "NUT_DECLINE", "episode": "0", "back": back}
    without = browser.post(scene.signal, data={**which, "answer": "dismissed", "reason": " "})
    assert without.status_code == 422 and "Look at: reason" in without.text
    done = browser.post(
        scene.signal, data={**which, "answer": "dismissed", "reason": "Measured again: 138 mm"}
    )
    assert (done.status_code, done.headers["location"]) == (303, f"{came_from}#here")
    assert "The arm measured less" not in browser.get("/board").text
    assert kinds_of(scene)[-1] == "signal.answered"
    stranger = scene.client(cast.STRANGE_ASSISTANT)
    theirs = csrf(stranger.get("/board").text)
    assert stranger.post(scene.signal, data={**which, "csrf": theirs, "answer": "acted"}).status_code == 403
    unknown = {**which, "code": "NO_SUCH", "answer": "acted"}
    assert browser.post(scene.signal, data=unknown).status_code == 404
    for outward in ("//evil.example", "https://evil.example", "/board//evil", "/admin", "/board?x=/y"):
        away = browser.post(scene.signal, data={**which, "answer": "acted", "back": outward})
        assert away.headers["location"] == "/board#here", outward


def depart(scene: Scene, person: int, kind: str = "person.died", **states: float | str) -> int:
    """A promoter tells that somebody is gone; gives the event."""

    def tell(c: Connection) -> int:
        story = Story(c, system_clock())
        told = story.tell(kind, household=scene.household, person=person, days_ago=0, **states)
        story.fold()
        return told

    return scene.store.write_now(tell)


def state_of(scene: Scene, person: int) -> str:
    [(state,)] = scene.store.read_now(
        lambda c: c.rows("SELECT state FROM person WHERE person = :person", {"person": person})
    )
    return str(state)


def test_a_supervisor_approves_a_departure_and_it_leaves_her_list(scene: Scene) -> None:
    told = depart(scene, scene.child, death_class="child", death_cause="illness", death_place="home")
    browser = scene.client(cast.ASSISTANT)
    listed = browser.get("/board/list/departures").text
    assert 'data-total="1"' in listed and "Death below five years" in listed and "Illness" not in listed
    assert 'data-count="1" href="/board/list/departures"' in browser.get("/board").text
    address = f"/departures/{UNIT}/{scene.household}/{told}"
    opened = browser.get(address, params={"back": "/board/list/departures"}).text
    assert "Illness" in opened and "Amina Otieno" in opened
    assert log_of(scene)[-1][1:] == ("read", scene.household, scene.child, "departure")
    form = {"csrf": csrf(opened), "back": "/board/list/departures"}
    assert browser.post(address, data={**form, "answer": "maybe"}).status_code == 422
    done = browser.post(address, data={**form, "answer": "approved"})
    assert (done.status_code, done.headers["location"]) == (303, "/board/list/departures#here")
    assert 'data-total="0"' in browser.get("/board/list/departures").text
    assert state_of(scene, scene.child) == "died"
    again = browser.post(address, data={**form, "answer": "sent_back", "reason": "Seen today"})
    assert again.status_code == 409 and state_of(scene, scene.child) == "died"


def test_what_is_sent_back_says_why_and_makes_a_member_again(scene: Scene) -> None:
    told = depart(scene, scene.mother, "person.left", state_reason="moved", moved_to="nearby")
    assert state_of(scene, scene.mother) == "left"
    browser = scene.client(cast.ASSISTANT)
    address = f"/departures/{UNIT}/{scene.household}/{told}"
    form = {"csrf": csrf(browser.get(address).text), "answer": "sent_back"}
    assert browser.post(address, data={**form, "reason": " "}).status_code == 422
    assert browser.post(address, data={**form, "reason": "x" * 301}).status_code == 422
    assert browser.post(address, data={**form, "reason": "Was at the clinic today"}).status_code == 303
    assert state_of(scene, scene.mother) == "here"
    [(code, detail)] = scene.store.read_now(
        lambda c: c.rows("SELECT code, detail FROM task WHERE code = 'DEPARTURE_AGAIN'")
    )
    assert (code, detail) == ("DEPARTURE_AGAIN", "left")


def test_nobody_else_reviews_a_departure(scene: Scene) -> None:
    told = depart(scene, scene.child)
    address = f"/departures/{UNIT}/{scene.household}/{told}"
    for stranger in STAFF:
        if stranger is cast.ASSISTANT:
            continue
        browser = scene.client(stranger)
        assert browser.get(address).status_code == 403, stranger.username
        token = csrf(browser.get("/", follow_redirects=True).text)
        refused = browser.post(address, data={"csrf": token, "answer": "approved"})
        assert refused.status_code == 403, stranger.username
    hers = scene.client(cast.ASSISTANT)
    token = csrf(hers.get("/board").text)
    for wrong in (told + 1, scene.referral):
        unknown = f"/departures/{UNIT}/{scene.household}/{wrong}"
        assert hers.post(unknown, data={"csrf": token, "answer": "approved"}).status_code == 404
    assert "departure.reviewed" not in kinds_of(scene)


def test_a_minors_maternal_death_is_named_on_its_page_alone(scene: Scene) -> None:
    def tell(c: Connection) -> tuple[int, int]:
        story = Story(c, system_clock())
        girl = story.person(scene.household, "Zawadi", "Otieno", age_days=5500)
        women = [(girl, 0), (scene.mother, 0)]
        told = [
            story.tell("person.died", household=scene.household, person=who, maternal_death=1)
            for who, _ in women
        ]
        story.fold()
        return told[0], told[1]

    girls, mothers = scene.store.write_now(tell)
    browser = scene.client(cast.ASSISTANT)
    rows = browser.get("/board/list/departures").text
    assert rows.count("Maternal death") == 1
    for told in (girls, mothers):
        opened = browser.get(f"/departures/{UNIT}/{scene.household}/{told}").text
        assert "Maternal death" in opened


def test_of_who_refuses_nothing_more_is_kept_in_sight_and_nothing_that_arrives_is_refused(
    scene: Scene,
) -> None:
    browser = scene.client(cast.ASSISTANT)
    home = f"/households/{UNIT}/{scene.household}"
    assert "Behind the mill" in browser.get(home).text and "MUAC" in browser.get(scene.person).text

    def tell(c: Connection, *, consent: str, person: int | None) -> None:
        story = Story(c, system_clock())
        kind = "household.described" if person is None else "person.described"
        story.tell(kind, household=scene.household, person=person, consent=consent)
        if consent != "given":
            story.assess(scene.household, scene.child, muac_mm=108)
            falling_arm(story, scene.household, scene.mother)
        story.fold()

    def codes(table: str) -> set[str]:
        found = scene.store.read_now(lambda c: c.rows(f"SELECT code FROM {table} WHERE state = 'open'"))
        return {row[0] for row in found}

    assert {"NUT_DECLINE"} <= codes("signal")
    for person in (scene.child, None):
        scene.store.write_now(lambda c, who=person: tell(c, consent="refused", person=who))
        shown = browser.get(scene.person).text
        assert "Does not agree" in shown and "Amina Otieno" in shown and "MUAC" not in shown
        assert "arm" not in shown and "108" not in shown
        assert not {"NUT_DECLINE", "NUT_FOLLOW_UP"} & {
            row[0]
            for table in ("signal", "task")
            for row in scene.store.read_now(
                lambda c, table=table: c.rows(
                    f"SELECT code FROM {table} WHERE person = :person AND state = 'open'",
                    {"person": scene.child},
                )
            )
        }
    assert codes("signal") == set() and codes("task") == {"CONSENT_AGAIN"}
    listed = browser.get(home).text
    assert "does not agree" in listed and "Behind the mill" not in listed and "+254722000111" not in listed
    for person in (scene.child, None):
        scene.store.write_now(lambda c, who=person: tell(c, consent="given", person=who))
    assert "108" in browser.get(scene.person).text and "Behind the mill" in browser.get(home).text
    assert "NUT_FOLLOW_UP" in codes("task")


def test_tasks_are_counted_and_listed_promoter_by_promoter(scene: Scene) -> None:
    def tell(c: Connection) -> None:
        story = Story(c, system_clock())
        story.household("Kamau", days_ago=150)
        story.household("Njeri", days_ago=150, area=cast.AREA_B.place)
        home = story.household("Mwangi", days_ago=150)
        girl = story.person(home, "Zawadi", "Mwangi", age_days=5500)
        story.tell(
            "pregnancy.registered", household=home, person=girl, days_ago=40,
            lmp_day=story.today - 90, edd_day=story.today + 190, edd_source="period",
        )  # fmt: skip
        story.fold()

    scene.store.write_now(tell)
    browser = scene.client(cast.ASSISTANT)
    board = browser.get("/board").text
    for name in ("tasks", "tasks_overdue"):
        for address in dict.fromkeys(re.findall(rf'href="(/board/list/{name}(?:\?area=\d+)?)"', board)):
            said = set(re.findall(rf'data-count="(\d+)" href="{re.escape(address)}"', board))
            listed = browser.get(html.unescape(address)).text
            assert said == {str(listed.count('<li id="t'))}, address
    late = browser.get("/board/list/tasks_overdue").text
    assert "Household of Kamau" in late and "Household of Njeri" in late and "Not visited since" in late
    theirs = browser.get(f"/board/list/tasks_overdue?area={cast.AREA_B.place}").text
    assert "Household of Njeri" in theirs and "Household of Kamau" not in theirs
    due = late + browser.get("/board/list/tasks").text
    assert "Confidential matter" in due and "Zawadi" not in due and "ntenatal" not in due


def test_the_desk_receives_and_closes_a_referral(scene: Scene) -> None:
    browser = scene.client(cast.NURSE)
    arrived = browser.post(f"{scene.slip}/arrived", data=started(browser.get(scene.slip).text))
    assert arrived.status_code == 303
    page = browser.get(arrived.headers["location"]).text
    assert "Arrived</button>" not in page and 'value="treated" required autofocus' in page
    form = started(page)
    for wrong in (
        {"outcome": "cured"},
        {"outcome": "treated", "return_day": "1999-01-01"},
        {"outcome": "treated", "advice": "x" * 501},
    ):
        refused = browser.post(f"{scene.slip}/seen", data={**form, **wrong})
        assert refused.status_code == 422, wrong
    assert kinds_of(scene)[-1] == "referral.arrived"
    fields = {**form, "outcome": "treated", "advice": "Feed five times a day", "return_day": ""}
    closed = browser.post(f"{scene.slip}/seen", data=fields)
    assert closed.headers["location"] == "/desk#saved"
    [(state, outcome, advice, seen_by)] = scene.store.read_now(
        lambda c: c.rows("SELECT state, outcome, advice, seen_by FROM referral")
    )
    assert (state, outcome, advice, seen_by) == ("seen", "treated", "Feed five times a day", "90004")
    assert "Feed five times a day" in scene.client(cast.ASSISTANT).get(scene.person).text
    assert browser.post(f"{scene.slip}/cured", data=form).status_code == 404


def test_another_facility_claims_a_referral_by_its_code(scene: Scene) -> None:
    browser = scene.client(cast.STRANGE_NURSE)
    token = csrf(browser.get("/desk").text)
    assert browser.post(f"{scene.slip}/arrived", data={"csrf": token}).status_code == 403
    search(browser, "K7M2P49")
    form = started(browser.get(scene.slip).text)
    done = browser.post(f"{scene.slip}/seen", data={**form, "outcome": "admitted"})
    assert done.status_code == 303
    [(outcome, seen_by)] = scene.store.read_now(lambda c: c.rows("SELECT outcome, seen_by FROM referral"))
    assert (outcome, seen_by) == ("admitted", "90005")


def test_a_household_moves_with_its_record(scene: Scene) -> None:
    browser = scene.client(cast.ASSISTANT)
    address = f"/households/{UNIT}/{scene.household}"
    token = csrf(browser.get(address).text)
    assert browser.post(f"{address}/move", data={"csrf": token, "to_area": "11"}).status_code == 422
    assert browser.post(f"{address}/move", data={"csrf": token, "to_area": "999"}).status_code == 422
    assert browser.post(f"{address}/move", data={"csrf": token, "to_area": "21"}).status_code == 303
    assert "Amina" not in browser.get("/board").text
    there = scene.client(cast.STRANGE_ASSISTANT)
    assert "Amina Otieno" in there.get("/board").text
    assert there.get(f"/people/20/{scene.household}/{scene.child}").status_code == 200


def test_the_administrator_takes_a_phone_out_of_use(scene: Scene) -> None:
    browser = scene.client(cast.ADMIN)
    token = csrf(browser.get("/admin").text)
    address = "/admin/devices/1001/revoke"
    assert browser.post(address, data={"csrf": token, "device": "1001"}).status_code == 422
    assert browser.post(address, data={"csrf": token, "device": "1001", "sure": "1"}).status_code == 303
    revoked = scene.store.read_now(lambda c: c.rows("SELECT device FROM device WHERE revoked_at IS NOT NULL"))
    assert revoked == [(1001,)]
    assert log_of(scene)[-1][1] == "revoke"
    nurse = scene.client(cast.NURSE)
    assert (
        nurse.post(
            address, data={"csrf": csrf(nurse.get("/desk").text), "device": "1001", "sure": "1"}
        ).status_code
        == 403
    )


def test_only_her_own_supervisor_lays_a_refused_record_aside(scene: Scene) -> None:
    columns = ("id", "unit", "device", "received_at", "event", "code", "detail", "bytes")
    row = (77, UNIT, None, system_clock(), 1, "malformed", None, 2)
    scene.store.write_now(lambda c: c.insert("quarantine", columns, [row]))
    scene.store.write_now(lambda c: c.insert("quarantine_content", ("id", "content"), [(77, "{}")]))
    address = f"/board/refused/{UNIT}/77"
    for stranger in (cast.STRANGE_ASSISTANT, cast.NURSE, cast.ADMIN, cast.OFFICER):
        browser = scene.client(stranger)
        page = browser.get("/", follow_redirects=True).text
        assert browser.post(address, data={"csrf": csrf(page)}).status_code in (403, 404), stranger.username
    hers = scene.client(cast.ASSISTANT)
    assert hers.post(address, data={"csrf": "forged"}).status_code == 403
    token = csrf(hers.get("/board").text)
    assert hers.post(f"/board/refused/{UNIT}/78", data={"csrf": token}).status_code == 404
    assert hers.post(address, data={"csrf": token}).status_code == 303
    assert hers.post(address, data={"csrf": token}).status_code == 404
    assert scene.store.read_now(lambda c: c.rows("SELECT content FROM quarantine_content")) == [("{}",)]
