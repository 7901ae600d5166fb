"""Relevance, calculations and instances of a filling: all of them, each after what it follows from."""

from __future__ import annotations

import dataclasses
import math

from hodi.content.runner.evaluate import Day, Value, evaluate, to_boolean, to_number, to_text
from hodi.content.runner.paths import instance_of, path_of
from hodi.content.runner.plan import Step, plan_of
from hodi.content.runner.values import Run, RunEnvironment, instances_of, value_of

INSTANCES_MAX = 60


def recompute(run: Run) -> Run:
    """The filling with everything computed anew from its answers."""
    plan = plan_of(run.model)
    computed: dict[str, Value] = dict(run.computed)
    relevant: dict[str, bool] = {}
    instances: dict[str, tuple[str, ...]] = {}
    run = dataclasses.replace(run, computed=computed, relevant=relevant, instances=instances)
    for step in plan.order:
        for where in instances_of(run, plan.chains.get(step.name, ())):
            path = path_of(where, step.name)
            if step.repeat is not None:
                instances[path] = _keys(run, step, where)
                continue
            relevant[path] = _holds(run, step.name, RunEnvironment(run, path, value_of(run, path)))
            if step.question is not None and step.question.calculation is not None:
                environment = RunEnvironment(run, path, computed.get(path, ""))
                computed[path] = kept(evaluate(step.question.calculation, environment))
    return run


def kept(value: Value) -> Value:
    """What is no number is no answer: the field's engines leave such a calculation empty."""
    if type(value) is str or isinstance(value, Day):
        return value
    return "" if isinstance(value, float) and math.isnan(value) else to_text(value)


def _holds(run: Run, name: str, environment: RunEnvironment) -> bool:
    return all(
        to_boolean(evaluate(condition, environment)) for condition in plan_of(run.model).conditions[name]
    )


def _keys(run: Run, step: Step, where: str) -> tuple[str, ...]:
    """The instances of a repeat; one that is not relevant has none."""
    environment = RunEnvironment(run, path_of(where, step.name))
    if step.repeat is None or not _holds(run, step.name, environment):
        return ()
    if step.repeat.over:
        persons = (str(member["person"]) for member in run.members)
        filter_ = step.repeat.filter
        return tuple(
            key
            for key in persons
            if filter_ is None
            or to_boolean(
                evaluate(filter_, RunEnvironment(run, path_of(instance_of(where, step.name, key), "")))
            )
        )
    count = to_number(evaluate(step.repeat.count, environment)) if step.repeat.count is not None else 0
    times = max(0, min(INSTANCES_MAX, math.floor(count))) if math.isfinite(count) else 0
    return tuple(str(number) for number in range(1, times + 1))
