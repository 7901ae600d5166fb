"""What staff do about what they see becomes a fact in the ledger, and the record follows."""

from __future__ import annotations

import pytest

from hodi import care, views
from hodi.clock import system_clock
from hodi.content import load, load_referral_times
from hodi.db import Connection, Store
from hodi.domain import DAY_MS, day_of, day_start
from hodi.errors import HodiError
from hodi.indicators import load_limits, promoter_figures
from tests import cast
from tests.cast import ZONE
from tests.harness.story import PACK, Story, falling_arm

NOW = system_clock()
TODAY = day_of(NOW, ZONE)
UNIT = cast.UMOJA.place
NURSE = cast.NURSE.account
TIMES = load_referral_times(PACK)


def about(home: int, child: int, referral: int) -> care.Referred:
    return care.Referred(unit=UNIT, household=home, person=child, referral=referral, class_="urgent")


def by(story: Story, now: int = NOW, author: int = NURSE) -> care.Statement:
    return care.Statement(author=author, now=now, rules=story.rules, times=TIMES)


def begin(c: Connection) -> tuple[Story, int, int, int]:
    """A child whose arm grows thinner, referred yesterday."""
    cast.seat(c, NOW - 300 * DAY_MS)
    story = Story(c, NOW)
    home = story.household("Wanjiku")
    child = story.person(home, "Amina", "Otieno")
    falling_arm(story, home, child)
    referral = story.refer(home, child, code="K7M2P49", days_ago=1)
    story.fold()
    return story, home, child, referral


def referral_row(c: Connection) -> tuple[object, ...]:
    columns = "state, outcome, evidence, seen_by, advice, return_day, arrived_at, seen_at"
    [row] = c.rows(f"SELECT {columns} FROM referral")
    return tuple(row)


def test_a_referred_person_arrives_and_is_seen(store: Store) -> None:
    def act(c: Connection) -> None:
        story, home, child, referral = begin(c)
        to = about(home, child, referral)
        care.arrived(c, to, by(story), facility="90004")
        story.fold()
        assert referral_row(c)[:3] == ("arrived", None, "facility_desk")
        care.seen(
            c, to, by(story, NOW + 60_000), facility="90004", outcome="treated",
            advice=" Feed five times a day ", return_day=TODAY + 7, today=TODAY,
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
                c, about(home, child, referral), by(story, NOW + minute * 60_000), facility="90005",
                outcome=outcome, advice="", return_day=None, today=TODAY,
            )  # fmt: skip
        story.fold()
        assert referral_row(c)[:4] == ("seen", "admitted", "facility_desk", "90005")

    store.write_now(act)


def test_a_facility_that_cannot_help_says_why(store: Store) -> None:
    def act(c: Connection) -> None:
        story, home, child, referral = begin(c)
        to = about(home, child, referral)
        with pytest.raises(HodiError, match="reason"):
            care.declined(c, to, by(story), facility="90004", reason="tired")
        care.declined(c, to, by(story), facility="90004", reason="no_stock")
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
                c, about(home, child, referral), by(story), facility="90004", today=TODAY,
                **given,  # type: ignore[arg-type]
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
        [(referral,)] = c.rows("SELECT referral FROM referral WHERE unit = 20")
        care.seen(
            c, about(home, child, referral), by(story, NOW + 2000), facility="90004", outcome="treated",
            advice="", return_day=None, today=TODAY,
        )  # fmt: skip
        story.now = NOW + 2000
        story.fold()
        assert c.rows("SELECT state FROM referral WHERE unit = 20") == [("seen",)]

    store.write_now(act)


def test_what_the_front_door_refuses_is_raised_with_its_reason(sqlite_store: Store) -> None:
    def act(c: Connection) -> None:
        story, home, child, _ = begin(c)
        with pytest.raises(HodiError) as refused:
            care.arrived(c, about(home, child, 4_444_444_444), by(story), facility="90004")
        assert refused.value.problem.code == "target_unknown"

    sqlite_store.write_now(act)


def test_a_step_sends_along_when_the_next_is_overdue(store: Store) -> None:
    hour = 3_600_000

    def act(c: Connection) -> None:
        story, home, child, referral = begin(c)
        to = about(home, child, referral)

        def due() -> tuple[object, ...]:
            story.fold()
            [row] = c.rows("SELECT state, owner, due_at, escalate_at FROM referral")
            return tuple(row)

        def hours(step: str) -> tuple[int, int]:
            return TIMES.steps[step]["urgent"].due_h * hour, TIMES.steps[step]["urgent"].escalate_h * hour

        for n, (step, owner, state) in enumerate([
            (lambda b: care.declined(c, to, b, facility="90004", reason="no_stock"), "promoter", "declined"),
            (lambda b: care.traced(c, to, b, result="not_found", reason=""), "promoter", "not_found"),
            (lambda b: care.traced(c, to, b, result="refused", reason="cost"), "supervisor", "refused"),
            (lambda b: care.arrived(c, to, b, facility="90004"), "facility", "arrived"),
        ]):  # fmt: skip
            at = NOW + n * hour
            step(by(story, at))
            due_h, escalate_h = hours(state)
            assert due() == (state, owner, at + due_h, at + escalate_h)
        at = NOW + 5 * hour
        care.seen(
            c, to, by(story, at), facility="90004", outcome="treated", advice="", return_day=TODAY + 7,
            today=TODAY,
        )  # fmt: skip
        due_h, escalate_h = hours("return")
        returns_at = day_start(TODAY + 7, ZONE)
        assert due() == ("seen", "promoter", returns_at + due_h, returns_at + escalate_h)
        care.returned(c, to, by(story, at + hour), kept=False, reason="travel")
        due_h, escalate_h = hours("return_missed")
        assert due() == ("seen", "promoter", at + hour + due_h, at + hour + escalate_h)
        care.closed(c, to, by(story, at + 2 * hour), reason="recovered")
        assert due() == ("seen", "nobody", None, None)

    store.write_now(act)


