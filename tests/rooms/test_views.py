"""What the staff pages show, from stories told in facts, on both engines."""

from __future__ import annotations

import datetime

import pytest

from hodi import views
from hodi.care import discretion_of
from hodi.content import load
from hodi.content.display_model import Table
from hodi.db import Connection, Store
from hodi.domain import DAY_MS, Numbering, day_of
from hodi.domain.times import day_of_date, month_of
from hodi.indicators import (
    Limits,
    contact,
    load_limits,
    month_days,
    promoter_figures,
)
from hodi.record import ensure_current, load_record_schema
from tests import cast
from tests.cast import ZONE
from tests.harness.story import PACK, Story, falling_arm

# The 20th of a month at noon in Nairobi: a day with room before it in the same month.
NOW = day_of_date(datetime.date(2026, 10, 20)) * DAY_MS + 9 * 3_600_000
TODAY = day_of(NOW, ZONE)
UNIT = cast.UMOJA.place
KENYA = load(PACK)
DISCRETION = discretion_of(KENYA)


@pytest.fixture
def limits() -> Limits:
    return load_limits(PACK)


def shown(c: Connection, limits: Limits, *, now: int = NOW) -> views.Board:
    """The board of the unit's supervisor."""
    return views.board(c, units=(UNIT,), now=now, limits=limits, discretion=DISCRETION)


def told(store: Store) -> None:
    """Put the cast into an empty store."""
    store.write_now(lambda c: cast.seat(c, NOW - 300 * DAY_MS))
    store.write_now(lambda c: ensure_current(c, load_record_schema(PACK)))


def test_a_promoters_month_is_counted_from_visits_that_were_done(store: Store, limits: Limits) -> None:
    told(store)

    def tell(c: Connection) -> None:
        story = Story(c, NOW)
        homes = [story.household(f"Head {n}") for n in range(4)]
        story.visit(homes[0], days_ago=0)
        story.visit(homes[1], days_ago=15)
        story.visit(homes[2], days_ago=0, outcome="nobody_home")
        story.visit(homes[3], days_ago=25)  # the month before
        story.fold()

    store.write_now(tell)
    figures = store.read_now(lambda c: promoter_figures(c, unit=UNIT, now=NOW, limits=limits, zone=ZONE))
    hers = next(one for one in figures if one.area == cast.AREA_A.place)
    assert (hers.visited, hers.households, hers.pending) == (2, 4, 2)
    assert (hers.done_today, hers.calls_today) == (1, 2)
    assert hers.name == cast.PROMOTER.name
    colleague = next(one for one in figures if one.area == cast.AREA_B.place)
    assert (colleague.visited, colleague.households) == (0, 0)


def test_a_board_lists_signals_worst_first_and_referrals_with_their_lateness(
    store: Store, limits: Limits
) -> None:
    told(store)

    def tell(c: Connection) -> None:
        story = Story(c, NOW)
        home = story.household("Wanjiku")
        child = story.person(home, "Amina", "Otieno")
        falling_arm(story, home, child)
        story.refer(home, child, code="LATE234", days_ago=3, class_="emergency")
        story.refer(home, child, code="FRESH23", days_ago=0.1, class_="urgent")
        other = story.household("Njeri", area=cast.AREA_B.place, author=cast.COLLEAGUE.account)
        story.person(other, "Tom", "Njeri", author=cast.COLLEAGUE.account)
        story.fold()

    store.write_now(tell)
    board = store.read_now(lambda c: shown(c, limits))
    assert [line.code for line in board.signals] == ["REF_NOSHOW", "NUT_DECLINE"]
    assert board.signals[1].who is not None and board.signals[1].who.name == "Amina Otieno"
    assert [line.code for line in board.referrals] == ["LATE234", "FRESH23"]
    assert [line.overdue(NOW) for line in board.referrals] == [True, False]
    assert [line.escalated(NOW) for line in board.referrals] == [True, False]
    hers = next(one for one in board.promoters if one.area == cast.AREA_A.place)
    assert (hers.referrals_open, hers.referrals_overdue) == (2, 1)
    assert hers.signals == {"emergency": 1, "priority": 1}


