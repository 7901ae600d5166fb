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
from hodi.record import Described, RuleText, Words, rule_folders, scope_clear

COLUMNS = (
    "unit", "household", "person", "episode", "class", "first_day", "last_day", "first_event", "last_event",
    "detail", "number_1", "number_2", "escalated",
)  # fmt: skip
"""What a rule's SELECT gives; the runner adds `code` and `state`."""


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


@functools.cache
def load_rules(pack: pathlib.Path) -> tuple[Rule, ...]:
    """The rules of a pack's folder, by code. Raises RuleError for one that is not whole."""
    return tuple(folder.described("signal.toml", Rule) for folder in rule_folders(pack, "signals"))


@functools.lru_cache(maxsize=256)
def _composed(text: RuleText, answer: str, engine: Engine) -> tuple[str, str]:
    columns = [f"r.{column}" for column in COLUMNS]
    write = (
        "INSERT INTO signal (unit, household, person, code, episode, class, state, first_day, last_day,"
        " first_event, last_event, detail, number_1, number_2, escalated)\n"
        f"{text.found(engine)}"
        f"SELECT {', '.join(columns[:3])}, '{text.code}', {', '.join(columns[3:5])},\n"
        f"  CASE WHEN a.day >= r.last_day THEN {answer} ELSE 'open' END,\n"
        f"  {', '.join(columns[5:])}\n"
        "FROM found r\n"
        "LEFT JOIN household h ON h.unit = r.unit AND h.household = r.household\n"
        "LEFT JOIN signal_answer a ON a.unit = r.unit AND a.household = r.household AND a.person = r.person\n"
        f"  AND a.code = '{text.code}' AND a.episode = r.episode\n"
        "WHERE COALESCE(h.here, 1) = 1"
    )
    return scope_clear("signal", engine, f" AND code = '{text.code}'"), write


def compose(rule: Rule, engine: Engine) -> tuple[str, str]:
    """The statements of a rule on an engine: forget the scope's signals of this code, write them anew."""
    answer = "a.answer" if rule.ends_with == "answer" else "'acknowledged'"
    return _composed(rule.sql(), answer, engine)
