"""XLSForm expressions, parsed once when the pack is built. The phone only walks the trees.

Grammar: XPath 1.0 without paths. An operand is `${name}`, `.`, a number, a quoted text, a call or a
parenthesis; `position(..)` is the number of the instance; in a choice_filter a bare word is a column of
the sheet `choices`. What is not supported raises `ExpressionError` with a sentence for the author.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, NoReturn

import msgspec


class Number(msgspec.Struct, frozen=True, tag_field="t", tag="number"):
    """A number."""

    v: int | float


class Text(msgspec.Struct, frozen=True, tag_field="t", tag="string"):
    """A quoted text."""

    v: str


class Reference(msgspec.Struct, frozen=True, tag_field="t", tag="answer"):
    """`${name}`: the value of a question or of a context value."""

    name: str


class Self(msgspec.Struct, frozen=True, tag_field="t", tag="self"):
    """`.`: the value of the question itself."""


class Column(msgspec.Struct, frozen=True, tag_field="t", tag="column"):
    """A column of the choice that a choice_filter looks at; `name` is the choice's own name."""

    name: str


class Position(msgspec.Struct, frozen=True, tag_field="t", tag="position"):
    """`position(..)`: the number of the instance of the repeat `of`, counted from 1."""

    of: str


class Call(msgspec.Struct, frozen=True, tag_field="t", tag="call"):
    """A function `f` with its arguments `a`."""

    f: str
    a: tuple[Expression, ...]


Operator = Literal["+", "-", "*", "div", "mod", "=", "!=", "<", "<=", ">", ">=", "and", "or", "neg"]


class Operation(msgspec.Struct, frozen=True, tag_field="t", tag="op"):
    """An operator `o` with its one (`neg`) or two operands `a`."""

    o: Operator
    a: tuple[Expression, ...]


Expression = Number | Text | Reference | Self | Column | Position | Call | Operation
"""A parsed XPath-like expression."""


class Place(NamedTuple):
    """Where an expression stands: the groups and repeats around it, outermost first, and which of all
    names are repeats; `columns`: those that a choice_filter may read, else None."""

    parents: tuple[str, ...] = ()
    repeats: frozenset[str] = frozenset()
    columns: frozenset[str] | None = None


# Functions that both runners evaluate: fewest and most arguments.
FUNCTIONS: dict[str, tuple[int, int]] = {
    "abs": (1, 1),
    "boolean": (1, 1),
    "coalesce": (2, 2),
    "concat": (1, 20),
    "contains": (2, 2),
    "count": (1, 1),
    "count-non-empty": (1, 1),
    "count-selected": (1, 1),
    "date": (1, 1),
    "decimal-date-time": (1, 1),
    "false": (0, 0),
    "floor": (1, 1),
    "format-date": (2, 2),
    "if": (3, 3),
    "indexed-repeat": (3, 3),
    "int": (1, 1),
    "join": (2, 2),
    "max": (1, 20),
    "min": (1, 20),
    "not": (1, 1),
    "number": (1, 1),
    "once": (1, 1),
    "round": (1, 2),
    "selected": (2, 2),
    "starts-with": (2, 2),
    "string": (1, 1),
    "string-length": (1, 1),
    "sum": (1, 1),
    "today": (0, 0),
    "true": (0, 0),
    "z-score": (3, 4),
}

OVER_INSTANCES: dict[str, int] = {
    "count": 0, "count-non-empty": 0, "indexed-repeat": 0, "join": 1, "max": 0, "min": 0, "sum": 0,
}  # fmt: skip
"""Functions that take the answers of all instances of a repeat, and which argument names them."""

_LEVELS: tuple[tuple[Operator, ...], ...] = (
    ("or",), ("and",), ("=", "!="), ("<=", ">=", "<", ">"), ("+", "-"), ("*", "div", "mod"),
)  # fmt: skip
_TRUTH = {"=", "!=", "<", "<=", ">", ">=", "and", "or"}
_TRUTH_FUNCTIONS = {"boolean", "contains", "false", "not", "selected", "starts-with", "true"}
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<answer>\$\{\s*[A-Za-z_][\w.-]*\s*\})
    | (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<text>'[^']*'|"[^"]*")
    | (?P<name>[A-Za-z_][A-Za-z0-9_-]*)
    | (?P<parent>\.\.(?:/\.\.)*)
    | (?P<sign><=|>=|!=|[-+*=<>(),.])
    )""",
    re.VERBOSE,
)


class ExpressionError(ValueError):
    """An expression that cannot be used, and why."""


def parse(text: str, place: Place = Place()) -> Expression:  # noqa: B008 (a value, never changed)
    """The tree of an expression. Raises ExpressionError."""
    return _Parser(text, place).whole()


def parse_condition(text: str, place: Place = Place()) -> Expression:  # noqa: B008
    """The tree of an expression that is true or false. A bare `${name}` is refused: the engines of the
    field do not agree on what an answer's truth is. Raises ExpressionError."""
    tree = parse(text, place)
    _require_truth(tree)
    return tree


def names_in(tree: Expression | None) -> Iterator[str]:
    """The names that an expression reads, as often as it reads them."""
    if isinstance(tree, Reference):
        yield tree.name
    elif isinstance(tree, Position):
        yield tree.of
    elif isinstance(tree, Call | Operation):
        for part in tree.a:
            yield from names_in(part)