def test_a_traced_person_has_her_time_again(store: Store, limits: Limits) -> None:
    told(store)

    def tell(c: Connection) -> None:
        story = Story(c, NOW)
        home = story.household("Wanjiku")
        child = story.person(home, "Amina", "Otieno")
        referral = story.refer(home, child, code="TRACED2", days_ago=3)
        story.tell(
            "referral.traced",
            household=home,
            person=child,
            target=referral,
            days_ago=0.5,
            trace_result="will_go",
            evidence="client_says",
        )
        story.fold()

    store.write_now(tell)
    board = store.read_now(lambda c: shown(c, limits))
    assert [(line.state, line.overdue(NOW)) for line in board.referrals] == [("traced", False)]
    assert sum(one.referrals_overdue for one in board.promoters) == 0
    late = store.read_now(lambda c: shown(c, limits, now=NOW + DAY_MS))
    assert late.referrals[0].overdue(NOW + DAY_MS) and late.promoters[0].referrals_overdue == 1


def test_what_was_refused_is_shown_with_its_reason_and_sender(store: Store) -> None:
    told(store)
    claim = ("assessment.recorded", 20_000)

    def refuse(c: Connection) -> None:
        for number, (kind, day), resolved in ((1, claim, None), (2, (None, None), None), (3, claim, NOW)):
            c.insert(
                "quarantine",
                (
                    "id", "unit", "device", "received_at", "event", "kind", "occurred_day", "code", "detail",
                    "bytes", "resolved_at",
                ),
                [(number, UNIT, 1001, NOW - number, 9, kind, day, "out_of_range", "weight_kg", 90, resolved)],
            )  # fmt: skip

    store.write_now(refuse)
    board = store.read_now(lambda c: shown(c, load_limits(PACK)))
    assert [one.id for one in board.refused] == [1, 2]
    first, second = board.refused
    assert (first.kind, first.occurred_day, first.worker) == (
        "assessment.recorded", 20000, cast.PROMOTER.name,
    )  # fmt: skip
    assert (second.kind, second.occurred_day) == (None, None)


def test_silence_skew_and_waiting_are_told_from_the_latest_phone(store: Store, limits: Limits) -> None:
    told(store)

    def sync(c: Connection) -> None:
        c.run(
            "UPDATE device SET last_sync_at = :at, waiting = 3, skew_ms = 1500000 WHERE device = 1001",
            {"at": NOW - 4 * DAY_MS},
        )

    store.write_now(sync)
    figures = store.read_now(lambda c: promoter_figures(c, unit=UNIT, now=NOW, limits=limits, zone=ZONE))
    assert [(one.contact, one.waiting, one.skew_min) for one in figures] == [
        ("quiet", 3, 25), ("never", 0, None),
    ]  # fmt: skip
    assert contact(NOW - 7 * DAY_MS, now=NOW, limits=limits) == "silent"
    assert contact(NOW - DAY_MS, now=NOW, limits=limits) == "fresh"


def test_a_person_shows_her_trajectory_and_corrections(store: Store) -> None:
    told(store)

    def tell(c: Connection) -> tuple[int, int, int, int]:
        story = Story(c, NOW)
        home = story.household("Wanjiku")
        child = story.person(home, "Amina", "Otieno")
        falling_arm(story, home, child)
        wrong = story.assess(home, child, days_ago=0.2, muac_mm=90)
        story.tell("event.corrected", household=home, person=child, target=wrong, muac_mm=126)
        gone = story.assess(home, child, days_ago=0.1, cough=1)
        story.tell("event.retracted", household=home, person=child, target=gone)
        story.fold()
        return home, child, wrong, gone

    home, child, wrong, gone = store.write_now(tell)
    person = store.read_now(lambda c: views.person(c, unit=UNIT, household_id=home, person_id=child))
    assert person is not None
    sections = store.read_now(
        lambda c: views.sections(
            c, load(PACK).display, "person", unit=UNIT, household=home, person=child, today=day_of(NOW, ZONE)
        )
    )
    (table,) = (one for one in sections[0].parts if isinstance(one.part, Table))
    assert [row["muac_mm"] for row in table.rows] == [126, 126, 133, 140]
    history = {one.event: one for one in person.history}
    assert history[wrong].corrected and history[wrong].values[0].number == 126
    assert history[gone].withdrawn and history[gone].values == ()
    assert store.read_now(lambda c: views.person(c, unit=20, household_id=home, person_id=child)) is None


