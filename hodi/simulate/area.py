"""One promoter's area, day by day: whom she calls on, what she writes down, when her phone finds a network,
and what the facility answers. A pure function of the pack, the plan and the seed."""

from __future__ import annotations

import pathlib
import random
from collections import defaultdict
from collections.abc import Iterator

from hodi.config import DEFAULT_PACK
from hodi.domain import Event, day_start
from hodi.simulate import calls, rhythm, stories
from hodi.simulate.batch import Batch
from hodi.simulate.country import Country, country_of
from hodi.simulate.people import Household, make_household
from hodi.simulate.plan import AreaPlan, Span, UnitPlan
from hodi.simulate.recorder import Recorder
from hodi.simulate.referrals import Desk

_MINUTE = 60_000
_BATCH_EVENTS = 500
_SENDS_FOR_HER = 0.25  # of the families in which a small child falls ill

Told = dict[int, list[tuple[Household, list[calls.Told]]]]


def area_batches(
    unit: UnitPlan, area: AreaPlan, span: Span, seed: int, pack: pathlib.Path = DEFAULT_PACK
) -> Iterator[Batch]:
    """Everything that reaches the server from an area, in order of arrival."""
    country = country_of(pack)
    chance = random.Random(f"{seed}/{unit.unit}/{area.area}")
    households, told = _found_households(country, area, span, chance)
    promoter = rhythm.Promoter(area, span, chance)
    recorder = Recorder(
        unit=unit.unit,
        area=area.area,
        account=area.account,
        device=area.device,
        zone=span.zone,
        skew_ms=promoter.skew_ms,
    )
    desk = Desk(country, unit, area, span.zone, chance)
    scene = calls.Scene(country=country, recorder=recorder, desk=desk, chance=chance)
    calls_on: dict[int, list[Household]] = defaultdict(list)
    _neighbours_call(households, calls_on, span, chance)
    waiting: list[Event] = []
    for day in range(span.first_day, span.last_day + 1):
        arriving = [*desk.batches(day), *desk.reviews(day)]
        at = day_start(day, span.zone) + promoter.starts_ms(chance)
        for household, says in told.pop(day, ()):
            calls.visit(household, day, at, scene, says)
            at = recorder.free_at + int(chance.uniform(4, 18)) * _MINUTE
        for household in (*calls_on.pop(day, ()), *promoter.calls(day, households, chance)):
            for later in calls.visit(household, day, at, scene):
                calls_on[day + later].append(household)
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


def _found_households(
    country: Country, area: AreaPlan, span: Span, chance: random.Random
) -> tuple[list[Household], Told]:
    places = country.names.places
    villages = chance.sample(places, min(2, len(places)))
    told: Told = defaultdict(list)
    households = [_of_story(one, country, span, chance, villages, told) for one in area.stories]
    households += [
        make_household(country.names, chance, span.first_day, chance.choice(villages))
        for _ in range(area.households - len(households))
    ]
    for household in households:
        household.facts = area.facts
    for household in households[len(area.stories) :]:
        household.spells = country.illnesses.spells(
            country, household, span.first_day - 20, span.last_day, chance
        )
        for person in household.members:
            if person.sex == "female" and country.midwife is not None:
                person.pregnancies = country.midwife.of(person, span.first_day, span.last_day, chance)
            growth = country.growth
            if growth is not None and person.age_days(span.first_day) <= growth.until_days:
                growth.begin(person, span.first_day, span.last_day, chance)
    return households, told


def _of_story(
    story: stories.Story, country: Country, span: Span, chance: random.Random, villages: list[str], told: Told
) -> Household:
    days = country.midwife.days if country.midwife is not None else 0
    household, people = stories.household_of(
        story, country.names, chance, chance.choice(villages), span.first_day, span.last_day, days
    )
    for day in story.days():
        says = [
            calls.Told(
                form=call.form,
                person=people[call.of] if call.of is not None else None,
                answers=stories.answers_of(call, span.last_day),
                refer=call.refer,
            )
            for call in story.calls
            if call.day == day
        ]
        told[span.last_day + day].append((household, says))
    return household


def _neighbours_call(
    households: list[Household], calls_on: dict[int, list[Household]], span: Span, chance: random.Random
) -> None:
    # A family with a sick child sends for the promoter now and then.
    for household in households:
        if household.story is None:
            for spell in household.spells:
                a_child = spell.person.age(spell.onset) < 5
                if a_child and spell.onset > span.first_day + 25 and chance.random() < _SENDS_FOR_HER:
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
