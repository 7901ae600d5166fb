"""One text, three engines: SQLite in the server, PostgreSQL, and SQLite in WebAssembly run by the phone's
own code give the same rows of every record table and the same signals."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hodi import record, signals
from hodi.config import ROOT
from hodi.db import Connection, Store
from hodi.domain import Event, day_of
from hodi.signals import load_rules
from hodi.signals.cases import FIELDS, judge, load_cases, write_cases
from tests.contract import tables
from tests.contract.histories import histories
from tests.contract.phone import Phone, running_phone
from tests.contract.told import write

KENYA = ROOT / "content" / "kenya"


@pytest.fixture(scope="module")
def phone() -> Iterator[Phone]:
    """The phone's code, running."""
    with running_phone() as one:
        yield one


def on_server(store: Store, events: list[Event], now: int) -> tables.Tables:
    """The record of events on one of the server's engines."""

    def work(c: Connection) -> tables.Tables:
        write(c, events)
        more = True
        while more:
            folded = record.fold(c, record.load_record_schema(KENYA), households_max=40)
            signals.evaluate(c, load_rules(KENYA), folded.households, today=day_of(now), now=now)
            more = folded.more
        return tables.read(lambda sql: c.rows(sql))

    return store.write_now(work)


def test_the_record_of_many_households(store: Store, phone: Phone) -> None:
    events, now = histories(seed=1, households=120, months=14)
    phone.open(KENYA)
    phone.append(events)
    phone.fold(today=day_of(now), now=now)
    here = on_server(store, events, now)
    assert all(here[name] for name in tables.RECORD), "a table without rows proves nothing"
    assert tables.differences(here, tables.read(phone.rows)) == []


def test_the_cases_of_every_rule(store: Store, phone: Phone) -> None:
    cases = load_cases(KENYA)
    phone.open(KENYA)
    phone.append([event for case in cases for event in case.events])
    phone.fold(today=0, now=0)
    for case in cases:
        phone.evaluate([(1, case.household)], today=case.today, now=case.now)
    on_phone = tables.read(phone.rows)

    def work(c: Connection) -> tables.Tables:
        write_cases(c, cases, KENYA)
        return tables.read(lambda sql: c.rows(sql))

    assert tables.differences(store.write_now(work), on_phone) == []


def test_the_cases_come_out_on_the_phone(phone: Phone) -> None:
    cases = load_cases(KENYA)
    phone.open(KENYA)
    phone.append([event for case in cases for event in case.events])
    phone.fold(today=0, now=0)
    faults = []
    for case in cases:
        phone.evaluate([(1, case.household)], today=case.today, now=case.now)
        rows = phone.rows(
            "SELECT person, episode, class, state, first_day - 20000, last_day - 20000, detail,"
            f" number_1, number_2, escalated FROM signal WHERE household = {case.household}"
            f" AND code = '{case.code}' ORDER BY person, episode"
        )
        faults += judge(case, [dict(zip(FIELDS, row, strict=True)) for row in rows])
    assert faults == []
