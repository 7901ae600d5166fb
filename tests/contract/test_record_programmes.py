"""What the programmes add to the record: pregnancies and illness, from what was stated."""

from __future__ import annotations

import pytest

from tests.contract.book import Book
from tests.contract.told import DAY_0


def pregnant(book: Book, **states: object) -> tuple[int, int, int]:
    household = book.told.household()
    mother = book.told.member(household)
    said = {"edd_day": 280, "edd_source": "period", **states}
    return (
        household,
        mother,
        book.told.say("pregnancy.registered", 50, household=household, person=mother, **said),
    )


def test_the_contacts_of_a_pregnancy(book: Book) -> None:
    household, mother, _ = pregnant(book, lmp_day=0)
    for day, contact in ((90, 85), (120, 85), (150, 141)):  # the same clinic day told twice is one contact
        book.told.assessment(household, mother, day, antenatal_contact_day=contact, antenatal_contacts_told=2)
    book.told.assessment(household, mother, 160, antenatal_contacts_told=2, antenatal_next_day=180)
    assert book.row(
        "SELECT contacts, last_contact_day, next_contact_day, lmp_day, edd_day, high_risk FROM pregnancy"
    ) == (2, DAY_0 + 141, DAY_0 + 180, DAY_0, DAY_0 + 280, 0)
    book.told.assessment(
        household, mother, 185, antenatal_contact_day=181, antenatal_contacts_told=4, bp_systolic_mmhg=150
    )
    assert book.row("SELECT contacts, last_contact_day, next_contact_day, high_risk FROM pregnancy") == (
        4, DAY_0 + 181, None, 1
    )  # fmt: skip


def test_an_assessment_that_is_not_antenatal_is_none(book: Book) -> None:
    household, mother, _ = pregnant(book)
    book.told.assessment(household, mother, 60, fever=1, cough=1)
    assert book.rows("SELECT * FROM antenatal_contact") == []


@pytest.mark.parametrize(
    ("registered", "checked", "edd_day", "source"),
    [
        ("period", "ultrasound", 290, "ultrasound"),
        ("period", "handbook", 290, "handbook"),
        ("handbook", "handbook", 290, "handbook"),
        ("ultrasound", "handbook", 280, "ultrasound"),
        ("handbook", "period", 280, "handbook"),
    ],
)
def test_the_better_source_dates_a_pregnancy(
    book: Book, registered: str, checked: str, edd_day: int, source: str
) -> None:
    household, mother, _ = pregnant(book, edd_source=registered)
    book.told.assessment(household, mother, 80, antenatal_contacts_told=1, edd_day=290, edd_source=checked)
    assert book.row("SELECT edd_day, edd_source, lmp_day FROM pregnancy") == (
        DAY_0 + edd_day, source, DAY_0 + edd_day - 280
    )  # fmt: skip


def test_a_pregnancy_ends_and_another_begins(book: Book) -> None:
    household, mother, first = pregnant(book)
    book.told.assessment(household, mother, 100, antenatal_contact_day=99)
    book.told.say(
        "pregnancy.ended",
        270,
        household=household,
        person=mother,
        target=first,
        pregnancy_outcome="live_birth",
    )
    second = book.told.say(
        "pregnancy.registered", 500, household=household, person=mother, edd_day=720, edd_source="handbook"
    )
    book.told.assessment(household, mother, 510, antenatal_contact_day=505)
    assert book.rows("SELECT pregnancy, ended_day, outcome, contacts FROM pregnancy ORDER BY pregnancy") == [
        (first, DAY_0 + 270, "live_birth", 1), (second, None, None, 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("age_days", "states", "fast", "fever", "danger"),
    [
        (60, {"breaths_per_min": 60}, 1, 0, 1),
        (60, {"breaths_per_min": 59}, 0, 0, 0),
        (61, {"breaths_per_min": 59}, 1, 0, 0),
        (365, {"breaths_per_min": 50}, 1, 0, 0),
        (365, {"breaths_per_min": 49}, 0, 0, 0),
        (366, {"breaths_per_min": 40}, 1, 0, 0),
        (1_826, {"breaths_per_min": 39}, 0, 0, 0),
        (1_827, {"breaths_per_min": 30}, 1, 0, 0),
        (60, {"temperature_c": 37.9}, 0, 0, 0),
        (60, {"temperature_c": 38.0}, 0, 1, 1),
        (60, {"temperature_c": 35.4}, 0, 0, 1),
        (61, {"temperature_c": 37.5}, 0, 1, 0),
        (61, {"temperature_c": 37.4}, 0, 0, 0),
        (500, {"fever": 1, "fever_days": 6}, 0, 1, 0),
        (500, {"fever": 1, "fever_days": 7}, 0, 1, 1),
        (500, {"diarrhoea": 1, "diarrhoea_days": 13}, 0, 0, 0),
        (500, {"diarrhoea": 1, "diarrhoea_days": 14}, 0, 0, 1),
        (500, {"chest_indrawing": 1}, 0, 0, 1),
        (500, {"cough": 0}, 0, 0, 0),
    ],
)
def test_symptoms(
    book: Book, age_days: int, states: dict[str, object], fast: int, fever: int, danger: int
) -> None:
    household = book.told.household()
    child = book.told.member(household, birth_day=-age_days)
    book.told.assessment(household, child, 0, **states)
    assert book.row("SELECT fast_breathing, fever, danger FROM illness") == (fast, fever, danger)


def test_onsets(book: Book) -> None:
    household = book.told.household()
    child = book.told.member(household, birth_day=-500)
    book.told.assessment(household, child, 10, cough=1, cough_days=3, fever=1, diarrhoea=0, diarrhoea_days=4)
    assert book.row("SELECT cough_day, fever_day, diarrhoea_day FROM illness") == (DAY_0 + 7, None, None)
