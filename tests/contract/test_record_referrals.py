"""The record of a referral: who has to act next and by when, whatever was stated and in whichever order."""

from __future__ import annotations

import pytest

from tests.contract.book import Book
from tests.contract.told import DAY_0, instant


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
