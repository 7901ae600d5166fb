"""Trying the rules on the histories beside them (`cases.yaml`).

    - case: three arms, each smaller
      today: 28
      members:
        child: {sex: female, born: -400}
      happened:
        - {day: 0, of: child, states: {muac_mm: 142}}
        - {day: 14, of: child, states: {muac_mm: 139}, as: second}
        - {day: 27.5, kind: event.retracted, target: second}
      gives: []

Days are counted from an arbitrary day 0; a fraction is the time of that day. `kind` is
assessment.recorded unless given, `as` names an event so that others can target it, `stamp` moves an
event to another place in the order in which things were stated. Values of concepts of type `day`, and
expected days, are counted from day 0 too. A referral's code and limits are filled in from its class,
an answer's signal with the rule's own code. `gives` lists the signals of this rule that must come out,
and there must be no other; each is compared in the fields it names. `person` is a member's name, and
the household if left out.
"""

from __future__ import annotations

import dataclasses
import pathlib
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from hodi import record
from hodi.content.concepts import Concept, load_concepts
from hodi.db import Connection, load_queries, open_store
from hodi.domain import DAY_MS, Event, Observation, day_of, make_id
from hodi.events import append
from hodi.events import load_rules as load_event_rules
from hodi.signals.evaluate import evaluate
from hodi.signals.rules import load_rules

_sql = load_queries(__file__)

DAY_0 = 20_000
"""2024-10-04: day 0 of every case."""

_UTC_OFFSET_MIN = 180
_HOUR_MS = 3_600_000
_UNIT, _AREA, _DEVICE, _AUTHOR = 1, 2, 9, 7
FIELDS = (
    "person", "episode", "class", "state", "first_day", "last_day", "detail", "number_1", "number_2",
    "escalated",
)  # fmt: skip
"""What `gives` may name."""

