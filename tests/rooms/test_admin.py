"""The administrator's pages: accounts, posts, places and the access log; and one's own password."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from hodi import access
from hodi.clock import system_clock
from hodi.config import ROOT
from hodi.db import Store
from hodi.domain import DAY_MS
from hodi.indicators import load_limits, promoter_figures
from tests import cast
from tests.cast import ZONE
from tests.harness.serve import Served
from tests.harness.story import Story

UNIT = cast.UMOJA.place
NURSE, PROMOTER = cast.NURSE.account, cast.PROMOTER.account


def token_in(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found.group(1)


def log_in(url: str, username: str, password: str = cast.PASSWORD) -> httpx.Client:
    """A browser that tried to log in; `browser.cookies` has "hodi" if it did."""
    browser = httpx.Client(base_url=url)
    fields = {"csrf": token_in(browser.get("/login").text), "username": username, "password": password}
    browser.post("/login", data=fields)
    return browser


class Admin:
    """The administrator's browser."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.browser = log_in(url, "admin")
        self.token = token_in(self.browser.get("/admin").text)

    def post(self, address: str, **fields: str | list[str]) -> httpx.Response:
        return self.browser.post(address, data={"csrf": self.token, **fields})

    def refused(self, address: str, says: str, **fields: str) -> None:
        answer = self.post(address, **fields)
        assert (answer.status_code, says in answer.text) == (422, True), (fields, answer.text[-400:])


@pytest.fixture
def store(store: Store) -> Store:
    store.write_now(lambda c: cast.seat(c, system_clock() - 300 * DAY_MS))
    return store


@pytest.fixture
def admin(store: Store, serve: Callable[..., Served]) -> Admin:
    return Admin(serve(store).url)


def account(store: Store, number: int) -> access.Account:
    return store.read_now(lambda c: access.account_by_number(c, number))


def log(store: Store) -> list[tuple[object, ...]]:
    return store.read_now(
        lambda c: c.rows("SELECT account, action, about, detail FROM access_log ORDER BY id")
    )


# ── accounts ──


def test_an_account_is_made_with_a_password_shown_once(admin: Admin, store: Store) -> None:
    form = admin.post("/admin/new", role="nurse", q="90005").text
    assert "Hospitali ya Kijani" in form and "Zahanati" not in form
    fields = {"username": "new.nurse", "name": "New Nurse", "role": "nurse", "language": "en", "post": "5"}
    for wrong in (
        {"post": "11"},
        {"post": ""},
        {"username": "Ünna"},
        {"username": "nurse"},
        {"role": "king"},
    ):
        assert admin.post("/admin/accounts", **{**fields, **wrong}).status_code == 422, wrong
    made = admin.post("/admin/accounts", **fields)
    password = re.search(r"<code>([a-z0-9-]{15})</code>", made.text)
    assert password
    assert log_in(admin.url, "new.nurse", password.group(1)).get("/desk").status_code == 200
    assert password.group(1) not in admin.browser.get("/admin").text
    assert log(store)[-2][1] == "account_created"


def test_an_account_is_edited(admin: Admin, store: Store) -> None:
    edit = f"/admin/accounts/{NURSE}/edit"
    fields = {"name": "Nurse  Chebet", "phone": "0722 000-111", "language": "sw"}
    assert admin.post(edit, **fields).status_code == 303
    found = account(store, NURSE)
    assert (found.name, found.phone, found.language) == ("Nurse Chebet", "0722000111", "sw")
    assert log(store)[-1] == (cast.ADMIN.account, "account_changed", NURSE, None)
    for phone in ("hello phone", "12345", "+2547", "07220001110722000111", "0722x00111", "++254722000111"):
        admin.refused(edit, "telephone", **{**fields, "phone": phone})
    admin.refused(edit, "Look at: name", **{**fields, "name": "x"})
    admin.refused(edit, "Look at: language", **{**fields, "language": "xx"})
    assert account(store, NURSE).phone == "0722000111"
    assert admin.post(edit, **{**fields, "phone": ""}).status_code == 303
    assert account(store, NURSE).phone is None


def test_nobody_is_posted_where_there_is_nothing(admin: Admin, store: Store) -> None:
    posts = f"/admin/accounts/{PROMOTER}/posts"
    for wrong in ("99999", "10", "4", "", "x", "9" * 30):
        admin.refused(posts, "place of work", post=wrong)
    two = admin.post(posts, post=["11", "12"])
    assert two.status_code == 422, "a promoter has one area"
    with_nothing = {
        "username": "new.one",
        "name": "New One",
        "role": "promoter",
        "language": "en",
        "phone": "",
    }
    both = {**with_nothing, "post": ["11", "99999"]}
    assert admin.post("/admin/accounts", **both).status_code == 422
    assert account(store, PROMOTER).areas == {11}
    assert admin.post(posts, post="12").status_code == 303
    assert account(store, PROMOTER).areas == {12}
    assert log(store)[-1][1:3] == ("posts_changed", PROMOTER)
    assistant = f"/admin/accounts/{cast.ASSISTANT.account}/posts"
    assert admin.post(assistant, post=["10", "20"]).status_code == 303
    assert account(store, cast.ASSISTANT.account).units == {10, 20}


