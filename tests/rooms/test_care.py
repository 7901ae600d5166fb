"""What staff do about what they see becomes a fact in the ledger, and the record follows."""

from __future__ import annotations

import pytest

from hodi import care
from hodi.clock import system_clock
from hodi.db import Connection, Store
from hodi.domain import DAY_MS, day_of
from hodi.errors import HodiError
from tests import cast
from tests.harness.story import Story, falling_arm

NOW = system_clock()
TODAY = day_of(NOW)
UNIT = cast.UMOJA.place
NURSE = cast.NURSE.account


def begin(c: Connection) -> tuple[Story, int, int, int]:
    """A child whose arm grows thinner, referred yesterday."""
    cast.seat(c, NOW - 300 * DAY_MS)
    story = Story(c, NOW)
    home = story.household("Wanjiku")
    child = story.person(home, "Amina", "Otieno")
    falling_arm(story, home, child)
    referral = story.refer(home, child, code="K7M2P4X", days_ago=1)
    story.fold()
    return story, home, child, referral


def referral_row(c: Connection) -> tuple[object, ...]:
    columns = "state, outcome, evidence, seen_by, advice, return_day, arrived_at, seen_at"
    [row] = c.rows(f"SELECT {columns} FROM referral")
    return tuple(row)


def test_a_referred_person_arrives_and_is_seen(store: Store) -> None:
    def act(c: Connection) -> None:
        story, home, child, referral = begin(c)
        about = {"unit": UNIT, "household": home, "person": child, "referral": referral}
        care.arrived(c, author=NURSE, facility="90004", now=NOW, rules=story.rules, **about)
        story.fold()
        assert referral_row(c)[:3] == ("arrived", None, "facility_desk")
        care.seen(
            c, author=NURSE, facility="90004", outcome="treated", advice=" Feed five times a day ",
            return_day=TODAY + 7, today=TODAY, now=NOW + 60_000, rules=story.rules, **about,
        )  # fmt: skip
        story.fold()
        assert referral_row(c) == (
            "seen", "treated", "facility_desk", "90004", "Feed five times a day", TODAY + 7, NOW,
            NOW + 60_000,
        )  # fmt: skip

    store.write_now(act)


def test_a_later_outcome_takes_the_place_of_an_earlier_one(store: Store) -> None:
    def act(c: Connection) -> None:
        story, home, child, referral = begin(c)
        for minute, outcome in ((1, "not_treated"), (2, "admitted")):
            care.seen(
                c, author=NURSE, facility="90005", unit=UNIT, household=home, person=child,
                referral=referral, outcome=outcome, advice="", return_day=None, today=TODAY,
                now=NOW + minute * 60_000, rules=story.rules,
            )  # fmt: skip
        story.fold()
        assert referral_row(c)[:4] == ("seen", "admitted", "facility_desk", "90005")

    store.write_now(act)


def test_a_facility_that_cannot_help_says_why(store: Store) -> None:
    def act(c: Connection) -> None:
        story, home, child, referral = begin(c)
        about = {"unit": UNIT, "household": home, "person": child, "referral": referral}
        with pytest.raises(HodiError, match="reason"):
            care.declined(
                c, author=NURSE, facility="90004", reason="tired", now=NOW, rules=story.rules, **about
            )
        care.declined(
            c, author=NURSE, facility="90004", reason="no_stock", now=NOW, rules=story.rules, **about
        )
        story.fold()
        assert referral_row(c)[0] == "declined"

    store.write_now(act)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("outcome", {"outcome": "cured"}),
        ("advice", {"advice": "x" * (care.ADVICE_CHARACTERS_MAX + 1)}),
        ("return_day", {"return_day": TODAY - 1}),
        ("return_day", {"return_day": TODAY + 367}),
    ],
)
def test_an_impossible_outcome_states_nothing(
    sqlite_store: Store, field: str, values: dict[str, object]
) -> None:
    def act(c: Connection) -> None:
        story, home, child, referral = begin(c)
        before = c.rows("SELECT COUNT(*) FROM event")
        given = {"outcome": "treated", "advice": "", "return_day": None, **values}
        with pytest.raises(HodiError, match=f"invalid_answer: {field}"):
            care.seen(
                c, author=NURSE, facility="90004", unit=UNIT, household=home, person=child,
                referral=referral, today=TODAY, now=NOW, rules=story.rules, **given,  # type: ignore[arg-type]
            )  # fmt: skip
        assert c.rows("SELECT COUNT(*) FROM event") == before

    sqlite_store.write_now(act)


