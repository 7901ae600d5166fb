"""What the record says of some facts, table by table, on both of the server's engines."""

from __future__ import annotations

import pytest

from hodi.db import Store
from tests.contract.book import Book
from tests.contract.told import DAY_0, SCHEMA, Told


def test_the_later_statement_is_believed_attribute_by_attribute(book: Book) -> None:
    household = book.told.household(0, village="Kwanza", latrine=0, head_name="Mkuu")
    book.told.say("household.described", 9, household=household, stamp=20, village="Pili")
    book.told.say("household.described", 12, household=household, stamp=10, village="Tatu", latrine=1)
    assert book.row("SELECT head_name, village, registered_day, here FROM household") == (
        "Mkuu", "Pili", DAY_0, 1
    )  # fmt: skip


def test_a_kept_concept_is_a_finding_with_amendments_carried_out(book: Book) -> None:
    household = book.told.household(0, village="Kwanza", latrine=0)
    elder = book.told.member(household, birth_day=-25_000)
    book.told.say("household.described", 12, household=household, latrine=1)
    wrong = book.told.assessment(household, elder, 3, walking=4, falls=2, cough=1)
    gone = book.told.assessment(household, elder, 5, walking=3)
    book.told.say("event.corrected", 6, household=household, target=wrong, walking=2)
    book.told.say("event.retracted", 7, household=household, target=gone)
    found = book.rows("SELECT day, person, event, concept, number FROM finding ORDER BY day, concept")
    assert [(day - DAY_0, person, concept, number) for day, person, _, concept, number in found] == [
        (0, 0, "latrine", 0), (3, elder, "walking", 2), (12, 0, "latrine", 1)
    ]  # fmt: skip
    assert found[1][2] == wrong, "a corrected value stands under its own event"


def test_a_correction_counts_from_its_originals_stamp_on(book: Book) -> None:
    household = book.told.household(0, village="Kwanza")
    registered = book.told.events[-1].id
    book.told.say("household.described", 5, household=household, village="Pili")
    book.told.say(
        "event.corrected", 9, household=household, target=registered, head_name="Mpya", village="Tatu"
    )
    assert book.row("SELECT head_name, village FROM household") == ("Mpya", "Pili")


def test_two_corrections_and_the_later_taken_back(book: Book) -> None:
    household = book.told.household()
    child = book.told.member(household, birth_day=-400)
    visit = book.told.assessment(household, child, 0, muac_mm=140)
    book.told.say("event.corrected", 1, household=household, target=visit, muac_mm=130)
    later = book.told.say("event.corrected", 2, household=household, target=visit, muac_mm=150)
    assert book.row("SELECT muac_mm FROM growth") == (150,)
    assert book.row("SELECT event, source FROM amendment") == (visit, later)
    book.told.say("event.retracted", 3, household=household, target=later)
    assert book.row("SELECT muac_mm FROM growth") == (130,)


def test_a_retraction_outranks_a_later_correction(book: Book) -> None:
    household = book.told.household()
    child = book.told.member(household, birth_day=-400)
    visit = book.told.assessment(household, child, 0, muac_mm=140)
    retracted = book.told.say("event.retracted", 1, household=household, target=visit)
    book.told.say("event.corrected", 2, household=household, target=visit, muac_mm=130)
    assert book.rows("SELECT muac_mm FROM growth") == []
    book.told.say("event.retracted", 3, household=household, target=retracted)
    assert book.row("SELECT muac_mm FROM growth") == (130,)


def test_moving_within_the_unit_and_out_of_it(book: Book) -> None:
    household = book.told.household(0)
    book.told.say("household.moved", 10, household=household, to_unit=1, to_area=3)
    assert book.row("SELECT area, here FROM household") == (3, 1)


def test_a_household_that_left_keeps_its_last_area(sqlite_store: Store) -> None:
    # Two ledgers: the events stand in the old unit and, moved along, in the new one.
    from hodi.record import fold

    told = Told()
    household = told.household(0)
    told.say("household.moved", 5, household=household, to_unit=1, to_area=3)
    told.say("household.moved", 10, household=household, to_unit=4, to_area=40)

    def work(c: object) -> list[tuple[object, ...]]:
        told.write(c)
        while fold(c, SCHEMA, households_max=10).more:
            pass
        return c.rows("SELECT unit, area, here FROM household ORDER BY unit")

    assert sqlite_store.write_now(work) == [(1, 3, 0), (4, 40, 1)]


