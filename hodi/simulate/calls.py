"""One call at a household: which forms are filled for whom, as the pack's hints say, and what follows."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping, Sequence

from hodi.content.runner.evaluate import Value, to_number, to_text
from hodi.domain import Observation
from hodi.simulate.answers import Answers
from hodi.simulate.country import Country, Practice, known
from hodi.simulate.filling import Filling, Stated
from hodi.simulate.people import Household, Person
from hodi.simulate.recorder import Recorder
from hodi.simulate.referrals import Desk
from hodi.simulate.states import States

_OUTCOMES = ("done", "nobody_home", "refused")
_OUTCOME_WEIGHTS = (91, 8, 1)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scene:
    """Whose area it is, what is written with, and the chance that it follows."""

    country: Country
    recorder: Recorder
    desk: Desk
    chance: random.Random


@dataclasses.dataclass(frozen=True, kw_only=True)
class Told:
    """What a story says of a visit: which form for whom, with which answers; `refer`: whether she refers."""

    form: str
    person: Person | None
    answers: Mapping[str, Value]
    refer: bool = False


def visit(
    household: Household, day: int, at: int, scene: Scene, told: Sequence[Told] | None = None
) -> list[int]:
    """Call at a household at a time (ms); gives after how many days to come again. `told`: what a story has
    happen, and nothing else."""
    recorder, chance = scene.recorder, scene.chance
    recorder.begin(at)
    fresh = household.registered_day is None
    outcome = _OUTCOMES[0]
    if not fresh and household.story is None:
        outcome = chance.choices(_OUTCOMES, _OUTCOME_WEIGHTS)[0]
    if fresh:
        _register(household, day, scene)
    number = recorder.number()
    says = Answers()
    says.code("visit_outcome", outcome)
    recorder.write("visit.made", household.number, visit=number, says=says, id_=number, minutes=1)
    if outcome != _OUTCOMES[0]:
        return []
    call = _Call(household, day, number, scene)
    if told is not None:
        for one in told:
            call.tell(one)
        return []
    if household.story is None:
        call.go_round()
    return call.again


def _register(household: Household, day: int, scene: Scene) -> None:
    household.number = scene.recorder.number()
    household.registered_day = day
    call = _Call(household, day, None, scene)
    call.introduce(scene.country.registers_household, None)
    for person in household.members:
        if person.birth_day <= day:
            call.enter(person)


class _Call:
    """A call under way."""

    def __init__(self, household: Household, day: int, visit_: int | None, scene: Scene) -> None:
        self.household = household
        self.day = day
        self.again: list[int] = []
        self._visit = visit_
        self._scene = scene
        self._country = scene.country
        self._chance = scene.chance

    def go_round(self) -> None:
        """Ask what is to be asked of the household and of everybody in it."""
        for practice in self._country.practices.values():
            if practice.form.model.about == "household" and not _introduces(practice):
                self._ask(practice, None)
        for person in self.household.here():
            if person.birth_day > self.day or not person.number:
                continue
            pregnancy = person.pregnancies[0] if person.pregnancies else None
            if pregnancy is not None and pregnancy.ends_day <= self.day and not pregnancy.number:
                person.pregnancies.pop(0)
            for practice in self._country.practices.values():
                if practice.form.model.about == "person" and not _introduces(practice) and not person.gone:
                    self._ask(practice, person)

    def enter(self, person: Person) -> None:
        """Enter a member in the register."""
        person.number = self._scene.recorder.number()
        self.introduce(self._country.registers_person, person)
        told = person.stated.get("birth_day")
        if told is not None and isinstance(told[0], float):
            person.birth_day = int(told[0])  # an age told is all that anybody knows

    def introduce(self, form: str | None, person: Person | None) -> None:
        """Fill in the form that brings a household or a member into the register."""
        if form is None:
            raise LookupError("no form of the pack introduces households and members")
        practice = self._country.practices[form]
        filling = self._fill(practice, self._states(person), {})
        if filling is None:
            raise LookupError(f"the form {form} cannot be filled in for {self.household.number}")
        self._write(practice, filling, person)

    def tell(self, told: Told) -> None:
        """Fill in a form as a story says. Raises LookupError if the form does not accept it."""
        practice = self._country.practices[told.form]
        filling = self._fill(practice, self._states(told.person), told.answers)
        if filling is None:
            raise LookupError(
                f"the form {told.form} does not accept what a story tells: {dict(told.answers)}"
            )
        event = self._write(practice, filling, told.person)
        if told.refer and told.person is not None and event is not None:
            self._refer(filling, told.person)

    def _states(self, person: Person | None) -> States:
        return States(self._country, self.household, person, self.day, self._chance)

    def _ask(self, practice: Practice, person: Person | None) -> None:
        about = self.household if person is None else person
        before = about.filled.get(practice.form.model.id)
        if before is not None and self.day - before < practice.fills.every_days:
            return
        states = self._states(person)
        if practice.wanted is not None and not practice.wanted(states):
            return
        share = practice.share(states)
        if share < 1 and self._chance.random() >= share:
            return
        filling = self._fill(practice, states, {}, offered=True)
        if filling is None:
            return
        about.filled[practice.form.model.id] = self.day
        self._write(practice, filling, person)
        for again, holds in practice.again:
            if (holds is None or holds(filling)) and self._chance.random() < again.share:
                self.again.append(self._chance.randrange(again.after_days[0], again.after_days[1] + 1))
        if person is not None and not person.gone and person.referral is None:
            self._propose(filling, person)

    def _fill(
        self, practice: Practice, states: States, told: Mapping[str, Value], *, offered: bool = False
    ) -> Filling | None:
        form = practice.form
        filling = Filling(form, states, {**known(states, practice.first), "today": self.day})
        if offered and form.offered is not None and not form.offered(filling):
            return None
        filling.know(known(states, practice.context))
        return form.fill(filling, lambda: self._members(practice), told)

    def _members(self, practice: Practice) -> list[tuple[States, Mapping[str, Value]]]:
        members: list[tuple[States, Mapping[str, Value]]] = []
        for person in self.household.here():
            if person.number and person.birth_day <= self.day:
                states = self._states(person)
                given = {name: of(states) for name, of in self._country.member_context(practice.form.model)}
                members.append((states, {name: value for name, value in given.items() if value != ""}))
        return members

    def _write(self, practice: Practice, filling: Filling, person: Person | None) -> int | None:
        """Write what a filled form amounts to; gives the id of the first event."""
        form = practice.form
        first: int | None = None
        body = form.body(filling)
        for stated in form.finished(filling):
            about = self._about(stated, filling, person)
            event = self._scene.recorder.write(
                stated.event.kind,
                self.household.number,
                person=about.number if about is not None else None,
                visit=self._visit,
                form=form.model.id,
                form_version=form.model.version,
                target=stated.target,
                observations=stated.observations,
                body=body if first is None else None,
                minutes=practice.fills.minutes if first is None else 0.1,
            )
            note(self.household, about, stated.observations, self.day)
            self._follow(stated, event, about)
            if first is None:
                first = event
                self._slip(practice, stated, event, about, body)
        filling.states.forget()
        return first

    def _about(self, stated: Stated, filling: Filling, person: Person | None) -> Person | None:
        if stated.where and stated.where in filling.member_states:
            return filling.member_states[stated.where].person
        return person

    def _follow(self, stated: Stated, event: int, person: Person | None) -> None:
        """What an event changes in the people."""
        kind = stated.event.kind
        if person is None:
            return
        if kind in ("person.left", "person.died"):
            person.gone = True
            self._scene.desk.departed(self.household, person, event)
        elif kind == "pregnancy.registered" and person.pregnancies:
            person.pregnancies[0].number = event
        elif kind == "pregnancy.ended" and person.pregnancies:
            ended = person.pregnancies.pop(0)
            if self._country.midwife is not None and ended.outcome == self._country.midwife.born_as:
                self._born(person, ended.ends_day)

    def _born(self, mother: Person, day: int) -> None:
        relation = "child" if mother.relationship in ("head", "spouse") else "grandchild"
        sex = self._chance.choice(("male", "female"))
        baby = Person(self._country.names, self._chance, sex, day, relation, mother.family_name)
        baby.estimated = False
        self.household.members.append(baby)
        self.enter(baby)

    def _slip(
        self,
        practice: Practice,
        stated: Stated,
        event: int,
        person: Person | None,
        body: Mapping[str, object],
    ) -> None:
        """Now and then a number is typed wrong, and put right at once."""
        slip = practice.fills.slip
        if slip is None or self._chance.random() >= slip.share:
            return
        concept = practice.form.plan.by_name[slip.question].concept
        given = body.get(slip.question)
        if not isinstance(given, int | float) or concept is None:
            return
        wrong = tuple(
            Observation(concept=concept, number=round(given + slip.adds, 1))
            if one.concept == concept
            else one
            for one in stated.observations
        )
        self._scene.recorder.amend(event, wrong, {**body, slip.question: round(given + slip.adds, 1)})
        self._scene.recorder.write(
            "event.corrected",
            self.household.number,
            person=person.number if person is not None else None,
            visit=self._visit,
            form=practice.form.model.id,
            form_version=practice.form.model.version,
            target=event,
            observations=stated.observations,
            body=body,
            minutes=2,
        )

    def _propose(self, filling: Filling, person: Person) -> None:
        class_ = to_text(filling.values.get("refer_class", ""))
        if class_ and self._chance.random() < self._country.referrals.made.get(class_, 0.6):
            self._refer(filling, person)

    def _refer(self, filling: Filling, person: Person) -> None:
        class_ = to_text(filling.values.get("refer_class", ""))
        if class_ not in self._country.pack.referral_times.classes or self._visit is None:
            return
        reason = to_text(filling.values.get("refer_reason", "")) or "other"
        self._scene.desk.refer(
            self.household, person, reason, class_, self._visit, self._scene.recorder, self._given(filling)
        )

    def _given(self, filling: Filling) -> str | None:
        for name, says in self._country.referrals.given.items():
            value = to_text(filling.values.get(name, ""))
            if value and to_number(value) != 0:
                return says.replace("{value}", value)
        return None


def note(household: Household, person: Person | None, observations: Sequence[Observation], day: int) -> None:
    """Keep what was stated last of each concept, for the next visit."""
    stated = household.stated if person is None else person.stated
    for one in observations:
        value: Value = one.code or one.text or (one.number if one.number is not None else "")
        stated[one.concept] = (float(value) if isinstance(value, int) else value, day)


def _introduces(practice: Practice) -> bool:
    return any(event.introduces for event in practice.form.model.events)
