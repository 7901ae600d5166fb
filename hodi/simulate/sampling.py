"""Hints of a pack as functions: what a question is answered with, how a trait is drawn."""

from __future__ import annotations

import random
from collections.abc import Callable

from hodi.content.forms.expressions import Expression, names_in, parse
from hodi.content.runner.closures import Closure, Known, closure
from hodi.content.runner.evaluate import Value, to_boolean, to_number
from hodi.content.simulation import hints_of
from hodi.content.simulation_model import Amount, Hint, Hints

Drawn = Value | tuple[str, ...] | None
"""A value, the chosen names, or nothing."""
Draw = Callable[[Known, random.Random], Drawn]
Number = Callable[[Known], float]


def value_of(text: Amount) -> Closure:
    """The function of an amount; names with a dot are states."""
    if not isinstance(text, str):
        number = float(text)
        return lambda known: number
    tree: Expression = parse(text)
    return closure(tree, frozenset(name for name in names_in(tree) if "." in name))


def number_of(amount: Amount) -> Number:
    """The number of an amount."""
    if not isinstance(amount, str):
        fixed = float(amount)
        return lambda known: fixed
    value = value_of(amount)
    return lambda known: to_number(value(known))


def condition_of(text: str | None) -> Callable[[Known], bool] | None:
    """The function of an `if`, if there is one."""
    if text is None:
        return None
    value = value_of(text)
    return lambda known: to_boolean(value(known))


class Sampler:
    """The alternatives of a hint. `given`: how often there is an answer where none is needed."""

    def __init__(self, hints: Hints, *, several: bool = False) -> None:
        self._alternatives = [
            (condition_of(hint.if_), _draw(hint, several=several), number_of(hint.given))
            for hint in hints_of(hints)
        ]

    def pick(self, known: Known) -> tuple[Draw, Number] | None:
        """The first alternative that holds."""
        for condition, draw, given in self._alternatives:
            if condition is None or condition(known):
                return draw, given
        return None


def _draw(hint: Hint, *, several: bool) -> Draw:
    if hint.is_ is not None:
        value = value_of(hint.is_)
        return lambda known, chance: value(known)
    if hint.yes is not None:
        share = number_of(hint.yes)
        return lambda known, chance: "yes" if chance.random() < share(known) else "no"
    if hint.codes is not None:
        return _several(hint.codes) if several else _one(hint.codes)
    if hint.texts is not None:
        texts = hint.texts
        return lambda known, chance: chance.choice(texts)
    return _number(hint)


def _one(codes: dict[str, Amount]) -> Draw:
    names = tuple(codes)
    weights = [number_of(weight) for weight in codes.values()]
    return lambda known, chance: chance.choices(names, [max(0.0, weight(known)) for weight in weights])[0]


def _several(codes: dict[str, Amount]) -> Draw:
    shares = [(name, number_of(share)) for name, share in codes.items() if name != "none"]

    def draw(known: Known, chance: random.Random) -> Drawn:
        return tuple(name for name, share in shares if chance.random() < share(known)) or ("none",)

    return draw


def _number(hint: Hint) -> Draw:
    first, second = (number_of(one) for one in hint.normal or hint.between or (0, 0))
    normal = hint.normal is not None
    least = number_of(hint.least) if hint.least is not None else None
    most = number_of(hint.most) if hint.most is not None else None
    places = hint.places

    def draw(known: Known, chance: random.Random) -> Drawn:
        a, b = first(known), second(known)
        value = chance.gauss(a, b) if normal else chance.uniform(a, b)
        if least is not None:
            value = max(value, least(known))
        if most is not None:
            value = min(value, most(known))
        return float(round(value, places))

    return draw
