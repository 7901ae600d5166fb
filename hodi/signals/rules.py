"""A pack's signal rules, read from `programmes/*/signals/<CODE>/` and composed for an engine.

A rule's folder holds `rule.sql` (which rows), `signal.toml` (what they mean, to whom, on whose word) and
`cases.yaml` (histories with the rows that must come out). Thresholds stand in a programme's `limits.toml`;
they are written into the SQL where it names them, so `:today` (day) and `:now` (ms) are the only
parameters left.
"""

from __future__ import annotations

import functools
import pathlib
import re
import tomllib
from collections.abc import Mapping
from typing import Literal

import msgspec

from hodi.content import Discretion, Limit, Pack, discretion, load_limits, load_programmes, message_faults
from hodi.content.limits import UnknownLimit, limits_in, with_limits
from hodi.db.store import Engine
from hodi.record import RecordSchema, load_record_schema, rule_ctes, scope_clear
from hodi.record.tables import Table

COLUMNS = (
    "unit", "household", "person", "episode", "class", "first_day", "last_day", "first_event", "last_event",
    "detail", "number_1", "number_2", "escalated",
)  # fmt: skip
"""What a rule's SELECT gives; the runner adds `code` and `state`."""

Words = dict[str, str]
"""By language."""

_FROM = re.compile(r"^-- from: *(\w+)\s*$", re.MULTILINE)
_DAYS = re.compile(r"^-- days: *(.+?)\s*$", re.MULTILINE)


class Refer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a referral made from a signal starts with."""

    reason: str
    class_: str = msgspec.field(name="class")


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule: `signal.toml`, with the SQL beside it. `says` by `detail` and language; `turn` is what
    its result changes with: the day, or the hour. A `class_` of "referral" is the referral's own.
    `discloses`: the concepts that whoever reads of it knows; `limits`: the thresholds that its SQL names."""

    code: str
    class_: str = msgspec.field(name="class")
    turn: Literal["day", "hour"]
    version: int
    owner: str
    source: str
    title: Words
    says: dict[str, Words]
    act: Words
    refer: Refer | None = None
    discloses: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    folder: pathlib.Path = pathlib.Path()
    drives: Table | None = None
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
    limits, schema = load_limits(pack), load_record_schema(pack)
    rules = [
        _load(folder, limits, schema) for one in load_programmes(pack) for folder in one.folders("signals")
    ]
    by_code = {rule.code: rule for rule in rules}
    if len(by_code) < len(rules):
        raise RuleError("two signals have one code")
    return tuple(by_code[code] for code in sorted(by_code))


def _load(folder: pathlib.Path, limits: Mapping[str, Limit], schema: RecordSchema) -> Rule:
    try:
        described = tomllib.loads((folder / "signal.toml").read_text(encoding="utf-8"))
        rule = msgspec.convert(described, Rule)
        sql = (folder / "rule.sql").read_text(encoding="utf-8")
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise RuleError(f"{folder.name}: {error}") from error
    rule = msgspec.structs.replace(rule, folder=folder)
    for wording in (rule.title, rule.act, *rule.says.values()):
        if wrong := message_faults(wording):
            raise RuleError(f"{folder.name}: {wrong[0]}: {next(iter(wording.values()))}")
    if rule.code != folder.name:
        raise RuleError(f"{folder.name}: its code says {rule.code}")
    return with_sql(rule, sql, limits, schema)


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


def with_sql(rule: Rule, sql: str, limits: Mapping[str, Limit], schema: RecordSchema) -> Rule:
    """A rule with the text of a `rule.sql`, the limits that it names written in."""
    try:
        return _with_sql(rule, sql, limits, schema)
    except UnknownLimit as error:
        raise RuleError(f"{rule.code}: rule.sql names :{error}, which no limits.toml gives") from error


def _with_sql(rule: Rule, sql: str, limits: Mapping[str, Limit], schema: RecordSchema) -> Rule:
    drives, days = _FROM.search(sql), _DAYS.search(sql)
    if drives is None:
        raise RuleError(f"{rule.code}: rule.sql needs a line `-- from: <table>`")
    if drives.group(1) not in {step.writes for step in schema.steps}:
        raise RuleError(f"{rule.code}: cannot start from {drives.group(1)}, which no step writes")
    return msgspec.structs.replace(
        rule,
        limits=limits_in(sql, limits),
        drives=schema.tables[drives.group(1)],
        days=with_limits(days.group(1), limits) if days else "",
        select=with_limits(sql, limits),
    )


@functools.lru_cache(maxsize=256)
def _composed(code: str, select: str, drives: Table, days: str, engine: Engine) -> tuple[str, str]:
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
    if rule.drives is None:
        raise RuleError(f"{rule.code}: has no SQL")
    return _composed(rule.code, rule.select, rule.drives, rule.days, engine)
