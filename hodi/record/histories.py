"""Trying a rule on the histories beside it (`cases.yaml`).

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
expected days, are counted from day 0 too. A referral's code and the times of its steps are filled in
from its class (`bare: true` leaves the times out), an answer's or dismissal's code with the rule's own.
For indicators `month: -1` looks at the month before that of `today`, and `promoters` lists by name when the
phone of each last synced (a day, or empty).
`gives` lists the rows of this rule that must come out, and there must be no other; each is compared in the
fields it names. `person` is a member's name, and the household if left out.
"""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import yaml

from hodi.content import load_referral_times, step_of
from hodi.content.concepts import load_concepts
from hodi.db import Connection, open_store
from hodi.db.queries import Query
from hodi.domain import DAY_MS, Event, Observation, day_of, make_id
from hodi.domain.times import Zone
from hodi.events import append
from hodi.events import load_rules as load_event_rules
from hodi.record.fold import fold
from hodi.record.rules import RuleFolder, rule_folders
from hodi.record.schema import load_record_schema
from hodi.record.scope import Household

DAY_0 = 20_000
"""2024-10-04: day 0 of every case."""
UNIT = 1

_ZONE = Zone(0)  # a case tells days and parts of days; where it happens makes no difference
_AREA, _DEVICE, _AUTHOR = 2, 9, 7
_KNOWN = {"case", "today", "month", "members", "household", "promoters", "happened", "gives"}
_HISTORY_DAYS = 1_500
"""Households and members are registered this long before day 0."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Case:
    """One history: its events, the instant to look from (ms), and the rows that must come out. For
    indicators: the `month` to look at, counted from that of the instant, and `promoters` with their last sync
    (ms)."""

    code: str
    name: str
    household: int
    events: tuple[Event, ...]
    now: int
    gives: tuple[Mapping[str, object], ...]
    month: int = 0
    promoters: tuple[tuple[int, int | None], ...] = ()

    @property
    def today(self) -> int:
        """The local day to look from."""
        return day_of(self.now, _ZONE)


class CaseError(Exception):
    """A case that cannot be read; the message names rule, case and fault."""


def fold_cases(connection: Connection, cases: list[Case], pack: pathlib.Path) -> None:
    """Append the cases' events and fold them. Raises CaseError for an event that the front door refuses."""
    rules, now = load_event_rules(pack), max(case.now for case in cases)
    stated = [(case, event) for case in cases for event in case.events]
    receipts = append(connection, [event for _, event in stated], now=now, rules=rules)
    for (case, event), receipt in zip(stated, receipts, strict=True):
        if receipt.verdict == "refused":
            says = f"{event.kind} is refused: {receipt.code} {receipt.detail}"
            raise CaseError(f"{case.code}, {case.name!r}: {says}")
    while fold(connection, load_record_schema(pack), households_max=500).more:
        pass


@dataclasses.dataclass(frozen=True, kw_only=True)
class RuleCases:
    """The cases of a kind of rule (signals, tasks, indicators), whose SQL is called `file`: the `fields` that
    `gives` may name, in the order in which `rows` gives them for a case, which of them are `days`, and how a
    pack's rules of that kind are evaluated for some households."""

    kind: str
    fields: tuple[str, ...]
    days: tuple[str, ...]
    rows: Callable[[Connection, pathlib.Path, Case], Iterable[Sequence[object]]]
    evaluate: Callable[[Connection, pathlib.Path, list[Household], int, int], None]
    file: str = "rule.sql"

    def load(self, pack: pathlib.Path, after: int = 0) -> list[Case]:
        """The cases of every rule of a pack, their ids above a counter. Raises CaseError."""
        reader = HistoryReader(pack, self.fields, after)
        return [case for folder in rule_folders(pack, self.kind, self.file) for case in reader.cases(folder)]

    def check(self, connection: Connection, pack: pathlib.Path, code: str | None = None) -> list[str]:
        """Run the cases of a pack (of one rule, with `code`) in an empty store; gives what came out
        differently, in words. Needs a write transaction; roll it back afterwards."""
        cases = [case for case in self.load(pack) if code in (None, case.code)]
        fold_cases(connection, cases, pack)
        for case in cases:
            self.evaluate(connection, pack, [(UNIT, case.household)], case.today, case.now)
        return [fault for case in cases for fault in differences(case, self.given(connection, pack, case))]

    def try_all(self, pack: pathlib.Path) -> list[str]:
        """`check` in a store of its own, in memory: for the command line. Raises CaseError, RuleError."""
        store = open_store("sqlite://")
        try:
            return store.write_now(lambda c: self.check(c, pack))
        finally:
            store.close()

    def given(self, connection: Connection, pack: pathlib.Path, case: Case) -> list[dict[str, object]]:
        """What came out of a case, as `gives` writes it."""
        return [self.counted(row) for row in self.rows(connection, pack, case)]

    def counted(self, row: Sequence[object]) -> dict[str, object]:
        """A row that came out, its days counted from day 0."""
        named = dict(zip(self.fields, row, strict=True))
        days = {name: named[name] for name in self.days if isinstance(named[name], int)}
        return {**named, **{name: cast(int, day) - DAY_0 for name, day in days.items()}}


def of_household(query: Query) -> Callable[[Connection, pathlib.Path, Case], Iterable[Sequence[object]]]:
    """The rows of a case by a query over :unit, :household and :code."""

    def rows(connection: Connection, pack: pathlib.Path, case: Case) -> Iterable[Sequence[object]]:
        del pack
        return connection.rows(query, {"unit": UNIT, "household": case.household, "code": case.code})

    return rows


