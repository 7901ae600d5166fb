"""A pack's indicators, read from `programmes/*/indicators/<CODE>/`.

A folder holds `indicator.sql` (what is counted), `indicator.toml` (what it is called and means) and
`cases.yaml` (histories with the rows that must come out). The SQL is one SELECT with a row for each thing
that is counted, written as a rule is (docs/sql.md):

    -- from: household      the table of the record that it starts from; or `promoter`
    -- later: 7             days after a month's end whose rows still count for it; 0 if left out

It gives `unit, household, person, numerator, denominator` (0 or 1 each; a plain count has no denominator)
and `day`, when it was done. If it reads `asked_month (month, first_day, last_day)` it gives `month` too, and
is counted for each month; else it is counted as of now. It may give `cell`, `until_day` (first day on which
time alone changes the row), and for lists `from_day`, `class` and, in place of `day`, the instant `done_at`;
each of these named with AS.
"""

from __future__ import annotations

import functools
import pathlib
import re
from collections.abc import Iterable
from typing import Literal

import msgspec

from hodi.content import Pack, load_limits, load_programmes
from hodi.content.limits import UnknownLimit, with_limits
from hodi.content.messages import arguments
from hodi.content.programmes import Mark
from hodi.record import Described, RuleError, RuleText, Table, Words, rule_folders

PROMOTER = Table(
    name="promoter", columns=("unit", "area", "account", "last_sync_at"), key=("unit", "area"), creation=()
)
"""What an indicator about the work itself starts from: areas with a promoter, and when a phone there last
synced (ms; NULL = never). It is no part of the record, so what starts from it is counted when it is asked."""
RELATIONS = {PROMOTER.name: PROMOTER}
"""What an indicator may start from beside the record's tables."""

_MONTHS = "asked_month"
_LATER = re.compile(r"^-- later: *(.+?)\s*$", re.MULTILINE)
_RELATION = re.compile(r"\b(?:FROM|JOIN)\s+([\w.]+)", re.IGNORECASE)
_CTE = re.compile(r"\b(\w+)\s+AS\s*(?:MATERIALIZED\s*)?\(\s*SELECT\b", re.IGNORECASE)
_CELL = re.compile(r"[A-Za-z0-9_]{1,40}")
_SAID_WITH = frozenset({"day", "from_day", "n"})