def test_the_desk_expects_emergencies_first_and_finds_by_code_name_and_telephone(store: Store) -> None:
    told(store)

    def tell(c: Connection) -> int:
        story = Story(c, NOW)
        home = story.household("Wanjiku", household_phone="+254 722 000 111")
        child = story.person(home, "Amina", "Otieno")
        mother = story.person(home, "Grace", "Wanjiku", age_days=9000)
        story.refer(home, child, code="ROUTE22", class_="routine", days_ago=2)
        story.assess(home, mother, form="antenatal", days_ago=0.2, severe_headache=1)
        emergency = story.refer(home, mother, code="EMERG22", class_="emergency", days_ago=0.2)
        story.refer(home, mother, code="K7M2P49", facility="90005")
        story.fold()
        return emergency

    emergency = store.write_now(tell)
    desk = store.read_now(
        lambda c: views.desk(c, facility="90004", place=cast.ZAHANATI.place, now=NOW, discretion=DISCRETION)
    )
    assert [line.code for line in desk.expected] == ["EMERG22", "ROUTE22"]
    assert desk.arrived == () and desk.closed == () and desk.older == ()

    def found(typed: str, numbering: Numbering = KENYA.telephone) -> list[str]:
        return store.read_now(
            lambda c: [
                line.code
                for line in views.find(
                    c,
                    typed=typed,
                    name="",
                    facility="90004",
                    now=NOW,
                    discretion=DISCRETION,
                    numbering=numbering,
                ).lines
            ]
        )

    assert found("grace wan") == ["EMERG22"]
    assert found("AMINA") == ["ROUTE22"]
    for written in ("0722000111", "722 000 111", "+254 722-000-111", "00254722000111"):
        assert sorted(found(written)) == ["EMERG22", "ROUTE22"], written
    assert found("0722000111", Numbering("999", "8", (7, 8))) == [], "another country has another prefix"
    assert found("%") == [] and found("zz") == []
    assert found("k7m 2p49") == ["K7M2P49"]
    slip = store.read_now(
        lambda c: views.slip(c, unit=UNIT, referral_id=emergency, receiving=True, discretion=DISCRETION)
    )
    assert slip is not None and slip.promoter == cast.PROMOTER.name
    assert [(one.concept, one.number) for one in slip.findings] == [("severe_headache", 1)]


def test_open_signals_of_linked_units_are_counted_without_names(store: Store) -> None:
    told(store)

    def tell(c: Connection) -> None:
        story = Story(c, NOW)
        home = story.household("Wanjiku")
        falling_arm(story, home, story.person(home, "Amina", "Otieno"))
        story.fold()

    store.write_now(tell)
    linked = store.read_now(
        lambda c: views.desk(c, facility="90004", place=4, now=NOW, discretion=DISCRETION)
    )
    assert [(one.unit, one.code, one.count) for one in linked.signals] == [(UNIT, "NUT_DECLINE", 1)]
    other = store.read_now(lambda c: views.desk(c, facility="90005", place=5, now=NOW, discretion=DISCRETION))
    assert other.signals == ()


def test_households_that_wait_for_a_visit_come_first(store: Store) -> None:
    told(store)

    def tell(c: Connection) -> None:
        story = Story(c, NOW)
        visited = story.household("Achieng", village="Aa")
        story.household("Zuhura", village="Zz")
        story.visit(visited, days_ago=1)
        story.fold()

    store.write_now(tell)
    lines = store.read_now(lambda c: views.households_of(c, units=(UNIT,), today=day_of(NOW, ZONE)))
    assert [(line.head_name, line.visits, line.last_day) for line in lines] == [
        ("Zuhura", 0, None), ("Achieng", 1, TODAY - 1),
    ]  # fmt: skip


