"""The record of who left or died, and of who does not want to be written down."""

from __future__ import annotations

import pytest

from tests.contract.book import Book
from tests.contract.told import DAY_0


def departed(book: Book, kind: str = "person.died", day: int = 5, **states: object) -> tuple[int, int, int]:
    """Somebody is told to be gone. Gives household, person and the event that tells it."""
    household = book.told.household()
    person = book.told.member(household)
    return household, person, book.told.say(kind, day, household=household, person=person, **states)


def test_a_departure_is_of_the_day_that_was_told_and_waits(book: Book) -> None:
    departed(
        book, "person.died", 9, departed_day=4, departed_precision="month", death_place="home",
        death_cause="illness", death_cause_told="Homa", death_class="child", maternal_death=0,
    )  # fmt: skip
    assert book.row("SELECT state, state_day FROM person") == ("died", DAY_0 + 4)
    columns = "kind, day, certain, place, cause, cause_told, class, maternal, verdict"
    assert book.row(f"SELECT {columns} FROM departure") == (
        "died", DAY_0 + 4, "month", "home", "illness", "Homa", "child", 0, "waiting",
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["person.left", "person.died"])
def test_who_was_sent_back_is_a_member_again_until_told_anew(book: Book, kind: str) -> None:
    household, person, told = departed(book, kind)
    about = {"household": household, "person": person}
    book.told.say(
        "departure.reviewed", 6, **about, target=told, departure_verdict="sent_back", answer_reason="Je?"
    )
    assert book.row("SELECT state FROM person") == ("here",)
    assert book.row("SELECT verdict, verdict_day, answer FROM departure") == ("sent_back", DAY_0 + 6, "Je?")
    book.told.say("person.left", 8, **about, departed_day=7)
    assert book.row("SELECT state, state_day FROM person") == ("left", DAY_0 + 7)
    assert [row[0] for row in book.rows("SELECT verdict FROM departure ORDER BY departure")] == [
        "sent_back", "waiting",
    ]  # fmt: skip


def test_an_approved_departure_stands_and_the_later_review_counts(book: Book) -> None:
    household, person, told = departed(book)
    about = {"household": household, "person": person, "target": told}
    book.told.say("departure.reviewed", 6, **about, stamp=50, departure_verdict="approved")
    assert book.row("SELECT verdict FROM departure") == ("approved",)
    book.told.say("departure.reviewed", 6, **about, stamp=40, departure_verdict="sent_back")
    assert book.row("SELECT state FROM person") == ("died",)
    book.told.say("departure.reviewed", 7, **about, stamp=60, departure_verdict="sent_back")
    assert book.row("SELECT state FROM person") == ("here",)


def test_a_departure_that_was_taken_back_waits_for_nobody(book: Book) -> None:
    household, _, told = departed(book)
    book.told.say("event.retracted", 6, household=household, target=told)
    assert book.rows("SELECT departure FROM departure") == []


def test_a_corrected_departure_says_what_counts_now(book: Book) -> None:
    household, person, told = departed(book, departed_day=4, death_place="home")
    book.told.say(
        "event.corrected", 6, household=household, person=person, target=told, departed_day=3,
        death_place="facility",
    )  # fmt: skip
    assert book.row("SELECT day, place FROM departure") == (DAY_0 + 3, "facility")
    assert book.row("SELECT state_day FROM person") == (DAY_0 + 3,)


def test_of_a_family_that_refuses_only_name_and_village_stay(book: Book) -> None:
    given = {
        "head_name": "Mkuu",
        "village": "Mtaa",
        "landmark": "Kisima",
        "household_phone": "0712",
        "latrine": 1,
    }
    household = book.told.household(0, consent="given", **given)
    columns = "SELECT head_name, village, landmark, phone, refused_day FROM household"
    latrine = "SELECT number FROM finding WHERE concept = 'latrine'"
    assert book.row(columns) == ("Mkuu", "Mtaa", "Kisima", "0712", None)
    assert book.rows(latrine) == [(1,)]
    book.told.say("household.described", 5, household=household, consent="withdrawn")
    assert book.row(columns) == ("Mkuu", "Mtaa", None, None, DAY_0 + 5)
    assert book.rows(latrine) == []
    book.told.say("household.described", 9, household=household, consent="given")
    assert book.row(columns) == ("Mkuu", "Mtaa", "Kisima", "0712", None)
    assert book.rows(latrine) == [(1,)]


def test_of_a_member_who_refuses_only_who_she_is_stays(book: Book) -> None:
    household = book.told.household()
    person = book.told.member(household, person_phone="0712", disability=1, relationship="head")
    columns = "SELECT given_name, relationship, phone, disability, refused_day FROM person"
    name = book.row("SELECT given_name FROM person")[0]
    book.told.assessment(household, person, 1, walking=2)
    walking = "SELECT number FROM finding WHERE concept = 'walking'"
    assert book.rows(walking) == [(2,)]
    book.told.say("person.described", 5, household=household, person=person, consent="refused")
    assert book.row(columns) == (name, "head", None, None, DAY_0 + 5)
    assert book.rows(walking) == []
    book.told.say("person.described", 9, household=household, person=person, consent="given")
    assert book.row(columns) == (name, "head", "0712", 1, None)