class Indicator(Described, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An indicator: `indicator.toml`, with the SQL beside it.

    `unit`: share (of the denominator, in per cent) or count. `direction`: whether more is better (up), less
    (down), or neither (none). `small_numbers`: hidden where people who receive care are counted, so that
    nobody can be found in them. `mark` says how sure the source is, `order` where it stands in its programme.
    `counted` and `all` name the numerator and the denominator; `done` and `not_done` are said of one row of
    each, with {day}, {from_day} and {n} days between. `cells` are named here, or are the pack's signals.
    """

    mark: Mark
    unit: Literal["share", "count"]
    direction: Literal["up", "down", "none"]
    small_numbers: Literal["hidden", "shown"]
    counted: Words
    done: Words
    all: Words = msgspec.field(default_factory=dict)
    not_done: Words = msgspec.field(default_factory=dict)
    cells: dict[str, Words] = msgspec.field(default_factory=dict)
    cells_from: Literal["signals"] | None = None
    target_pct: int | None = None
    order: int = 100
    later_days: int = 0

    def wordings(self) -> dict[str, Words]:
        """Its wordings by part: `title`, `counted`, `done`, `cell.<cell>`…"""
        own = {name: getattr(self, name) for name in ("counted", "done", "all", "not_done")}
        cells = {f"cell.{cell}": words for cell, words in self.cells.items()}
        return {**super().wordings(), **{name: words for name, words in own.items() if words}, **cells}

    @property
    def live(self) -> bool:
        """Whether it is counted when it is asked, and not kept: it does not start from the record."""
        return is_live(self.sql())

    @property
    def monthly(self) -> bool:
        """Whether it is counted for each month, and not as of now."""
        return is_monthly(self.sql())

    @property
    def reads(self) -> frozenset[str]:
        """The tables by which it changes: where a household is counts always."""
        return frozenset((*self.sql().reads, "household"))

    @property
    def mark_of_text(self) -> str:
        """Changes whenever what it gives may."""
        return f"{self.sql().mark} {self.later_days}"


def is_live(text: RuleText) -> bool:
    """Whether it is counted when it is asked."""
    return text.drives.name == PROMOTER.name


def is_monthly(text: RuleText) -> bool:
    """Whether it is counted for each month."""
    return bool(re.search(rf"\b{_MONTHS}\b", text.select))


def gives(text: RuleText, column: str) -> bool:
    """Whether its SQL gives one of the columns that it may give."""
    return bool(re.search(rf"\bAS\s+{column}\b", text.select, re.IGNORECASE))


@functools.cache
def load_indicators(pack: pathlib.Path) -> tuple[Indicator, ...]:
    """The indicators of a pack's folder, in the order of the programmes and their own. Raises RuleError for
    one that is not whole."""
    place = {one.code: (one.order, one.code) for one in load_programmes(pack)}
    found = []
    for folder in rule_folders(pack, "indicators", "indicator.sql", RELATIONS):
        one = folder.described("indicator.toml", Indicator)
        sql = (folder.folder / folder.file).read_text(encoding="utf-8")
        one = msgspec.structs.replace(one, later_days=_later_days(one.code, sql, pack))
        _check(one, folder.schema.tables.keys())
        found.append((place[folder.folder.parent.parent.name], one.order, one.code, one))
    return tuple(one for *_, one in sorted(found, key=lambda row: row[:3]))


def wording_faults(pack: Pack, indicators: Iterable[Indicator]) -> list[str]:
    """What is wrong in their wordings: a name that is not filled in; and concepts that they disclose which
    are not listed."""
    found = []
    for one in indicators:
        for part, words in one.wordings().items():
            known = _SAID_WITH if part in ("done", "not_done") else frozenset(one.sql().limits)
            for name in sorted(frozenset().union(*map(arguments, words.values())) - known):
                found.append(f"{one.code}: {part} names {{{name}}}, which is not known there")
        found += [
            f"{one.code}: it discloses {name}, which is not listed"
            for name in one.discloses
            if name not in pack.concepts
        ]
    return found


def _later_days(code: str, sql: str, pack: pathlib.Path) -> int:
    said = _LATER.search(sql)
    if said is None:
        return 0
    try:
        return int(with_limits(said.group(1), load_limits(pack)))
    except (UnknownLimit, ValueError) as error:
        raise RuleError(f"{code}: `later` is a number of days: {error}") from error


def _check(one: Indicator, tables: Iterable[str]) -> None:
    select = one.sql().select
    own = {PROMOTER.name} if one.live else {*tables, _MONTHS}
    if unknown := sorted(set(_RELATION.findall(select)) - own - set(_CTE.findall(select))):
        raise RuleError(f"{one.code}: reads {', '.join(unknown)}, which is no table of the record")
    if (one.unit == "share") != gives(one.sql(), "denominator") or (one.unit == "share") != bool(one.all):
        raise RuleError(f"{one.code}: a share has a denominator, and words for all; a count has neither")
    if one.unit == "share" and not one.not_done:
        raise RuleError(f"{one.code}: a share has words for what was not done")
    if bool(one.cells or one.cells_from) != gives(one.sql(), "cell"):
        raise RuleError(f"{one.code}: cells are given by the SQL and named in the TOML file, or neither")
    if one.cells and one.cells_from:
        raise RuleError(f"{one.code}: cells are named here, or come from elsewhere")
    if wrong := [cell for cell in one.cells if not _CELL.fullmatch(cell)]:
        raise RuleError(f"{one.code}: a cell is called by a word of letters, digits and _: {wrong[0]}")
