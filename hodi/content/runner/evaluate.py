"""Values of parsed expressions, by the rules of XPath 1.0 as ODK applies them: an unanswered question is
the empty string, comparisons with a number compare numbers, what is no number is NaN and equals nothing.
A date is a whole day since 1970-01-01; as text it reads YYYY-MM-DD. The arithmetic is JavaScript's, so
that the same answer gives the same text on the phone."""

from __future__ import annotations

import datetime
import decimal
import functools
import math
import operator
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from hodi.content.forms.expressions import (
    Call,
    Column,
    Expression,
    Number,
    Operation,
    Position,
    Reference,
    Self,
    Text,
)
from hodi.content.runner.scores import lms_score


class Day(NamedTuple):
    """A whole day since 1970-01-01; NaN where it could not be calculated."""

    day: float


Value = str | float | bool | Day


class Environment(Protocol):
    """What an expression reads."""

    @property
    def own(self) -> Value:
        """The value of the question that it belongs to."""

    @property
    def today(self) -> int:
        """The local day of the visit."""

    def read(self, name: str) -> Value:
        """The value of a question or context value; '' where it is unanswered or not relevant."""

    def all(self, name: str) -> Sequence[Value | None]:
        """The values of a question at all instances of its repeats, None where it is not relevant; for a
        repeat one '' for each instance."""

    def position(self, repeat: str) -> float:
        """The number, from 1, of the instance of a repeat that the expression stands in."""

    def column(self, name: str) -> Value:
        """A column of the choice that is looked at."""

    def standard(self, measure: str, at: int) -> tuple[float, float, float] | None:
        """L, M and S of a measure at a whole point of its axis (an age in days, a length in mm)."""


