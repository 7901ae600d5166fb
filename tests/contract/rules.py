"""All rules of a pack, signals and tasks alike: their statements, and running them."""

from __future__ import annotations

import pathlib
from collections.abc import Iterable, Iterator

from hodi import signals, tasks
from hodi.background.consumer import rules_of
from hodi.config import ROOT
from hodi.db import Connection
from hodi.db.store import Engine
from hodi.signals.rules import compose as compose_signal
from hodi.tasks.rules import compose as compose_task

KENYA = ROOT / "content" / "kenya"


def composed(engine: Engine) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every rule's code with its statements."""
    for rule in signals.load_rules(KENYA):
        yield rule.code, compose_signal(rule, engine)
    for task in tasks.load_tasks(KENYA):
        yield task.code, compose_task(task, engine)


RULES = rules_of(KENYA)
"""All of them, as they are run."""


def evaluate(
    c: Connection, households: Iterable[tuple[int, int]], *, today: int, now: int, pack: pathlib.Path = KENYA
) -> None:
    """Evaluate every rule for some households."""
    households = list(households)
    signals.evaluate(c, signals.load_rules(pack), households, today=today, now=now)
    tasks.evaluate(c, tasks.load_tasks(pack), households, today=today, now=now)
