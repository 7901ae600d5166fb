"""What must hold over a whole form: names that exist and can be seen from where they are read, values that
fit their concepts, nothing that waits for itself, wording that shows the same values in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from hodi.content.concepts import Concept
from hodi.content.forms.expressions import Expression, names_in
from hodi.content.forms.model import Choice, FormModel, Labels, Question
from hodi.content.forms.names import FIXED, Names, misplaced

Complaints = Iterator[tuple[str, str, str]]
"""The name it is about, the column, and what is wrong."""

_SHOWN = re.compile(r"\$\{\s*(\w+)\s*\}")
_FITTING: dict[str, set[str]] = {
    "number": {"integer", "decimal", "calculate", "select_one"},
    "flag": {"select_one", "calculate"},
    "day": {"date", "calculate"},
    "code": {"select_one", "calculate"},
    "text": {"text", "select_one", "calculate"},
}


def complaints_about(
    model: FormModel,
    *,
    concepts: Mapping[str, Concept],
    kinds: Mapping[str, tuple[str, ...]],
    known: Mapping[str, frozenset[str]] | None,
) -> Complaints:
    """Everything that is wrong with a form that has been read without a complaint."""
    names = Names(model)
    yield from _context(model, known)
    yield from _expressions(model, names)
    yield from _circles(model, names)
    for question in model.questions:
        for says in _misfits(question, concepts):
            yield question.name, "concept", says
        yield from _wordings(question, names)
    for name, group in model.groups.items():
        inside = (*names.chains[name], name) if group.repeat else names.chains[name]
        yield from ((name, "label", says) for says in _wording(group.label, names, inside))
    yield from _events(model, names, kinds)


def _context(model: FormModel, known: Mapping[str, frozenset[str]] | None) -> Complaints:
    """`hidden` names that nothing provides."""
    if known is None:
        return
    for name in model.context:
        if name not in known[model.about] and name not in FIXED:
            yield name, "name", f"no context.sql about {model.about} gives {name}, and no limit is called so"
    for repeat in (group.repeat for group in model.groups.values() if group.repeat):
        for name in repeat.context:
            if name not in known["member"] and name not in FIXED:
                yield name, "name", f"no context.sql about member or person gives {name}"


def _expressions(model: FormModel, names: Names) -> Complaints:
    """Names that do not exist, or cannot be seen from where they are read."""
    places: list[tuple[str, str, Expression | None, tuple[str, ...]]] = []
    for question in model.questions:
        for column in ("required", "relevant", "constraint", "calculation", "choice_filter"):
            places.append((question.name, column, getattr(question, column), names.chains[question.name]))
    for name, group in model.groups.items():
        places.append((name, "relevant", group.relevant, names.chains[name]))
        if group.repeat:
            places.append((name, "repeat_count", group.repeat.count, names.chains[name]))
            places.append((name, "repeat_filter", group.repeat.filter, (*names.chains[name], name)))
    for number, event in enumerate(model.events):
        inside = names.inside(event.for_each)
        places.append((f"event {number}", "when", event.when, inside))
        if event.target is not None and event.target not in names.given(inside):
            yield f"event {number}", "target", f"{event.target} must be a hidden row"
    for place, column, tree, chain in places:
        for says in misplaced(tree, chain, names):
            yield place, column, says
    for name in dict.fromkeys(names_in(model.offered)):
        if name not in names.given(()):
            yield "", "offered", f"${{{name}}} must be a hidden row: nothing is answered yet"


def _circles(model: FormModel, names: Names) -> Complaints:
    """Questions and repeats whose relevance, value or number depends on itself."""
    for start in names.reads:
        reached: set[str] = set()
        waiting = list(names.reads[start])
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += names.reads.get(name, ())
        if start in reached:
            repeat = names.repeats.get(start)
            column = "relevant" if repeat is None else "repeat_filter" if repeat.over else "repeat_count"
            yield start, column, f"{start} waits for itself"


def _misfits(question: Question, concepts: Mapping[str, Concept]) -> Iterator[str]:
    concept = concepts.get(question.concept or "")
    if concept is None:
        return
    if question.type not in _FITTING[concept.type]:
        article = "an" if question.type == "integer" else "a"
        yield f"{article} {question.type} cannot state {concept.name}, which is a {concept.type}"
    named = [choice.name for choice in question.choices or ()]
    if concept.type == "code" and (strange := [name for name in named if name not in concept.codes]):
        yield f"{', '.join(strange)}: not among the codes of {concept.name} ({', '.join(concept.codes)})"
    if concept.type == "flag" and named and not {"yes", "no"} <= set(named):
        yield f"{concept.name} is a flag: its choices need the names yes and no"
    if concept.type == "number" and (wrong := [name for name in named if not name.isdigit()]):
        yield f"{', '.join(wrong)}: {concept.name} is a number, so its choices are named by numbers"


def _wordings(question: Question, names: Names) -> Complaints:
    shown: list[tuple[str, Labels | None]] = [
        ("label", question.label),
        ("hint", question.hint),
        ("constraint_message", question.constraint_message),
    ]
    shown += [("type", choice.label) for choice in question.choices or ()]
    for column, labels in shown:
        for says in _wording(labels, names, names.chains[question.name]):
            yield question.name, column, says


def _wording(labels: Labels | None, names: Names, chain: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with the values that a wording shows."""
    shown = [frozenset(_SHOWN.findall(text)) for text in (labels or {}).values()]
    for name in sorted(frozenset().union(*shown)):
        if (says := names.unseen(name, chain)) is not None:
            yield says
    if len(set(shown)) > 1:
        yield "the values shown differ between the languages"


def _states(model: FormModel, kind: str) -> set[str]:
    """Concepts that an event of the form states whenever it is written."""
    wanted = {name for event in model.events if event.kind == kind for name in event.states}
    asked = [question for question in model.questions if question.name in wanted]
    listed: list[Choice] = [choice for question in asked for choice in question.choices or ()]
    stated = {question.concept for question in asked if question.concept}
    return stated | {choice.concept for choice in listed if choice.concept}


def _events(model: FormModel, names: Names, kinds: Mapping[str, tuple[str, ...]]) -> Complaints:
    for number, event in enumerate(model.events):
        place = f"event {number}"
        each = model.groups[event.for_each].repeat if event.for_each else None
        if each is not None and event.introduces == "household":
            yield place, "introduces", "a form introduces one household; take for_each out"
        if each is not None and each.over and event.introduces:
            yield place, "introduces", f"{event.for_each} is over members, who are known already"
        if event.kind not in kinds:
            yield place, "kind", f"{event.kind} is not in contract/kinds.json"
            continue
        for concept in kinds[event.kind]:
            if concept not in _states(model, event.kind):
                yield place, "kind", f"{event.kind} must state {concept}, and no question does"
    first = {(event.introduces, event.for_each) for event in model.events if event.introduces}
    if len({what for what, each in first if each is None}) < len([1 for _, each in first if each is None]):
        yield "event 0", "introduces", "two events introduce the same"
