"""The example country: its own languages, levels, zone and programme, on the whole house; and the page that
says how a country is begun, command by command."""

from __future__ import annotations

import datetime
import os
import pathlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from hodi import access, indicators
from hodi.config import ROOT
from hodi.content import load
from hodi.db import Connection, Store
from hodi.domain import DAY_MS, Event, Observation, day_of
from hodi.events import DESK, Draft, load_rules, mint_ids, state
from hodi.record import fold, load_record_schema
from hodi.simulate.demonstration import load_demonstration
from hodi.sync import build_pack
from tests.cast import PASSWORD
from tests.hand import Answer, body_of
from tests.harness.events import Country, EventBuilder
from tests.harness.serve import Served
from tests.rooms.test_web import log_in

EXAMPLE = ROOT / "content" / "example"
PACK = load(EXAMPLE)
NOW = int(datetime.datetime(2026, 10, 20, 15, tzinfo=datetime.UTC).timestamp() * 1000)
TODAY = day_of(NOW, PACK.zone)
PAGE = ROOT / "docs" / "countries.md"


def settled(store: Store, now: int = NOW) -> None:
    """The demonstration's places and people, and six inspected houses, one with larvae."""
    shown = load_demonstration(EXAMPLE)
    hashed = access.hash_password(PASSWORD)
    rules = load_rules(EXAMPLE)

    def write(c: Connection) -> None:
        access.put_places(c, shown.places)
        author = 0
        for one in shown.accounts:
            number = access.create_account(
                c, username=one.username, password_hash=hashed, name=one.name, role=one.role,
                language=one.language, posts=one.posts, now=now,
            )  # fmt: skip
            author = number if one.role == "promoter" else author
        for number in range(6):
            home, looked = mint_ids(c, 2, writer=DESK)
            head = Observation(concept="head_name", text=f"Casa {number}")
            larvae = Observation(concept="containers_larvae", number=2 if number == 0 else 0)
            drafts = [
                Draft(
                    unit=101, id=id_, kind=kind, area=10101, household=home, occurred_at=now - DAY_MS,
                    observations=(said,),
                )
                for id_, kind, said in (
                    (home, "household.registered", head), (looked, "household.described", larvae),
                )
            ]  # fmt: skip
            receipts = state(c, author=author, drafts=drafts, now=now, rules=rules)
            assert {one.verdict for one in receipts} == {"accepted"}

    store.write_now(write)


@pytest.fixture
def url(sqlite_store: Store, serve: Callable[..., Served]) -> Iterator[str]:
    served = serve(sqlite_store, clock=lambda: NOW, environ={"HODI_PACK": str(EXAMPLE)})
    settled(sqlite_store)
    yield served.url


