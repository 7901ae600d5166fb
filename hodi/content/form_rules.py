"""What must hold over a whole form: names that exist, values that fit their concepts, nothing that
waits for itself, wording that shows the same values in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from hodi.content.complaint import Complaint
from hodi.content.concepts import Concept
from hodi.content.expressions import Expression, names_in
from hodi.content.model import Choice, FormModel, Labels, Question

_SHOWN = re.compile(r"\$\{\s*(\w+)\s*\}")
_FITTING: dict[str, set[str]] = {
    "number": {"integer", "decimal", "calculate", "select_one"},
    "flag": {"select_one", "calculate"},
    "day": {"date", "calculate"},
    "code": {"select_one", "calculate"},
    "text": {"text", "select_one", "calculate"},
}


def judge(
    model: FormModel,
    *,
    file: str,
    rows: Mapping[str, int],
    concepts: Mapping[str, Concept],
    kinds: Mapping[str, tuple[str, ...]],
) -> list[Complaint]:
    """Complaints about a form that has been read without any. `rows` gives the row of every name."""
    found: list[tuple[str, str, str]] = []
    found += _unknown_names(model)
    found += _circles(model)
    known = {question.name for question in model.questions} | set(model.context)
    for question in model.questions:
        found += ((question.name, "concept", says) for says in _misfits(question, concepts))
        shown: list[tuple[str, Labels | None]] = [
            ("label", question.label),
            ("hint", question.hint),
            ("constraint_message", question.constraint_message),
        ]
        shown += [("type", choice.label) for choice in question.choices or ()]
        for column, labels in shown:
            found += ((question.name, column, says) for says in _wording(labels, known))
    for name, group in model.groups.items():
        found += ((name, "label", says) for says in _wording(group.label, known))
    found += _events(model, kinds)
    return [
        Complaint(file=file, says=says, row=rows.get(name), column=column) for name, column, says in found
    ]


def _expressions(question: Question) -> Iterator[tuple[str, Expression]]:
    for column in ("required", "relevant", "constraint", "calculation", "default"):
        tree = getattr(question, column)
        if tree is not None:
            yield column, tree


def _unknown_names(model: FormModel) -> Iterator[tuple[str, str, str]]:
    known = {question.name for question in model.questions} | set(model.context)
    places = [
        (question.name, column, tree)
        for question in model.questions
        for column, tree in _expressions(question)
    ]
    places += [(name, "relevant", group.relevant) for name, group in model.groups.items() if group.relevant]
    places += [(f"event {event.kind}", "when", event.when) for event in model.events if event.when]
    for place, column, tree in places:
        for name in dict.fromkeys(names_in(tree)):
            if name not in known:
                yield place, column, f"${{{name}}} is neither a question nor a hidden row"
    for name in dict.fromkeys(names_in(model.offered)):
        if name not in model.context:
            yield "", "offered", f"${{{name}}} must be a hidden row: nothing is answered yet"
    for event in model.events:
        if event.target is not None and event.target not in model.context:
            yield f"event {event.kind}", "target", f"{event.target} must be a hidden row"


def _circles(model: FormModel) -> Iterator[tuple[str, str, str]]:
    """Questions whose relevance or value depends on itself."""
    reads: dict[str, set[str]] = {}
    for question in model.questions:
        trees = [question.relevant, question.calculation]
        trees += [model.groups[name].relevant for name in question.group or ()]
        reads[question.name] = {name for tree in trees for name in names_in(tree)}
    for start in reads:
        reached: set[str] = set()
        waiting = list(reads[start])
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += reads.get(name, ())
        if start in reached:
            yield start, "relevant", f"{start} waits for itself"


def _misfits(question: Question, concepts: Mapping[str, Concept]) -> Iterator[str]:
    concept = concepts.get(question.concept or "")
    if concept is None:
        return
    if question.type not in _FITTING[concept.type]:
        article = "an" if question.type == "integer" else "a"
        yield f"{article} {question.type} cannot state {concept.name}, which is a {concept.type}"
    names = [choice.name for choice in question.choices or ()]
    if concept.type == "code" and (strange := [name for name in names if name not in concept.codes]):
        yield f"{', '.join(strange)}: not among the codes of {concept.name} ({', '.join(concept.codes)})"
    if concept.type == "flag" and names and not {"yes", "no"} <= set(names):
        yield f"{concept.name} is a flag: its choices need the names yes and no"
    if concept.type == "number" and (wrong := [name for name in names if not name.isdigit()]):
        yield f"{', '.join(wrong)}: {concept.name} is a number, so its choices are named by numbers"


def _wording(labels: Labels | None, known: set[str]) -> Iterator[str]:
    """What is wrong with the values that a wording shows."""
    shown = [frozenset(_SHOWN.findall(text)) for text in (labels or {}).values()]
    for name in sorted(frozenset().union(*shown) - known):
        yield f"${{{name}}} is neither a question nor a hidden row"
    if len(set(shown)) > 1:
        yield "the values shown differ between the languages"


def _states(model: FormModel, kind: str) -> set[str]:
    """Concepts that an event of the form states whenever it is written."""
    wanted = {name for event in model.events if event.kind == kind for name in event.states}
    asked = [question for question in model.questions if question.name in wanted]
    listed: list[Choice] = [choice for question in asked for choice in question.choices or ()]
    stated = {question.concept for question in asked if question.concept}
    return stated | {choice.concept for choice in listed if choice.concept}


def _events(model: FormModel, kinds: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str, str]]:
    for event in model.events:
        place = f"event {event.kind}"
        if event.kind not in kinds:
            yield place, "kind", f"{event.kind} is not in contract/kinds.json"
            continue
        for concept in kinds[event.kind]:
            if concept not in _states(model, event.kind):
                yield place, "kind", f"{event.kind} must state {concept}, and no question does"