def test_what_locks_somebody_out_asks_first(admin: Admin, store: Store) -> None:
    nurse = log_in(admin.url, "nurse")
    base = f"/admin/accounts/{NURSE}"
    for step in ("active", "password", "retire"):
        admin.refused(f"{base}/{step}", "confirmation", active="0")
    assert nurse.get("/desk").status_code == 200
    assert admin.post(f"{base}/active", active="0", sure="1").status_code == 303
    assert nurse.get("/desk").status_code == 303
    assert "hodi" not in log_in(admin.url, "nurse").cookies
    assert admin.post(f"{base}/active", active="1", sure="1").status_code == 303
    assert "hodi" in log_in(admin.url, "nurse").cookies
    own = f"/admin/accounts/{cast.ADMIN.account}"
    admin.refused(f"{own}/active", "your own account", active="0", sure="1")
    admin.refused(f"{own}/retire", "your own account", sure="1")
    actions = [row[1] for row in log(store) if row[2] == NURSE]
    assert actions == ["account_locked", "account_unlocked"]


def test_a_password_s_reset_can_take_the_phones_along(admin: Admin, store: Store) -> None:
    def in_use() -> list[tuple[object, ...]]:
        return store.read_now(
            lambda c: c.rows("SELECT device FROM device WHERE account = 101 AND revoked_at IS NULL")
        )

    assert "phones of this account (1)" in admin.browser.get(f"/admin/accounts/{PROMOTER}").text
    reset = f"/admin/accounts/{PROMOTER}/password"
    shown = admin.post(reset, sure="1")
    found = re.search(r"<code>([a-z0-9-]{15})</code>", shown.text)
    assert found and "hodi" in log_in(admin.url, "promoter", found.group(1)).cookies
    assert len(in_use()) == 1
    assert admin.post(reset, sure="1", revoke="1").status_code == 200
    assert in_use() == []
    assert ("revoke", PROMOTER, "device 1001") in [row[1:] for row in log(store)]


def test_a_retired_account_is_closed_for_good(admin: Admin, store: Store) -> None:
    assert "promoter" in admin.browser.get("/admin").text
    base = f"/admin/accounts/{PROMOTER}"
    assert admin.post(f"{base}/retire", sure="1").status_code == 303
    found = account(store, PROMOTER)
    assert (found.active, found.areas) == (False, frozenset())
    assert found.retired_at is not None
    assert "hodi" not in log_in(admin.url, "promoter").cookies
    for step in ("active", "password", "edit", "posts", "retire"):
        admin.refused(f"{base}/{step}", "closed for good", sure="1", active="1", post="11")
    store.write_now(lambda c: access.set_active(c, PROMOTER, True))
    assert not account(store, PROMOTER).active
    page = admin.browser.get(base).text
    assert "closed for good" in page and "/edit" not in page
    assert f'/admin/accounts/{PROMOTER}"' not in admin.browser.get("/admin").text
    again = {
        "username": "promoter",
        "name": "Another",
        "role": "promoter",
        "language": "en",
        "phone": "",
        "post": "11",
    }
    admin.refused("/admin/accounts", "username", **again)


def test_a_successor_does_not_inherit_the_silence_before_her(admin: Admin, store: Store) -> None:
    now, limits = system_clock(), load_limits(ROOT / "content" / "kenya")

    def figures() -> tuple[str | None, str, int]:
        lines = store.read_now(lambda c: promoter_figures(c, unit=UNIT, now=now, limits=limits, zone=ZONE))
        mine = next(line for line in lines if line.area == 11)
        return mine.name, mine.contact, mine.waiting

    long_ago = now - 60 * DAY_MS
    store.write_now(
        lambda c: access.note_sync(c, 1001, now=long_ago, waiting=9, skew_ms=0, app=None, pack=None)
    )
    assert figures() == (cast.PROMOTER.name, "silent", 9)
    form = admin.post("/admin/new", replaces=str(PROMOTER), role="promoter").text
    assert "Takes over from Promoter A" in form and 'value="11" checked' in form
    new = {
        "username": "successor", "name": "Successor", "role": "promoter", "language": "sw", "phone": "",
        "post": "11", "replaces": str(PROMOTER),
    }  # fmt: skip
    made = admin.post("/admin/accounts", **new)
    assert made.status_code == 200 and "shown only now" in made.text
    assert figures() == ("Successor", "never", 0), "nobody has heard of her yet, and nothing of hers waits"
    assert account(store, PROMOTER).retired_at is not None
    successor = next(a for a in store.read_now(access.list_accounts) if a.username == "successor")
    enrolled = store.write_now(lambda c: access.enrol(c, successor, app=None, now=now))
    number = enrolled.device.device
    store.write_now(lambda c: access.note_sync(c, number, now=now, waiting=0, skew_ms=0, app=None, pack=None))
    assert figures() == ("Successor", "fresh", 0)


