"""What must not be possible at the doors, tried the way somebody who means harm would."""

from __future__ import annotations

import logging
import pathlib
import re
import socket
from collections.abc import Callable

import httpx
import pytest

from hodi.clock import system_clock
from hodi.config import ROOT
from hodi.db import Connection, Store
from hodi.domain import DAY_MS
from tests import cast
from tests.harness.serve import Served
from tests.harness.story import Story, falling_arm

UNIT, ELSEWHERE = cast.UMOJA.place, cast.JIRANI.place


def token_in(page: str) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found.group(1)


def log_in(
    browser: httpx.Client, username: str, password: str = cast.PASSWORD, **more: str
) -> httpx.Response:
    """Send the log-in form."""
    form = {"csrf": token_in(browser.get("/login").text), "username": username, "password": password, **more}
    return browser.post("/login", data=form)


@pytest.fixture
def home(sqlite_store: Store) -> tuple[int, int, int]:
    """A household, a child of it and her referral."""
    now = system_clock()
    sqlite_store.write_now(lambda c: cast.seat(c, now - 300 * DAY_MS))

    def tell(c: Connection) -> tuple[int, int, int]:
        story = Story(c, now)
        household = story.household("Wanjiku")
        child = story.person(household, "Amina", "Otieno")
        falling_arm(story, household, child)
        referral = story.refer(household, child, code="K7M2P49")
        story.fold()
        return household, child, referral

    return sqlite_store.write_now(tell)


@pytest.fixture
def served(
    sqlite_store: Store, home: tuple[int, int, int], tmp_path: pathlib.Path, serve: Callable[..., Served]
) -> Served:
    """The house, served."""
    built = tmp_path / "dist"
    built.mkdir()
    (built / "index.html").write_text("<!doctype html><title>app</title>")
    (tmp_path / "secret.txt").write_text("not for everybody")
    return serve(sqlite_store, environ={"HODI_APP": str(built)})


def test_a_session_from_before_log_in_is_worth_nothing_after_it(served: Served) -> None:
    browser = httpx.Client(base_url=served.url)
    browser.cookies.set("hodi", "chosen-by-somebody-else")
    done = log_in(browser, cast.ASSISTANT.username)
    assert done.status_code == 303
    given = done.cookies["hodi"]
    assert len(given) >= 40 and given != "chosen-by-somebody-else"
    planted = httpx.Client(base_url=served.url, cookies={"hodi": "chosen-by-somebody-else"})
    assert planted.get("/board").status_code == 303
    again = log_in(httpx.Client(base_url=served.url), cast.ASSISTANT.username).cookies["hodi"]
    assert again != given


def test_the_token_of_one_session_opens_no_form_of_another(
    served: Served, home: tuple[int, int, int], sqlite_store: Store
) -> None:
    hers, his = httpx.Client(base_url=served.url), httpx.Client(base_url=served.url)
    log_in(hers, cast.ASSISTANT.username)
    log_in(his, cast.STRANGE_ASSISTANT.username)
    signal = f"/signals/{UNIT}/{home[0]}/{home[1]}"
    for token in (token_in(his.get("/board").text), "", "x", "A" * 64):
        assert hers.post(signal, data={"csrf": token, "answer": "acted"}).status_code == 403, token
    assert sqlite_store.read_now(lambda c: c.rows("SELECT 1 FROM event WHERE kind = 'signal.answered'")) == []


def _events(c: Connection) -> int:
    return len(c.rows("SELECT 1 FROM event"))


def test_nothing_is_changed_by_asking_for_a_page(served: Served, home: tuple[int, int, int]) -> None:
    browser = httpx.Client(base_url=served.url)
    log_in(browser, cast.NURSE.username)
    slip = f"/desk/referrals/{UNIT}/{home[2]}"
    before = served.store.read_now(_events)
    # Who comes back from logging in to what she had sent is led to the slip.
    assert browser.get(f"{slip}/arrived").headers["location"] == slip
    assert served.store.read_now(_events) == before
    for address in (
        "/logout",
        "/admin/accounts",
        "/admin/devices/1/revoke",
    ):
        assert browser.get(address).status_code in (403, 404, 405), address
    assert browser.get("/desk").status_code == 200


def test_an_address_to_go_on_to_never_leads_out_of_the_house(served: Served) -> None:
    outward = (
        "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example",
        "javascript:alert(1)", "/%2f%2fevil.example", "/\t/evil.example", "/board\r\nSet-Cookie: a=b",
        "/board\n", " //evil.example", "/board?x=//evil.example", "//evil.example/%2e%2e",
    )  # fmt: skip
    for wanted in outward:
        done = log_in(httpx.Client(base_url=served.url), cast.ASSISTANT.username, next=wanted)
        landing = done.headers["location"]
        assert landing == "/board", (wanted, landing)
        assert "a" not in done.cookies
        back = httpx.get(f"{served.url}/language/sw", params={"back": wanted})
        assert back.headers["location"] in ("/", "/board"), wanted


