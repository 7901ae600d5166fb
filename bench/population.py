"""Histories of exact size, for measuring. (`hodi simulate` makes plausible ones; a benchmark has to
say "36,000 observations" and mean it.) Values vary as they would, from one seed, so that compression
earns nothing it would not earn in the field."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator

from hodi.domain import DAY_MS, Event, IdMint, Observation, Stamper

GIVEN = (
    "Achieng",
    "Amina",
    "Baraka",
    "Chebet",
    "Faith",
    "Halima",
    "Juma",
    "Kamau",
    "Mwende",
    "Njeri",
    "Otieno",
    "Wanjiru",
)
FAMILY = (
    "Barasa",
    "Cheruiyot",
    "Hassan",
    "Kariuki",
    "Kiptoo",
    "Mutua",
    "Mwangi",
    "Nyambura",
    "Odhiambo",
    "Wekesa",
)
VILLAGES = ("Gachie", "Kibichiku", "Muthure", "Ndenderu", "Rukubi", "Wangige")
MEMBERS = 5
REGISTER_OBSERVATIONS = 6 + MEMBERS * 6


@dataclasses.dataclass(frozen=True, kw_only=True)
class Promoter:
    """One CHP with her phone, as the server knows them."""

    unit: int
    area: int
    account: int
    device: int
    token: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Visit:
    """The events of one visit; the first is `visit.made`."""

    day: int
    events: tuple[Event, ...]

    @property
    def observations(self) -> int:
        """How many values the visit states."""
        return sum(len(event.observations) for event in self.events)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Family:
    """A household as the generator remembers it. Members: head, mother, child under five, child, elder."""

    household: int
    people: tuple[int, ...]
    child_born: int
    child_weight_kg: float
    registered: tuple[Event, ...]


class History:
    """What one promoter writes down, in order, from one seed.

    `today` is the last day on which anything happens. `families` are registered `months` months
    before it and visited once in each of the months.
    """

    def __init__(self, promoter: Promoter, *, seed: int, today: int, counter: int = 0) -> None:
        self.promoter = promoter
        self.today = today
        self.mint = IdMint(promoter.device, counter)
        self.stamper = Stamper()
        self.random = random.Random(f"{seed}/{promoter.device}")
        self.families: list[Family] = []

    def register(self, households: int, *, day: int) -> list[Event]:
        """Register `households` households of five people on `day`; 36 values each."""
        for _ in range(households):
            self.families.append(self._family(day))
        return [event for family in self.families[-households:] for event in family.registered]

    def months(self, months: int, *, observations: int) -> Iterator[Visit]:
        """Every family once a month, the last month ending today; `observations` values a visit."""
        for month in range(months):
            start = self.today - 30 * (months - month) + 1
            for number, family in enumerate(self.families):
                yield self.visit(
                    family, day=start + number * 30 // len(self.families), observations=observations
                )

    def visit(self, family: Family, *, day: int, observations: int) -> Visit:
        """One visit of exactly `observations` values: the child always, a second member above 20."""
        made = self._event(
            "visit.made", day, family.household, values={"visit_outcome": "done"}, is_visit=True
        )
        second = 9 if observations > 20 else 0
        child = self._child(family, day)[: observations - 1 - second]
        events = [made, self._assessment("under_five_assessment", family, 2, day, made.id, child)]
        if second:
            elder = self.random.random() < 0.5
            answers = self._elder() if elder else self._mother(day)
            events.append(
                self._assessment(
                    "member_check" if elder else "antenatal_visit",
                    family,
                    4 if elder else 1,
                    day,
                    made.id,
                    answers,
                )
            )
        return Visit(day=day, events=tuple(events))

    def _family(self, day: int) -> Family:
        pick = self.random.choice
        household = self.mint.next()
        family_name = pick(FAMILY)
        registered = [
            self._event(
                "household.registered",
                day,
                household,
                values={
                    "head_name": f"{pick(GIVEN)} {family_name}",
                    "village": pick(VILLAGES),
                    "latrine": pick((0, 1, 1)),
                    "handwashing": pick((0, 1)),
                    "treated_water": pick((0, 1)),
                    "insured": pick((0, 0, 1)),
                },
            )
        ]
        people = []
        ages = (34, 28, self.random.randint(6, 20) / 12, 9, 68)
        for position, age in enumerate(ages):
            person = self.mint.next()
            people.append(person)
            registered.append(
                self._event(
                    "person.registered",
                    day,
                    household,
                    person=person,
                    values={
                        "given_name": pick(GIVEN),
                        "family_name": family_name,
                        "sex": "female" if position in (1, 4) else pick(("male", "female")),
                        "birth_day": day - int(age * 365.25) - self.random.randint(0, 20),
                        "birth_estimated": 0,
                        "relationship": ("head", "spouse", "child", "child", "parent")[position],
                    },
                )
            )
        return Family(
            household=household,
            people=tuple(people),
            registered=tuple(registered),
            child_born=day - int(ages[2] * 365.25),
            child_weight_kg=self.random.uniform(7, 10),
        )

    def _child(self, family: Family, day: int) -> list[tuple[str, object]]:
        chance = self.random.random
        age = (day - family.child_born) / 30.4
        cough, fever, diarrhoea = (int(chance() < share) for share in (0.15, 0.12, 0.1))
        muac = round(self.random.gauss(142, 9))
        return [
            ("weight_kg", round(family.child_weight_kg + 0.12 * age**0.8 + self.random.gauss(0, 0.3), 1)),
            ("muac_mm", muac),
            ("muac_colour", "red" if muac < 115 else "yellow" if muac < 125 else "green"),
            ("cough", cough),
            ("cough_days", self.random.randint(1, 9) if cough else 0),
            ("fever", fever),
            ("diarrhoea", diarrhoea),
            ("danger_sign", int(chance() < 0.01)),
            ("oedema", 0),
            ("length_cm", min(125.0, round(62 + 1.1 * age + self.random.gauss(0, 1), 1))),
            ("measured_position", "lying" if age < 24 else "standing"),
            ("immunisation_up_to_date", int(chance() < 0.85)),
            ("slept_under_net", int(chance() < 0.7)),
            ("caregiver_counselled", 1),
            ("breaths_per_min", round(self.random.gauss(34, 5))),
            ("temperature_c", round(self.random.gauss(36.8, 0.5), 1)),
            ("handbook_seen", int(chance() < 0.8)),
            ("vitamin_a_6_months", int(chance() < 0.7)),
            ("dewormed_6_months", int(chance() < 0.6)),
            ("milestones_met", int(chance() < 0.95)),
        ]

    def _mother(self, day: int) -> list[tuple[str, object]]:
        chance = self.random.random
        return [
            ("bp_systolic_mmhg", round(self.random.gauss(118, 11))),
            ("bp_diastolic_mmhg", round(self.random.gauss(76, 8))),
            ("vaginal_bleeding", int(chance() < 0.01)),
            ("severe_headache", int(chance() < 0.03)),
            ("blurred_vision", int(chance() < 0.01)),
            ("very_pale", int(chance() < 0.04)),
            ("less_movement", int(chance() < 0.02)),
            ("iron_folate", int(chance() < 0.8)),
            ("antenatal_contact_day", day - self.random.randint(1, 25)),
        ]

    def _elder(self) -> list[tuple[str, object]]:
        chance = self.random.random
        return [
            ("walking", self.random.choice((1, 1, 2, 2, 3))),
            ("chair_rise_s", max(6.0, round(self.random.gauss(14, 3), 1))),
            ("falls", int(chance() < 0.1)),
            ("fever", int(chance() < 0.05)),
            ("cough", int(chance() < 0.1)),
            ("diarrhoea", int(chance() < 0.03)),
            ("bp_systolic_mmhg", round(self.random.gauss(136, 16))),
            ("bp_diastolic_mmhg", round(self.random.gauss(84, 9))),
            ("breathless", int(chance() < 0.05)),
        ]

    def _assessment(
        self, form: str, family: Family, member: int, day: int, visit: int, answers: list[tuple[str, object]]
    ) -> Event:
        return self._event(
            "assessment.recorded",
            day,
            family.household,
            person=family.people[member],
            visit=visit,
            form=form,
            values=dict(answers),
        )

    def _event(
        self,
        kind: str,
        day: int,
        household: int,
        *,
        values: dict[str, object],
        person: int | None = None,
        visit: int | None = None,
        form: str | None = None,
        is_visit: bool = False,
    ) -> Event:
        at = day * DAY_MS + self.random.randint(5 * 3_600_000, 14 * 3_600_000)
        id_ = self.mint.next()
        return Event(
            unit=self.promoter.unit,
            id=id_,
            kind=kind,
            area=self.promoter.area,
            household=household,
            person=person,
            visit=id_ if is_visit else visit,
            form=form,
            form_version=1 if form else None,
            occurred_at=at,
            occurred_day=day,
            recorded_at=at + 60_000,
            stamp=self.stamper.next(at + 60_000),
            author=self.promoter.account,
            device=self.promoter.device,
            body=values if form else None,
            observations=tuple(_observation(concept, value) for concept, value in values.items()),
        )


def _observation(concept: str, value: object) -> Observation:
    if isinstance(value, str):
        text = concept in ("head_name", "village", "given_name", "family_name")
        return Observation(concept=concept, text=value) if text else Observation(concept=concept, code=value)
    assert isinstance(value, int | float)
    return Observation(concept=concept, number=value)
