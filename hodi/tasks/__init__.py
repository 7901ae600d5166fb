"""Tasks: who is due for what, from when until when, and which form does it. A rule is a folder of a
programme, like a signal's.

Reading order: rules (reading and composing one), evaluate (running them), cases (trying them on the
histories beside them).
"""

from hodi.tasks.cases import CASES
from hodi.tasks.evaluate import evaluate
from hodi.tasks.rules import TaskRule, load_tasks, runnable

__all__ = ["CASES", "TaskRule", "evaluate", "load_tasks", "runnable"]