def test_an_unknown_name_is_answered_like_a_wrong_password(served: Served) -> None:
    known = log_in(httpx.Client(base_url=served.url), cast.NURSE.username, "wrong")
    unknown = log_in(httpx.Client(base_url=served.url), "nobody-here", "wrong")
    assert known.status_code == unknown.status_code == 401

    def plain(answer: httpx.Response) -> str:
        return re.sub(r'name="csrf" value="[^"]+"|nobody-here|' + cast.NURSE.username, "", answer.text)

    assert plain(known) == plain(unknown)
    for _ in range(4):
        log_in(httpx.Client(base_url=served.url), "nobody-here", "wrong")
    assert log_in(httpx.Client(base_url=served.url), "nobody-here", "wrong").status_code == 429


def test_an_unknown_name_costs_as_much_hashing(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    from hodi import access
    from hodi.access import hashing
    from hodi.errors import HodiError

    sqlite_store.write_now(lambda c: cast.seat(c, 0))
    compared: list[str] = []
    monkeypatch.setattr(hashing, "is_right", lambda stored, _: compared.append(stored) is not None)
    for username in (cast.NURSE.username, "nobody-here"):
        with pytest.raises(HodiError):
            asyncio.run(access.check_password(sqlite_store, username, "wrong", now=1))
    assert len(compared) == 2 and all(one.startswith("$argon2id$") for one in compared)


def test_no_path_leads_out_of_the_folders_of_files(served: Served) -> None:
    host, _, port = served.url.removeprefix("http://").partition(":")
    for path in (
        "/app/../secret.txt", "/app/%2e%2e/secret.txt", "/app/..%2fsecret.txt", "/app/%2e%2e%2fsecret.txt",
        "/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2f..%2fconfig.py", "/static//etc/passwd",
        "/static/%2fetc%2fpasswd", "/app//etc/passwd", "/static/..\\app.py", "/static/pages.css%00.py",
    ):  # fmt: skip
        # By hand: a client would tidy the path before it asks.
        with socket.create_connection((host, int(port)), timeout=10) as line:
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            answer = b""
            while piece := line.recv(65_536):
                answer += piece
        assert answer.split(b" ")[1] in (b"400", b"404", b"308", b"200"), path
        for word in (b"not for everybody", b"root:", b"create_app", b"from_environment"):
            assert word not in answer, path


def test_numbers_in_an_address_open_only_what_is_ones_own(served: Served, home: tuple[int, int, int]) -> None:
    household, child, referral = home
    addresses = (
        "/people/{unit}/{household}/{child}", "/households/{unit}/{household}",
        "/signals/{unit}/{household}/{child}", "/desk/referrals/{unit}/{referral}",
        "/board/list/households?area=11",
    )  # fmt: skip
    for who in (cast.STRANGE_ASSISTANT, cast.STRANGE_NURSE, cast.ADMIN, cast.OFFICER, cast.PROMOTER):
        browser = httpx.Client(base_url=served.url)
        log_in(browser, who.username)
        for unit in (UNIT, ELSEWHERE):  # naming one's own unit beside another's household does not help
            for address in addresses:
                asked = address.format(unit=unit, household=household, child=child, referral=referral)
                answer = browser.get(asked)
                assert answer.status_code in (403, 404), (who.username, asked)
                assert "Amina" not in answer.text and "Wanjiku" not in answer.text, (who.username, asked)
    for huge in (2**31, 2**63, 2**70, -1):
        browser = httpx.Client(base_url=served.url)
        log_in(browser, cast.ASSISTANT.username)
        for asked in (
            f"/people/{UNIT}/{huge}/{child}",
            f"/people/{huge}/{household}/{child}",
            f"/board/list/households?area={huge}",
        ):
            assert browser.get(asked).status_code in (403, 404, 422), asked


def test_no_address_carries_a_token_and_no_page_with_a_person_is_kept(
    served: Served, home: tuple[int, int, int]
) -> None:
    browser = httpx.Client(base_url=served.url)
    log_in(browser, cast.ASSISTANT.username)
    session = browser.cookies["hodi"]
    for address in ("/board", f"/people/{UNIT}/{home[0]}/{home[1]}", f"/households/{UNIT}/{home[0]}"):
        page = browser.get(address)
        assert page.headers["cache-control"] == "no-store" and page.status_code == 200
        assert session not in page.text
        for target in re.findall(r'(?:href|src|action|hx-get)="([^"]+)"', page.text):
            assert "csrf" not in target and "token" not in target and session not in target, target


def test_the_log_speaks_of_nobody(
    served: Served, home: tuple[int, int, int], caplog: pytest.LogCaptureFixture
) -> None:
    browser = httpx.Client(base_url=served.url)
    with caplog.at_level(logging.DEBUG, logger="hodi"):
        log_in(browser, cast.ASSISTANT.username, "her-wrong-password")
        log_in(browser, cast.ASSISTANT.username)
        browser.get(f"/people/{UNIT}/{home[0]}/{home[1]}")
        httpx.get(f"{served.url}/desk/find", params={"q": "Amina Otieno"})
    said = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("hodi"))
    for word in ("Amina", "Otieno", "her-wrong-password", cast.PASSWORD, browser.cookies["hodi"]):
        assert word not in said