def test_clocks_go_forward_and_back() -> None:
    winter, summer = (
        int(datetime.datetime(2026, month, 20, 3, 30, tzinfo=datetime.UTC).timestamp() * 1000)
        for month in (7, 10)
    )
    assert [PACK.zone.offset_min(at) for at in (winter, summer)] == [-240, -180]
    # Half past three in Greenwich is half past eleven of the evening before, and in summer past midnight.
    assert [day_of(at, PACK.zone) - at // DAY_MS for at in (winter, summer)] == [-1, 0]


def test_phones_receive_it() -> None:
    content = build_pack(PACK).content.decode()
    assert '"name":"example"' in content and "INSPECTION" in content and "offset_changes" in content


def test_pages_are_in_its_languages_and_by_its_levels(url: str) -> None:
    assert "Boas" in httpx.get(f"{url}/").text or "porta em porta" in httpx.get(f"{url}/").text
    officer = httpx.Client(base_url=url)
    assert log_in(officer, "regiao").status_code == 303
    page = officer.get("/places").text
    assert (
        '<html lang="es"' in page
        and "Distrito de Rio Claro" in page
        and '<th scope="col">Equipo</th>' in page
    )
    assert "Casas sin larvas" in page
    for username, place, status in (("distrito", 2, 200), ("distrito", 1, 403), ("distrito", 3, 403)):
        one = httpx.Client(base_url=url)
        log_in(one, username)
        assert one.get(f"/places/{place}").status_code == status
    supervisor = httpx.Client(base_url=url)
    assert log_in(supervisor, "supervisora").headers["location"] == "/board"
    board = supervisor.get("/board").text
    assert '<html lang="es"' in board and "Derivaciones pendientes" in board
    admin = httpx.Client(base_url=url)
    log_in(admin, "admin")
    place = admin.get("/admin/places/2").text
    assert "Distrito" in place and '<option value="unit">Equipe' in place and "Posto de saúde" in place


def test_phones_sync_within_its_levels_when_the_clocks_go_forward(
    sqlite_store: Store, serve: Callable[..., Served]
) -> None:
    """Midnight of 6 September 2026 is skipped: its day begins at 1 o'clock, 23 hours before the next."""
    turn = int(datetime.datetime(2026, 9, 6, 4, tzinfo=datetime.UTC).timestamp() * 1000)
    now = turn + 3_600_000
    served = serve(sqlite_store, clock=lambda: now, environ={"HODI_PACK": str(EXAMPLE)})
    settled(sqlite_store, now=now)
    post = {"name": "Promotora de Serra Alta", "role": "promoter", "language": "es", "posts": (10301,)}
    hashed = access.hash_password(PASSWORD)
    sqlite_store.write_now(
        lambda c: access.create_account(c, username="alta", password_hash=hashed, now=now, **post)  # type: ignore[arg-type]
    )
    client = httpx.Client(base_url=served.url)

    def enrolled(username: str) -> dict[str, Any]:
        said = {
            "username": username,
            "password": PASSWORD,
            "app": "1",
            "language": "pt",
            "pack_name": "example",
        }
        return dict(client.post("/api/enrol", json=said).json())

    def synced(phone: dict[str, Any], *events: Event) -> Answer:
        body = body_of({"pack_name": "example"}, events, now)
        headers = {"authorization": f"Bearer {phone['token']}"}
        return Answer(client.post("/api/sync", headers=headers, content=body).content)

    near, far = enrolled("promotora"), enrolled("alta")
    levels = [[place["kind"], place["name"]] for place in near["scope"]["above"]]
    assert sorted(levels) == [["district", "Rio Claro"], ["region", "Norte"]]
    reached = [{one["code"] for one in phone["scope"]["facilities"]} for phone in (near, far)]
    assert reached == [{"F1", "F2"}, {"F3"}], "people are referred within their district"

    instants = iter((turn - 1, turn))
    build = EventBuilder(
        unit=101, area=10101, author=near["account"], device=near["device"], country=Country(EXAMPLE),
        clock=lambda: next(instants),
    )  # fmt: skip
    home, registered = build.household(head_name="Casa nova")
    events = [registered, build.event("household.described", household=home, containers_larvae=1)]
    assert events[1].occurred_day == events[0].occurred_day + 1
    assert [one.verdict for one in synced(near, *events).receipts] == ["accepted", "accepted"]
    other = enrolled("promotora")  # her next phone
    assert {event.id: event.occurred_day for event in synced(other).events if event.household == home} == {
        event.id: event.occurred_day for event in events
    }
    assert synced(far).events == [], "another district's phone is told nothing"


def test_its_own_indicator_counts(sqlite_store: Store) -> None:
    settled(sqlite_store)
    (one,) = [one for one in indicators.load_indicators(EXAMPLE) if one.code == "HOUSES_FREE"]

    def read(c: Connection) -> list[indicators.Listed]:
        fold(c, load_record_schema(EXAMPLE), households_max=10)
        indicators.rebuild(c, [one], 101, today=TODAY, now=NOW, months_back=1)
        return indicators.listed(
            c, one, unit=101, month=202610, cell="", today=TODAY, now=NOW, suppress_below=0
        )

    rows = sqlite_store.write_now(read)
    assert (sum(row.counts for row in rows), len(rows)) == (5, 6)


def test_the_commands_of_the_page_begin_a_country(tmp_path: pathlib.Path) -> None:
    (block,) = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    environ = {
        **os.environ, "HODI_STORE": f"sqlite:///{tmp_path}/store.db", "PYTHONPATH": str(ROOT),
        "PATH": f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}",
    }  # fmt: skip
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "example").symlink_to(EXAMPLE)
    done = subprocess.run(
        ["sh", "-eu", "-c", block], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False,
        input="long enough\n", timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "mine is in order" in done.stdout and "13 places" in done.stdout and "can log in" in done.stdout
