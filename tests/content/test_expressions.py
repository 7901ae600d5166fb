"""Expressions: what is read, in which order it binds, and what is refused."""

from __future__ import annotations

import json
import pathlib
import re

import msgspec
import pytest

from hodi.config import ROOT
from hodi.content.forms.expressions import (
    FUNCTIONS,
    Expression,
    ExpressionError,
    Place,
    Position,
    columns_in,
    names_in,
    parse,
    parse_condition,
)


def brief(tree: Expression) -> str:
    """A tree as text with every parenthesis written out."""
    node = json.loads(msgspec.json.encode(tree))

    def say(node: dict[str, object]) -> str:
        parts = [say(part) for part in node.get("a", [])]  # type: ignore[attr-defined]
        match node["t"]:
            case "number":
                return str(node["v"])
            case "string":
                return repr(node["v"])
            case "answer":
                return str(node["name"])
            case "self":
                return "."
            case "call":
                return f"{node['f']}({', '.join(parts)})"
        return f"-{parts[0]}" if node["o"] == "neg" else f"({parts[0]} {node['o']} {parts[1]})"

    return say(node)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1 + 2 * 3", "(1 + (2 * 3))"),
        ("(1 + 2) * 3", "((1 + 2) * 3)"),
        ("10 - 4 - 3", "((10 - 4) - 3)"),
        ("${a} div 2 mod 3", "((a div 2) mod 3)"),
        ("-${a} + 1", "(-a + 1)"),
        ("--1", "--1"),
        ("${a} = 1 or ${b} = 2 and ${c} = 3", "((a = 1) or ((b = 2) and (c = 3)))"),
        ("${a} < 2 = true()", "((a < 2) = true())"),
        ("${a}>=1 and ${a}<=2", "((a >= 1) and (a <= 2))"),
        (". != ''", "(. != '')"),
        (".5 + .", "(0.5 + .)"),
        ('selected(${a}, "it\'s")', 'selected(a, "it\'s")'),
        ("if(${a} = 'x', 1, if(${b} = 'y', 2, 3))", "if((a = 'x'), 1, if((b = 'y'), 2, 3))"),
        ("count-selected(${a}) - 1", "(count-selected(a) - 1)"),
        ("today()", "today()"),
        ("  ${ a }  =  'b'  ", "(a = 'b')"),
    ],
)
def test_reads_and_binds(text: str, tree: str) -> None:
    assert brief(parse(text)) == tree


def test_names_are_found_in_every_corner() -> None:
    tree = parse("if(not(${a} = 1), -${b}, concat(${c}, ., 'd', ${a}))")
    assert list(names_in(tree)) == ["a", "b", "c", "a"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing to read"),
        ("${a", "cannot read"),
        ("${a} =", "stops too early"),
        ("(${a} = 1", "')' is missing"),
        ("${a} = 1)", "')' is not expected"),
        ("${a} ${b}", "'${b}' is not expected"),
        ("'open", "cannot read"),
        ("/data/a = 1", "cannot read"),
        ("../a = 1", "cannot read"),
        ("${a} == 1", "is not expected"),
        ("${a} && ${b}", "cannot read"),
        ("yes", "write ${yes} for an answer, or 'yes' for a text"),
        ("pulldata('a', 'b', 'c', 'd')", "the function pulldata() is not supported"),
        ("eval('1')", "the function eval() is not supported"),
        ("selected(${a})", "selected() takes 2 arguments"),
        ("round(1, 2, 3)", "round() takes 1 to 2 arguments"),
        ("not(${a})", "this must be a comparison"),
        ("if(${a}, 1, 2)", "this must be a comparison"),
        ("${a} and ${b} = 1", "this must be a comparison"),
        ("${a} = true()", "a truth is compared with something else"),
    ],
)
def test_refuses_with_a_reason(text: str, why: str) -> None:
    with pytest.raises(ExpressionError, match=re.escape(why)):
        parse(text)


@pytest.mark.parametrize("text", ["${a}", "1", "'yes'", "${a} + 1", "if(${a} = 1, 'x', 'y')", "."])
def test_a_condition_is_a_comparison(text: str) -> None:
    with pytest.raises(ExpressionError, match="must be a comparison"):
        parse_condition(text)


def test_the_phone_knows_the_same_functions() -> None:
    source = (pathlib.Path(ROOT) / "phone" / "src" / "forms" / "evaluate.ts").read_text(encoding="utf-8")
    table = source[source.index("const FUNCTIONS") : source.index("export const FUNCTION_NAMES")]
    listed = set(re.findall(r"^  '?([a-z-]+)'?: \(", table, re.MULTILINE))
    special = set(re.findall(r"case '([a-z-]+)':", source[source.index("switch (name)") :][:700]))
    named = set(re.findall(r"name === '([a-z-]+)'", source))
    assert listed | special | named == set(FUNCTIONS)


def test_the_number_of_an_instance() -> None:
    place = Place(("members", "page"), frozenset({"members"}))
    assert parse("position(../..)", place) == Position(of="members")
    for text, says in [
        ("position(..)", "write position(../..)"),
        ("position(../../..)", "write position(../..)"),
        ("position(${members})", "takes .. and nothing else"),
    ]:
        with pytest.raises(ExpressionError, match=re.escape(says)):
            parse(text, place)
    with pytest.raises(ExpressionError, match="in a repeat only"):
        parse("position(..)")


def test_columns_of_a_choice() -> None:
    place = Place(columns=frozenset({"county"}))
    tree = parse("county = ${county}", place)
    assert list(columns_in(tree)) == ["county"]
    assert list(names_in(tree)) == ["county"]
    with pytest.raises(ExpressionError, match="has no column ward"):
        parse("ward = 1", place)


@pytest.mark.parametrize(
    "text", ["sum(1)", "count(${a} + 1)", "join(', ', 'a')", "indexed-repeat(${a}, 'r', 1)"]
)
def test_what_is_asked_in_a_repeat_is_named(text: str) -> None:
    with pytest.raises(ExpressionError, match=r"takes \$\{name\} there"):
        parse(text)
