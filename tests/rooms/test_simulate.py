"""The simulated population: the same for the same seed, plausible in its figures, and accepted by the
ledger as it is."""

from __future__ import annotations

import collections
import dataclasses
import statistics

import pytest

from hodi import events, simulate
from hodi.config import ROOT
from hodi.db import Store
from hodi.domain import Event, day_of, device_of
from hodi.record.reference import growth_rows
from hodi.simulate.write import write
from tests.cast import ZONE

PACK = ROOT / "content" / "kenya"
UNTIL = 1_795_000_000_000  # 18 November 2026, in the afternoon
SPAN = simulate.span_of(6, UNTIL, ZONE)
MINUTE = 60_000

# Kenya's census of 2019: per cent of the population by age in years.
PYRAMID = {
    (0, 5): 12.6, (5, 15): 26.3, (15, 25): 20.4, (25, 35): 16.1, (35, 50): 14.7, (50, 60): 5.3,
    (60, 120): 5.6,
}  # fmt: skip


@pytest.fixture(scope="module")
def pushed() -> list[simulate.Batch]:
    return list(simulate.batches(simulate.plain_units(3), SPAN, 7))


@pytest.fixture(scope="module")
def facts(pushed: list[simulate.Batch]) -> list[Event]:
    return [event for batch in pushed for event in batch.events]


def number(event: Event, concept: str) -> float | None:
    return next((one.number for one in event.observations if one.concept == concept), None)


def code(event: Event, concept: str) -> str | None:
    return next((one.code for one in event.observations if one.concept == concept), None)


def test_the_same_seed_gives_the_same_events_and_another_seed_others() -> None:
    units = simulate.plain_units(1, areas=2, households=20)
    first, again, other = (list(simulate.batches(units, SPAN, seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_an_area_does_not_depend_on_its_neighbours() -> None:
    alone = simulate.plain_units(1, areas=1, households=20)
    among = simulate.plain_units(2, areas=3, households=20)
    area = alone[0].areas[0]
    found = [batch for batch in simulate.batches(among, SPAN, 1) if batch.area == area.area]
    assert found == list(simulate.area_batches(alone[0], area, SPAN, 1))


def test_batches_come_in_order_of_arrival_and_ids_are_their_device_s(
    pushed: list[simulate.Batch], facts: list[Event]
) -> None:
    arrivals = [batch.received_at for batch in pushed]
    assert arrivals == sorted(arrivals)
    assert arrivals[-1] <= UNTIL
    assert len({event.id for event in facts}) == len(facts)
    for batch in pushed:
        assert all(device_of(event.id) == event.device == batch.device for event in batch.events)


def test_clocks_are_a_little_wrong_and_lag_is_real(pushed: list[simulate.Batch]) -> None:
    ahead = [event.recorded_at - batch.received_at for batch in pushed for event in batch.events]
    assert max(ahead) < 10 * MINUTE
    lags_h = [-one / 60 / MINUTE for one in ahead]
    assert statistics.median(lags_h) < 24
    assert max(lags_h) > 48
    stamps = collections.defaultdict(list)
    for batch in pushed:
        for event in batch.events:
            stamps[event.device, batch.area].append(event.stamp)
    assert all(of_one == sorted(of_one) for of_one in stamps.values())


def test_the_population_has_kenya_s_ages(facts: list[Event]) -> None:
    born = [number(event, "birth_day") for event in facts if event.kind == "person.registered"]
    years = [(SPAN.first_day - day) / 365.25 for day in born if day is not None and day <= SPAN.first_day]
    for (low, high), expected in PYRAMID.items():
        share = 100 * sum(low <= year < high for year in years) / len(years)
        assert share == pytest.approx(expected, abs=2.6), f"{low} to {high} years"
    households = sum(event.kind == "household.registered" for event in facts)
    assert households > 2950
    assert 3.4 < len(years) / households < 4.3


def test_children_grow_along_the_standard(facts: list[Event]) -> None:
    children = {
        event.person: (code(event, "sex"), number(event, "birth_day"))
        for event in facts
        if event.kind == "person.registered"
    }
    table = {
        (measure, sex, axis): lms
        for measure, sex, axis, *lms in growth_rows()
        if measure in ("weight_for_age", "length_height_for_age", "muac_for_age")
    }
    scores: dict[str, list[float]] = collections.defaultdict(list)
    corrected = {event.target for event in facts if event.kind == "event.corrected"}
    for event in facts:
        if event.form != "under_five_assessment" or event.id in corrected:
            continue
        sex, born = children[event.person]
        assert born is not None
        age = event.occurred_day - int(born)
        for measure, value in (
            ("weight_for_age", number(event, "weight_kg")),
            ("length_height_for_age", number(event, "length_cm")),
            ("muac_for_age", (number(event, "muac_mm") or 0) / 10 or None),
        ):
            if value is not None and age <= 1826:
                power, median, spread = table[measure, sex, age]
                scores[measure].append(((value / median) ** power - 1) / (power * spread))
    means = {"weight_for_age": -0.5, "length_height_for_age": -0.95, "muac_for_age": -0.15}
    for measure, mean in means.items():
        assert statistics.mean(scores[measure]) == pytest.approx(mean, abs=0.25), measure
        assert 0.75 < statistics.stdev(scores[measure]) < 1.3, measure


def test_work_and_its_gaps_are_plausible(facts: list[Event]) -> None:
    kinds = collections.Counter(event.kind for event in facts)
    # Of the households, in a month; those who were treated or are to be measured again are visited twice.
    assert 0.5 < kinds["visit.made"] / (3 * 1000 * 6) < 0.95
    visits = [event for event in facts if event.kind == "visit.made"]
    outcomes = collections.Counter(code(event, "visit_outcome") for event in visits)
    assert 0.03 < outcomes["nobody_home"] / outcomes["done"] < 0.12
    assert 0.5 < kinds["referral.arrived"] / kinds["referral.made"] < 0.85
    assert kinds["referral.traced"] > 10
    assert kinds["pregnancy.ended"] > 20
    assert kinds["event.corrected"] > 5
    hours = collections.Counter((event.occurred_at // 3_600_000 + 3) % 24 for event in facts if event.visit)
    assert sum(hours[hour] for hour in range(8, 18)) > 0.9 * sum(hours.values())


def test_a_silent_phone_has_sent_nothing_since() -> None:
    unit = simulate.plain_units(1, areas=2, households=30)[0]
    silent = dataclasses.replace(unit.areas[0], silent_days=20)
    phone = [batch for batch in simulate.area_batches(unit, silent, SPAN, 1) if batch.device == silent.device]
    assert day_of(phone[-1].received_at, ZONE) < SPAN.last_day - 20


def test_the_ledger_accepts_everything_twice(store: Store) -> None:
    rules = events.load_rules(PACK)
    units = simulate.plain_units(1, areas=2, households=25)
    pushed = list(simulate.batches(units, simulate.span_of(4, UNTIL, ZONE), 3))
    count = write(store, pushed, rules)
    assert count == sum(len(batch.events) for batch in pushed)
    assert write(store, pushed, rules) == count
    stored = store.read_now(lambda c: c.rows("SELECT count(*), count(DISTINCT id), max(seq) FROM event"))[0]
    assert stored[0] == stored[1] == count
    assert store.read_now(lambda c: c.rows("SELECT count(*) FROM quarantine"))[0][0] == 0