def test_an_answered_signal_stays_answered_until_new_evidence(store: Store) -> None:
    def state_of(c: Connection) -> str:
        [(state,)] = c.rows("SELECT state FROM signal WHERE code = 'NUT_DECLINE'")
        return str(state)

    def act(c: Connection) -> None:
        story, home, child, _ = begin(c)
        assert state_of(c) == "open"
        for answer in ("acknowledged", "acted", "dismissed"):
            story.now += 1000
            care.answer_signal(
                c, author=cast.ASSISTANT.account, unit=UNIT, household=home, person=child,
                code="NUT_DECLINE", episode=0, answer=answer, reason="Seen at home", now=story.now,
                rules=story.rules,
            )  # fmt: skip
            story.fold()
            assert state_of(c) == answer
        story.now += 15 * DAY_MS
        story.assess(home, child, muac_mm=118, weight_kg=10, length_cm=82, measured_position="lying")
        story.fold()
        assert state_of(c) == "open"

    store.write_now(act)


def test_a_signal_is_not_set_aside_without_a_reason(sqlite_store: Store) -> None:
    def act(c: Connection) -> None:
        story, home, child, _ = begin(c)
        wrong = [("dismissed", "  "), ("acted", "x" * (care.REASON_CHARACTERS_MAX + 1)), ("ignored", "")]
        for answer, reason in wrong:
            with pytest.raises(HodiError, match="invalid_answer"):
                care.answer_signal(
                    c, author=1, unit=UNIT, household=home, person=child, code="NUT_DECLINE", episode=0,
                    answer=answer, reason=reason, now=NOW, rules=story.rules,
                )  # fmt: skip
        assert c.rows("SELECT COUNT(*) FROM event WHERE kind = 'signal.answered'") == [(0,)]

    sqlite_store.write_now(act)


def test_a_household_that_moves_takes_record_and_signals_along(store: Store) -> None:
    def act(c: Connection) -> None:
        story, home, child, _ = begin(c)
        care.move_household(
            c, author=cast.ASSISTANT.account, unit=UNIT, household=home, to_unit=20, to_area=21,
            now=NOW + 1000, rules=story.rules,
        )  # fmt: skip
        story.now = NOW + 1000
        story.fold()
        assert c.rows("SELECT unit, area, here FROM household ORDER BY unit") == [(10, 11, 0), (20, 21, 1)]
        assert c.rows("SELECT unit FROM signal WHERE code = 'NUT_DECLINE'") == [(20,)]
        care.seen(
            c, author=NURSE, facility="90004", unit=UNIT, household=home, person=child,
            referral=c.rows("SELECT referral FROM referral WHERE unit = 20")[0][0], outcome="treated",
            advice="", return_day=None, today=TODAY, now=NOW + 2000, rules=story.rules,
        )  # fmt: skip
        story.now = NOW + 2000
        story.fold()
        assert c.rows("SELECT state FROM referral WHERE unit = 20") == [("seen",)]

    store.write_now(act)


def test_what_the_front_door_refuses_is_raised_with_its_reason(sqlite_store: Store) -> None:
    def act(c: Connection) -> None:
        story, home, child, _ = begin(c)
        with pytest.raises(HodiError) as refused:
            care.arrived(
                c, author=NURSE, facility="90004", unit=UNIT, household=home, person=child,
                referral=4_444_444_444, now=NOW, rules=story.rules,
            )  # fmt: skip
        assert refused.value.problem.code == "target_unknown"

    sqlite_store.write_now(act)
