"""One text, three engines: SQLite in the server, PostgreSQL, and SQLite in WebAssembly run by the phone's
own code give the same rows of every record table and the same signals."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterator

import pytest

from hodi import record, signals, tasks
from hodi.config import ROOT
from hodi.content import load
from hodi.db import Connection, Store
from hodi.domain import Event, day_of
from hodi.record import context_of, members_of
from hodi.record.histories import Case, differences, fold_cases
from tests.cast import ZONE
from tests.contract import costa_clara, tables
from tests.contract.histories import histories
from tests.contract.phone import Phone, running_phone
from tests.contract.rules import evaluate
from tests.contract.told import IN_COSTA_CLARA, IN_KENYA, Country, write

KENYA, EXAMPLE = ROOT / "content" / "kenya", ROOT / "content" / "example"


@pytest.fixture(scope="module")
def phone() -> Iterator[Phone]:
    """The phone's code, running."""
    with running_phone() as one:
        yield one


def on_server(store: Store, events: list[Event], now: int, country: Country = IN_KENYA) -> tables.Tables:
    """The record of events on one of the server's engines."""

    def work(c: Connection) -> tables.Tables:
        write(c, events, country)
        more = True
        while more:
            folded = record.fold(c, country.schema, households_max=40)
            today = day_of(now, country.zone)
            evaluate(c, folded.households, today=today, now=now, pack=country.folder)
            more = folded.more
        return tables.read(lambda sql: c.rows(sql), country.schema)

    return store.write_now(work)


@pytest.mark.parametrize(
    ("country", "told", "households"),
    [(IN_KENYA, histories, 120), (IN_COSTA_CLARA, costa_clara.histories, 30)],
    ids=["kenya", "example"],
)
def test_the_record_of_many_households(
    store: Store,
    phone: Phone,
    country: Country,
    told: Callable[..., tuple[list[Event], int]],
    households: int,
) -> None:
    events, now = told(seed=1, households=households, months=14)
    phone.open(country.folder)
    phone.append(events)
    phone.fold(today=day_of(now, country.zone), now=now)
    here = on_server(store, events, now, country)
    assert all(here.values()), "a table without rows proves nothing"
    assert tables.differences(here, tables.read(phone.rows, country.schema)) == []


def test_what_forms_may_know(store: Store, phone: Phone) -> None:
    events, now = histories(seed=2, households=40, months=10)
    phone.open(KENYA)
    phone.append(events)
    phone.fold(today=day_of(now, ZONE), now=now)
    on_server(store, events, now)
    queries = load(KENYA).context
    people = phone.rows("SELECT unit, household, person FROM person ORDER BY unit, household, person")
    seen: set[str] = set()
    for unit, household, person in people:
        about = {"unit": unit, "household": household, "person": person, "today": day_of(now, ZONE)}
        here = store.read_now(lambda c, about=about: context_of(c, queries, about))  # type: ignore[misc]
        assert here == phone.context(about)
        seen |= here.keys()
    assert seen >= {"given_name", "age_months", "edd_day", "pregnancy_weeks", "last_muac_mm", "latrine"}
    for unit, household in sorted({(unit, household) for unit, household, _ in people}):
        about = {"unit": unit, "household": household, "today": day_of(now, ZONE)}
        listed = store.read_now(lambda c, about=about: members_of(c, queries, about))  # type: ignore[misc]
        assert list(listed) == phone.members(about)


def all_cases(pack: pathlib.Path = KENYA) -> list[Case]:
    """The cases of every signal and every task, each household its own."""
    return [*signals.CASES.load(pack), *tasks.CASES.load(pack, after=1_000_000)]


def on_phone(phone: Phone, cases: list[Case], pack: pathlib.Path = KENYA) -> None:
    """Everything the cases tell, on the phone, each evaluated on its own day."""
    phone.open(pack)
    phone.append([event for case in cases for event in case.events])
    phone.fold(today=0, now=0)
    for case in cases:
        phone.evaluate([(1, case.household)], today=case.today, now=case.now)


def test_the_cases_of_every_rule(store: Store, phone: Phone) -> None:
    cases = all_cases()
    on_phone(phone, cases)

    def work(c: Connection) -> tables.Tables:
        fold_cases(c, cases, KENYA)
        for case in cases:
            evaluate(c, [(1, case.household)], today=case.today, now=case.now)
        return tables.read(lambda sql: c.rows(sql))

    assert tables.differences(store.write_now(work), tables.read(phone.rows)) == []


@pytest.mark.parametrize("pack", [KENYA, EXAMPLE], ids=lambda pack: pack.name)
def test_the_cases_come_out_on_the_phone(phone: Phone, pack: pathlib.Path) -> None:
    cases = all_cases(pack)
    on_phone(phone, cases, pack)
    signal_codes = {rule.code for rule in signals.load_rules(pack)}
    faults = []
    for case in cases:
        table, of = ("signal", signals.CASES) if case.code in signal_codes else ("task", tasks.CASES)
        rows = phone.rows(
            f"SELECT {', '.join(of.fields)} FROM {table} WHERE household = {case.household}"
            f" AND code = '{case.code}' ORDER BY person, episode"
        )
        faults += differences(case, [of.counted(row) for row in rows])
    assert faults == []
