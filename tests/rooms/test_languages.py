"""The server's pages in a country that speaks neither English nor Kiswahili."""

from __future__ import annotations

import argparse
import io
import pathlib
import re

import httpx
import pytest

from hodi.cli.console import Stop
from hodi.cli.people import create_account
from hodi.config import from_environment
from hodi.content import language_by_code, load
from hodi.db import Store
from tests import cast
from tests.harness.languages import MARK, pack_in_other_languages
from tests.rooms.test_figures import NOW
from tests.rooms.test_web import log_in


@pytest.fixture
def pack(tmp_path: pathlib.Path) -> pathlib.Path:
    return pack_in_other_languages(tmp_path)


@pytest.fixture
def url(sqlite_store: Store, serve, pack: pathlib.Path) -> str:  # type: ignore[no-untyped-def]
    sqlite_store.write_now(lambda c: cast.seat(c, NOW))
    return str(serve(sqlite_store, clock=lambda: NOW, environ={"HODI_PACK": str(pack)}).url)


def spoken(page: httpx.Response) -> str:
    found = re.search(r'<html lang="(\w+)" dir="ltr">', page.text)
    assert found, page.text[:200]
    return found[1]


def test_the_first_language_is_the_default_and_a_browser_may_ask_for_another(url: str) -> None:
    assert spoken(httpx.get(f"{url}/")) == "pt"
    for asked, found in (("es", "es"), ("sw, en;q=0.9", "pt"), ("fr-CH, es-MX;q=0.8, pt;q=0.5", "es")):
        assert spoken(httpx.get(f"{url}/", headers={"accept-language": asked})) == found


def test_a_language_of_the_pack_can_be_chosen_and_no_other(url: str, pack: pathlib.Path) -> None:
    browser = httpx.Client(base_url=url)
    page = browser.get("/")
    assert re.findall(r'/language/(\w+)\?back=/" lang="\w+" title="(\w+)"', page.text) == [
        ("pt", "Português"),
        ("es", "Español"),
    ]
    browser.get("/language/sw")
    assert spoken(browser.get("/")) == "pt"
    browser.get("/language/es")
    page = browser.get("/login")
    assert spoken(page) == "es" and load(pack).words["es"]["page.login.title"] in page.text


def test_pages_errors_and_months_are_in_the_packs_languages(url: str) -> None:
    browser = httpx.Client(base_url=url, headers={"accept-language": "es"})
    assert log_in(browser, cast.OFFICER.username).status_code == 303
    page = browser.get("/places")
    assert spoken(page) == "es"
    assert any(month in page.text for month in language_by_code("es").months)
    refused = browser.get("/desk")
    assert refused.status_code == 403 and f"{MARK}Your account may not see or do this." in refused.text
    said = browser.get("/api/nothing-here").json()["error"]["says"]
    assert set(said) == {"pt", "es"} and all(sentence.startswith(MARK) for sentence in said.values())


def test_an_account_speaks_a_language_of_the_pack(
    url: str,
    sqlite_store: Store,
    pack: pathlib.Path,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = httpx.Client(base_url=url)
    log_in(browser, cast.ADMIN.username)
    page = browser.get(f"/admin/accounts/{cast.NURSE.account}").text
    offered = re.findall(r'<option value="(\w\w)" lang="\w\w">(\w+)<', page)
    assert offered == [("pt", "Português"), ("es", "Español")]

    config = from_environment({"HODI_PACK": str(pack), "HODI_STORE": f"sqlite:///{tmp_path / 'store-0.db'}"})
    asked = {"username": "maria", "name": "Maria Mota", "role": "admin", "posts": [], "phone": None}
    with pytest.raises(Stop, match="A language is one of pt, es"):
        create_account(argparse.Namespace(**asked, language="sw"), config)
    monkeypatch.setattr("sys.stdin", io.StringIO(cast.PASSWORD))
    create_account(argparse.Namespace(**asked, language=None), config)
    assert sqlite_store.read_now(
        lambda c: c.rows("SELECT language FROM account WHERE username = 'maria'")
    ) == [("pt",)]
