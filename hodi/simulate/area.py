"""One promoter's area, day by day: whom she calls on, what she writes down, when her phone finds a network,
and what the facility answers. A pure function of the plan and the seed."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator

from hodi.domain import Event, day_start
from hodi.simulate import calls, names, rhythm, stories
from hodi.simulate.batch import Batch
from hodi.simulate.illness import spells
from hodi.simulate.people import Frailty, Household, make_household, pregnancies
from hodi.simulate.plan import AreaPlan, Span, UnitPlan
from hodi.simulate.recorder import Recorder
from hodi.simulate.referrals import Desk

_MINUTE = 60_000
_BATCH_EVENTS = 500


def area_batches(unit: UnitPlan, area: AreaPlan, span: Span, seed: int) -> Iterator[Batch]:
    """Everything that reaches the server from an area, in order of arrival."""
    chance = random.Random(f"{seed}/{unit.unit}/{area.area}")
    households = _found_households(area, span, chance)
    promoter = rhythm.Promoter(area, span, chance)
    recorder = Recorder(
        unit=unit.unit,
        area=area.area,
        account=area.account,
        device=area.device,
        zone=span.zone,
        skew_ms=promoter.skew_ms,
    )
    desk = Desk(unit, area, span.zone, chance)
    calls_on = _arranged_calls(households, span)
    _neighbours_call(households, calls_on, span, chance)
    waiting: list[Event] = []
    for day in range(span.first_day, span.last_day + 1):
        arriving = list(desk.batches(day))
        at = day_start(day, span.zone) + promoter.starts_ms(chance)
        for household in (*calls_on.pop(day, ()), *promoter.calls(day, households, chance)):
            follow_up = calls.visit(household, day, at, recorder, desk, chance)
            if follow_up is not None:
                calls_on[day + follow_up].append(household)
            at = recorder.free_at + int(chance.uniform(4, 18)) * _MINUTE
        if promoter.works(day):
            for referral in desk.traces():
                recorder.begin(at)
                desk.trace(referral, recorder)
                at = recorder.free_at + int(chance.uniform(8, 25)) * _MINUTE
            recorder.begin(at)
            desk.closes(day, recorder)
        waiting += recorder.take()
        synced_at = promoter.syncs_at(day, at, chance)
        if waiting and synced_at is not None:
            arriving += _batches(waiting, synced_at, unit, area)
            desk.learns(waiting, synced_at)
            waiting = []
        for batch in sorted(arriving, key=lambda one: one.received_at):
            if batch.received_at <= span.until:
                yield batch


def _found_households(area: AreaPlan, span: Span, chance: random.Random) -> list[Household]:
    villages = chance.sample(names.PLACES, 2)
    households = [
        make_household(chance, span.first_day, chance.choice(villages)) for _ in range(area.households)
    ]
    for household in households:
        household.spells = spells(household.members, span.first_day - 20, span.last_day, chance)
        for person in household.members:
            age = person.age(span.first_day)
            if person.sex == "female" and 15 < age < 45:
                person.pregnancies = pregnancies(person, span.first_day, span.last_day, chance)
            if age < 5 and chance.random() < 0.07:
                start = chance.randrange(span.first_day - 60, max(span.last_day - 40, span.first_day - 59))
                person.track.falter(start, start + chance.randrange(60, 120), chance.uniform(0.2, 0.5))
            if age >= 59:
                turn = chance.randrange(span.first_day, span.first_day + 1500)
                person.frailty = Frailty(chance, age, turn)
    for story in area.stories:
        suited = [one for one in households if stories.suits(one, story, span.last_day)]
        if suited:
            stories.shape(suited[0], story, span.last_day, chance)
    return households


def _arranged_calls(households: list[Household], span: Span) -> dict[int, list[Household]]:
    calls_on: dict[int, list[Household]] = defaultdict(list)
    for household in households:
        if household.story is not None:
            for before in stories.CALLS_BEFORE_END[household.story]:
                calls_on[span.last_day - before].append(household)
    return calls_on


def _neighbours_call(
    households: list[Household], calls_on: dict[int, list[Household]], span: Span, chance: random.Random
) -> None:
    # A family with a sick child sends for the promoter in one case of four.
    for household in households:
        if household.story is None:
            for spell in household.spells:
                a_child = spell.person.age(spell.onset) < 5
                if a_child and spell.onset > span.first_day + 25 and chance.random() < 0.25:
                    calls_on[spell.onset + chance.randrange(1, 4)].append(household)


def _batches(events: list[Event], at: int, unit: UnitPlan, area: AreaPlan) -> Iterator[Batch]:
    for start in range(0, len(events), _BATCH_EVENTS):
        part = tuple(events[start : start + _BATCH_EVENTS])
        yield Batch(
            at,
            unit.unit,
            area.area,
            area.account,
            area.device,
            part,
            waiting=max(0, len(events) - start - len(part)),
        )
        at += 2_000
