"""Tasks: who is due for what, from when until when, and which form does it. A rule is a folder of a
programme, like a signal's.

Reading order: rules (reading and composing one), evaluate (running them), cases (trying them on the
histories beside them).
"""

from hodi.tasks.cases import check_cases, load_cases, try_cases
from hodi.tasks.evaluate import evaluate
from hodi.tasks.rules import TaskRule, load_tasks, runnable

__all__ = ["TaskRule", "check_cases", "evaluate", "load_cases", "load_tasks", "runnable", "try_cases"]