def test_the_numbers_on_the_page_are_those_of_the_store(admin: Admin, store: Store) -> None:
    columns = ("account", "username", "password", "name", "role", "language", "active", "created_at")
    many = [(1000 + n, f"many-{n:03}", "x", f"Many {n}", "supervisor", "en", 1, 0) for n in range(150)]
    store.write_now(lambda c: c.insert("account", columns, many))
    page = admin.browser.get("/admin").text
    assert re.findall(r'class="count">(\d+)<', page) == ["160", "3"]
    assert "The first 100" in page
    found = admin.post("/admin/find", q="many-14").text
    assert re.findall(r'class="count">(\d+)<', found) == ["10", "0"]
    promoter = account(store, PROMOTER)
    store.write_now(lambda c: access.enrol(c, promoter, app=None, now=system_clock(), renews=1001))
    counts = re.findall(r'class="count">(\d+)<', admin.browser.get("/admin").text)
    assert counts[1] == "3", "a phone with a new number is one phone"


# ── places ──


def test_places_are_entered_edited_and_retired(admin: Admin, store: Store) -> None:
    fields = {"kind": "area", "name": "Umoja C", "code": "", "hmis_uid": ""}
    added = admin.post(f"/admin/places/{UNIT}/add", **fields)
    address = added.headers["location"]
    number = int(address.rpartition("/")[2])
    assert number > max(place.place for place in cast.PLACES)
    assert "Umoja C" in admin.browser.get(address).text
    admin.refused(f"/admin/places/{UNIT}/add", "kind of place", **{**fields, "kind": "county"})
    admin.refused(f"/admin/places/{UNIT}/add", "name of the place", **{**fields, "name": " "})
    stated = {"name": "Umoja Kati", "code": "990011", "hmis_uid": "qKzosKQPl6G"}
    assert admin.post(f"{address}/edit", **stated).status_code == 303
    place = store.read_now(lambda c: access.place_by_number(c, number))
    assert (place.name, place.code, place.hmis_uid, place.parent) == (*stated.values(), UNIT)
    admin.refused(f"{address}/edit", "HMIS", **{**stated, "hmis_uid": "short"})
    unit = {"name": "Jirani", "code": cast.UMOJA.code or "", "hmis_uid": ""}
    admin.refused("/admin/places/20/edit", "code", **unit)
    admin.refused(f"{address}/retire", "confirmation")
    assert admin.post(f"{address}/retire", sure="1").status_code == 303
    assert "Umoja Kati" not in admin.browser.get(f"/admin/places/{UNIT}").text
    assert "Umoja Kati" not in admin.post("/admin/places", q="kati").text
    admin.refused(f"/admin/accounts/{PROMOTER}/posts", "place of work", post=str(number))
    details = [row[3] for row in log(store) if str(row[1]).startswith("place_")]
    assert details == [f"place {number}"] * 3


def test_a_place_in_use_is_not_retired(admin: Admin, store: Store) -> None:
    for place in (UNIT, cast.AREA_A.place, cast.ZAHANATI.place, cast.MTONI.place):
        admin.refused(f"/admin/places/{place}/retire", "still in use", sure="1")

    def households(c: object) -> None:
        Story(c, system_clock()).household("Wanjiku")  # type: ignore[arg-type]

    store.write_now(households)
    admin.post(f"/admin/accounts/{PROMOTER}/retire", sure="1")
    admin.refused(f"/admin/places/{cast.AREA_A.place}/retire", "still in use", sure="1")


# ── the access log ──


def test_the_log_has_who_came_and_who_changed_what(admin: Admin, store: Store) -> None:
    nurse = log_in(admin.url, "nurse")
    nurse.post("/logout", data={"csrf": token_in(nurse.get("/desk").text)})
    log_in(admin.url, "nurse", "wrong")
    log_in(admin.url, "nobody", "wrong")
    admin.post("/admin/accounts/106/posts", post="5")
    assert [row[1] for row in log(store) if row[0] == NURSE] == ["login", "logout", "login_failed"]
    page = admin.browser.get("/admin/log").text
    for words in ("logged in", "logged out", "wrong password", "place of work changed"):
        assert words in page
    of_nurse = admin.post("/admin/log", username="nurse").text
    assert "wrong password" in of_nurse and ">admin<" in of_nurse, "what she did and what was done to her"
    rows = re.findall(r'<th scope="row">', admin.post("/admin/log", username="nurse", action="login").text)
    assert len(rows) == 1
    assert log(store)[-1][1] == "log_read"
    assert admin.post("/admin/log", action="anything").status_code == 422
    assert admin.post("/admin/log", id="1", at="9" * 40).status_code == 422


