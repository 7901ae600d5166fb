"""A compiled form, as the phone reads it: the same shape as phone/src/forms/model.ts, where every field
is explained. Absent fields are left out of the JSON."""

from __future__ import annotations

from typing import Literal

import msgspec

from hodi.content.expressions import Expression

Labels = dict[str, str]
QuestionType = Literal[
    "select_one", "select_multiple", "integer", "decimal", "text", "date", "note", "calculate"
]  # fmt: skip
About = Literal["area", "household", "person"]


class Choice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One answer to choose. In a select_multiple a `concept` is stated 1 if chosen, else 0."""

    name: str
    label: Labels
    image: str | None = None
    concept: str | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One question, note or calculation. Limits come from its concept."""

    name: str
    type: QuestionType
    label: Labels
    hint: Labels | None = None
    required: Expression | None = None
    relevant: Expression | None = None
    constraint: Expression | None = None
    constraint_message: Labels | None = None
    calculation: Expression | None = None
    choices: tuple[Choice, ...] | None = None
    default: Expression | None = None
    appearance: str | None = None
    concept: str | None = None
    concept_type: str | None = None
    unit: str | None = None
    min: float | None = None
    max: float | None = None
    confirm_min: float | None = None
    confirm_max: float | None = None
    group: tuple[str, ...] | None = None


class Group(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Questions under one heading and one condition; `one_page`: asked on one screen."""

    one_page: bool
    label: Labels | None = None
    relevant: Expression | None = None


class FormEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event that the finished form writes, stating the answers to the questions `states`."""

    kind: str
    states: tuple[str, ...]
    when: Expression | None = None
    introduces: Literal["household", "person"] | None = None
    target: str | None = None


class FormModel(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A whole form. `context` names what the phone must know before it asks."""

    id: str
    version: int
    title: Labels
    about: About
    context: tuple[str, ...]
    questions: tuple[Question, ...]
    groups: dict[str, Group]
    events: tuple[FormEvent, ...]
    offered: Expression | None = None
