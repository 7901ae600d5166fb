"""Whether a value can be the answer to a question, and if not, why."""

from __future__ import annotations

import dataclasses
import math
import re
from typing import Literal

from hodi.content.forms.model import Choice, Labels, Question
from hodi.content.runner.evaluate import evaluate, to_boolean, to_text
from hodi.content.runner.values import Answer, RunEnvironment, text_of

Kind = Literal["required", "type", "range", "confirm", "constraint"]

_TEXT_MAX = 2000
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a question stands in the way. `name`: its path; `required`: no answer; `type`: not a number, not
    a choice, no such date; `range`: outside `min` and `max`; `confirm`: unlikely; `constraint`: does not fit
    another answer (`message` is the form's own)."""

    name: str
    kind: Kind
    message: Labels | None = None
    min: float | None = None
    max: float | None = None
    unit: str | None = None


def _parsed(question: Question, value: Answer, choices: tuple[Choice, ...]) -> Answer | None:
    match question.type:
        case "integer" | "decimal" | "date":
            return _number(value, whole=question.type != "decimal")
        case "select_one":
            return value if any(choice.name == value for choice in choices) else None
        case "select_multiple":
            chosen = set(value) if isinstance(value, tuple) else {to_text(value)}
            known = tuple(choice.name for choice in choices if choice.name in chosen)
            return known if len(known) == len(chosen) else None
    text = (",".join(value) if isinstance(value, tuple) else to_text(value)).strip()
    return text if len(text.encode("utf-16-le")) // 2 <= _TEXT_MAX else None


def _number(value: Answer, *, whole: bool) -> int | float | None:
    if isinstance(value, tuple):
        return None
    text = value.strip().replace(",", ".", 1) if isinstance(value, str) else repr(float(value))
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(number) or (whole and not number.is_integer()):
        return None
    return int(number) if number.is_integer() else number


def is_empty(value: Answer | None) -> bool:
    """Whether a value is no answer at all."""
    return value is None or value == () or (isinstance(value, str) and not value.strip())


def understand(
    question: Question,
    name: str,
    value: Answer | None,
    *,
    sure: bool,
    choices: tuple[Choice, ...] | None = None,
    environment: RunEnvironment | None = None,
) -> tuple[Answer | None, Problem | None]:
    """The answer that a value gives, or what is wrong with it; neither for an empty value. Without an
    environment the form's own constraint is not looked at. `choices`: those offered, if not all."""
    if value is None or is_empty(value):
        return None, None
    answer = _parsed(question, value, (question.choices or ()) if choices is None else choices)
    if answer is None:
        return None, Problem(name=name, kind="type")
    if isinstance(answer, int | float):
        if not _between(answer, question.min, question.max):
            return None, _outside(question, name, "range", question.min, question.max)
        low, high = question.confirm_min, question.confirm_max
        if not sure and not _between(answer, low, high):
            return None, _outside(question, name, "confirm", low, high)
    if environment is not None and question.constraint is not None:
        own = dataclasses.replace(environment, own=text_of(question, answer))
        if not to_boolean(evaluate(question.constraint, own)):
            return None, Problem(name=name, kind="constraint", message=question.constraint_message)
    return answer, None


def _between(number: float, low: float | None, high: float | None) -> bool:
    return (low is None or number >= low) and (high is None or number <= high)


def _outside(question: Question, name: str, kind: Kind, low: float | None, high: float | None) -> Problem:
    return Problem(name=name, kind=kind, min=low, max=high, unit=question.unit)
