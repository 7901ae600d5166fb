"""The screens of a form as it stands, and what is missing or wrong on them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from hodi.content.forms.model import Question
from hodi.content.runner.evaluate import evaluate, to_boolean
from hodi.content.runner.paths import instance_of, name_of, path_of
from hodi.content.runner.plan import plan_of
from hodi.content.runner.validate import Problem, understand
from hodi.content.runner.values import Run, environment_of, standing


@dataclasses.dataclass(frozen=True, kw_only=True)
class Page:
    """A screen as it stands: its id (the path of its question or group), the instance of a repeat that it
    stands in, and the paths of its relevant questions."""

    id: str
    where: str
    questions: tuple[str, ...]


def pages(run: Run) -> tuple[Page, ...]:
    """The screens with something relevant on them, in order."""
    found: dict[str, tuple[str, list[str]]] = {}
    for where, question in _asked(run, run.model.questions, "", 0):
        together = next((name for name in question.group or () if run.model.groups[name].one_page), None)
        path = path_of(where, question.name)
        if run.relevant.get(path):
            screen = path_of(where, together or question.name)
            found.setdefault(screen, (where, []))[1].append(path)
    return tuple(
        Page(id=screen, where=where, questions=tuple(paths)) for screen, (where, paths) in found.items()
    )


def _asked(
    run: Run, questions: tuple[Question, ...], where: str, depth: int
) -> Iterator[tuple[str, Question]]:
    """The questions in the order in which they are asked, each with its instance."""
    at = 0
    while at < len(questions):
        question = questions[at]
        around = question.group or ()
        repeat = next((name for name in around[depth:] if run.model.groups[name].repeat), None)
        if repeat is None:
            if question.type != "calculate":
                yield where, question
            at += 1
            continue
        inside = tuple(one for one in questions[at:] if one.group and repeat in one.group)
        for key in run.instances.get(path_of(where, repeat), ()):
            yield from _asked(run, inside, instance_of(where, repeat, key), around.index(repeat) + 1)
        at += len(inside)


def problems(run: Run) -> tuple[Problem, ...]:
    """What stands in the way of finishing, in order."""
    found = (problem_at(run, path) for page in pages(run) for path in page.questions)
    return tuple(problem for problem in found if problem is not None)


def problem_at(run: Run, path: str) -> Problem | None:
    """What is missing or wrong at a question that is asked."""
    question = plan_of(run.model).by_name[name_of(path)]
    environment = environment_of(run, path)
    given = standing(run, path)
    if given is None:
        needed = question.required is not None and to_boolean(evaluate(question.required, environment))
        return Problem(name=path, kind="required") if needed else None
    return understand(question, path, given, sure=True, environment=environment)[1]
