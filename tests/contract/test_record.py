"""What the record says of some facts, table by table, on both of the server's engines."""

from __future__ import annotations

import pytest

from hodi.db import Store
from tests.contract.told import DAY_0, SCHEMA, Told, instant


class Book:
    """What was told, and the record of it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.told = Told()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Append, fold, and ask. Days come back as stored."""
        return self._store.write_now(lambda c: self.told.fold(c, query))

    def row(self, query: str) -> tuple[object, ...]:
        """The one row there is."""
        [row] = self.rows(query)
        return row


@pytest.fixture
def book(store: Store) -> Book:
    return Book(store)


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


class Referred:
    """A referred child, and what is said of the referral."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.household = book.told.household()
        self.child = book.told.member(self.household, birth_day=-500)
        self.id = book.told.say(
            "referral.made",
            0,
            household=self.household,
            person=self.child,
            referral_code="KX37",
            referral_class="urgent",
            referral_due_at=instant(1),
            referral_escalate_at=instant(2),
        )

    def say(self, what: str, day: float, **states: object) -> int:
        return self._book.told.say(
            f"referral.{what}", day, household=self.household, person=self.child, target=self.id, **states
        )

    def retract(self, event: int) -> None:
        self._book.told.say("event.retracted", 50, household=self.household, target=event)

    def now(self, columns: str) -> tuple[object, ...]:
        return self._book.row(f"SELECT {columns} FROM referral")


def test_a_new_referral(book: Book) -> None:
    referral = Referred(book)
    assert referral.now("code, class, owner, state, state_event, state_at, arrived_at, made_day") == (
        "KX37", "urgent", "promoter", "made", referral.id, instant(0), None, DAY_0
    )  # fmt: skip
    assert referral.now("due_at, escalate_at") == (instant(1), instant(2))


@pytest.mark.parametrize(
    ("result", "state", "owner"),
    [
        ("will_go", "traced", "promoter"), ("not_found", "not_found", "promoter"),
        ("went_elsewhere", "elsewhere", "promoter"),
        ("refused", "refused", "supervisor"), ("moved", "moved", "supervisor"), ("died", "died", "nobody"),
    ],
)  # fmt: skip
def test_what_tracing_found(book: Book, result: str, state: str, owner: str) -> None:
    referral = Referred(book)
    referral.say(
        "traced", 3, trace_result=result, trace_reason="cost", referral_due_at=instant(3.2),
        referral_escalate_at=instant(3.3),
    )  # fmt: skip
    times = (None, None) if result == "died" else (instant(3.2), instant(3.3))
    assert referral.now("state, state_at, owner, trace_reason, due_at, escalate_at") == (
        state, instant(3), owner, "cost", *times
    )  # fmt: skip


def test_without_times_of_its_own_a_step_has_the_first_limit_again(book: Book) -> None:
    referral = Referred(book)
    referral.say("traced", 3, trace_result="will_go")
    assert referral.now("due_at, escalate_at") == (instant(4), instant(4))
    referral.say("declined", 5, decline_reason="no_stock")
    assert referral.now("state, owner, due_at, decline_reason") == (
        "declined",
        "promoter",
        instant(6),
        "no_stock",
    )


def test_arrived_is_the_facilitys_to_finish_and_on_anybody_elses_word_the_promoters(book: Book) -> None:
    referral = Referred(book)
    referral.say("arrived", 1, evidence="client_says")
    assert referral.now("state, owner, evidence") == ("arrived", "promoter", "client_says")
    referral.say("traced", 1.5, trace_result="refused")  # it turned out not to be so
    assert referral.now("state, owner, evidence") == ("refused", "supervisor", None)
    referral.say("arrived", 2, evidence="facility_desk")
    assert referral.now("state, owner, due_at") == ("arrived", "facility", instant(3))
    referral.say("traced", 2.5, trace_result="not_found")
    assert referral.now("state, owner") == ("arrived", "facility")


def test_declined_gives_way_to_what_is_said_later(book: Book) -> None:
    referral = Referred(book)
    referral.say("arrived", 1, evidence="facility_desk")
    referral.say("declined", 1.5, decline_reason="no_service")
    referral.say("traced", 2, trace_result="went_elsewhere")
    assert referral.now("state, owner") == ("elsewhere", "promoter")


def test_closed_until_somebody_says_more(book: Book) -> None:
    referral = Referred(book)
    referral.say("arrived", 1, evidence="facility_desk")
    closed = referral.say("closed", 4, close_reason="followed_up")
    assert referral.now("state, owner, due_at, close_reason, arrived_at") == (
        "closed", "nobody", None, "followed_up", instant(1)
    )  # fmt: skip
    referral.retract(closed)
    assert referral.now("state, owner, due_at") == ("arrived", "facility", instant(2))


def test_a_return_date_is_awaited_until_it_is_kept(book: Book) -> None:
    referral = Referred(book)
    seen = {"referral_outcome": "treated", "evidence": "facility_desk"}
    referral.say(
        "seen", 1, **seen, return_day=9, referral_due_at=instant(12), referral_escalate_at=instant(16)
    )
    awaited = "state, owner, due_at, escalate_at, return_kept"
    assert referral.now(awaited) == ("seen", "promoter", instant(12), instant(16), None)
    missed = referral.say(
        "returned", 9.5, return_result="not_kept", trace_reason="travel", referral_due_at=instant(11)
    )
    assert referral.now(awaited) == ("seen", "promoter", instant(11), instant(11), 0)
    kept = referral.say("returned", 10.5, return_result="kept")
    assert referral.now(awaited) == ("seen", "nobody", None, None, 1)
    referral.retract(kept)
    referral.retract(missed)
    assert referral.now(awaited) == ("seen", "promoter", instant(12), instant(16), None)
    referral.say("seen", 10, **seen)
    assert referral.now("owner, due_at") == ("nobody", None)


@pytest.mark.parametrize(("kind", "state"), [("person.died", "died"), ("person.left", "moved")])
def test_who_has_gone_is_not_awaited_as_if_here(book: Book, kind: str, state: str) -> None:
    referral = Referred(book)
    gone = book.told.say(kind, 1, household=referral.household, person=referral.child)
    assert referral.now("state, state_at") == (state, instant(1))
    assert referral.now("due_at") == (None if state == "died" else instant(2),)
    book.told.say("event.retracted", 2, household=referral.household, target=gone)
    assert referral.now("state, due_at") == ("made", instant(1))


def test_a_household_that_left_the_unit_has_nothing_open_there(book: Book) -> None:
    referral = Referred(book)
    book.told.say("household.moved", 1, household=referral.household, to_unit=4, to_area=40)
    assert book.rows("SELECT unit, state, owner, due_at FROM referral ORDER BY unit") == [
        (1, "made", "nobody", None), (4, "made", "promoter", instant(1))
    ]  # fmt: skip


def test_a_late_outcome_reopens_what_was_closed(book: Book) -> None:
    referral = Referred(book)
    referral.say("cancelled", 5)
    assert referral.now("state") == ("cancelled",)
    referral.say("seen", 3, referral_outcome="admitted", evidence="facility_desk", seen_at_facility="90004")
    assert referral.now("state, outcome, seen_at, arrived_at, evidence, seen_by") == (
        "seen", "admitted", instant(3), instant(3), "facility_desk", "90004"
    )  # fmt: skip


def test_the_better_evidence_is_believed_for_what_it_states(book: Book) -> None:
    referral = Referred(book)
    referral.say("arrived", 2, evidence="facility_desk")
    referral.say("seen", 2.5, referral_outcome="treated", evidence="facility_desk", return_day=20)
    referral.say("arrived", 4, evidence="client_says")
    referral.say("seen", 4, referral_outcome="not_treated", evidence="client_says", advice="rudi kesho")
    assert referral.now("outcome, evidence, arrived_at, seen_at, return_day, advice") == (
        "treated", "facility_desk", instant(2), instant(2.5), DAY_0 + 20, "rudi kesho"
    )  # fmt: skip


def test_equal_evidence_is_decided_by_the_later_statement(book: Book) -> None:
    referral = Referred(book)
    referral.say("seen", 3, referral_outcome="treated", evidence="slip")
    referral.say("seen", 2, referral_outcome="referred_on", evidence="slip")
    assert referral.now("outcome") == ("referred_on",)


def test_arrival_stands_against_tracing(book: Book) -> None:
    referral = Referred(book)
    arrived = referral.say("arrived", 1, evidence="facility_desk")
    referral.say("traced", 3, trace_result="not_found")
    assert referral.now("state") == ("arrived",)
    referral.retract(arrived)
    assert referral.now("state, arrived_at") == ("not_found", None)


def test_a_facility_declines(book: Book) -> None:
    referral = Referred(book)
    referral.say("arrived", 1, evidence="facility_desk")
    referral.say("declined", 1.5, decline_reason="no_stock")
    assert referral.now("state, arrived_at") == ("declined", instant(1))


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
