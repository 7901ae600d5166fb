"""Expressions as functions, for whoever evaluates the same one very often: made once, called many times.

`closure` gives what `evaluate` gives (tests/rooms/test_simulated_forms.py holds the forms that are filled
with it against the runner); whatever is seldom asked for goes to `evaluate` itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, cast

from hodi.content.forms.expressions import Call, Expression, Number, Operation, Reference, Text
from hodi.content.runner.evaluate import (
    ARITHMETIC,
    FUNCTIONS,
    OVER_INSTANCES,
    Day,
    Environment,
    Value,
    equal,
    evaluate,
    to_boolean,
    to_number,
    to_text,
    z_score,
)


class Known(Environment, Protocol):
    """An environment that keeps the values of names outside repeats by name."""

    @property
    def values(self) -> Mapping[str, Value]:
        """The value of every name that is known so far."""


Closure = Callable[[Known], Value]
_TRUTHS = frozenset({"=", "!=", "<", "<=", ">", ">=", "and", "or"})
"""Operators that give a truth and nothing else."""


def _plain(tree: Expression, repeated: frozenset[str]) -> str | None:
    """The name of a tree that is nothing but a name outside repeats: most comparisons have one on the left,
    and reading it on the spot spares half of their calls."""
    return tree.name if isinstance(tree, Reference) and tree.name not in repeated else None


def closure(tree: Expression, repeated: frozenset[str] = frozenset()) -> Closure:
    """The function of an expression. `repeated`: names that are read at an instance of a repeat."""
    match tree:
        case Number():
            number = float(tree.v)
            return lambda known: number
        case Text():
            text = tree.v
            return lambda known: text
        case Reference():
            name = tree.name
            if name in repeated:
                return lambda known: known.read(name)
            return lambda known: known.values.get(name, "")
        case Operation():
            return _operation(tree, repeated)
        case Call():
            return _call(tree, repeated)
        case _:
            return lambda known: evaluate(tree, known)


def truth(tree: Expression, repeated: frozenset[str] = frozenset()) -> Callable[[Known], bool]:
    """The function of a condition."""
    value = closure(tree, repeated)
    if isinstance(tree, Operation) and tree.o in _TRUTHS:
        return cast(Callable[[Known], bool], value)

    def true(known: Known) -> bool:
        found = value(known)
        return found is True or (found is not False and to_boolean(found))

    return true


def _operation(tree: Operation, repeated: frozenset[str]) -> Closure:
    a = closure(tree.a[0], repeated)
    if tree.o == "neg":
        return lambda known: -to_number(a(known))
    b = closure(tree.a[1], repeated)
    match tree.o:
        case "and":
            first, second = truth(tree.a[0], repeated), truth(tree.a[1], repeated)
            return lambda known: first(known) and second(known)
        case "or":
            first, second = truth(tree.a[0], repeated), truth(tree.a[1], repeated)
            return lambda known: first(known) or second(known)
        case "=":
            return _equality(tree, a, b, repeated)
        case "!=":
            same = _equality(tree, a, b, repeated)
            return lambda known: not same(known)
    of = ARITHMETIC[tree.o]
    right = tree.a[1]
    if isinstance(right, Number):
        fixed = float(right.v)
        name = _plain(tree.a[0], repeated)
        if name is not None:
            return lambda known: of(to_number(known.values.get(name, "")), fixed)
        return lambda known: of(to_number(a(known)), fixed)
    return lambda known: of(to_number(a(known)), to_number(b(known)))


def _equality(tree: Operation, a: Closure, b: Closure, repeated: frozenset[str]) -> Closure:
    right = tree.a[1]
    name = _plain(tree.a[0], repeated)
    if isinstance(right, Text):
        text = right.v

        def named_with_text(known: Known) -> Value:
            value = known.values.get(name or "", "")
            return value == text if type(value) is str else equal(value, text)

        def with_text(known: Known) -> Value:
            value = a(known)
            return value == text if type(value) is str else equal(value, text)

        return with_text if name is None else named_with_text
    if isinstance(right, Number):
        number = float(right.v)

        def with_number(known: Known) -> Value:
            value = a(known)
            return to_number(value) == number if type(value) is str else equal(value, number)

        return with_number
    return lambda known: equal(a(known), b(known))


def _selected(tree: Call, repeated: frozenset[str]) -> Closure:
    where, what = (closure(part, repeated) for part in tree.a)
    name = _plain(tree.a[0], repeated)
    if name is not None and isinstance(tree.a[1], Text):
        word = tree.a[1].v.strip()
        return lambda known: word in to_text(known.values.get(name, "")).split()
    return lambda known: to_text(what(known)).strip() in to_text(where(known)).split()


def _call(tree: Call, repeated: frozenset[str]) -> Closure:
    name = tree.f
    if name == "join" or name == "indexed-repeat" or name == "once":
        return lambda known: evaluate(tree, known)
    if name in OVER_INSTANCES and len(tree.a) == 1 and isinstance(tree.a[0], Reference):
        return lambda known: evaluate(tree, known)
    parts = [closure(part, repeated) for part in tree.a]
    match name:
        case "if":
            _, then, otherwise = parts
            condition = truth(tree.a[0], repeated)
            return lambda known: then(known) if condition(known) else otherwise(known)
        case "not":
            holds = truth(tree.a[0], repeated)
            return lambda known: not holds(known)
        case "number":
            (one,) = parts
            return lambda known: to_number(one(known))
        case "coalesce":
            first, second = parts

            def coalesced(known: Known) -> Value:
                value = first(known)
                return second(known) if value == "" or to_text(value) == "" else value

            return coalesced
        case "selected":
            return _selected(tree, repeated)
        case "today":
            return lambda known: Day(known.today)
        case "z-score":
            return lambda known: z_score([part(known) for part in parts], known)
    of = FUNCTIONS[name]
    if len(parts) == 1:
        (one,) = parts
        return lambda known: of((one(known),))
    return lambda known: of([part(known) for part in parts])
