"""Forms filled in for people who do not exist: one walk through the questions, each after what it follows
from, with what the hints of the pack say or, without a hint, with something possible.

The form runner (hodi/content/runner) is what decides whether a form is right; a test holds every form filled
here against it. This walk asks and calculates once for each question, because a month of a district is
some ten thousand forms.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from hodi.content.forms.expressions import Expression, names_in
from hodi.content.forms.model import Choice, FormEvent, FormModel, Question
from hodi.content.runner.closures import Closure, closure, truth
from hodi.content.runner.evaluate import Day, Value, to_number, to_text
from hodi.content.runner.finish import CONTEXT, decisive, stated
from hodi.content.runner.paths import instance_of, key_of, outer, path_of, shared_depth
from hodi.content.runner.plan import plan_of
from hodi.content.runner.recompute import INSTANCES_MAX, kept
from hodi.content.runner.values import Answer, text_of
from hodi.domain import Observation
from hodi.simulate.asking import Asker, Stuck
from hodi.simulate.sampling import Sampler
from hodi.simulate.states import States

Truth = Callable[["Filling"], bool]


@dataclasses.dataclass(frozen=True)
class Stated:
    """An event that a filled form amounts to; `where`: the instance of a repeat that it is about."""

    event: FormEvent
    where: str
    target: int | None
    observations: tuple[Observation, ...]


class Filling:
    """A form under way: what expressions read. `values` by path, '' where unanswered or not relevant."""

    def __init__(self, form: CompiledForm, states: States, context: Mapping[str, Value]) -> None:
        self.form = form
        self.states = states
        self.today = states.today
        self.values: dict[str, Value] = dict(states.values)
        self.context: dict[str, Value] = {}
        self.know(context)
        self.answers: dict[str, Answer] = {}
        self.absent: set[str] = set()
        self.instances: dict[str, tuple[str, ...]] = {}
        self.member_states: dict[str, States] = {}
        self.member_context: dict[str, Value] = {}
        self.where = ""
        self.own: Value = ""
        self.choice: Choice | None = None

    def know(self, context: Mapping[str, Value]) -> None:
        """Take in what is known besides before anything is asked."""
        self.context.update(context)
        for name, value in context.items():
            self.values[name] = to_text(value)

    @property
    def whom(self) -> States:
        """The states of whom a question is about: the member of a repeat, or whom the form is about."""
        return self.member_states.get(self.where, self.states)

    def read(self, name: str) -> Value:
        """The value of a name as seen from here; a name with a dot is a state."""
        if "." in name:
            return self.whom.read(name)
        chain = self.form.plan.chains.get(name, ())
        return self.values.get(path_of(outer(self.where, len(chain)), name), "")

    def all(self, name: str) -> Sequence[Value | None]:
        """The values of a name at all its instances as seen from here; None where it is not relevant."""
        chain = self.form.plan.chains.get(name, ())
        depth = shared_depth(chain, self.where)
        around = self.places(chain, outer(self.where, depth), depth)
        if name in self.form.model.groups:
            return ["" for one in around for _ in self.instances.get(path_of(one, name), ())]
        paths = [path_of(one, name) for one in around]
        return [None if path in self.absent else self.values.get(path, "") for path in paths]

    def position(self, repeat: str) -> float:
        """The number of the instance that this stands in."""
        depth = len(self.form.plan.chains.get(repeat, ()))
        keys = self.instances.get(path_of(outer(self.where, depth), repeat), ())
        return float(keys.index(key_of(outer(self.where, depth + 1))) + 1)

    def column(self, name: str) -> Value:
        """A column of the choice that is looked at."""
        if self.choice is None:
            return ""
        return self.choice.name if name == "name" else (self.choice.columns or {}).get(name, "")

    def standard(self, measure: str, at: int) -> tuple[float, float, float] | None:
        """The published standards for whom this is about."""
        return self.states.standard(measure, at)

    def places(self, chain: tuple[str, ...], within: str = "", depth: int = 0) -> list[str]:
        """The instances of the repeats of a chain, outermost first."""
        if depth == len(chain):
            return [within]
        keys = self.instances.get(path_of(within, chain[depth]), ())
        return [
            inner
            for key in keys
            for inner in self.places(chain, instance_of(within, chain[depth], key), depth + 1)
        ]


@dataclasses.dataclass(frozen=True)
class _Step:
    """A question, calculation or repeat, with its functions. `shared`: by number, the conditions of groups,
    which are looked at once for a whole form."""

    name: str
    chain: tuple[str, ...]
    shared: tuple[int, ...]
    own: Truth | None
    question: Question | None
    calculation: Closure | None
    asker: Asker | None
    repeat: str | None


@dataclasses.dataclass(frozen=True)
class _Block:
    """Steps that follow each other under the same conditions of groups; `names`: of all of them."""

    shared: tuple[int, ...]
    steps: tuple[_Step, ...]
    names: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class _Source:
    """A question as events state it: `flags` are its choices that have a concept of their own."""

    question: Question
    repeated: bool
    flags: tuple[Choice, ...]


class CompiledForm:
    """A form made ready to be filled in often. `sampler`: by question, what its hints are; `read`: names that
    are read besides by the form itself. Notes, and what only they show, are left out."""

    def __init__(
        self,
        model: FormModel,
        sampler: Callable[[Question], Sampler | None],
        words: Callable[[str, random.Random], str],
        read: Iterable[str],
    ) -> None:
        self.model = model
        self.plan = plan_of(model)
        self._needed = self._followed(read)
        self._repeated = frozenset(name for name, chain in self.plan.chains.items() if chain)
        self._shared: list[Truth] = []
        self._steps = self._compiled(sampler, words)
        self._blocks = tuple(
            _Block(shared, steps, tuple(step.name for step in steps))
            for shared, each in itertools.groupby(self._steps, lambda step: step.shared)
            for steps in (tuple(each),)
        )
        names = decisive(model)
        self._decisive = tuple(name for name in model.context if name in names)
        self._decisive_hidden = {
            name: tuple(hidden for hidden in group.repeat.context if hidden in names)
            for name, group in model.groups.items()
            if group.repeat is not None and group.repeat.over
        }
        self._filters = {
            name: self._truth(group.repeat.filter) if group.repeat and group.repeat.filter else None
            for name, group in model.groups.items()
        }
        self._counts = {
            name: self._closure(group.repeat.count) if group.repeat and group.repeat.count else None
            for name, group in model.groups.items()
        }
        self._events = [
            (
                event,
                self._truth(event.when) if event.when is not None else None,
                tuple(self._source(name) for name in event.states),
            )
            for event in model.events
        ]
        self.offered = self._truth(model.offered) if model.offered is not None else None

    def _source(self, name: str) -> _Source:
        question = self.plan.by_name[name]
        flags = tuple(choice for choice in question.choices or () if choice.concept)
        return _Source(question, bool(self.plan.chains.get(name)), flags)

    def _closure(self, tree: Expression) -> Closure:
        return closure(tree, self._repeated)

    def _truth(self, tree: Expression) -> Truth:
        return truth(tree, self._repeated)

    def _followed(self, read: Iterable[str]) -> set[str]:
        """Every name that an answer, an event or one of `read` follows from."""
        found: set[str] = set()
        left = [*read]
        for question in self.model.questions:
            if question.type not in ("note", "calculate"):
                left += [question.name, *names_in(question.required), *names_in(question.constraint)]
        for event in self.model.events:
            left += [*event.states, *names_in(event.when), event.for_each or "", event.target or ""]
        while left:
            name = left.pop()
            if name not in found:
                found.add(name)
                left += self.plan.reads.get(name, ())
        return found

    def _compiled(
        self, sampler: Callable[[Question], Sampler | None], words: Callable[[str, random.Random], str]
    ) -> tuple[_Step, ...]:
        numbers: dict[int, int] = {}
        steps = []
        for step in self.plan.order:
            if step.name not in self._needed:
                continue
            question = step.question
            trees = self.plan.conditions[step.name]
            own = question.relevant if question is not None else None
            groups = trees[:-1] if own is not None else trees
            for tree in groups:
                if id(tree) not in numbers:
                    numbers[id(tree)] = len(self._shared)
                    self._shared.append(self._truth(tree))
            asked = question is not None and question.type not in ("note", "calculate")
            steps.append(
                _Step(
                    name=step.name,
                    chain=self.plan.chains.get(step.name, ()),
                    shared=tuple(numbers[id(tree)] for tree in groups),
                    own=self._truth(own) if own is not None else None,
                    question=question,
                    calculation=self._closure(question.calculation)
                    if question is not None and question.calculation is not None
                    else None,
                    asker=Asker(question, sampler(question), self._closure, words)
                    if asked and question is not None
                    else None,
                    repeat=step.name if step.repeat is not None else None,
                )
            )
        return tuple(steps)

    def fill(
        self,
        filling: Filling,
        members: Callable[[], Sequence[tuple[States, Mapping[str, Value]]]],
        told: Mapping[str, Value] | None = None,
    ) -> Filling | None:
        """The form filled in; None if no possible answer was found for a question that needs one. `told`:
        answers that are given, by question. `members`: for repeats over them."""
        try:
            if self._repeated:
                self._walk_repeats(filling, members, told or {})
            else:
                self._walk(filling, told or {})
        except Stuck:
            return None
        return filling

    def _walk(self, filling: Filling, told: Mapping[str, Value]) -> None:
        held: dict[int, bool] = {}
        values, shared = filling.values, self._shared
        for block in self._blocks:
            for number in block.shared:
                holds = held.get(number)
                if holds is None:
                    holds = held[number] = shared[number](filling)
                if not holds:
                    values.update(dict.fromkeys(block.names, ""))
                    filling.absent.update(block.names)
                    break
            else:
                for step in block.steps:
                    if step.own is None or step.own(filling):
                        self._take(filling, step, step.name, told)
                    else:
                        values[step.name] = ""
                        filling.absent.add(step.name)

    def _walk_repeats(
        self,
        filling: Filling,
        members: Callable[[], Sequence[tuple[States, Mapping[str, Value]]]],
        told: Mapping[str, Value],
    ) -> None:
        for step in self._steps:
            for where in filling.places(step.chain):
                filling.where = where
                path = path_of(where, step.name)
                relevant = all(self._shared[number](filling) for number in step.shared)
                if step.repeat is not None:
                    filling.instances[path] = (
                        self._keys(filling, path, step.name, members) if relevant else ()
                    )
                elif relevant and (step.own is None or step.own(filling)):
                    self._take(filling, step, path, told)
                else:
                    filling.values[path] = ""
                    filling.absent.add(path)
        filling.where = ""

    def _take(self, filling: Filling, step: _Step, path: str, told: Mapping[str, Value]) -> None:
        if step.calculation is not None:
            filling.own = ""
            filling.values[path] = kept(step.calculation(filling))
        elif step.asker is not None and step.question is not None:
            answer = step.asker.answer(filling, filling.states.chance, told.get(step.name))
            if answer is None:
                filling.values[path] = ""
                return
            filling.answers[path] = answer
            filling.values[path] = text_of(step.question, answer)
        else:
            filling.values[path] = ""

    def _keys(
        self,
        filling: Filling,
        path: str,
        repeat: str,
        members: Callable[[], Sequence[tuple[States, Mapping[str, Value]]]],
    ) -> tuple[str, ...]:
        around = filling.where
        count = self._counts[repeat]
        if count is not None:
            times = to_number(count(filling))
            return tuple(str(n) for n in range(1, min(INSTANCES_MAX, int(times) if times > 0 else 0) + 1))
        keys = []
        for states, known in members():
            key = str(states.person.number) if states.person is not None else ""
            filling.where = instance_of(around, repeat, key)
            for name, value in known.items():
                filling.values[path_of(filling.where, name)] = to_text(value)
                filling.member_context[path_of(filling.where, name)] = value
            filling.member_states[filling.where] = states
            holds = self._filters[repeat]
            if holds is None or holds(filling):
                keys.append(key)
        filling.where = around
        return tuple(keys)

    def finished(self, filling: Filling) -> list[Stated]:
        """The events that the answers amount to, in the form's order."""
        found = []
        for event, when, sources in self._events:
            each = event.for_each
            places = filling.places((*self.plan.chains[each], each)) if each else [""]
            for where in places:
                filling.where = where
                if when is not None and not when(filling):
                    continue
                target = None
                if event.target is not None:
                    number = to_number(filling.read(event.target))
                    target = int(number) if number == number and number else None
                observations: list[Observation] = []
                for source in sources:
                    path = path_of(where, source.question.name) if source.repeated else source.question.name
                    value = filling.values.get(path, "")
                    if value != "":
                        observations += _stated(source, value)
                found.append(Stated(event, where, target, tuple(observations)))
        filling.where = ""
        return found

    def body(self, filling: Filling) -> dict[str, object]:
        """The raw answers, as the runner's `body_of` keeps them."""
        body: dict[str, object] = {}
        for question in self.model.questions:
            chain = self.plan.chains[question.name]
            if not chain and question.name not in filling.answers:
                continue
            for where in filling.places(chain) if chain else ("",):
                path = path_of(where, question.name)
                given = filling.answers.get(path)
                if given is not None:
                    body[path] = (
                        to_text(filling.values[path])
                        if question.type == "date"
                        else list(given)
                        if isinstance(given, tuple)
                        else given
                    )
        context: dict[str, object] = {
            name: json_of(filling.context[name])
            for name in self._decisive
            if filling.context.get(name, "") != ""
        }
        for name, hidden in self._decisive_hidden.items():
            context[name] = list(filling.instances.get(name, ()))
            for where in filling.places((name,)):
                for one in hidden:
                    value = filling.member_context.get(path_of(where, one), "")
                    if value != "":
                        context[path_of(where, one)] = json_of(value)
        return {**body, CONTEXT: context} if context else body


def _stated(source: _Source, value: Value) -> Iterator[Observation]:
    text = to_text(value)
    if text == "":
        return
    question = source.question
    if question.concept:
        own = stated(question, value)
        if own is not None:
            yield _observation(own)
    if source.flags:
        chosen = text.split(" ")
        for choice in source.flags:
            if choice.concept:
                yield _flag(choice.concept, choice.name in chosen)


def json_of(value: Value) -> object:
    """A value as a phone's record gives it: whole numbers without a point."""
    if isinstance(value, Day):
        return int(value.day)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _observation(said: Mapping[str, Any]) -> Observation:
    if "code" in said:
        return _code(said["concept"], said["code"])
    return Observation(**said)


@functools.cache
def _flag(concept: str, holds: bool) -> Observation:
    return Observation(concept=concept, number=int(holds))


@functools.cache
def _code(concept: str, code: str) -> Observation:
    return Observation(concept=concept, code=code)
