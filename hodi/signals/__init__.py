"""Signals: patterns in the record that somebody should look at. A rule is a folder of the pack.

Reading order: rules (reading and composing one), evaluate (running them), cases (trying them on the
histories beside them).
"""

from hodi.record import RuleError
from hodi.record.histories import Case, CaseError
from hodi.signals.cases import CASES
from hodi.signals.evaluate import evaluate
from hodi.signals.rules import Rule, load_rules, runnable

__all__ = [
    "CASES",
    "Case",
    "CaseError",
    "Rule",
    "RuleError",
    "evaluate",
    "load_rules",
    "runnable",
]
