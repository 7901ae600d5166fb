"""Writes contract/vectors/forms.json: fillings of the forms of tests/content/forms (answers in; values,
relevance, screens, problems and events out), and expressions with their values. Both runners are held to
it; test_runner.py finds a file that is not current.

    .venv/bin/python -m tests.content.write_form_vectors
"""

from __future__ import annotations

import pathlib
from typing import Any

import msgspec
import yaml

from hodi import content
from hodi.config import ROOT
from hodi.content import runner
from hodi.content.forms.expressions import Expression, Place, parse
from hodi.content.runner.evaluate import Day, Value, day_of_text, evaluate, to_text
from hodi.content.runner.paths import name_of, path_of
from hodi.content.runner.plan import plan_of
from hodi.content.runner.values import instances_of
from tests.content.cases import standards_for, whole_case
from tests.content.print_forms import OWN, own_forms

FILE = ROOT / "contract" / "vectors" / "forms.json"
IDS = {"household": 101, "person": 102, "visit": 103}
READS: dict[str, Value] = {
    "empty": "", "five": "5.0", "text": "Asha", "list": "a bc d", "day": Day(20750), "half": "0.5",
    "big": "123456789",
}  # fmt: skip
STANDARDS: dict[tuple[str, int], tuple[float, float, float]] = {
    ("height", 800): (-0.35, 10.5, 0.082), ("height", 801): (-0.35, 10.52, 0.0821),
    ("age", 90): (1.0, 61.0, 0.035),
}  # fmt: skip
EXPRESSIONS = """
1 + 2 * 3 - 4 div 8 | 10 mod 3 | -7 mod 3 | 7 mod -3 | 5.5 mod 2 | 1 div 0 | -1 div 0 | 0 div 0 | 0.1 + 0.2
1 div 3 | 2 div 3 | 1 div 1000000 | 1 div 10000000 | 1 div 30000000 | ${big} * ${big} * ${big} | ${big} * ${big}
${empty} + 1 | ${empty} = '' | ${empty} < 1 | ${empty} >= 0 | ${five} = 5 | ${five} = '5' | ${text} = 5 | ${text} != 5
${day} + 1 | ${day} = date('2026-10-24') | ${day} = '2026-10-24' | ${day} > today() | today() - ${day}
date(decimal-date-time(${day}) + 280) | date('2026-02-29') | date('2024-02-29') | date(0) | date(-1) | date(1.9)
format-date(${day}, '%e/%n/%Y') | format-date(${day}, '%d.%m.') | format-date(${empty}, '%Y') | decimal-date-time('1969-12-31')
selected(${list}, 'bc') | selected(${list}, 'b') | count-selected(${list}) | count-selected(${empty})
round(2.5) | round(-2.5) | round(0.5) | round(-0.5) | round(1.256, 2) | round(1.005, 2) | round(1234, -2) | round(${text})
int(2.7) | int(-2.7) | floor(-2.1) | floor(${half}) | abs(-3) | abs(${text}) | number(' 12 ') | number('12a') | number('1e3')
number('.5') | number('5.') | number('') | string(0.1) | string(1 div 3) | string-length('abc') | string-length('é😀')
concat(1, 'a', true(), ${day}) | contains(${text}, 'sh') | starts-with(${text}, 'as') | coalesce(${empty}, 'b')
coalesce(${five}, 'b') | if(${five} > 4, 'x', 'y') | not(${five} > 4) | min(3, '2', 9) | max(3, '2', 9) | max(3, '') | min(${five})
boolean(1 = 2) | true() = (1 = 1) | ${five} > 4 and ${empty} = 1 | ${five} < 4 or ${text} = 'Asha' | once(7) | once(${five})
- ${five} | - ${text} | 1000000000000000000000 | 100000000000000000000 | 0.000001 | 0.0000001 | 5 - 5 | 0 * -1
z-score('height', 800, 10.5) | z-score('height', 800.5, 9.1) | z-score('height', 800 + 0.1 + 0.2 - 0.3, 12) | z-score('age', 90, 55)
z-score('height', 800, 7) | z-score('height', 800, 7, 'unbounded') | z-score('height', 800, 16) | z-score('height', 801.5, 9)
z-score('height', ${empty}, 9) | z-score('height', 800, ${empty}) | z-score('height', 800, 0) | z-score('width', 800, 9)
"""  # noqa: E501


class _Reads:
    """A scope without a form."""

    own: Value = ""
    today = 20780

    def read(self, name: str) -> Value:
        return READS[name]

    def all(self, name: str) -> list[Value | None]:
        return [READS[name]]

    def position(self, repeat: str) -> float:
        return 1

    def column(self, name: str) -> Value:
        return ""

    def standard(self, measure: str, at: int) -> tuple[float, float, float] | None:
        return STANDARDS.get((measure, at))


