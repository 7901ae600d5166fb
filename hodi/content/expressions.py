"""XLSForm expressions, parsed once when the pack is built. The phone only walks the trees.

Grammar: XPath 1.0 without paths. An operand is `${name}`, `.`, a number, a quoted text, a call or a
parenthesis. What is not supported raises `ExpressionError` with a sentence for the form's author.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NoReturn

import msgspec


class Number(msgspec.Struct, frozen=True, tag_field="t", tag="number"):
    """A number."""

    v: int | float


class Text(msgspec.Struct, frozen=True, tag_field="t", tag="string"):
    """A quoted text."""

    v: str


class Answer(msgspec.Struct, frozen=True, tag_field="t", tag="answer"):
    """`${name}`: the value of a question or of a context value."""

    name: str


class Self(msgspec.Struct, frozen=True, tag_field="t", tag="self"):
    """`.`: the value of the question itself."""


class Call(msgspec.Struct, frozen=True, tag_field="t", tag="call"):
    """A function `f` with its arguments `a`."""

    f: str
    a: tuple[Expression, ...]


class Operation(msgspec.Struct, frozen=True, tag_field="t", tag="op"):
    """An operator `o` with its one (`neg`) or two operands `a`."""

    o: str
    a: tuple[Expression, ...]


Expression = Number | Text | Answer | Self | Call | Operation

# Functions that phone/src/forms/evaluate.ts evaluates: fewest and most arguments.
FUNCTIONS: dict[str, tuple[int, int]] = {
    "abs": (1, 1),
    "boolean": (1, 1),
    "coalesce": (2, 2),
    "concat": (1, 20),
    "contains": (2, 2),
    "count-selected": (1, 1),
    "date": (1, 1),
    "decimal-date-time": (1, 1),
    "false": (0, 0),
    "floor": (1, 1),
    "format-date": (2, 2),
    "if": (3, 3),
    "int": (1, 1),
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
    "today": (0, 0),
    "true": (0, 0),
}

_LEVELS: tuple[tuple[str, ...], ...] = (
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
    | (?P<sign><=|>=|!=|[-+*=<>(),.])
    )""",
    re.VERBOSE,
)


class ExpressionError(ValueError):
    """An expression that cannot be used, and why."""


def parse(text: str) -> Expression:
    """The tree of an expression. Raises ExpressionError."""
    return _Parser(text).whole()


def parse_condition(text: str) -> Expression:
    """The tree of an expression that is true or false. A bare `${name}` is refused: the engines of the
    field do not agree on what an answer's truth is. Raises ExpressionError."""
    tree = parse(text)
    _require_truth(tree)
    return tree


def names_in(tree: Expression | None) -> Iterator[str]:
    """The names that an expression reads, as often as it reads them."""
    if isinstance(tree, Answer):
        yield tree.name
    elif isinstance(tree, Call | Operation):
        for part in tree.a:
            yield from names_in(part)


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

    def __init__(self, text: str) -> None:
        self.text = text
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
        while self._peek()[0] in ("sign", "name") and self._peek()[1] in _LEVELS[level]:
            operator = self._take()[1]
            other = self._level(level + 1)
            if operator in ("and", "or"):
                _require_truth(tree)
                _require_truth(other)
            elif operator in ("=", "!=") and _is_truth(tree) != _is_truth(other):
                self._fail("a truth is compared with something else")
            tree = Operation(o=operator, a=(tree, other))
        return tree

    def _negative(self) -> Expression:
        if self._peek() == ("sign", "-"):
            self._take()
            return Operation(o="neg", a=(self._negative(),))
        return self._operand()

    def _operand(self) -> Expression:
        kind, token = self._take()
        if kind == "answer":
            return Answer(name=token[2:-1].strip())
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

    def _call(self, name: str) -> Expression:
        if self._peek() != ("sign", "("):
            self._fail(f"{name!r} is no value: write ${{{name}}} for an answer, or '{name}' for a text")
        self._take()
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
        return Call(f=name, a=tuple(arguments))
