"""Signals: patterns in the record that somebody should look at. A rule is a folder of the pack.

Reading order: rules (reading and composing one), evaluate (running them), cases (trying them on the
histories beside them).
"""

from hodi.signals.evaluate import evaluate, evaluate_all, evaluate_next
from hodi.signals.rules import Rule, RuleError, load_rules

__all__ = ["Rule", "RuleError", "evaluate", "evaluate_all", "evaluate_next", "load_rules"]