@pytest.mark.parametrize(
    ("says", "state", "day"),
    [
        ([], "here", -1_500),
        ([("person.left", 5)], "left", 5),
        ([("person.left", 5), ("person.registered", 9)], "here", 9),
        ([("person.died", 5), ("person.left", 9)], "died", 5),
    ],
)
def test_whether_somebody_is_here(book: Book, says: list[tuple[str, int]], state: str, day: int) -> None:
    household = book.told.household()
    person = book.told.member(household)
    for kind, when in says:
        states = {"given_name": "Jina", "sex": "female", "birth_day": -9_000} if "registered" in kind else {}
        book.told.say(kind, when, household=household, person=person, **states)
    assert book.row("SELECT state, state_day FROM person") == (state, DAY_0 + day)


def test_a_death_that_was_retracted(book: Book) -> None:
    household = book.told.household()
    person = book.told.member(household)
    died = book.told.say("person.died", 5, household=household, person=person)
    book.told.say("event.retracted", 6, household=household, target=died)
    assert book.row("SELECT state FROM person") == ("here",)


def test_the_months_visits(book: Book) -> None:
    household = book.told.household()
    for day, outcome in (
        (0, "done"),
        (3, "nobody_home"),
        (20, "done"),
        (27, "done"),
        (28, "refused"),
        (40, "done"),
    ):
        book.told.say("visit.made", day, household=household, visit_outcome=outcome)
    # Day 0 is 4 October 2024; day 27 the 31st.
    assert book.rows("SELECT month, visits, first_day, last_day FROM visit_month ORDER BY month") == [
        (202410, 3, DAY_0, DAY_0 + 27), (202411, 1, DAY_0 + 40, DAY_0 + 40)
    ]  # fmt: skip
    book.told.say("visit.made", 12, household=household, visit_outcome="done")  # arrives late
    assert book.rows("SELECT month, visits FROM visit_month ORDER BY month") == [(202410, 4), (202411, 1)]


def test_a_month_without_its_only_visit(book: Book) -> None:
    household = book.told.household()
    visit = book.told.say("visit.made", 40, household=household, visit_outcome="done")
    assert book.rows("SELECT month FROM visit_month") == [(202411,)]
    book.told.say("event.retracted", 41, household=household, target=visit)
    assert book.rows("SELECT month FROM visit_month") == []
    assert book.rows("SELECT visit FROM visit") == []


def test_the_latest_answer_to_a_signal(book: Book) -> None:
    household = book.told.household()
    child = book.told.member(household)
    for day, answer in ((5, "acknowledged"), (4, "dismissed")):
        book.told.say(
            "signal.answered",
            day,
            household=household,
            person=child,
            signal_code="NUT_DECLINE",
            signal_answer=answer,
        )
    book.told.say(
        "signal.answered", 6, household=household, signal_code="RESP_CLUSTER", signal_answer="acted"
    )
    assert book.rows("SELECT person, code, episode, answer, day FROM signal_answer ORDER BY code") == [
        (child, "NUT_DECLINE", 0, "dismissed", DAY_0 + 4), (0, "RESP_CLUSTER", 0, "acted", DAY_0 + 6)
    ]  # fmt: skip


def test_a_fact_about_another_member_is_not_this_ones(book: Book) -> None:
    import msgspec

    household = book.told.household()
    child, other = (book.told.member(household, birth_day=-400) for _ in range(2))
    book.told.assessment(household, child, 0, muac_mm=140, cough=1)
    event = book.told.events[-1]
    about = tuple(msgspec.structs.replace(one, person=other) for one in event.observations)
    book.told.events[-1] = msgspec.structs.replace(event, observations=about)
    assert book.rows("SELECT * FROM growth") == []
    assert book.rows("SELECT * FROM illness") == []


def test_kinds_from_the_future_are_skipped(book: Book) -> None:
    household = book.told.household()
    book.told.say("household.blessed", 3, household=household)
    assert len(book.rows("SELECT * FROM household")) == 1
    assert book.rows("SELECT * FROM touched") == []
