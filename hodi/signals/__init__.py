"""Signals: patterns in the record that somebody should look at. A rule is a folder of the pack.

Reading order: rules (reading and composing one), evaluate (running them), cases (trying them on the
histories beside them).
"""

from hodi.signals.cases import Case, CaseError, check_cases, load_cases, try_cases
from hodi.signals.evaluate import evaluate, evaluate_all, evaluate_next
from hodi.signals.rules import Rule, RuleError, discretion_of, load_rules

__all__ = [
    "Case",
    "CaseError",
    "Rule",
    "RuleError",
    "check_cases",
    "discretion_of",
    "evaluate",
    "evaluate_all",
    "evaluate_next",
    "load_cases",
    "load_rules",
    "try_cases",
]
