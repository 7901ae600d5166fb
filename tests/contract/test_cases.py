"""The rules' cases, on both of the server's engines (the phone's is in test_three_engines.py), and the
proof that the cases hold the rules: a threshold that moves makes some case fail."""

from __future__ import annotations

import pytest

from hodi.config import ROOT
from hodi.content import Limit, load_limits
from hodi.db import Store
from hodi.record import load_record_schema
from hodi.signals import cases, load_cases, load_rules, rules
from hodi.signals.rules import Rule

KENYA = ROOT / "content" / "kenya"


def test_every_case_of_every_rule(store: Store) -> None:
    assert store.write_now(lambda c: cases.check_cases(c, KENYA)) == []


@pytest.mark.parametrize("rule", load_rules(KENYA), ids=lambda rule: rule.code)
def test_every_rule_has_cases_for_and_against(rule: Rule) -> None:
    own = [case for case in load_cases(KENYA) if case.code == rule.code]
    assert sum(bool(case.gives) for case in own) >= 5
    assert sum(not case.gives for case in own) >= 5
    told = {one["detail"] for case in own for one in case.gives if "detail" in one}
    assert told == set(rule.says), "every wording has a case, and every detail a wording"


THRESHOLDS = [
    pytest.param(rule.code, name, step, id=f"{rule.code}-{name}-{step:+}")
    for rule in load_rules(KENYA)
    for name in rule.limits
    for step in ((-1, 1) if isinstance(load_limits(KENYA)[name].value, int) else (-0.01, 0.01))
]


@pytest.mark.parametrize(("code", "name", "step"), THRESHOLDS)
def test_a_threshold_that_moves_makes_a_case_fail(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, code: str, name: str, step: float
) -> None:
    def moved(rule: Rule) -> Rule:
        if rule.code != code:
            return rule
        limits = dict(load_limits(KENYA))
        limits[name] = Limit(limits[name].value + step, limits[name].unit, "U", "moved by a test")
        return rules.with_sql(
            rule, (rule.folder / "rule.sql").read_text(encoding="utf-8"), limits, load_record_schema(KENYA)
        )

    shifted = tuple(moved(rule) for rule in load_rules(KENYA))
    monkeypatch.setattr(cases, "load_rules", lambda _: shifted)
    assert sqlite_store.write_now(lambda c: cases.check_cases(c, KENYA, code))