def differences(case: Case, found: list[dict[str, object]]) -> Iterator[str]:
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


class HistoryReader:
    """Turns written histories into events. Every case has a household of its own in one unit."""

    def __init__(self, pack: pathlib.Path, fields: tuple[str, ...], after: int = 0) -> None:
        concepts, complaints = load_concepts(pack)
        if complaints:
            raise CaseError(str(complaints[0]))
        self._concepts = concepts
        self._times = load_referral_times(pack)
        self._classes: dict[int, str] = {}
        self._fields = fields
        self._counter = after

    def cases(self, folder: RuleFolder) -> list[Case]:
        """The cases beside a rule. Raises CaseError."""
        found = []
        for written in yaml.safe_load((folder.folder / "cases.yaml").read_text(encoding="utf-8")):
            try:
                found.append(self._case(folder.code, written))
            except (KeyError, TypeError, ValueError) as error:
                raise CaseError(f"{folder.code}, {written.get('case')!r}: {error!r}") from error
        return found

    def _case(self, code: str, written: dict[str, Any]) -> Case:
        unknown = set(written) - _KNOWN
        if unknown:
            raise ValueError(f"unknown: {', '.join(unknown)}")
        names: dict[str, int] = {}
        household = self._next()
        start: dict[str, Any] = {"day": -_HISTORY_DAYS}
        founded = {**start, "kind": "household.registered", "states": {"head_name": "Mkuu"}}
        events = [self._event(code, founded, household, names)]
        for name, member in written.get("members", {}).items():
            names[name] = self._next()
            states = {"given_name": name, "sex": "female", "birth_day": member.get("born", -10_000)}
            states |= {key: value for key, value in member.items() if key != "born"}
            described = {**start, "kind": "person.registered", "of": name, "states": states}
            events.append(self._event(code, described, household, names))
        events += [self._event(code, happened, household, names) for happened in written["happened"]]
        promoters = []
        for name, synced in written.get("promoters", {}).items():
            names[name] = self._next()
            promoters.append((names[name], None if synced is None else _instant(synced)))
        gives = []
        for wanted in written["gives"]:
            one = {"person": 0, **wanted}
            for field in ("person", "episode"):
                if isinstance(one.get(field), str):
                    one[field] = names[one[field]]
            if set(one) - set(self._fields):
                raise ValueError(f"unknown in gives: {', '.join(set(one) - set(self._fields))}")
            gives.append(one)
        return Case(
            code=code,
            name=written["case"],
            household=household,
            events=tuple(events),
            now=_instant(written["today"]),
            gives=tuple(gives),
            month=written.get("month", 0),
            promoters=tuple(promoters),
        )

    def _next(self) -> int:
        self._counter += 1
        return make_id(_DEVICE, self._counter)

    def _event(self, code: str, written: dict[str, Any], household: int, names: dict[str, int]) -> Event:
        id_ = self._next()
        if "as" in written:
            names[written["as"]] = id_
        kind = written.get("kind", "assessment.recorded")
        at = _instant(written["day"])
        states = dict(written.get("states", {}))
        if kind == "referral.made":
            self._classes[id_] = states["referral_class"]
            states.setdefault("referral_code", "AB12")
        if kind.startswith("referral.") and not written.get("bare"):
            class_ = self._classes[names[written["target"]] if "target" in written else id_]
            due = self._due(kind, class_, at, states)
            for concept, instant in zip(("referral_due_at", "referral_escalate_at"), due, strict=False):
                states.setdefault(concept, instant)
        if kind == "signal.answered":
            states.setdefault("signal_code", code)
        if kind == "task.dismissed":
            states.setdefault("task_code", code)
        for about in ("signal_episode", "task_episode"):
            if isinstance(states.get(about), str):
                states[about] = names[states[about]]
        return Event(
            unit=UNIT,
            id=id_,
            kind=kind,
            area=_AREA,
            household=household,
            person=names[written["of"]] if "of" in written else None,
            visit=id_ if kind == "visit.made" else None,
            form="case" if kind == "assessment.recorded" else None,
            target=names[written["target"]] if "target" in written else None,
            occurred_at=at,
            occurred_day=day_of(at, _ZONE),
            recorded_at=at,
            stamp=written.get("stamp", self._counter),
            author=_AUTHOR,
            device=_DEVICE,
            observations=tuple(self._observation(concept, value) for concept, value in states.items()),
        )

    def _due(self, kind: str, class_: str, at: int, states: dict[str, Any]) -> tuple[int, ...]:
        """The times that whoever states this would send along."""
        if kind == "referral.made":
            return self._times.made(class_, at)
        step = step_of(kind, states, return_day="return_day" in states)
        if step is None:
            return ()
        start = _instant(states["return_day"], 0) if step == "return" else at
        return self._times.after(step, class_, start)

    def _observation(self, concept: str, value: Any) -> Observation:
        type_ = self._concepts[concept].type
        if type_ == "code":
            return Observation(concept=concept, code=value)
        if type_ == "text":
            return Observation(concept=concept, text=value)
        return Observation(concept=concept, number=value + DAY_0 if type_ == "day" else value)


def _instant(day: float, fraction: float = 0.375) -> int:
    """The instant (ms) of a day of a case, which begins at midnight UTC: nine in the morning unless the day
    has a fraction."""
    fraction = day % 1 or fraction
    return int((DAY_0 + day // 1 + fraction) * DAY_MS)