_NUMBER = re.compile(r"\s*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_FORMAT = re.compile(r"%([Ymnde])")
_EPOCH = datetime.date(1970, 1, 1).toordinal()
_DAYS = range(-_EPOCH + 1, datetime.date.max.toordinal() - _EPOCH + 1)


def iso_of(day: float) -> str:
    """YYYY-MM-DD of a day; nothing for what is no day of the calendar."""
    if not math.isfinite(day) or math.floor(day) not in _DAYS:
        return ""
    return datetime.date.fromordinal(math.floor(day) + _EPOCH).isoformat()


def day_of_text(text: str) -> int | None:
    """The day of a text YYYY-MM-DD, or None if it names no day of the calendar."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return datetime.date(*map(int, match.groups())).toordinal() - _EPOCH
    except ValueError:
        return None


def to_text(value: Value) -> str:
    """A value as text, numbers as JavaScript writes them."""
    if isinstance(value, str):
        return value
    if isinstance(value, Day):
        return iso_of(value.day)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _number_text(float(value))


@functools.lru_cache(maxsize=65_536)
def _number_text(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0 or 1e-6 <= abs(number) < 1e21:
        text = format(decimal.Decimal(repr(number)), "f")
        return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-0", "0", number == 0)
    mantissa, _, exponent = repr(number).partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent):+d}"


def to_number(value: Value) -> float:
    """A value as a number; NaN for what is none."""
    if isinstance(value, str):
        return _number_of_text(value)
    return float(value.day if isinstance(value, Day) else value)


@functools.lru_cache(maxsize=65_536)
def _number_of_text(text: str) -> float:
    return float(text) if _NUMBER.fullmatch(text) else math.nan


def to_boolean(value: Value) -> bool:
    """A value's truth."""
    if value is True or value is False:
        return value
    if isinstance(value, Day):
        return True
    return not (isinstance(value, float) and math.isnan(value)) and bool(value)


def equal(a: Value, b: Value) -> bool:
    """Whether two values are the same: truths if one is a truth, numbers if one is a number, else texts."""
    if isinstance(a, bool) or isinstance(b, bool):
        return to_boolean(a) == to_boolean(b)
    if isinstance(a, int | float) or isinstance(b, int | float):
        return to_number(a) == to_number(b)
    return to_text(a) == to_text(b)


def _to_day(value: Value) -> Value:
    if isinstance(value, Day):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Day(math.floor(value) if math.isfinite(value) else math.nan)
    day = day_of_text(to_text(value))
    return "" if day is None else Day(day)


def _format_date(value: Value, format_: str) -> str:
    day = _to_day(value)
    text = iso_of(day.day) if isinstance(day, Day) else ""
    if not text:
        return ""
    year, month, date = text.split("-")
    parts = {"Y": year, "m": month, "n": str(int(month)), "d": date, "e": str(int(date))}
    return _FORMAT.sub(lambda match: parts[match[1]], format_)


def _round(value: float, places: float) -> float:
    """JavaScript's Math.round: halves go up."""
    scale = 10**places if math.isfinite(places) else math.nan
    scaled = value * scale
    return math.floor(scaled + 0.5) / scale if math.isfinite(scaled) else scaled / scale


def _whole(of: Callable[[float], int], value: float) -> float:
    return float(of(value)) if math.isfinite(value) else value


def _words(value: Value) -> list[str]:
    return to_text(value).split()


def _least(values: Sequence[Value], of: Callable[[list[float]], float]) -> float:
    numbers = [to_number(value) for value in values]
    return math.nan if not numbers or any(map(math.isnan, numbers)) else of(numbers)


FUNCTIONS: dict[str, Callable[[Sequence[Value]], Value]] = {
    "abs": lambda a: abs(to_number(a[0])),
    "boolean": lambda a: to_boolean(a[0]),
    "concat": lambda a: "".join(map(to_text, a)),
    "contains": lambda a: to_text(a[1]) in to_text(a[0]),
    "count-selected": lambda a: float(len(_words(a[0]))),
    "date": lambda a: _to_day(a[0]),
    "decimal-date-time": lambda a: to_number(_to_day(a[0])),
    "false": lambda a: False,
    "floor": lambda a: _whole(math.floor, to_number(a[0])),
    "format-date": lambda a: _format_date(a[0], to_text(a[1])),
    "int": lambda a: _whole(math.trunc, to_number(a[0])),
    "max": lambda a: _least(a, max),
    "min": lambda a: _least(a, min),
    "not": lambda a: not to_boolean(a[0]),
    "number": lambda a: to_number(a[0]),
    "round": lambda a: _round(to_number(a[0]), to_number(a[1]) if len(a) > 1 else 0),
    "selected": lambda a: to_text(a[1]).strip() in _words(a[0]),
    "starts-with": lambda a: to_text(a[0]).startswith(to_text(a[1])),
    "string": lambda a: to_text(a[0]),
    "string-length": lambda a: float(len(to_text(a[0]).encode("utf-16-le")) // 2),
    "true": lambda a: True,
}
OVER_INSTANCES: dict[str, Callable[[Sequence[Value]], Value]] = {
    "count": lambda values: float(len(values)),
    "count-non-empty": lambda values: float(sum(1 for value in values if to_text(value) != "")),
    "sum": lambda values: _sum(values),
    "min": lambda values: _least(values, min),
    "max": lambda values: _least(values, max),
}


def _sum(values: Sequence[Value]) -> float:
    total = 0.0
    for value in values:
        total += to_number(value)
    return total


def evaluate(tree: Expression, environment: Environment) -> Value:
    """The value of an expression."""
    match tree:
        case Number():
            return float(tree.v)
        case Text():
            return tree.v
        case Reference():
            return environment.read(tree.name)
        case Self():
            return environment.own
        case Column():
            return environment.column(tree.name)
        case Position():
            return environment.position(tree.of)
        case Call():
            return _call(tree, environment)
        case Operation():
            return _operation(tree, environment)


def _call(tree: Call, environment: Environment) -> Value:
    name, a = tree.f, tree.a
    match name:
        case "if":
            return evaluate(a[1] if to_boolean(evaluate(a[0], environment)) else a[2], environment)
        case "coalesce":
            first = evaluate(a[0], environment)
            return evaluate(a[1], environment) if to_text(first) == "" else first
        case "once":
            return evaluate(a[0], environment) if to_text(environment.own) == "" else environment.own
        case "today":
            return Day(environment.today)
        case "z-score":
            return z_score([evaluate(part, environment) for part in a], environment)
        case "join":
            return to_text(evaluate(a[0], environment)).join(map(to_text, _relevant(a[1], environment)))
        case "indexed-repeat":
            return _indexed(a, environment)
    if name in OVER_INSTANCES and len(a) == 1 and isinstance(a[0], Reference):
        return OVER_INSTANCES[name](_relevant(a[0], environment))
    return FUNCTIONS[name]([evaluate(part, environment) for part in a])


def z_score(a: Sequence[Value], environment: Environment) -> float:
    """The function `z-score(measure, at, value[, 'unbounded'])`."""
    return lms_score(
        to_text(a[0]),
        to_number(a[1]),
        to_number(a[2]),
        bounded=len(a) == 3,
        standard=environment.standard,
    )


def _relevant(named: Expression, environment: Environment) -> list[Value]:
    values = environment.all(named.name) if isinstance(named, Reference) else ()
    return [value for value in values if value is not None]


def _indexed(a: Sequence[Expression], environment: Environment) -> Value:
    values = environment.all(a[0].name) if isinstance(a[0], Reference) else ()
    at = to_number(evaluate(a[2], environment)) - 1
    value = values[int(at)] if at in range(len(values)) else None
    return "" if value is None else value


def _operation(tree: Operation, environment: Environment) -> Value:
    a = evaluate(tree.a[0], environment)
    if tree.o == "neg":
        return -to_number(a)
    if tree.o == "and":
        return to_boolean(a) and to_boolean(evaluate(tree.a[1], environment))
    if tree.o == "or":
        return to_boolean(a) or to_boolean(evaluate(tree.a[1], environment))
    b = evaluate(tree.a[1], environment)
    if tree.o in ("=", "!="):
        return equal(a, b) == (tree.o == "=")
    return ARITHMETIC[tree.o](to_number(a), to_number(b))


def _div(a: float, b: float) -> float:
    if b != 0:
        return a / b
    if a == 0 or math.isnan(a):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1, b)


def _mod(a: float, b: float) -> float:
    return math.fmod(a, b) if math.isfinite(a) and b != 0 else math.nan


ARITHMETIC: dict[str, Callable[[float, float], Value]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": _div,
    "mod": _mod,
}
