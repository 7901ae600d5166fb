"""One question asked: the answer that a hint gives, or something possible by the question's type."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from hodi.content.forms.expressions import Expression
from hodi.content.forms.model import Choice, Question
from hodi.content.runner.closures import Closure
from hodi.content.runner.evaluate import Day, Value, day_of_text, to_boolean, to_text
from hodi.content.runner.values import Answer, text_of
from hodi.simulate.sampling import Draw, Drawn, Sampler

if TYPE_CHECKING:
    from hodi.simulate.filling import Filling

_TRIES = 12
_ANSWERED = 0.7  # of the questions that need no answer
_YES = 0.15
_SIGN = 0.04
_RECENT_DAYS = 30


class Stuck(Exception):
    """A question needs an answer, and none was found that the form accepts; the message is its name."""


class Asker:
    """A question with its hints. `words`: draws a text of a kind (an appearance) where there is no hint."""

    def __init__(
        self,
        question: Question,
        sampler: Sampler | None,
        compiled: Callable[[Expression], Closure],
        words: Callable[[str, random.Random], str],
    ) -> None:
        self._question = question
        self._sampler = sampler
        self._words = words
        self._required = compiled(question.required) if question.required is not None else None
        self._constraint = compiled(question.constraint) if question.constraint is not None else None
        self._filter = compiled(question.choice_filter) if question.choice_filter is not None else None
        self._choices = question.choices or ()
        self._names = frozenset(choice.name for choice in self._choices)
        self._free = self._default(self._choices)

    def answer(self, filling: Filling, chance: random.Random, told: Value | None) -> Answer | None:
        """The answer, None if there is none. Raises Stuck."""
        if told is not None:
            answer = self._fits(filling, self._choices_now(filling), told)
            if answer is None and told != "":
                raise Stuck(f"{self._question.name}: {told}")
            return answer
        picked = self._sampler.pick(filling) if self._sampler is not None else None
        needed = self._required is not None and to_boolean(self._required(filling))
        choices = self._choices_now(filling)
        if picked is not None:
            draw, given = picked
            if not needed:
                share = given(filling)
                if share < 1 and chance.random() >= share:
                    return None
            for _ in range(_TRIES):
                drawn = draw(filling, chance)
                answer = self._fits(filling, choices, drawn)
                if answer is not None:
                    return answer
                if drawn is None or drawn == "":
                    break
            if not needed:
                return None
        elif not needed and chance.random() >= _ANSWERED:
            return None
        free = self._free if self._filter is None else self._default(choices)
        return self._possible(filling, choices, free, chance, needed=needed)

    def _possible(
        self,
        filling: Filling,
        choices: tuple[Choice, ...],
        draw: Draw,
        chance: random.Random,
        *,
        needed: bool,
    ) -> Answer | None:
        for _ in range(_TRIES):
            answer = self._fits(filling, choices, draw(filling, chance))
            if answer is not None:
                return answer
        for candidate in self._candidates(filling, choices):
            answer = self._fits(filling, choices, candidate)
            if answer is not None:
                return answer
        if needed:
            raise Stuck(self._question.name)
        return None

    def _choices_now(self, filling: Filling) -> tuple[Choice, ...]:
        if self._filter is None:
            return self._choices
        offered = []
        for choice in self._choices:
            filling.choice = choice
            if to_boolean(self._filter(filling)):
                offered.append(choice)
        filling.choice = None
        return tuple(offered)

    def _fits(self, filling: Filling, choices: tuple[Choice, ...], drawn: Drawn) -> Answer | None:
        """A drawn value as the form keeps it, if it accepts it."""
        if drawn is None or drawn == "" or drawn == ():
            return None
        answer: Answer | None
        if self._filter is None and type(drawn) is str and self._question.type == "select_one":
            answer = drawn if drawn in self._names else None
        else:
            answer = _parsed(self._question, choices, drawn)
        if answer is None:
            return None
        if self._constraint is not None:
            filling.own = text_of(self._question, answer)
            if not to_boolean(self._constraint(filling)):
                return None
        return answer

    def _default(self, choices: tuple[Choice, ...]) -> Draw:
        question, words = self._question, self._words
        names = tuple(choice.name for choice in choices)
        match question.type:
            case "select_one":
                if set(names) == {"yes", "no"}:
                    return lambda known, chance: "yes" if chance.random() < _YES else "no"
                return lambda known, chance: chance.choice(names) if names else None
            case "select_multiple":
                return lambda known, chance: _several(names, chance)
            case "date":
                return lambda known, chance: Day(known.today - chance.randrange(_RECENT_DAYS))
            case "integer" | "decimal":
                return _number(question)
        kind = question.appearance or ""
        return lambda known, chance: words(kind, chance)

    def _candidates(self, filling: Filling, choices: tuple[Choice, ...]) -> list[Drawn]:
        """What is tried when chance finds nothing that the form accepts."""
        question = self._question
        match question.type:
            case "select_one" | "select_multiple":
                return [choice.name for choice in choices]
            case "date":
                today = filling.today
                return [Day(today + days) for near in (0, 1, 7, 30, 90, 200, 365) for days in (near, -near)]
            case "integer" | "decimal":
                low, high = question.min, question.max
                return [float(one) for one in (low, high, 0, 1, 2, 5, 10, 20, 50, 100) if one is not None]
        return ["A", "0712345678", "12345678"]


def _several(names: tuple[str, ...], chance: random.Random) -> Drawn:
    chosen = tuple(name for name in names if name != "none" and chance.random() < _SIGN)
    if chosen:
        return chosen
    return ("none",) if "none" in names else names[:1]


def _number(question: Question) -> Draw:
    low = question.confirm_min if question.confirm_min is not None else question.min
    high = question.confirm_max if question.confirm_max is not None else question.max
    first = low if low is not None else 0.0
    last = high if high is not None else first + 10
    places = 0 if question.type == "integer" else 1

    def draw(known: object, chance: random.Random) -> Drawn:
        value = chance.gauss((first + last) / 2, (last - first) / 8)
        return float(round(min(max(value, first), last), places))

    return draw


def _parsed(question: Question, choices: tuple[Choice, ...], drawn: Value | tuple[str, ...]) -> Answer | None:
    match question.type:
        case "select_one":
            name = to_text(drawn) if not isinstance(drawn, tuple) or isinstance(drawn, Day) else ""
            return name if any(choice.name == name for choice in choices) else None
        case "select_multiple":
            chosen = set(
                drawn if isinstance(drawn, tuple) and not isinstance(drawn, Day) else to_text(drawn).split()
            )
            known = tuple(choice.name for choice in choices if choice.name in chosen)
            return known if known and len(known) == len(chosen) else None
        case "integer" | "decimal" | "date":
            return _quantity(question, drawn)
    return None if isinstance(drawn, tuple) and not isinstance(drawn, Day) else to_text(drawn).strip() or None


def _quantity(question: Question, drawn: Value | tuple[str, ...]) -> Answer | None:
    if isinstance(drawn, Day):
        number = float(drawn.day)
    elif isinstance(drawn, str):
        day = day_of_text(drawn)
        try:
            number = float(day) if day is not None else float(drawn)
        except ValueError:
            return None
    elif isinstance(drawn, int | float):
        number = float(drawn)
    else:
        return None
    if not math.isfinite(number):
        return None
    if question.type != "decimal":
        number = float(round(number))
    if question.min is not None and number < question.min:
        return None
    if question.max is not None and number > question.max:
        return None
    return int(number) if number.is_integer() else number
