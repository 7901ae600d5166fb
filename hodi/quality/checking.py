"""One event with raw answers against its form."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from hodi.content import FormModel, runner
from hodi.content.forms.expressions import calls_in, names_in
from hodi.content.runner.evaluate import day_of_text
from hodi.content.runner.finish import CONTEXT
from hodi.content.runner.paths import name_of, path_of, repeats_of, where_of
from hodi.content.runner.plan import plan_of

Reason = Literal["unknown", "type", "range", "constraint", "required", "not_asked"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fault:
    """What does not hold at a question (its path; '' for the form as a whole): `unknown`: the form has no
    such question, or the pack no such form; `type`, `range`, `constraint`: the phone would not have taken
    the answer; `required`: the answer is missing; `not_asked`: it was not to be asked."""

    question: str
    reason: Reason


def check_answers(
    forms: Mapping[str, FormModel],
    *,
    form: str,
    version: int | None,
    body: Mapping[str, Any],
    day: int,
) -> tuple[Fault, ...]:
    """What does not hold of the raw answers that were given on a local day.

    Judged by the values that the phone knew (`$context` in the body). An older app does not send them; then
    whatever follows from them is left open. So is a form of another version than the pack's."""
    model = forms.get(form)
    if model is None:
        return (Fault(question="", reason="unknown"),)
    if version != model.version:
        return ()
    known = body.get(CONTEXT)
    context = dict(known) if isinstance(known, Mapping) else None
    given = {path: value for path, value in body.items() if path != CONTEXT}
    strange = [path for path in given if not _may_stand(model, path)]
    answers = runner.answers_of(model, {path: given[path] for path in given if path not in strange})
    values = {name: value for name, value in (context or {}).items() if name in model.context}
    run = runner.start_with(model, {**values, "today": day}, answers, _members(model, context or {}))
    unknown = _scores(model) | (set() if context is not None else _unknown(model))
    open_names = _following(model, unknown) if unknown else frozenset()
    faults = [Fault(question=path, reason="unknown") for path in strange]
    asked = {path for page in runner.pages(run) for path in page.questions}
    for path, value in answers.items():
        if name_of(path) not in open_names and path not in asked:
            faults.append(Fault(question=path, reason="not_asked"))
        elif _is_no_day(model, path, value):
            faults.append(Fault(question=path, reason="type"))
    for problem in runner.problems(run):
        if name_of(problem.name) in open_names or problem.kind == "confirm":
            continue
        fault = Fault(question=problem.name, reason=problem.kind)
        if fault not in faults:
            faults.append(fault)
    return tuple(faults)


def _may_stand(model: FormModel, path: str) -> bool:
    """Whether the form has a question to answer at a path."""
    plan = plan_of(model)
    question = plan.by_name.get(name_of(path))
    if question is None or question.type in ("note", "calculate"):
        return False
    return repeats_of(where_of(path)) == plan.chains[question.name]


def _is_no_day(model: FormModel, path: str, value: runner.Answer) -> bool:
    question = plan_of(model).by_name[name_of(path)]
    return question.type == "date" and isinstance(value, str) and day_of_text(value) is None


def _members(model: FormModel, context: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The members that the phone asked about, as it knew them."""
    members: dict[str, dict[str, Any]] = {}
    for name, group in model.groups.items():
        if group.repeat is None or not group.repeat.over:
            continue
        for key in context.get(name, ()):
            member = members.setdefault(str(key), {"person": str(key)})
            for hidden in group.repeat.context:
                value = context.get(path_of(f"{name}[{key}]", hidden))
                if value is not None:
                    member[hidden] = value
    return list(members.values())


def _scores(model: FormModel) -> set[str]:
    """Calculations against standards, which are not sent along: what follows from them is left open."""
    return {one.name for one in model.questions if "z-score" in calls_in(one.calculation)}


def _unknown(model: FormModel) -> set[str]:
    repeats = [group.repeat for group in model.groups.values() if group.repeat]
    over = {name for name, group in model.groups.items() if group.repeat and group.repeat.over}
    return {*model.context, *(name for one in repeats for name in one.context), *over}


def _following(model: FormModel, unknown: Iterable[str]) -> frozenset[str]:
    """Questions whose being asked, value, or limits follow from names that are not known."""
    reads = {name: set(read) for name, read in plan_of(model).reads.items()}
    for question in model.questions:
        reads[question.name] |= {*names_in(question.required), *names_in(question.constraint)}
    open_names = set(unknown)
    while True:
        more = {name for name, read in reads.items() if name not in open_names and read & open_names}
        if not more:
            return frozenset(open_names)
        open_names |= more
