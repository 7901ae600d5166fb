"""What can be said about a form before anybody answers: what stands in which repeat, and what follows
from what. Made once for each form."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping

from hodi.content.forms.expressions import Expression
from hodi.content.forms.model import FormModel, Question, Repeat
from hodi.content.forms.names import Names


@dataclasses.dataclass(frozen=True, kw_only=True)
class Step:
    """A question, or a repeat whose instances are to be known before what is asked in it."""

    name: str
    question: Question | None = None
    repeat: Repeat | None = None


class Plan:
    """`by_name`: the questions; `chains`: the repeats that a name stands in, outermost first; `given`: by
    hidden row of a repeat, its repeat; `conditions`: of a question or a repeat, its own and its groups';
    `order`: every step after those it depends on; `reads`: by step, the names that it follows from."""

    def __init__(self, model: FormModel) -> None:
        names = Names(model)
        self.reads: Mapping[str, set[str]] = names.reads
        self.by_name: Mapping[str, Question] = {question.name: question for question in model.questions}
        self.chains: Mapping[str, tuple[str, ...]] = names.chains
        self.given = {hidden: name for name, repeat in names.repeats.items() for hidden in repeat.context}
        self.conditions: dict[str, tuple[Expression, ...]] = {
            question.name: _conditions(model, question.group or (), question.relevant)
            for question in model.questions
        }
        steps = {name: Step(name=name, repeat=repeat) for name, repeat in names.repeats.items()}
        for name in names.repeats:
            inside = (one.group for one in model.questions if one.group and name in one.group)
            around = next(inside, (name,))
            self.conditions[name] = _conditions(model, around[: around.index(name) + 1], None)
        steps |= {question.name: Step(name=question.name, question=question) for question in model.questions}
        self.order = _ordered(steps, names.reads)


def _conditions(model: FormModel, around: tuple[str, ...], own: Expression | None) -> tuple[Expression, ...]:
    found = [model.groups[name].relevant for name in around]
    return tuple(tree for tree in (*found, own) if tree is not None)


def _ordered(steps: Mapping[str, Step], reads: Mapping[str, set[str]]) -> tuple[Step, ...]:
    order: list[Step] = []
    placed: set[str] = set()

    def place(name: str) -> None:
        if name in placed or name not in steps:
            return
        placed.add(name)
        for other in sorted(reads[name]):
            place(other)
        order.append(steps[name])

    for name in steps:
        place(name)
    return tuple(order)


class _Holder:
    """A form by identity: its hash would walk the whole tree."""

    def __init__(self, model: FormModel) -> None:
        self.model = model

    def __hash__(self) -> int:
        return id(self.model)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder) and self.model is other.model


@functools.lru_cache(maxsize=256)
def _plan(holder: _Holder) -> Plan:
    return Plan(holder.model)


def plan_of(model: FormModel) -> Plan:
    """The plan of a form."""
    return _plan(_Holder(model))
