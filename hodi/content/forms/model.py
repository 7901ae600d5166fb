"""A compiled form, as phone and server run it. Absent fields are left out of the JSON.

phone/src/forms/model.ts is written from these structs (`python -m hodi.sync.typescript`), their
explanations included.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from hodi.content.forms.expressions import Expression

FORM_MODEL = 2
"""Version of this model. An app that knows an older one only is given no newer pack."""

Labels = dict[str, str]
"""Words by language. They may show a value as `${name}`: show them through `wording`."""

QuestionType = Literal[
    "select_one", "select_multiple", "integer", "decimal", "text", "date", "note", "calculate"
]  # fmt: skip
About = Literal["area", "household", "person"]
ValueType = Literal["number", "flag", "day", "code", "text"]
Introduced = Literal["household", "person"]


class Choice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One answer to choose."""

    name: str
    label: Labels
    image: str | None = None
    concept: str | None = None
    """In a select_multiple: chosen states 1 for this flag, not chosen states 0."""
    columns: dict[str, str] | None = None
    """The further columns of the sheet `choices` that a choice_filter reads."""


class Band(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A number is red below `red`, yellow below `yellow`, and else green."""

    red: float
    yellow: float


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One question, note or calculation."""

    name: str
    type: QuestionType
    label: Labels
    """Empty for calculates."""
    hint: Labels | None = None
    required: Expression | None = None
    relevant: Expression | None = None
    constraint: Expression | None = None
    constraint_message: Labels | None = None
    calculation: Expression | None = None
    choices: tuple[Choice, ...] | None = None
    choice_filter: Expression | None = None
    """Which choices are offered; reads a choice's own columns."""
    default: Expression | None = None
    appearance: str | None = None
    """How the screen helps: `yes-no`, `breaths` (counter with a timer), `temperature`,
    `weight`, `length`, `blood-pressure`, `chair-rise` (stopwatch), `likert`, `name`, `phone`,
    `multiline`; of notes `danger`, `advice`, `summary`. An unknown one is shown as the plain type."""
    concept: str | None = None
    """The answer becomes an observation of this concept …"""
    concept_type: ValueType | None = None
    """… which holds a value of this type. A flag is stated from `yes`/`no`, `true`/`false` or 1/0."""
    unit: str | None = None
    """Unit to show beside the field, from the concept."""
    min: float | None = None
    """Range from the concept, refused outside; outside confirm_* she is asked whether she is sure."""
    max: float | None = None
    confirm_min: float | None = None
    confirm_max: float | None = None
    band: Band | None = None
    """The colours of a number, shown as it is typed."""
    group: tuple[str, ...] | None = None
    """Names of the groups and repeats it is in, outermost first."""


class Repeat(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How often a group is asked. Either `count` or `over` is there."""

    count: Expression | None = None
    """So many times; the instances are called 1, 2, …"""
    over: Literal["members"] | None = None
    """Once for each member of the household; an instance is called by the person's id."""
    filter: Expression | None = None
    """Only for the members for whom this holds."""
    context: tuple[str, ...] = ()
    """What each instance knows of its member before it asks: the `hidden` rows in the repeat."""


class Group(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Questions under one heading and one condition; with `repeat`, asked once for each instance."""

    one_page: bool
    """All its questions on one screen (XLSForm's `field-list`)."""
    label: Labels | None = None
    relevant: Expression | None = None
    repeat: Repeat | None = None


class FormEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event that a finished form writes."""

    kind: str
    states: tuple[str, ...]
    """Questions whose answers become its observations, in order."""
    when: Expression | None = None
    """Written only if this holds."""
    for_each: str | None = None
    """Written once for each instance of this repeat: about its member, or about the person it introduces."""
    introduces: Introduced | None = None
    """What comes into the register with it, under a new id."""
    target: str | None = None
    """Its target, as the name of a context value (such as `pregnancy`)."""


class FormModel(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A whole form."""

    id: str
    version: int
    title: Labels
    about: About
    """What it is opened for."""
    context: tuple[str, ...]
    """Names of the values it must know before it asks: its `hidden` rows outside repeats."""
    questions: tuple[Question, ...]
    groups: dict[str, Group]
    events: tuple[FormEvent, ...]
    offered: Expression | None = None
    """Offered only if this holds over the context."""
    limits: dict[str, float] = {}
    """Thresholds of the pack that its `hidden` rows name, with their values."""
