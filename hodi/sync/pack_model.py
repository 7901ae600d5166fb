"""The content pack as the server compiles it for phones (`hodi pack build`): forms, rules, the fold,
wording. The phone holds no clinical knowledge of its own. phone/src/domain/pack.ts is written from these
structs.

What may be absent is absent in packs of earlier versions, which a phone may still hold.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from hodi.content.display_model import Display
from hodi.content.forms.model import FormModel, Labels, ValueType


class FoldStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One step of the fold, as ready SQLite statements over the temporary table `scope`."""

    name: str
    kinds: tuple[str, ...]
    """Kinds of event that make it run; empty = any."""
    clear: str
    """Forget the scope's rows."""
    write: str
    """Write them anew."""
    writes: str | None = None
    """The table that it writes."""


class SuggestedReferral(msgspec.Struct, frozen=True, kw_only=True, rename={"class_": "class"}):
    """What a referral that is made from a signal starts with."""

    reason: str
    class_: str


class SignalRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One signal rule, as ready SQLite statements; parameters `:today` and `:now`. Packs of earlier
    versions have `clear` and `write` instead of `statements`."""

    code: str
    title: str
    """Key of its wording; `says`: by `detail`."""
    says: dict[str, str]
    act: str
    reads: tuple[str, ...] | None = None
    """The tables of the record by which its result changes."""
    statements: tuple[str, ...] | None = None
    clear: str | None = None
    write: str | None = None
    refer: SuggestedReferral | None = None


class TaskRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One task rule, as ready SQLite statements; parameters `:today` and `:now`."""

    code: str
    rank: int
    """Its place among tasks of one day, the most pressing first."""
    title: str
    """Key of its wording; `says`: by `detail`."""
    says: dict[str, str]
    reads: tuple[str, ...] | None = None
    statements: tuple[str, ...] | None = None
    clear: str | None = None
    write: str | None = None
    form: str | None = None
    """The form that does it; none: a visit does."""


class Concept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a phone needs of a concept."""

    type: ValueType
    label: Labels
    unit: str | None = None
    min: float | None = None
    max: float | None = None
    confirm_min: float | None = None
    confirm_max: float | None = None
    codes: tuple[str, ...] | None = None
    sensitivity: str | None = None


class ContextQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What forms may know before they ask; `:unit`, `:household`, `:person` and `:today` are given."""

    about: Literal["area", "household", "person", "member", "standards"]
    sql: str


class ReferenceRows(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rows of a table that are the same for everybody, each in the order of `columns`."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float, ...], ...]


class EventKind(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A kind of event: the columns that must be set, the values that it must state, whether it
    travels first, and whether its household is folded from the beginning."""

    says: str
    requires: tuple[str, ...]
    concepts: tuple[str, ...]
    urgent: bool = False
    from_start: bool = False


class Hours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hours until the next step is overdue, and until it stands with the supervisor too."""

    due_h: int
    escalate_h: int


class ReferralTimes(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """The times of a new referral by class, and after each step; the reasons."""

    classes: dict[str, Hours]
    reasons: tuple[str, ...]
    steps: dict[str, dict[str, Hours]] | None = None
    order: tuple[str, ...] | None = None
    """The classes, the most pressing first."""


class Discretion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What lists keep to themselves (views/discretion.ts): always, or of people younger
    than `minor_years`."""

    minor_years: int
    always: tuple[str, ...]
    minors: tuple[str, ...]


class OffsetChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From the instant `at` (ms) on, local time is `utc_offset_min` minutes ahead of UTC."""

    at: int
    utc_offset_min: int


class Pack(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A whole pack."""

    name: str
    version: str
    """Hash of the content."""
    utc_offset_min: int
    """Minutes that local time is ahead of UTC, before the first of the changes."""
    languages: tuple[str, ...]
    schema: tuple[str, ...]
    """Statements that create the tables of the contract and of the programmes."""
    fold: tuple[FoldStep, ...]
    signals: tuple[SignalRule, ...]
    tasks: tuple[TaskRule, ...]
    reference: dict[str, ReferenceRows]
    kinds: dict[str, EventKind]
    concepts: dict[str, Concept]
    forms: tuple[FormModel, ...]
    referral: ReferralTimes
    discretion: Discretion
    words: dict[str, Labels]
    """Interface and content wording by language and key."""
    form_model: int | None = None
    """Version of the form model; packs of the first have none."""
    context: tuple[ContextQuery, ...] | None = None
    offset_changes: tuple[OffsetChange, ...] | None = None
    """Daylight saving and its like, in order of time; absent where the offset never changes."""
    limits: dict[str, float] | None = None
    """Thresholds of the programmes, by name."""
    display: Display | None = None
    """What the pages of persons and households show."""