def test_what_kept_the_person_is_asked(sqlite_store: Store) -> None:
    def act(c: Connection) -> None:
        story, home, child, referral = begin(c)
        for result in care.TRACES_WITH_REASON:
            with pytest.raises(HodiError, match="invalid_answer: reason"):
                care.traced(c, about(home, child, referral), by(story), result=result, reason="")
        with pytest.raises(HodiError, match="invalid_answer: result"):
            care.traced(c, about(home, child, referral), by(story), result="vanished", reason="cost")
        with pytest.raises(HodiError, match="invalid_answer: reason"):
            care.closed(c, about(home, child, referral), by(story), reason="")

    sqlite_store.write_now(act)


def test_what_can_be_chosen_is_what_the_pack_lists() -> None:
    concepts = load(PACK).concepts
    assert set(concepts["referral_outcome"].codes) == set(care.OUTCOMES)
    assert set(concepts["decline_reason"].codes) == set(care.DECLINES)
    assert set(concepts["trace_result"].codes) == set(care.TRACES)
    assert set(concepts["trace_reason"].codes) == set(care.TRACE_REASONS)
    assert set(concepts["close_reason"].codes) == set(care.CLOSES)


def test_overdue_means_the_same_to_rule_board_desk_and_figures(store: Store) -> None:
    """One population with a referral in every state, early and late, one of them of somebody who died."""

    def act(c: Connection) -> None:
        cast.seat(c, NOW - 300 * DAY_MS)
        story = Story(c, NOW)
        home = story.household("Wanjiku")
        late = {"referral_due_at": NOW - 1, "referral_escalate_at": NOW - 1}
        soon = {"referral_due_at": NOW + 1, "referral_escalate_at": NOW + 1}
        said = [
            ("arrived", {"evidence": "facility_desk"}), ("arrived", {"evidence": "client_says"}),
            ("declined", {"decline_reason": "no_stock"}), ("traced", {"trace_result": "will_go"}),
            ("traced", {"trace_result": "not_found"}), ("traced", {"trace_result": "refused"}),
            ("traced", {"trace_result": "went_elsewhere"}), ("traced", {"trace_result": "moved"}),
            ("traced", {"trace_result": "died"}), ("cancelled", {}), ("closed", {"close_reason": "lost"}),
            ("seen", {"referral_outcome": "treated", "evidence": "facility_desk"}),
            ("seen", {"referral_outcome": "treated", "evidence": "facility_desk", "return_day": TODAY - 4}),
        ]  # fmt: skip
        for n, (kind, states) in enumerate(said):
            for times in (late, soon):
                one = story.person(home, f"Mtu {n}", "Otieno")
                referral = story.refer(home, one, code=f"C{n}", days_ago=5, due_h=1)
                story.tell(
                    f"referral.{kind}", household=home, person=one, target=referral, days_ago=1,
                    **states, **times,
                )  # fmt: skip
        for due_h in (1, 1_000):
            story.refer(home, story.person(home, "Mpya", "Otieno"), code=f"M{due_h}", days_ago=5, due_h=due_h)
        dead = story.person(home, "Marehemu", "Otieno")
        story.refer(home, dead, code="DEAD", days_ago=5, due_h=1)
        story.tell("person.died", household=home, person=dead, days_ago=1)
        story.fold()

        by_record = {row[0] for row in c.rows(f"SELECT referral FROM referral WHERE due_at <= {NOW}")}
        by_rule = {row[0] for row in c.rows("SELECT episode FROM signal WHERE code = 'REF_NOSHOW'")}
        limits, kenya = load_limits(PACK), care.discretion_of(load(PACK))
        board = views.board(c, units=(UNIT,), now=NOW, limits=limits, discretion=kenya)
        by_board = {line.referral for line in board.referrals if line.overdue(NOW)}
        desk = views.desk(c, facility="90004", place=90, now=NOW, discretion=kenya)
        listed = (*desk.arrived, *desk.expected, *desk.returning, *desk.older)
        by_desk = {line.referral for line in listed if line.overdue(NOW)}
        figures = promoter_figures(c, unit=UNIT, now=NOW, limits=limits, zone=ZONE)
        assert len(by_record) == 10
        assert by_rule == by_record == by_board
        assert sum(one.referrals_overdue for one in figures) == len(by_record)
        assert sum(one.referrals_open for one in figures) == len(board.referrals) == 20
        # The desk does not await whom it has declined, or who has moved.
        gone = {
            row[0] for row in c.rows("SELECT referral FROM referral WHERE state IN ('declined', 'moved')")
        }
        assert by_desk == by_record - gone

    store.write_now(act)