def test_signs_that_no_column_holds_break_nothing(
    store: Store, serve: Callable[..., Served], tmp_path: pathlib.Path
) -> None:
    store.write_now(lambda c: cast.seat(c, system_clock() - DAY_MS))
    url = serve(store, environ={"HODI_APP": str(tmp_path)}).url
    nurse, admin = httpx.Client(base_url=url), httpx.Client(base_url=url)
    assert log_in(nurse, cast.NURSE.username, "wrong\0").status_code == 401
    assert log_in(nurse, "nurse\0", "wrong").status_code == 401
    log_in(nurse, cast.NURSE.username)
    log_in(admin, cast.ADMIN.username)
    for typed in (
        "\0\0\0",
        "am\0ina",
        "%%%",
        "\u0000' OR 1=1 --",
        "😀" * 30,
        "\ud83d".encode("utf-8", "replace").decode(),
    ):
        form = {"csrf": token_in(nurse.get("/desk").text), "q": typed}
        assert nurse.post("/desk/find", data=form).status_code in (200, 303), ascii(typed)
        asked = {"csrf": token_in(admin.get("/admin").text), "q": typed, "role": "promoter"}
        for address in ("/admin/find", "/admin/new", "/admin/places", "/admin/accounts/101/find-post"):
            assert admin.post(address, data=asked).status_code == 200, (address, ascii(typed))
    assert admin.get(f"/desk/referrals/{2**70}/1").status_code in (403, 404)


def test_what_cannot_be_read_is_answered_with_a_sentence_and_never_with_500(served: Served) -> None:
    with httpx.Client(base_url=served.url) as browser:
        log_in(browser, cast.ASSISTANT.username)
        kind = "multipart/form-data; boundary=x"
        part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n1\r\n'
        many = "".join(part.format(f"f{n}") for n in range(60)) + "--x--\r\n"
        bodies = {
            kind: (b"", b"--x\r\nnot a header\r\n", b"\xff\xfe", many.encode(), part.format("a").encode()),
            "multipart/form-data": (b"--x--",),
            "application/x-www-form-urlencoded": (b"\xff=\xfe&%", b"&".join(b"f%d=1" % n for n in range(60))),
        }
        for address in ("/login", "/logout", "/signals/10/1/1/NUT_DECLINE/0"):
            for content_type, contents in bodies.items():
                for content in contents:
                    answer = browser.post(address, content=content, headers={"content-type": content_type})
                    assert 300 <= answer.status_code < 500, (address, content_type, content[:40])
                    if answer.status_code == 422:
                        assert re.search("nothing was saved yet|hakuna kilichohifadhiwa", answer.text)
        for name in ("x" * 256, "x" * 3_000 + ".js", "a/" * 900 + "b.css", "é" * 200 + ".png"):
            for root in ("/app/", "/static/"):
                assert browser.get(root + name).status_code in (200, 404), (root, name[:20])
            assert browser.get(f"/app/{name}.js").status_code == 404


@pytest.mark.parametrize(
    "template", sorted((ROOT / "hodi/web/templates").glob("*.html")), ids=lambda p: p.name
)
def test_no_form_puts_what_is_typed_into_an_address(template: pathlib.Path) -> None:
    """Addresses are kept by browsers, proxies and logs: names and telephones are sent in a body."""
    for form in re.findall(r"<form\b.*?</form>", template.read_text(), re.DOTALL):
        head = form.partition(">")[0]
        free = re.search(r"<textarea|<input(?![^>]*type=\"(?:hidden|radio|checkbox|month|date)\")", form)
        if free:
            assert 'method="post"' in head, f"{template.name}: {head}"
