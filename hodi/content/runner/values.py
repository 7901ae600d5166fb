"""Values in a filling: what an expression reads, and at which instance of a repeat."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from hodi.content.forms.model import Choice, FormModel, Question
from hodi.content.runner.evaluate import Day, Value, evaluate, to_boolean, to_text
from hodi.content.runner.paths import (
    instance_of,
    key_of,
    name_of,
    outer,
    path_of,
    shared_depth,
    where_of,
)
from hodi.content.runner.plan import plan_of

Answer = str | int | float | tuple[str, ...]
"""As it is kept: text and the chosen name as text, numbers as numbers, a date as its day, chosen names as a
tuple."""

Context = Mapping[str, Any]
"""What is known before it is asked, by name; `today` is the local day."""

Standards = Mapping[tuple[str, int], tuple[float, float, float]]
"""L, M and S of published standards by measure and point of the axis, as far as they concern whom the form
is about."""

Member = Mapping[str, Any]
"""What is known of one member of the household; `person` is the id."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Run:
    """A filling. `answers`, `computed` (values of the calculations) and `relevant` by path; `instances`:
    by path of a repeat, the keys of its instances in their order."""

    model: FormModel
    context: Context
    members: tuple[Member, ...] = ()
    standards: Standards = dataclasses.field(default_factory=dict)
    answers: Mapping[str, Answer] = dataclasses.field(default_factory=dict)
    computed: Mapping[str, Value] = dataclasses.field(default_factory=dict)
    relevant: Mapping[str, bool] = dataclasses.field(default_factory=dict)
    instances: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)


def instances_of(run: Run, chain: tuple[str, ...], within: str = "", depth: int = 0) -> list[str]:
    """The instances of the repeats of a chain, outermost first; from `depth` on within one instance."""
    if depth == len(chain):
        return [within]
    keys = run.instances.get(path_of(within, chain[depth]), ())
    return [
        inner
        for key in keys
        for inner in instances_of(run, chain, instance_of(within, chain[depth], key), depth + 1)
    ]


def standing(run: Run, path: str) -> Answer | None:
    """The answer that counts: chosen names that are not offered (any more) are left out."""
    question = plan_of(run.model).by_name.get(name_of(path))
    given = run.answers.get(path)
    if given is None or question is None or question.choice_filter is None:
        return given
    offered = {choice.name for choice in choices_of(run, path)}
    if isinstance(given, tuple):
        return tuple(name for name in given if name in offered) or None
    return given if given in offered else None


def choices_of(run: Run, path: str) -> tuple[Choice, ...]:
    """The choices that a question offers in its instance."""
    question = plan_of(run.model).by_name.get(name_of(path))
    choices = (question.choices or ()) if question else ()
    if question is None or question.choice_filter is None:
        return choices
    environment = RunEnvironment(run, path, "")
    return tuple(
        choice
        for choice in choices
        if to_boolean(evaluate(question.choice_filter, dataclasses.replace(environment, choice=choice)))
    )


def text_of(question: Question, answer: Answer) -> Value:
    """An answer as expressions see it."""
    if isinstance(answer, tuple):
        return " ".join(answer)
    return Day(float(answer)) if question.type == "date" else to_text(answer)


def value_of(run: Run, path: str) -> Value:
    """The value of a question or context value as expressions see it: '' if unanswered or not relevant."""
    plan = plan_of(run.model)
    name = name_of(path)
    question = plan.by_name.get(name)
    if question is None:
        if name in plan.given:
            member = member_of(run, where_of(path))
            return _known(member.get(name) if member else None)
        known = run.context.get(name)
        return _known(run.model.limits.get(name) if known is None else known)
    if run.relevant.get(path) is False:
        return ""
    if question.type == "calculate":
        return run.computed.get(path, "")
    answer = standing(run, path)
    return "" if answer is None else text_of(question, answer)


def _known(value: str | float | None) -> Value:
    return "" if value is None else to_text(value)


def member_of(run: Run, where: str) -> Member | None:
    """The member that an instance of a repeat over members is about."""
    key = key_of(where)
    return next((member for member in run.members if str(member["person"]) == key), None)


@dataclasses.dataclass(frozen=True)
class RunEnvironment:
    """What an expression of whatever stands at `path` reads in a filling."""

    run: Run
    path: str
    own: Value = ""
    choice: Choice | None = None

    @property
    def today(self) -> int:
        """The local day of the visit."""
        return int(self.run.context["today"])

    @property
    def _where(self) -> str:
        return where_of(self.path)

    def read(self, name: str) -> Value:
        """The value of a name as it is seen from here."""
        chain = plan_of(self.run.model).chains.get(name, ())
        return value_of(self.run, path_of(outer(self._where, len(chain)), name))

    def all(self, name: str) -> Sequence[Value | None]:
        """The values of a name at all its instances as seen from here."""
        chain = plan_of(self.run.model).chains.get(name, ())
        depth = shared_depth(chain, self._where)
        around = instances_of(self.run, chain, outer(self._where, depth), depth)
        if name in self.run.model.groups:
            return ["" for one in around for _ in self.run.instances.get(path_of(one, name), ())]
        paths = [path_of(one, name) for one in around]
        return [None if self.run.relevant.get(path) is False else value_of(self.run, path) for path in paths]

    def position(self, repeat: str) -> float:
        """The number of the instance that this stands in."""
        depth = len(plan_of(self.run.model).chains.get(repeat, ()))
        keys = self.run.instances.get(path_of(outer(self._where, depth), repeat), ())
        return float(keys.index(key_of(outer(self._where, depth + 1))) + 1)

    def column(self, name: str) -> Value:
        """A column of the choice that is looked at."""
        if self.choice is None:
            return ""
        return self.choice.name if name == "name" else (self.choice.columns or {}).get(name, "")

    def standard(self, measure: str, at: int) -> tuple[float, float, float] | None:
        """What the standards given to the filling say of a measure at a point of its axis."""
        return self.run.standards.get((measure, at))


def environment_of(run: Run, path: str) -> RunEnvironment:
    """The environment of a question, with its own value."""
    return RunEnvironment(run, path, value_of(run, path))
