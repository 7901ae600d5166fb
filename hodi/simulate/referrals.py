"""Referrals, and what becomes of them: most arrive, some late, some never; the desk records it, and the
promoter looks for those who did not come, asks who came back, and closes what can be closed."""

from __future__ import annotations

import dataclasses
import random
from collections import defaultdict
from collections.abc import Iterator

from hodi.config import ROOT
from hodi.content import load_referral_times, step_of
from hodi.domain import DAY_MS, Event, Zone, day_of, day_start, referral_code
from hodi.simulate.answers import Answers
from hodi.simulate.batch import Batch
from hodi.simulate.people import Household, Person
from hodi.simulate.plan import AreaPlan, UnitPlan
from hodi.simulate.recorder import Recorder

_HOUR = 3_600_000
_TIMES = load_referral_times(ROOT / "content" / "kenya")
_CLOSES = {"went_elsewhere": "followed_up", "refused": "refused", "not_found": "lost", "moved": "moved"}
_ARRIVES = {"emergency": 0.88, "urgent": 0.74, "priority": 0.62, "routine": 0.5}
_ADVICE = {
    "danger_sign": "Finish the medicine. Come back at once if the child cannot drink or breathes fast.",
    "malnutrition_severe": "Ready-to-use food every day as shown. Weekly weighing at the facility.",
    "malnutrition_moderate": "Supplementary food. Extra meal every day.",
    "cough_fever": "Paracetamol for fever. Plenty to drink. Return if breathing becomes fast.",
    "tb": "Sputum was taken. Come for the result.",
    "antenatal_missed": "First visit done. Iron and folic acid every day.",
    "mobility": "Exercises every day: rise from a chair ten times, walk to the gate and back.",
}


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
    never: bool = False


class Desk:
    """The facilities' side of an area's referrals."""

    def __init__(self, unit: UnitPlan, area: AreaPlan, zone: Zone, chance: random.Random) -> None:
        self._zone = zone
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
        due_at, escalate_at = _TIMES.made(class_, made_at)
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
            never=household.story == "no_show",
        )
        person.referral = number
        return number

    def learns(self, events: list[Event], at: int) -> None:
        """Events have reached the server: from now on the desk can find their referrals."""
        for event in events:
            one = self._open.get(event.id)
            if one is not None and event.kind == "referral.made":
                one.stamp = event.stamp
                self._decide(one, at)

    def _decide(self, one: _Open, known_at: int) -> None:
        chance = self._chance
        story = one.household.story
        if (
            one.never
            or story == "referred"
            or (story != "outcome" and chance.random() > _ARRIVES[one.class_])
        ):
            late_at = one.due_at + chance.randrange(4, 96) * _HOUR
            self._due[day_of(late_at, self._zone)].append((0, "trace", one))
            return
        delay_h = chance.expovariate(1 / 5) if one.emergency else chance.expovariate(1 / 40)
        day = day_of(one.made_at + int(delay_h * _HOUR), self._zone)
        at = day_start(day, self._zone) + int(chance.uniform(8.2, 15.5) * _HOUR)
        while at < max(one.made_at + _HOUR, known_at + _HOUR // 2):
            at += DAY_MS
        self._due[day_of(at, self._zone)].append((at, "arrived", one))
        if story == "outcome" or chance.random() < 0.96:
            late = story != "outcome" and chance.random() < 0.12
            seen_at = (
                at + int(chance.uniform(0.4, 3.0) * _HOUR) + (chance.randrange(1, 5) * DAY_MS if late else 0)
            )
            self._due[day_of(seen_at, self._zone)].append((seen_at, "seen", one))

    def batches(self, day: int) -> Iterator[Batch]:
        """What the desks record on a day, in order."""
        entries = self._due.pop(day, [])
        for at, what, one in sorted(entries, key=lambda entry: (entry[0], entry[2].id)):
            if what == "trace":
                if not one.traced and not one.never:
                    self._to_trace.append(one)
                continue
            desk = self._unit.desks[-1 if one.emergency else 0]
            recorder = self._recorders[-1 if one.emergency else 0]
            recorder.begin(at)
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
        _due(says, "arrived", one, recorder.free_at)
        recorder.write(
            "referral.arrived",
            one.household.number,
            person=one.person.number,
            target=one.id,
            says=says,
            minutes=0.5,
        )

    def _seen(self, one: _Open, recorder: Recorder, facility: str, day: int) -> None:
        grave = one.class_ in ("emergency", "urgent")
        outcome = self._chance.choices(("treated", "admitted", "referred_on", "not_treated"),
                                       (70, 22, 5, 3) if grave else (93, 2, 3, 2))[0]  # fmt: skip
        says = Answers()
        says.code("referral_outcome", outcome)
        says.code("evidence", "facility_desk")
        says.text("seen_at_facility", facility)
        if outcome in ("treated", "admitted"):
            says.text("advice", _ADVICE.get(one.reason))
            return_day = day + self._chance.choice((2, 3, 7, 14))
            says.day("return_day", return_day)
            _due(says, "return", one, day_start(return_day, self._zone))
            if self._chance.random() < 0.86:
                back_at = day_start(return_day, self._zone) + int(self._chance.uniform(8.2, 15.5) * _HOUR)
                self._due[return_day].append((back_at, "returned", one))
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
        result = self._chance.choices(("will_go", "went_elsewhere", "refused", "not_found", "moved"),
                                      (52, 22, 12, 9, 5))[0]  # fmt: skip
        says = Answers()
        says.code("trace_result", result)
        if result in ("will_go", "refused"):
            reasons = ("cost", "felt_well", "distance", "travel", "forgot", "other")
            says.code("trace_reason", self._chance.choices(reasons, (30, 28, 14, 10, 12, 6))[0])
        _due(says, step_of("referral.traced", {"trace_result": result}), one, recorder.free_at)
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
        if result != "will_go" or self._chance.random() > 0.6:
            reason = _CLOSES.get(result, "lost")
            self._to_close[today + self._chance.randrange(2, 9)].append((one, reason))
        else:
            day = today + self._chance.randrange(1, 4)
            begins = day_start(day, self._zone)
            self._due[day].append((begins + 11 * _HOUR, "arrived", one))
            self._due[day].append((begins + 12 * _HOUR, "seen", one))

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


def _due(says: Answers, step: str | None, one: _Open, at: int) -> None:
    """When the step after this one is overdue."""
    if step is None:
        return
    due_at, escalate_at = _TIMES.after(step, one.class_, at)
    says.number("referral_due_at", due_at)
    says.number("referral_escalate_at", escalate_at)
