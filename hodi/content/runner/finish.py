"""From answers to facts: the events that a finished form writes, with what each of them states."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from hodi.content.forms.expressions import names_in
from hodi.content.forms.model import FormEvent, FormModel, Introduced, Question
from hodi.content.runner.evaluate import Day, Value, day_of_text, evaluate, to_boolean, to_number, to_text
from hodi.content.runner.pages import problems
from hodi.content.runner.paths import key_of, name_of, path_of, where_of
from hodi.content.runner.plan import plan_of
from hodi.content.runner.values import Answer, Run, RunEnvironment, instances_of, standing, value_of

CONTEXT = "$context"
"""Where a body keeps what decided what was asked: context values, and the members of a repeat over them."""

_FLAGS = {"yes": 1, "no": 0, "true": 1, "false": 0, "1": 1, "0": 0}


@dataclasses.dataclass(frozen=True, kw_only=True)
class FinishIds:
    """Ids that the caller knows or has minted: of what the form is about, and of what it introduces;
    `newcomers` by instance of a repeat."""

    household: int | None = None
    person: int | None = None
    visit: int | None = None
    newcomers: Mapping[str, int] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Something that needs a new id; `where` is the instance of a repeat, '' outside."""

    what: Introduced
    where: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Draft:
    """An event to be stated. `observations`: each with its concept and a number, code or text."""

    kind: str
    form: str
    form_version: int
    observations: tuple[Mapping[str, Any], ...]
    household: int | None = None
    person: int | None = None
    visit: int | None = None
    target: int | None = None
    body: Mapping[str, Any] | None = None


def introduces(run: Run) -> tuple[Newcomer, ...]:
    """What the answers bring into the register, so that ids can be minted before `finish`."""
    return tuple(
        Newcomer(what=event.introduces, where=where) for event, where in _written(run) if event.introduces
    )


def finish(run: Run, ids: FinishIds) -> tuple[Draft, ...]:
    """The events that the answers amount to, in the form's order; the first carries the raw answers. Raises
    ValueError if the form is not complete, or an id is missing."""
    left = problems(run)
    if left:
        raise ValueError(f"form {run.model.id} cannot be finished: {left[0].name} ({left[0].kind})")
    drafts = []
    for index, (event, where) in enumerate(_written(run)):
        if event.introduces and _minted(event, where, ids) is None:
            raise ValueError(f"form {run.model.id} introduces a {event.introduces} and needs its id")
        drafts.append(
            Draft(
                kind=event.kind,
                household=ids.household,
                person=_person(run, event, where, ids),
                visit=ids.visit,
                target=_target(run, event, where),
                form=run.model.id,
                form_version=run.model.version,
                body=body_of(run) if index == 0 else None,
                observations=tuple(one for name in event.states for one in _observations(run, name, where)),
            )
        )
    return tuple(drafts)


def _minted(event: FormEvent, where: str, ids: FinishIds) -> int | None:
    if where:
        return ids.newcomers.get(where)
    return ids.household if event.introduces == "household" else ids.person


def _target(run: Run, event: FormEvent, where: str) -> int | None:
    if event.target is None:
        return None
    number = to_number(RunEnvironment(run, path_of(where, "")).read(event.target))
    return int(number) if number == number and number else None


def _person(run: Run, event: FormEvent, where: str, ids: FinishIds) -> int | None:
    if event.introduces == "household":
        return None
    if not where:
        return ids.person
    repeat = run.model.groups[event.for_each].repeat if event.for_each else None
    if repeat is not None and repeat.over:
        return int(key_of(where))
    return ids.newcomers.get(where) or _person(run, event, where_of(where), ids)


def _written(run: Run) -> Iterator[tuple[FormEvent, str]]:
    """The events that the answers amount to, each with the instance of its repeat."""
    chains = plan_of(run.model).chains
    for event in run.model.events:
        each = event.for_each
        places = instances_of(run, (*chains[each], each)) if each else [""]
        for where in places:
            environment = RunEnvironment(run, path_of(where, ""))
            if event.when is None or to_boolean(evaluate(event.when, environment)):
                yield event, where


def stated(question: Question, value: Value) -> dict[str, Any] | None:
    """What an answer states of the question's concept, if it does."""
    text = to_text(value)
    if not question.concept or text == "":
        return None
    concept = question.concept
    match question.concept_type:
        case "number" | "day":
            number = to_number(value)
            return None if number != number or abs(number) == float("inf") else _number(concept, number)
        case "flag":
            return {"concept": concept, "number": _FLAGS[text]} if text in _FLAGS else None
        case "code":
            return {"concept": concept, "code": text}
    return {"concept": concept, "text": text}


def _number(concept: str, number: float) -> dict[str, Any]:
    return {"concept": concept, "number": int(number) if number.is_integer() else number}


def _observations(run: Run, name: str, where: str) -> Iterator[Mapping[str, Any]]:
    """What one question states: its own concept, and a flag per choice that has one."""
    plan = plan_of(run.model)
    question = plan.by_name[name]
    value = value_of(run, path_of(where if plan.chains.get(name) else "", name))
    if to_text(value) == "":
        return
    own = stated(question, value)
    if own is not None:
        yield own
    chosen = to_text(value).split(" ")
    for choice in question.choices or ():
        if choice.concept:
            yield {"concept": choice.concept, "number": int(choice.name in chosen)}


def decisive(model: FormModel) -> set[str]:
    """Names whose values decide what is asked, refused or calculated."""
    trees = [
        tree
        for one in model.questions
        for tree in (one.required, one.relevant, one.constraint, one.calculation, one.choice_filter)
    ]
    for group in model.groups.values():
        trees += [group.relevant, group.repeat.count if group.repeat else None]
    trees += [event.when for event in model.events]
    return {name for tree in trees for name in names_in(tree)}


def body_of(run: Run) -> dict[str, Any]:
    """The raw answers that count, by path: what became irrelevant on the way is left out. Dates as
    YYYY-MM-DD. Under `$context` stands what decided what was asked."""
    body: dict[str, Any] = {}
    for question in run.model.questions:
        for where in instances_of(run, plan_of(run.model).chains[question.name]):
            path = path_of(where, question.name)
            given = standing(run, path)
            if given is None or not run.relevant.get(path):
                continue
            value = value_of(run, path)
            body[path] = to_text(value) if isinstance(value, Day) else given
    names = decisive(run.model)
    context: dict[str, Any] = {
        name: run.context[name]
        for name in run.model.context
        if name in names and run.context.get(name) is not None
    }
    for name, group in run.model.groups.items():
        if group.repeat is None or not group.repeat.over:
            continue
        context[name] = run.instances.get(name, ())
        for where in instances_of(run, (name,)):
            for hidden in group.repeat.context:
                value = value_of(run, path_of(where, hidden))
                if hidden in names and value != "":
                    context[path_of(where, hidden)] = value
    return {**body, CONTEXT: context} if context else body


def answers_of(model: FormModel, body: Mapping[str, Any]) -> dict[str, Answer]:
    """Raw answers as a run keeps them: `body_of` read backwards."""
    answers: dict[str, Answer] = {}
    for path, value in body.items():
        question = plan_of(model).by_name.get(name_of(path))
        if question is None:
            continue
        if question.type == "date":
            day = day_of_text(to_text(value))
            answers[path] = to_text(value) if day is None else day
        else:
            answers[path] = tuple(map(str, value)) if isinstance(value, list | tuple) else value
    return answers