def expressions() -> list[dict[str, Any]]:
    """Expressions, their trees and their values as text."""
    texts = [text.strip() for line in EXPRESSIONS.strip().split("\n") for text in line.split(" | ")]
    trees: list[tuple[str, Expression]] = [(text, parse(text, Place())) for text in texts]
    return [{"text": text, "tree": tree, "gives": to_text(evaluate(tree, _Reads()))} for text, tree in trees]


def fill_in(model: content.FormModel, story: dict[str, Any], today: int) -> tuple[runner.Run, Any]:
    """The filling of a case, answer by answer as they are asked, and what an answer was refused for."""
    standards = {(measure, at): tuple(lms) for measure, at, *lms in standards_for(story["context"], today)}
    run = runner.start_run(model, {**story["context"], "today": today}, story["members"], standards)
    asked: set[str] = set()
    while True:
        paths = [path for path in nodes_of(run) if path in story["answers"] and path not in asked]
        path = next((path for path in paths if run.relevant.get(path)), None)
        if path is None:
            return run, None
        asked.add(path)
        given = story["answers"][path]
        if plan_of(model).by_name[name_of(path)].type == "date":
            given = day_of_text(str(given)) or given
        run, problem = runner.answer(run, path, tuple(given) if isinstance(given, list) else given, sure=True)
        if problem is not None:
            return run, problem


def nodes_of(run: runner.Run) -> list[str]:
    """Every question of a filling in every instance, by path."""
    chains = plan_of(run.model).chains
    return [
        path_of(where, question.name)
        for question in run.model.questions
        for where in instances_of(run, chains[question.name])
    ]


def newcomers(run: runner.Run) -> dict[str, int]:
    """An id for everybody whom a filling introduces in a repeat."""
    brought = [one.where for one in runner.introduces(run) if one.where]
    return {where: 1001 + number for number, where in enumerate(brought)}


def told(run: runner.Run) -> dict[str, Any]:
    """Everything that a runner says of a filling."""
    left = runner.problems(run)
    nodes = nodes_of(run)
    values = {path: to_text(runner.value_of(run, path)) for path in nodes}
    ids = runner.FinishIds(**IDS, newcomers=newcomers(run))
    events = [] if left else [msgspec.to_builtins(draft) for draft in runner.finish(run, ids)]
    return {
        "values": {path: value for path, value in values.items() if value},
        "not_relevant": [path for path in nodes if not run.relevant[path]],
        "pages": [{"id": page.id, "questions": page.questions} for page in runner.pages(run)],
        "problems": [
            {name: value for name, value in msgspec.to_builtins(problem).items() if value is not None}
            for problem in left
        ],
        "events": [{name: value for name, value in event.items() if value is not None} for event in events],
    }


def written() -> bytes:
    """The whole file."""
    forms = own_forms(content.load(ROOT / "content" / "kenya"))
    runs = []
    for form, model in forms.items():
        listed = yaml.safe_load((OWN / "cases" / f"{form}.yaml").read_text(encoding="utf-8"))
        today = day_of_text(str(listed["today"])) or 0
        for one in listed["cases"]:
            story = whole_case(listed["cases"], one)
            run, refused = fill_in(model, story, today)
            runs.append(
                {
                    "says": f"{form}: {one['name']}",
                    "form": form,
                    "today": today,
                    "context": story["context"],
                    "members": story["members"],
                    "refused": None if refused is None else {"name": refused.name, "kind": refused.kind},
                    "answers": run.answers,
                    **told(run),
                }
            )
    reads = {name: {"day": v.day} if isinstance(v, Day) else v for name, v in READS.items()}
    parts = {
        "$comment": "Form runners: expressions and their values as text; fillings and what comes of them.",
        "ids": IDS,
        "reads": reads,
        "standards": {f"{measure} {at}": lms for (measure, at), lms in STANDARDS.items()},
        "expressions": expressions(),
        "forms": forms,
        "runs": runs,
    }
    return _lines(parts).encode()


def _lines(parts: dict[str, Any]) -> str:
    """JSON with one line for each expression, form and filling."""

    def said(value: object) -> str:
        if isinstance(value, list):
            return "[\n" + ",\n".join(f"    {_json(one)}" for one in value) + "\n  ]"
        return _json(value)

    return "{\n" + ",\n".join(f"  {_json(name)}: {said(value)}" for name, value in parts.items()) + "\n}\n"


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


if __name__ == "__main__":
    pathlib.Path(FILE).write_bytes(written())
