"""A pack's signal rules, read from `signals/<CODE>/` and composed for an engine.

A rule's folder holds `rule.sql` (which rows), `signal.toml` (what they mean, to whom, on whose word,
with the thresholds) and `cases.yaml` (histories with the rows that must come out). Thresholds stand in
`signal.toml` alone; they are written into the SQL where it names them, so `:today` (day) and `:now`
(ms) are the only parameters left.
"""

from __future__ import annotations

import functools
import pathlib
import re
import tomllib
from typing import Literal

import msgspec

from hodi.content import Discretion, Pack, discretion
from hodi.db.store import Engine
from hodi.record import rule_ctes, scope_clear

COLUMNS = (
    "unit", "household", "person", "episode", "class", "first_day", "last_day", "first_event", "last_event",
    "detail", "number_1", "number_2", "escalated",
)  # fmt: skip
"""What a rule's SELECT gives; the runner adds `code` and `state`."""

Words = dict[str, str]
"""By language."""

_PARAMETER = re.compile(r"(?<![:\w]):([a-z_][a-z_0-9]*)")
_FROM = re.compile(r"^-- from: *(\w+)\s*$", re.MULTILINE)
_DAYS = re.compile(r"^-- days: *(.+?)\s*$", re.MULTILINE)


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A limit of a rule. `mark`: C = read in a source, D = our design, U = unconfirmed."""

    value: int | float
    mark: Literal["C", "D", "U"]
    why: str


class Refer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a referral made from a signal starts with."""

    reason: str
    class_: str = msgspec.field(name="class")


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule: `signal.toml`, with the SQL beside it. `says` by `detail` and language; `turn` is what
    its result changes with: the day, or the hour. A `class_` of "referral" is the referral's own.
    `discloses`: the concepts that whoever reads of it knows."""

    code: str
    class_: str = msgspec.field(name="class")
    turn: Literal["day", "hour"]
    version: int
    owner: str
    source: str
    thresholds: dict[str, Threshold]
    title: Words
    says: dict[str, Words]
    act: Words
    refer: Refer | None = None
    discloses: tuple[str, ...] = ()
    drives: str = ""
    days: str = ""
    select: str = ""

    def words(self) -> dict[str, Words]:
        """Its wording by language and key: `signal.<CODE>.title`, `.says.<detail>`, `.act`."""
        found: dict[str, Words] = {}
        parts = {"title": self.title, "act": self.act}
        parts |= {f"says.{detail}": words for detail, words in self.says.items()}
        for part, words in parts.items():
            for language, text in words.items():
                found.setdefault(language, {})[f"signal.{self.code}.{part}"] = text
        return found

    def for_phone(self) -> dict[str, object]:
        """The rule as a phone receives it (`SignalRule` in phone/src/domain/pack.ts)."""
        key = f"signal.{self.code}"
        composed = compose(self, "sqlite")
        return {
            "code": self.code,
            "clear": composed[0],
            "write": composed[1],
            "title": f"{key}.title",
            "says": {detail: f"{key}.says.{detail}" for detail in self.says},
            "act": f"{key}.act",
            **({"refer": {"reason": self.refer.reason, "class": self.refer.class_}} if self.refer else {}),
        }


class RuleError(Exception):
    """A rule that cannot be used; the message names its folder and what is wrong."""


@functools.cache
def load_rules(pack: pathlib.Path) -> tuple[Rule, ...]:
    """The rules of a pack's folder, by code. Raises RuleError for one that is not whole."""
    return tuple(_load(folder) for folder in sorted((pack / "signals").iterdir()) if folder.is_dir())


def _load(folder: pathlib.Path) -> Rule:
    try:
        described = tomllib.loads((folder / "signal.toml").read_text(encoding="utf-8"))
        rule = msgspec.convert(described, Rule)
        sql = (folder / "rule.sql").read_text(encoding="utf-8")
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise RuleError(f"{folder.name}: {error}") from error
    if rule.code != folder.name:
        raise RuleError(f"{folder.name}: its code says {rule.code}")
    unused = [name for name in rule.thresholds if f":{name}" not in sql]
    if unused:
        raise RuleError(f"{folder.name}: rule.sql does not use {', '.join(unused)}")
    return with_sql(rule, sql)


def discretion_of(pack: Pack) -> Discretion:
    """What shared lists of a pack keep to themselves. Raises RuleError for a rule that discloses what
    is no concept."""
    rules = load_rules(pack.folder)
    for rule in rules:
        if unknown := [name for name in rule.discloses if name not in pack.concepts]:
            raise RuleError(f"{rule.code}: it discloses {', '.join(unknown)}, which is not listed")
    return discretion(
        minor_years=pack.minor_years, concepts=pack.concepts,
        kinds={name: kind.concepts for name, kind in pack.kinds.items()},
        signals={rule.code: rule.discloses for rule in rules}, referral_reasons=pack.referral_discloses,
    )  # fmt: skip


def with_sql(rule: Rule, sql: str) -> Rule:
    """A rule with the text of a `rule.sql`, its thresholds written in."""
    drives, days = _FROM.search(sql), _DAYS.search(sql)
    if drives is None:
        raise RuleError(f"{rule.code}: rule.sql needs a line `-- from: <table>`")
    return msgspec.structs.replace(
        rule, drives=drives.group(1), days=_fill(rule, days.group(1)) if days else "", select=_fill(rule, sql)
    )


def _fill(rule: Rule, sql: str) -> str:
    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in ("today", "now"):
            return match.group()
        if name not in rule.thresholds:
            raise RuleError(f"{rule.code}: rule.sql names :{name}, which signal.toml does not give")
        return repr(rule.thresholds[name].value)

    return _PARAMETER.sub(value, re.sub(r"--[^\n]*", "", sql))


@functools.lru_cache(maxsize=256)
def _composed(code: str, select: str, drives: str, days: str, engine: Engine) -> tuple[str, str]:
    columns = [f"r.{column}" for column in COLUMNS]
    write = (
        "INSERT INTO signal (unit, household, person, code, episode, class, state, first_day, last_day,"
        " first_event, last_event, detail, number_1, number_2, escalated)\n"
        f"{rule_ctes(select, drives, days, engine)}"
        f"SELECT {', '.join(columns[:3])}, '{code}', {', '.join(columns[3:5])},\n"
        "  CASE WHEN a.day >= r.last_day THEN a.answer ELSE 'open' END,\n"
        f"  {', '.join(columns[5:])}\n"
        "FROM found r\n"
        "LEFT JOIN household h ON h.unit = r.unit AND h.household = r.household\n"
        "LEFT JOIN signal_answer a ON a.unit = r.unit AND a.household = r.household AND a.person = r.person\n"
        f"  AND a.code = '{code}' AND a.episode = r.episode\n"
        "WHERE COALESCE(h.here, 1) = 1"
    )
    return scope_clear("signal", engine, f" AND code = '{code}'"), write


def compose(rule: Rule, engine: Engine) -> tuple[str, str]:
    """The statements of a rule on an engine: forget the scope's signals of this code, write them anew."""
    return _composed(rule.code, rule.select, rule.drives, rule.days, engine)
