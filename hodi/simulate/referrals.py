"""Referrals, and what becomes of them: most arrive, some late, some never; the desk records it, and the
promoter looks for those who did not come, asks who came back, and closes what can be closed."""

from __future__ import annotations

import dataclasses
import random
from collections import defaultdict
from collections.abc import Iterator

from hodi.content import step_of
from hodi.domain import DAY_MS, Event, Zone, day_of, day_start, referral_code
from hodi.simulate.answers import Answers
from hodi.simulate.batch import Batch
from hodi.simulate.country import Country
from hodi.simulate.people import Household, Person
from hodi.simulate.plan import AreaPlan, UnitPlan
from hodi.simulate.recorder import Recorder

_HOUR = 3_600_000
_MORNING_H, _AFTERNOON_H = 8.2, 15.5  # a desk is open between them


@dataclasses.dataclass(kw_only=True)
class _Open:
    """A referral on its way."""

    id: int
    household: Household
    person: Person
    class_: str
    reason: str
    emergency: bool
    made_at: int
    due_at: int
    stamp: int = 0
    traced: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Departure:
    """What a promoter told of a member who left or died."""

    event: int
    household: Household
    person: Person


class Desk:
    """The facilities' side of an area's referrals."""

    def __init__(
        self, country: Country, unit: UnitPlan, area: AreaPlan, zone: Zone, chance: random.Random
    ) -> None:
        self._zone = zone
        self._country = country
        self._figures = country.referrals
        self._times = country.pack.referral_times
        self._unit = unit
        self._area = area
        self._chance = chance
        # Areas share a desk, so each has its own stretch of the desk's counter.
        counter = area.device % 4096 << 18
        self._recorders = [
            Recorder(
                unit=unit.unit,
                area=area.area,
                account=desk.account,
                device=desk.device,
                zone=zone,
                counter=counter,
            )
            for desk in unit.desks
        ]
        self._supervisor = (
            Recorder(
                unit=unit.unit,
                area=area.area,
                account=unit.supervisor.account,
                device=unit.supervisor.device,
                zone=zone,
                counter=counter,
            )
            if unit.supervisor is not None
            else None
        )
        self._departures: dict[int, _Departure] = {}
        self._reviews: dict[int, list[tuple[int, str, _Departure, int]]] = defaultdict(list)
        self._open: dict[int, _Open] = {}
        self._due: dict[int, list[tuple[int, str, _Open]]] = defaultdict(list)
        self._to_trace: list[_Open] = []
        self._to_close: dict[int, list[tuple[_Open, str]]] = defaultdict(list)
        self._codes = random.Random(f"codes of {area.area}")

    def refer(
        self, household: Household, person: Person, reason: str, class_: str, visit: int, recorder: Recorder,
        given: str | None = None,
    ) -> int:  # fmt: skip
        """The promoter refers a person; gives the referral's id."""
        emergency = class_ == "emergency"
        made_at = recorder.free_at
        due_at, escalate_at = self._times.made(class_, made_at)
        number = recorder.number()
        says = Answers()
        says.text("referral_code", referral_code(self._codes.randrange))
        says.code("referral_class", class_)
        says.text("referral_facility", self._unit.desks[-1 if emergency else 0].facility)
        says.code("referral_reason", reason)
        says.number("referral_due_at", due_at)
        says.number("referral_escalate_at", escalate_at)
        says.text("treatment_given", given)
        recorder.write(
            "referral.made",
            household.number,
            person=person.number,
            visit=visit,
            says=says,
            id_=number,
            minutes=3,
        )
        self._open[number] = _Open(
            id=number,
            household=household,
            person=person,
            class_=class_,
            reason=reason,
            emergency=emergency,
            made_at=made_at,
            due_at=due_at,
        )
        person.referral = number
        return number

    def departed(self, household: Household, person: Person, event: int) -> None:
        """A member left or died, as the promoter told (the event): the supervisor will look at it."""
        self._departures[event] = _Departure(event=event, household=household, person=person)

    def learns(self, events: list[Event], at: int) -> None:
        """Events have reached the server: from now on the desk can find their referrals."""
        for event in events:
            one = self._open.get(event.id)
            if one is not None and event.kind == "referral.made":
                one.stamp = event.stamp
                self._decide(one, at)
            departure = self._departures.pop(event.id, None)
            if departure is not None:
                self._review(departure, event.stamp, at)

    def _review(self, departure: _Departure, stamp: int, known_at: int) -> None:
        figures = self._country.reviews
        drawn = self._chance.random()
        verdict = (
            "approved"
            if drawn < figures.approved
            else "sent_back"
            if drawn < figures.approved + figures.sent_back
            else None
        )
        if self._supervisor is None or verdict is None:
            return
        day = day_of(known_at, self._zone) + self._chance.randrange(
            figures.after_days[0], figures.after_days[1] + 1
        )
        self._reviews[day].append((stamp, verdict, departure, self._at(day)))

    def _at(self, day: int) -> int:
        return day_start(day, self._zone) + int(self._chance.uniform(_MORNING_H, _AFTERNOON_H) * _HOUR)

    def reviews(self, day: int) -> Iterator[Batch]:
        """What the supervisor says on a day to those who left or died."""
        supervisor = self._unit.supervisor
        for stamp, verdict, departure, at in sorted(
            self._reviews.pop(day, []), key=lambda one: (one[3], one[2].event)
        ):
            if self._supervisor is None or supervisor is None:
                return
            says = Answers()
            says.code("departure_verdict", verdict)
            if verdict == "sent_back":
                departure.person.gone = False
                says.text("answer_reason", self._chance.choice(self._country.reviews.reasons))
            self._supervisor.begin(max(at, self._supervisor.free_at))
            self._supervisor.witness(stamp)
            self._supervisor.write(
                "departure.reviewed",
                departure.household.number,
                person=departure.person.number,
                target=departure.event,
                says=says,
                minutes=1,
            )
            yield Batch(
                self._supervisor.free_at,
                self._unit.unit,
                self._area.area,
                supervisor.account,
                supervisor.device,
                tuple(self._supervisor.take()),
                None,
            )

    def _decide(self, one: _Open, known_at: int) -> None:
        chance = self._chance
        comes = one.household.comes
        arrives = (
            chance.random() < self._figures.arrives.get(one.class_, 0.7) if comes is None else comes == "seen"
        )
        if not arrives:
            if comes != "never":
                late_at = one.due_at + chance.randrange(4, 96) * _HOUR
                self._due[day_of(late_at, self._zone)].append((0, "trace", one))
            return
        delay_h = chance.expovariate(1 / self._figures.hours.get(one.class_, 40))
        day = day_of(one.made_at + int(delay_h * _HOUR), self._zone)
        at = self._at(day)
        while at < max(one.made_at + _HOUR, known_at + _HOUR // 2):
            at += DAY_MS
        self._due[day_of(at, self._zone)].append((at, "arrived", one))
        if comes is not None or chance.random() < 0.96:
            late = comes is None and chance.random() < 0.12
            seen_at = (
                at + int(chance.uniform(0.4, 3.0) * _HOUR) + (chance.randrange(1, 5) * DAY_MS if late else 0)
            )
            self._due[day_of(seen_at, self._zone)].append((seen_at, "seen", one))

    def batches(self, day: int) -> Iterator[Batch]:
        """What the desks record on a day, in order."""
        entries = self._due.pop(day, [])
        for at, what, one in sorted(entries, key=lambda entry: (entry[0], entry[2].id)):
            if what == "trace":
                if not one.traced:
                    self._to_trace.append(one)
                continue
            desk = self._unit.desks[-1 if one.emergency else 0]
            recorder = self._recorders[-1 if one.emergency else 0]
            recorder.begin(max(at, recorder.free_at))
            recorder.witness(one.stamp)
            if what == "arrived":
                self._arrived(one, recorder)
            elif what == "returned":
                self._returned(one, recorder)
            else:
                self._seen(one, recorder, desk.facility, day_of(at, self._zone))
            yield Batch(
                recorder.free_at,
                self._unit.unit,
                self._area.area,
                desk.account,
                desk.device,
                tuple(recorder.take()),
                None,
            )

    def _arrived(self, one: _Open, recorder: Recorder) -> None:
        says = Answers()
        says.code("evidence", "facility_desk")
        self._next(says, "arrived", one, recorder.free_at)
        recorder.write(
            "referral.arrived",
            one.household.number,
            person=one.person.number,
            target=one.id,
            says=says,
            minutes=0.5,
        )

    def _seen(self, one: _Open, recorder: Recorder, facility: str, day: int) -> None:
        figures = self._figures
        grave = figures.grave_outcomes if one.class_ in figures.grave else figures.outcomes
        weights = grave or dict.fromkeys(self._country.pack.concepts["referral_outcome"].codes[:1], 1.0)
        outcome = self._chance.choices([*weights], [*weights.values()])[0]
        says = Answers()
        says.code("referral_outcome", outcome)
        says.code("evidence", "facility_desk")
        says.text("seen_at_facility", facility)
        if outcome in figures.treated:
            says.text("advice", figures.advice.get(one.reason))
            return_day = day + self._chance.choice(figures.return_days)
            says.number("return_day", return_day)
            self._next(says, "return", one, day_start(return_day, self._zone))
            if self._chance.random() < figures.returns:
                self._due[return_day].append((self._at(return_day), "returned", one))
        recorder.write(
            "referral.seen",
            one.household.number,
            person=one.person.number,
            target=one.id,
            says=says,
            minutes=1.5,
        )
        one.person.referral = None
        self._open.pop(one.id, None)

    def _returned(self, one: _Open, recorder: Recorder) -> None:
        says = Answers()
        says.code("return_result", "kept")
        says.code("evidence", "facility_desk")
        recorder.write(
            "referral.returned", one.household.number, person=one.person.number, target=one.id, says=says,
            minutes=0.5,
        )  # fmt: skip

    def traces(self) -> list[_Open]:
        """Referrals that the promoter goes after today, because nobody came."""
        if self._chance.random() < 0.3:
            return []
        found, self._to_trace = self._to_trace, []
        return [one for one in found if one.id in self._open]

    def trace(self, one: _Open, recorder: Recorder) -> None:
        """She has found out why somebody did not go."""
        figures = self._figures
        traces = figures.traces or dict.fromkeys(self._country.pack.concepts["trace_result"].codes[:1], 1.0)
        result = self._chance.choices([*traces], [*traces.values()])[0]
        says = Answers()
        says.code("trace_result", result)
        if result in figures.with_reason and figures.trace_reasons:
            reasons = figures.trace_reasons
            says.code("trace_reason", self._chance.choices([*reasons], [*reasons.values()])[0])
        self._next(says, step_of("referral.traced", {"trace_result": result}), one, recorder.free_at)
        recorder.write(
            "referral.traced",
            one.household.number,
            person=one.person.number,
            target=one.id,
            says=says,
            minutes=4,
        )
        one.traced = True
        one.person.referral = None
        today = day_of(recorder.free_at, self._zone)
        if self._chance.random() > 0.9:
            return
        if self._chance.random() < figures.goes.get(result, 0):
            day = today + self._chance.randrange(1, 4)
            begins = day_start(day, self._zone)
            self._due[day].append((begins + 11 * _HOUR, "arrived", one))
            self._due[day].append((begins + 12 * _HOUR, "seen", one))
        else:
            reason = figures.closes.get(result, figures.close)
            if reason:
                self._to_close[today + self._chance.randrange(2, 9)].append((one, reason))

    def closes(self, day: int, recorder: Recorder) -> None:
        """She closes what can be closed on a day when she works, late ones too."""
        for due in sorted(one for one in self._to_close if one <= day):
            for one, reason in self._to_close.pop(due):
                if one.id not in self._open:
                    continue
                says = Answers()
                says.code("close_reason", reason)
                recorder.write(
                    "referral.closed", one.household.number, person=one.person.number, target=one.id,
                    says=says, minutes=1,
                )  # fmt: skip
                self._open.pop(one.id, None)

    def _next(self, says: Answers, step: str | None, one: _Open, at: int) -> None:
        """When the step after this one is overdue."""
        if step is None:
            return
        due_at, escalate_at = self._times.after(step, one.class_, at)
        says.number("referral_due_at", due_at)
        says.number("referral_escalate_at", escalate_at)
