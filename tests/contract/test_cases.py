"""The rules' cases, on both of the server's engines (the phone's is in test_three_engines.py), and the
proof that the cases hold the rules: a threshold that moves makes some case fail."""

from __future__ import annotations

import pathlib
import re

import msgspec
import pytest

from hodi import indicators, signals, tasks
from hodi.config import ROOT
from hodi.content import Limit, load_limits
from hodi.db import Store
from hodi.record import Described, rule_folders

KENYA, EXAMPLE = ROOT / "content" / "kenya", ROOT / "content" / "example"


KINDS = {"signals": signals.cases, "tasks": tasks.cases, "indicators": indicators.cases}
LOADERS = {"signals": "load_rules", "tasks": "load_tasks", "indicators": "load_indicators"}
RULES = [
    *(pytest.param("signals", rule, id=rule.code) for rule in signals.load_rules(KENYA)),
    *(pytest.param("tasks", rule, id=rule.code) for rule in tasks.load_tasks(KENYA)),
]


INDICATORS = [pytest.param("indicators", one, id=one.code) for one in indicators.load_indicators(KENYA)]


@pytest.mark.parametrize("pack", [KENYA, EXAMPLE], ids=lambda pack: pack.name)
@pytest.mark.parametrize("kind", KINDS)
def test_every_case_of_every_rule(store: Store, kind: str, pack: pathlib.Path) -> None:
    assert store.write_now(lambda c: KINDS[kind].CASES.check(c, pack)) == []


@pytest.mark.parametrize(("kind", "rule"), RULES)
def test_every_rule_has_cases_for_and_against(kind: str, rule: Described) -> None:
    own = [case for case in KINDS[kind].CASES.load(KENYA) if case.code == rule.code]
    # A task may always be there: then what speaks against it is that it is not open.
    speaks = [any(row.get("state", "open") == "open" for row in case.gives) for case in own]
    wanted = 5 if kind == "signals" else 2
    assert speaks.count(True) >= wanted and speaks.count(False) >= wanted
    told = {one["detail"] for case in own for one in case.gives if "detail" in one}
    assert told == set(rule.says), "every wording has a case, and every detail a wording"


@pytest.mark.parametrize(("kind", "one"), INDICATORS)
def test_every_indicator_has_cases_for_and_against(kind: str, one: indicators.Indicator) -> None:
    own = [case for case in KINDS[kind].CASES.load(KENYA) if case.code == one.code]
    counted = {row["numerator"] for case in own for row in case.gives}
    assert counted == ({0, 1} if one.unit == "share" else {1})
    assert one.unit == "share" or any(not case.gives for case in own)


# A limit that a step of the record names too is held by the record's own tests (test_growth.py).
OF_THE_RECORD = {
    name
    for path in KENYA.glob("programmes/*/record/*.sql")
    for name in re.findall(r":([a-z_]+)", path.read_text(encoding="utf-8"))
}
CALENDAR = {"year_days"}  # no threshold: it turns years into days
THRESHOLDS = [
    pytest.param(kind, rule.code, name, step, id=f"{rule.code}-{name}-{step:+}")
    for kind, rule in [param.values for param in (*RULES, *INDICATORS)]
    for name in rule.sql().limits
    if name not in OF_THE_RECORD | CALENDAR
    for step in ((-1, 1) if isinstance(load_limits(KENYA)[name].value, int) else (-0.01, 0.01))
]


@pytest.mark.parametrize(("kind", "code", "name", "step"), THRESHOLDS)
def test_a_threshold_that_moves_makes_a_case_fail(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, kind: str, code: str, name: str, step: float
) -> None:
    limits = dict(load_limits(KENYA))
    limits[name] = Limit(limits[name].value + step, limits[name].unit, "U", "moved by a test")
    file, given = ("indicator.sql", indicators.RELATIONS) if kind == "indicators" else ("rule.sql", {})
    (folder,) = [one for one in rule_folders(KENYA, kind, file, given) if one.code == code]
    loader = LOADERS[kind]
    (rule,) = [one for one in getattr(KINDS[kind], loader)(KENYA) if one.code == code]
    moved = (msgspec.structs.replace(rule, text=folder.text(limits)),)
    monkeypatch.setattr(KINDS[kind], loader, lambda _: moved)
    assert sqlite_store.write_now(lambda c: KINDS[kind].CASES.check(c, KENYA, code))
