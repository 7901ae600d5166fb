"""Filling in a form: every function gives a new `Run`, and changes none."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from hodi.content.forms.model import FormModel
from hodi.content.runner.evaluate import Day, evaluate, to_text
from hodi.content.runner.paths import name_of
from hodi.content.runner.plan import plan_of
from hodi.content.runner.recompute import recompute
from hodi.content.runner.validate import Problem, understand
from hodi.content.runner.values import (
    Answer,
    Context,
    Member,
    Run,
    RunEnvironment,
    Standards,
    choices_of,
)

__all__ = ["Run", "answer", "start_run", "start_with"]


def start_run(
    model: FormModel, context: Context, members: Sequence[Member] = (), standards: Standards | None = None
) -> Run:
    """Opens a form; `members` of the household, for repeats over them; `standards` for its scores."""
    blank = Run(model=model, context=context, members=tuple(members), standards=standards or {})
    return recompute(dataclasses.replace(blank, answers=_defaults(blank)))


def start_with(
    model: FormModel, context: Context, answers: Mapping[str, Answer], members: Sequence[Member] = ()
) -> Run:
    """A filling with answers as they are, whether the form accepts them or not."""
    return recompute(Run(model=model, context=context, members=tuple(members), answers=dict(answers)))


def _defaults(run: Run) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for question in run.model.questions:
        if question.default is None:
            continue
        value = evaluate(question.default, RunEnvironment(run, question.name))
        given: Answer = value.day if isinstance(value, Day) else to_text(value)
        understood, _ = understand(question, question.name, given, sure=True)
        if understood is not None:
            found[question.name] = understood
    return found


def answer(run: Run, path: str, value: Answer | None, *, sure: bool = False) -> tuple[Run, Problem | None]:
    """Answers a question; None clears it. A value that is refused clears it too, and the problem says why.
    Raises ValueError for what is no question."""
    question = plan_of(run.model).by_name.get(name_of(path))
    if question is None or question.type in ("note", "calculate"):
        raise ValueError(f"form {run.model.id} has no question {path} to answer")
    others = {name: given for name, given in run.answers.items() if name != path}
    given, problem = understand(
        question, path, value, sure=sure, choices=choices_of(run, path), environment=RunEnvironment(run, path)
    )
    answers = others if given is None else {**others, path: given}
    return recompute(dataclasses.replace(run, answers=answers)), problem