_HISTORY_DAYS = 1_500
"""Households and members are registered this long before day 0."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Case:
    """One history: its events, the instant to look from (ms), and the signals that must come out."""

    code: str
    name: str
    household: int
    events: tuple[Event, ...]
    now: int
    gives: tuple[Mapping[str, object], ...]

    @property
    def today(self) -> int:
        """The local day to look from."""
        return day_of(self.now, _UTC_OFFSET_MIN)


class CaseError(Exception):
    """A case that cannot be read; the message names rule, case and fault."""


def load_cases(pack: pathlib.Path) -> list[Case]:
    """The cases of every rule of a pack. Raises CaseError."""
    concepts, complaints = load_concepts(pack)
    if complaints:
        raise CaseError(str(complaints[0]))
    facts = tomllib.loads((pack / "pack.toml").read_text(encoding="utf-8"))
    reader = _Reader(concepts, facts["referral"]["classes"])
    cases = []
    for rule in load_rules(pack):
        path = rule.folder / "cases.yaml"
        for told in yaml.safe_load(path.read_text(encoding="utf-8")):
            try:
                cases.append(reader.case(rule.code, told))
            except (KeyError, TypeError, ValueError) as error:
                raise CaseError(f"{rule.code}, {told.get('case')!r}: {error!r}") from error
    return cases


def check_cases(connection: Connection, pack: pathlib.Path, code: str | None = None) -> list[str]:
    """Run the cases of a pack (of one rule, with `code`) in an empty store; gives what came out
    differently, in words. Needs a write transaction; roll it back afterwards."""
    cases = [case for case in load_cases(pack) if code in (None, case.code)]
    write_cases(connection, cases, pack)
    return [fault for case in cases for fault in judge(case, signals_of(connection, case))]


def try_cases(pack: pathlib.Path) -> list[str]:
    """`check_cases` in a store of its own, in memory: for the command line. Raises CaseError, RuleError."""
    store = open_store("sqlite://")
    try:
        return store.write_now(lambda c: check_cases(c, pack))
    finally:
        store.close()


def write_cases(connection: Connection, cases: list[Case], pack: pathlib.Path) -> None:
    """Append the cases' events, fold them, and evaluate each case as of its own day. Raises CaseError for
    an event that the front door refuses."""
    rules, now = load_event_rules(pack), max(case.now for case in cases)
    told = [(case, event) for case in cases for event in case.events]
    receipts = append(connection, [event for _, event in told], now=now, rules=rules)
    for (case, event), receipt in zip(told, receipts, strict=True):
        if receipt.verdict == "refused":
            says = f"{event.kind} is refused: {receipt.code} {receipt.detail}"
            raise CaseError(f"{case.code}, {case.name!r}: {says}")
    while record.fold(connection, record.load_record_schema(pack), households_max=500).more:
        pass
    for case in cases:
        evaluate(connection, load_rules(pack), [(_UNIT, case.household)], today=case.today, now=case.now)


def signals_of(connection: Connection, case: Case) -> list[dict[str, object]]:
    """What came out of a case: the signals of its rule, as `gives` writes them."""
    about = {"unit": _UNIT, "household": case.household, "code": case.code}
    rows = connection.rows(_sql.signals_of_household, about)
    found = []
    for row in rows:
        one = dict(zip(FIELDS, row, strict=True))
        found.append({**one, "first_day": one["first_day"] - DAY_0, "last_day": one["last_day"] - DAY_0})
    return found


def judge(case: Case, found: list[dict[str, object]]) -> Iterator[str]:
    """What is wrong with what came out of a case."""
    left = list(found)
    for wanted in case.gives:
        match = next((one for one in left if wanted.items() <= one.items()), None)
        if match is None:
            there_was = left or "nothing"
            yield f"{case.code}, {case.name!r}: {dict(wanted)} did not come out; there was {there_was}"
        else:
            left.remove(match)
    if len(case.gives) < len(found):
        yield f"{case.code}, {case.name!r}: came out and should not: {left}"


class _Reader:
    """Turns told histories into events. Every case has a household of its own in one unit."""

    def __init__(self, concepts: dict[str, Concept], classes: dict[str, dict[str, int]]) -> None:
        self._concepts = concepts
        self._classes = classes
        self._counter = 0

    def case(self, code: str, told: dict[str, Any]) -> Case:
        """One case."""
        unknown = set(told) - {"case", "today", "members", "household", "happened", "gives"}
        if unknown:
            raise ValueError(f"unknown: {', '.join(unknown)}")
        names: dict[str, int] = {}
        household = self._next()
        start: dict[str, Any] = {"day": -_HISTORY_DAYS}
        founded = {**start, "kind": "household.registered", "states": {"head_name": "Mkuu"}}
        events = [self._event(code, founded, household, names)]
        for name, member in told.get("members", {}).items():
            names[name] = self._next()
            states = {"given_name": name, "sex": "female", "birth_day": member.get("born", -10_000)}
            states |= {key: value for key, value in member.items() if key != "born"}
            described = {**start, "kind": "person.registered", "of": name, "states": states}
            events.append(self._event(code, described, household, names))
        events += [self._event(code, happened, household, names) for happened in told["happened"]]
        gives = []
        for wanted in told["gives"]:
            one = {"person": 0, **wanted}
            for field in ("person", "episode"):
                if isinstance(one.get(field), str):
                    one[field] = names[one[field]]
            if set(one) - set(FIELDS):
                raise ValueError(f"unknown in gives: {', '.join(set(one) - set(FIELDS))}")
            gives.append(one)
        return Case(
            code=code,
            name=told["case"],
            household=household,
            events=tuple(events),
            now=_instant(told["today"]),
            gives=tuple(gives),
        )

    def _next(self) -> int:
        self._counter += 1
        return make_id(_DEVICE, self._counter)

    def _event(self, code: str, told: dict[str, Any], household: int, names: dict[str, int]) -> Event:
        id_ = self._next()
        if "as" in told:
            names[told["as"]] = id_
        kind = told.get("kind", "assessment.recorded")
        at = _instant(told["day"])
        states = dict(told.get("states", {}))
        if kind == "referral.made":
            hours = self._classes[states["referral_class"]]
            states.setdefault("referral_code", "AB12")
            states.setdefault("referral_due_at", at + hours["due_h"] * _HOUR_MS)
            states.setdefault("referral_escalate_at", at + hours["escalate_h"] * _HOUR_MS)
        if kind == "signal.answered":
            states.setdefault("signal_code", code)
            if isinstance(states.get("signal_episode"), str):
                states["signal_episode"] = names[states["signal_episode"]]
        return Event(
            unit=_UNIT,
            id=id_,
            kind=kind,
            area=_AREA,
            household=household,
            person=names[told["of"]] if "of" in told else None,
            form="case" if kind == "assessment.recorded" else None,
            target=names[told["target"]] if "target" in told else None,
            occurred_at=at,
            occurred_day=day_of(at, _UTC_OFFSET_MIN),
            recorded_at=at,
            stamp=told.get("stamp", self._counter),
            author=_AUTHOR,
            device=_DEVICE,
            observations=tuple(self._observation(concept, value) for concept, value in states.items()),
        )

    def _observation(self, concept: str, value: Any) -> Observation:
        type_ = self._concepts[concept].type
        if type_ == "code":
            return Observation(concept=concept, code=value)
        if type_ == "text":
            return Observation(concept=concept, text=value)
        return Observation(concept=concept, number=value + DAY_0 if type_ == "day" else value)


def _instant(day: float) -> int:
    """Whole days begin at local midnight; things happen at nine in the morning unless a fraction says."""
    fraction = day % 1 or 0.375
    return int((DAY_0 + day // 1 + fraction) * DAY_MS) - _UTC_OFFSET_MIN * 60_000