def calls_in(tree: Expression | None) -> Iterator[str]:
    """The functions that an expression calls, as often as it calls them."""
    if isinstance(tree, Call):
        yield tree.f
    if isinstance(tree, Call | Operation):
        for part in tree.a:
            yield from calls_in(part)


def columns_in(tree: Expression | None) -> Iterator[str]:
    """The columns of a choice that an expression reads."""
    if isinstance(tree, Column):
        yield tree.name
    elif isinstance(tree, Call | Operation):
        for part in tree.a:
            yield from columns_in(part)


def _is_truth(tree: Expression) -> bool:
    if isinstance(tree, Operation):
        return tree.o in _TRUTH
    if isinstance(tree, Call):
        if tree.f == "if":
            return _is_truth(tree.a[1]) and _is_truth(tree.a[2])
        return tree.f in _TRUTH_FUNCTIONS
    return False


def _require_truth(tree: Expression) -> None:
    if not _is_truth(tree):
        raise ExpressionError("this must be a comparison, such as ${name} = 'yes'")


class _Parser:
    """One reading of one text, from left to right."""

    def __init__(self, text: str, place: Place) -> None:
        self.text = text
        self.place = place
        self.tokens = self._tokens()
        self.at = 0

    def _tokens(self) -> list[tuple[str, str]]:
        tokens: list[tuple[str, str]] = []
        position = 0
        end = len(self.text.rstrip())
        while position < end:
            match = _TOKEN.match(self.text, position)
            if match is None or match.lastgroup is None:
                self._fail(f"cannot read {self.text[position:end].strip()[:20]!r}")
            tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()
        return tokens

    def _fail(self, why: str) -> NoReturn:
        raise ExpressionError(f"{why} in {self.text!r}")

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        self.at += 1
        return token

    def _expect(self, sign: str) -> None:
        if self._take() != ("sign", sign):
            self._fail(f"{sign!r} is missing")

    def whole(self) -> Expression:
        """The tree of the whole text."""
        if not self.tokens:
            self._fail("nothing to read")
        tree = self._level(0)
        if self.at < len(self.tokens):
            self._fail(f"{self._peek()[1]!r} is not expected")
        return tree

    def _level(self, level: int) -> Expression:
        if level == len(_LEVELS):
            return self._negative()
        tree = self._level(level + 1)
        while operator := self._operator(level):
            self._take()
            other = self._level(level + 1)
            if operator in ("and", "or"):
                _require_truth(tree)
                _require_truth(other)
            elif operator in ("=", "!=") and _is_truth(tree) != _is_truth(other):
                self._fail("a truth is compared with something else")
            tree = Operation(o=operator, a=(tree, other))
        return tree

    def _operator(self, level: int) -> Operator | None:
        kind, token = self._peek()
        if kind not in ("sign", "name"):
            return None
        return next((operator for operator in _LEVELS[level] if operator == token), None)

    def _negative(self) -> Expression:
        if self._peek() == ("sign", "-"):
            self._take()
            return Operation(o="neg", a=(self._negative(),))
        return self._operand()

    def _operand(self) -> Expression:
        kind, token = self._take()
        if kind == "answer":
            return Reference(name=token[2:-1].strip())
        if kind == "number":
            value = float(token)
            return Number(v=int(value) if value.is_integer() else value)
        if kind == "text":
            return Text(v=token[1:-1])
        if kind == "name":
            return self._call(token)
        if token == ".":
            return Self()
        if token == "(":
            tree = self._level(0)
            self._expect(")")
            return tree
        return self._fail("it stops too early" if kind == "end" else f"{token!r} is not expected")

    def _position(self) -> Expression:
        kind, token = self._take()
        if kind != "parent":
            self._fail("position() takes .. and nothing else")
        self._expect(")")
        steps = token.count("..")
        parent = self.place.parents[-steps] if steps <= len(self.place.parents) else ""
        if parent in self.place.repeats:
            return Position(of=parent)
        repeats = [n for n, one in enumerate(reversed(self.place.parents), 1) if one in self.place.repeats]
        if not repeats:
            self._fail("position(..) has a meaning in a repeat only")
        return self._fail(f"write position({'/'.join(['..'] * repeats[0])}) for the number of the instance")

    def _call(self, name: str) -> Expression:
        if self._peek() != ("sign", "("):
            if self.place.columns is not None:
                if name not in self.place.columns:
                    self._fail(f"the sheet choices has no column {name}")
                return Column(name=name)
            self._fail(f"{name!r} is no value: write ${{{name}}} for an answer, or '{name}' for a text")
        self._take()
        if name == "position":
            return self._position()
        arguments: list[Expression] = []
        while self._peek() != ("sign", ")"):
            if arguments:
                self._expect(",")
            arguments.append(self._level(0))
        self._take()
        if name not in FUNCTIONS:
            self._fail(f"the function {name}() is not supported")
        fewest, most = FUNCTIONS[name]
        if not fewest <= len(arguments) <= most:
            self._fail(f"{name}() takes {fewest if fewest == most else f'{fewest} to {most}'} arguments")
        if name in ("not", "if", "boolean"):
            _require_truth(arguments[0])
        if name in OVER_INSTANCES and name not in ("min", "max"):
            named = arguments[OVER_INSTANCES[name] :][: 2 if name == "indexed-repeat" else 1]
            if not all(isinstance(one, Reference) for one in named):
                self._fail(f"{name}() takes ${{name}} there: a question asked in a repeat, or the repeat")
        return Call(f=name, a=tuple(arguments))