def test_the_log_is_paged_and_says_nothing_of_a_record(admin: Admin, store: Store) -> None:
    def many(c: object) -> None:
        assistant = access.account_by_number(c, 104)  # type: ignore[arg-type]
        for n in range(230):
            seen_at = {"now": 1_000 + n // 3, "unit": UNIT, "household": 7, "person": n}
            access.log_read(c, assistant, "read", detail="signal HIV", **seen_at)  # type: ignore[arg-type]

    store.write_now(many)
    seen: list[str] = []
    page = admin.post("/admin/log", action="read").text
    for _ in range(10):
        seen += re.findall(r"household 7, person (\d+|–)", page)
        assert "HIV" not in page
        further = re.search(r'name="at" value="(\d+)"><input type="hidden" name="id" value="(\d+)"', page)
        if not further:
            break
        page = admin.post("/admin/log", action="read", at=further.group(1), id=further.group(2)).text
    assert seen == [str(n) if n else "–" for n in reversed(range(230))]


def test_only_an_administrator_sees_these_pages(admin: Admin, store: Store) -> None:
    before = len(log(store))
    for who in ("nurse", "assistant", "officer"):
        browser = log_in(admin.url, who)
        token = token_in(browser.get("/", follow_redirects=True).text)
        for address in (
            "/admin", "/admin/log", "/admin/places", "/admin/places/10", "/admin/new", "/admin/accounts/106",
        ):  # fmt: skip
            assert browser.get(address).status_code == 403, address
        for address in (
            "/admin/find", "/admin/log", "/admin/new", "/admin/places", "/admin/places/10/edit",
            "/admin/accounts", "/admin/accounts/106/edit", "/admin/accounts/106/retire",
            "/admin/accounts/101/find-post",
        ):  # fmt: skip
            fields = {
                "csrf": token, "name": "Someone", "language": "en", "sure": "1", "role": "admin", "q": "a",
                "username": "someone",
            }  # fmt: skip
            assert browser.post(address, data=fields).status_code == 403, address
    assert [row[1] for row in log(store)[before:]] == ["login"] * 3


# ── one's own password ──


@pytest.mark.parametrize("who", [cast.PROMOTER, cast.ASSISTANT, cast.NURSE, cast.OFFICER, cast.ADMIN])
def test_everybody_changes_her_own_password(
    sqlite_store: Store, serve: Callable[..., Served], who: cast.Worker
) -> None:
    sqlite_store.write_now(lambda c: cast.seat(c, system_clock()))
    url = serve(sqlite_store).url
    browser, elsewhere = log_in(url, who.username), log_in(url, who.username)
    token = token_in(browser.get("/password").text)
    right = {"csrf": token, "old": cast.PASSWORD, "new": "mpya-kabisa", "again": "mpya-kabisa"}
    for wrong in (
        {"new": "short", "again": "short"}, {"again": "mpya-kabisa2"}, {"old": "wrong"},
        {"new": f"my-{who.username}", "again": f"my-{who.username}"}, {"new": "x" * 201, "again": "x" * 201},
    ):  # fmt: skip
        assert browser.post("/password", data={**right, **wrong}).status_code in (401, 422), wrong
    assert browser.get("/password").status_code == 200
    assert browser.post("/password", data=right).headers["location"] == "/login"
    assert elsewhere.get("/password").status_code == 303, "the other log-in has ended"
    assert "hodi" not in log_in(url, who.username).cookies
    assert "hodi" in log_in(url, who.username, "mpya-kabisa").cookies
    assert (who.account, "password_changed", who.account, None) in log(sqlite_store)


def test_the_old_password_is_not_guessed_through_a_stolen_session(
    sqlite_store: Store, serve: Callable[..., Served]
) -> None:
    sqlite_store.write_now(lambda c: cast.seat(c, system_clock()))
    browser = log_in(serve(sqlite_store).url, "nurse")
    token = token_in(browser.get("/password").text)
    fields = {"csrf": token, "new": "mpya-kabisa", "again": "mpya-kabisa"}
    codes = [browser.post("/password", data={**fields, "old": f"guess {n}"}).status_code for n in range(8)]
    assert codes == [401] * 5 + [429] * 3
