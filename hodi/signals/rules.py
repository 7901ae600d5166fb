"""A pack's signal rules, read from `programmes/*/signals/<CODE>/` and composed for an engine.

A rule's folder holds `rule.sql` (which rows), `signal.toml` (what they mean, to whom, on whose word) and
`cases.yaml` (histories with the rows that must come out). What it has in common with other rules is in
`hodi.record.rules`.
"""

from __future__ import annotations

import functools
import pathlib
from typing import Literal

import msgspec

from hodi.db.store import Engine
from hodi.record import Described, Result, Runnable, Words, rule_folders, statements_of

COLUMNS = (
    "unit", "household", "person", "episode", "class", "first_day", "last_day", "first_event", "last_event",
    "detail", "number_1", "number_2", "escalated",
)  # fmt: skip
"""What a rule's SELECT gives at least; the runner adds `code` and `state`."""
_TYPES = (
    "BIGINT", "BIGINT", "BIGINT", "BIGINT", "TEXT", "INTEGER", "INTEGER", "BIGINT", "BIGINT", "TEXT",
    "DOUBLE PRECISION", "DOUBLE PRECISION", "INTEGER",
)  # fmt: skip


class Refer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a referral made from a signal starts with."""

    reason: str
    class_: str = msgspec.field(name="class")


class Rule(Described, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule: `signal.toml`, with the SQL beside it. `turn` is what its result changes with: the day, or
    the hour. A `class_` of "referral" is the referral's own; `act`: what is suggested, by
    language. What `ends_with` the record stays in the lists whatever is answered, until its rows are gone."""

    class_: str = msgspec.field(name="class")
    turn: Literal["day", "hour"]
    act: Words
    refer: Refer | None = None
    ends_with: Literal["answer", "record"] = "answer"

    def wordings(self) -> dict[str, Words]:
        """Its wordings by part: `title`, `says.<detail>`, `act`."""
        return {**super().wordings(), "act": self.act}

    def for_phone(self) -> dict[str, object]:
        """The rule as a phone receives it (`SignalRule` in hodi/sync/pack_model.py)."""
        key = f"signal.{self.code}"
        return {
            "code": self.code,
            "reads": sorted(reads_of(self)),
            "statements": compose(self, "sqlite"),
            "title": f"{key}.title",
            "says": {detail: f"{key}.says.{detail}" for detail in self.says},
            "act": f"{key}.act",
            **({"refer": {"reason": self.refer.reason, "class": self.refer.class_}} if self.refer else {}),
        }


@functools.cache
def load_rules(pack: pathlib.Path) -> tuple[Rule, ...]:
    """The rules of a pack's folder, by code. Raises RuleError for one that is not whole."""
    return tuple(folder.described("signal.toml", Rule) for folder in rule_folders(pack, "signals"))


@functools.cache
def _result(code: str, answer: str) -> Result:
    columns = [f"r.{name}" for name in COLUMNS]
    return Result(
        table="signal",
        columns=tuple(zip(COLUMNS, _TYPES, strict=True)),
        write=(
            "INSERT INTO signal (unit, household, person, code, episode, class, state, first_day, last_day,"
            " first_event, last_event, detail, number_1, number_2, escalated)\n"
            f"SELECT {', '.join(columns[:3])}, '{code}', {', '.join(columns[3:5])},\n"
            f"  CASE WHEN a.day >= r.last_day THEN {answer} ELSE 'open' END,\n"
            f"  {', '.join(columns[5:])}\n"
            "FROM signal_row r\n"
            "LEFT JOIN signal_answer a ON a.unit = r.unit AND a.household = r.household\n"
            f"  AND a.person = r.person AND a.code = '{code}' AND a.episode = r.episode\n"
            "WHERE r.holds = 1"
        ),
    )


def compose(rule: Rule, engine: Engine) -> tuple[str, ...]:
    """The statements of a rule on an engine, to be run one after another: forget the scope's signals of this
    code, write them anew, and note when time alone changes them next."""
    answer = "a.answer" if rule.ends_with == "answer" else "'acknowledged'"
    return statements_of(rule.sql(), _result(rule.code, answer), rule.turn, engine)


def runnable(rule: Rule) -> Runnable:
    """The rule as it is run."""
    text = rule.sql()
    return Runnable(
        code=rule.code,
        table="signal",
        reads=reads_of(rule),
        mark=f"{text.mark} {rule.turn} {rule.ends_with}",
        statements=functools.partial(compose, rule),
    )


def reads_of(rule: Rule) -> frozenset[str]:
    """The tables by which its result changes: whether the household is here, who agrees that information
    is kept, and the answers, count
    always."""
    return frozenset((*rule.sql().reads, "household", "person", "signal_answer"))
