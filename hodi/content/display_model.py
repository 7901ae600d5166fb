"""The parts of which the page of a person or of a household is made (hodi/content/display.py explains them).
The phone's types are written from this file."""

from __future__ import annotations

from typing import Literal

import msgspec

Text = dict[str, str]
"""Words by language."""

Wordings = dict[str, dict[str, str]]
"""By the row's `detail`: the sentence by language. With one wording alone there is no need for a `detail`."""

Subject = Literal["household", "person"]
Where = Literal["phone", "pages"]
"""Where alone a part is drawn, if it is not drawn everywhere."""

Tone = Literal["plain", "soft", "warn", "bad", "red", "yellow", "green", "usual", "low"]


class _Written(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Anything that stands in a display.toml."""


class Level(_Written, frozen=True, kw_only=True):
    """A stripe behind a line: everything below a limit of the pack or below a `value`; without either,
    everything above the stripe before."""

    tone: Tone
    limit: str | None = None
    value: float | None = None


class Curve(_Written, frozen=True, kw_only=True):
    """A reference line: a column of the curves, and its label."""

    column: str
    label: str
    tone: Tone = "plain"


class Band(_Written, frozen=True, kw_only=True):
    """The room between two columns of the curves."""

    above: str
    below: str
    tone: Tone


class Column(_Written, frozen=True, kw_only=True):
    """A column of a table: days and numbers as in sentences, codes in the words of a `concept`. `tone`: the
    column that colours it; `digits` after the point."""

    name: str
    title: Text
    concept: str | None = None
    tone: str | None = None
    digits: int = 1


class Fact(_Written, frozen=True, kw_only=True):
    """A concept that is kept; its own label where none is given."""

    concept: str
    label: Text | None = None


class _Part(_Written, frozen=True, kw_only=True, tag_field="draw"):
    """A part of a section: its own title, and where alone it is drawn."""

    title: Text | None = None
    only: Where | None = None


class Says(_Part, frozen=True, kw_only=True, tag="says"):
    """A sentence for each row, and below it, smaller, the remarks that the row's column `remark` chooses."""

    rows: str
    says: Wordings
    remark: Wordings = {}


class Line(_Part, frozen=True, kw_only=True, tag="line"):
    """Numbers over time. `x` is a day, or an age in days if its column is `age_days`; `odd` (1) of a row
    marks a value to be doubted. `from_value`, `to_value`: what the drawing shows at least."""

    rows: str
    x: str
    y: str
    unit: str | None = None
    level: tuple[Level, ...] = ()
    from_value: float | None = None
    to_value: float | None = None
    curves: str | None = None
    curve: tuple[Curve, ...] = ()
    band: tuple[Band, ...] = ()


class Steps(_Part, frozen=True, kw_only=True, tag="steps"):
    """What there should be, and what there was, one after the other."""

    rows: str
    says: Wordings


class Facts(_Part, frozen=True, kw_only=True, tag="facts"):
    """The latest finding of each concept."""

    facts: tuple[Fact, ...]


class Table(_Part, frozen=True, kw_only=True, tag="table"):
    """Each row a line, and below it the remarks that its column `remark` chooses."""

    rows: str
    columns: tuple[Column, ...]
    remark: Wordings = {}


Part = Says | Line | Steps | Facts | Table


class Heading(_Written, frozen=True, kw_only=True):
    """A title that says something of the first row; without a row the section's own stands."""

    rows: str
    says: Wordings


class Section(_Written, frozen=True, kw_only=True):
    """One section of a page."""

    code: str
    about: Subject
    title: Text
    part: tuple[Part, ...]
    heading: Heading | None = None


class Mark(_Written, frozen=True, kw_only=True):
    """A word beside the name of a member where the members of a household are listed. Its `rows` are about
    the household and give a `person`, and the `day` since when. `discloses`: concepts that whoever reads it
    knows; where one is restricted it is left out. `icon`: what stands before the name; a mark with an icon
    needs no word."""

    code: str
    rows: str
    title: Text | None = None
    discloses: tuple[str, ...] = ()
    icon: Literal["pregnant", "child"] | None = None


class Statement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a part draws from: its columns, and its text with limits written in."""

    name: str
    about: str
    gives: tuple[str, ...]
    sql: str


class Display(msgspec.Struct, frozen=True, kw_only=True):
    """All sections and marks of a pack in the order of its programmes, and the statements that they draw
    from."""

    sections: tuple[Section, ...] = ()
    marks: tuple[Mark, ...] = ()
    statements: tuple[Statement, ...] = ()