def test_a_household_can_be_sent_to_any_area_within_reach(store: Store) -> None:
    told(store)
    areas = store.read_now(lambda c: [one.area for one in views.destinations(c, unit=UNIT, reach=cast.REACH)])
    assert areas == [cast.AREA_C.place, cast.AREA_A.place, cast.AREA_B.place]


def test_months_know_their_days() -> None:
    first, last = month_days(202612)
    assert (last - first + 1, month_of(first), month_of(last)) == (31, 202612, 202612)
    assert month_days(202402)[1] - month_days(202402)[0] == 28


def test_accounts_and_phones_are_found_by_words_and_hold_no_household(store: Store) -> None:
    told(store)
    everybody = store.read_now(views.accounts)
    assert len(everybody) == len(cast.WORKERS)
    assert [one.username for one in store.read_now(lambda c: views.accounts(c, typed="jirani"))] == [
        "strange-assistant", "stranger",
    ]  # fmt: skip
    assert store.read_now(lambda c: views.accounts(c, typed="%")) == everybody
    assert [one.device for one in store.read_now(lambda c: views.devices(c, typed="Umoja B"))] == [1002]
    offered = store.read_now(lambda c: views.posts_to_offer(c, kinds=("area",), typed="umoja"))
    assert [one.place for one in offered] == [11, 12]


def test_a_facility_watches_the_units_around_it(store: Store) -> None:
    told(store)
    assert store.read_now(
        lambda c: views.units_in_sight(c, units=(), facilities=("90004",), reach=cast.REACH)
    ) == {10, 20}
    assert store.read_now(
        lambda c: views.units_in_sight(c, units=(10,), facilities=(), reach=cast.REACH)
    ) == {10}


def test_a_telephone_is_the_same_with_and_without_code_and_prefix() -> None:
    kenya, no_prefix = KENYA.telephone, Numbering("351", "", (9,))
    several = Numbering("56", "0", (8, 9))
    assert {kenya.national(one) for one in ("+254 722 000 111", "0722-000111", "722000111")} == {"722000111"}
    assert {no_prefix.national(one) for one in ("+351 912 345 678", "912345678")} == {"912345678"}
    assert several.national("+56 2 2345 678") == "22345678" and several.national("0 912345678") == "912345678"
    assert kenya.national("+351 912 345 678") == "351912345678", "another country's stays as it is"
    assert kenya.national("0722") == "0722"


def test_what_is_most_pressing_the_pack_says(store: Store, limits: Limits) -> None:
    """Lists, chips and figures follow the table `urgency`, whatever the pack's order is."""
    told(store)

    def tell(c: Connection) -> None:
        story = Story(c, NOW)
        household = story.household("Mkuu")
        story.fold()
        for number, class_ in enumerate(("priority", "routine", "emergency", "urgent"), 1):
            columns = (
                "unit", "household", "person", "code", "episode", "class", "state", "first_day", "last_day",
                "escalated",
            )  # fmt: skip
            c.insert("signal", columns, [(UNIT, household, 0, f"S{number}", 0, class_, "open", 1, 1, 0)])

    store.write_now(tell)

    def classes() -> tuple[list[str], list[str], int]:
        board = store.read_now(lambda c: shown(c, limits))
        hers = next(one for one in board.promoters if one.signals)
        return [line.class_ for line in board.signals], list(hers.signals), hers.signals_pressing

    kenyan = ["emergency", "urgent", "priority", "routine"]
    assert classes() == (kenyan, kenyan, 1)
    store.write_now(lambda c: c.run("UPDATE urgency SET rank = 3 - rank"))
    assert classes() == (kenyan[::-1], kenyan[::-1], 1)
    store.write_now(lambda c: c.run("UPDATE urgency SET rank = rank + 1"))
    assert classes() == (kenyan[::-1], kenyan[::-1], 0)
