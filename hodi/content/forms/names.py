"""The names of a form: in which repeats each stands, what it depends on, and from where it can be read.

A name is read by XPath's rules. Seen from the same instance it is that instance's; seen from outside its
repeat it is the answers of all instances, which only `count`, `sum`, `min`, `max`, `join`,
`count-non-empty` and `indexed-repeat` can take: read as one value, the field's engines disagree on it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hodi.content.forms.expressions import OVER_INSTANCES, Call, Expression, Operation, Reference, names_in
from hodi.content.forms.model import FormModel

FIXED = frozenset({"today", "household", "person"})
"""What is known without a query: the day, and the ids of what the form is opened for."""


class Names:
    """`chains`: by question, group, repeat and hidden row of a repeat, the repeats it stands in, outermost
    first. `reads`: by question and repeat, the names that its value, relevance or number follows from."""

    def __init__(self, model: FormModel) -> None:
        self._model = model
        self.repeats = {name: one.repeat for name, one in model.groups.items() if one.repeat is not None}
        self.chains: dict[str, tuple[str, ...]] = {}
        for question in model.questions:
            around = question.group or ()
            self.chains[question.name] = tuple(one for one in around if one in self.repeats)
            for depth, group in enumerate(around):
                self.chains[group] = tuple(one for one in around[:depth] if one in self.repeats)
        for name in model.groups:
            self.chains.setdefault(name, ())
        for name, repeat in self.repeats.items():
            for hidden in repeat.context:
                self.chains[hidden] = (*self.chains[name], name)
        self._questions = {question.name for question in model.questions}
        self._hidden = {hidden for repeat in self.repeats.values() for hidden in repeat.context}
        self._context = {*model.context, *model.limits}
        self.reads = {question.name: self._of_question(question.name) for question in model.questions}
        self.reads |= {name: self._of_repeat(name) for name in self.repeats}

    def _of_question(self, name: str) -> set[str]:
        question = next(one for one in self._model.questions if one.name == name)
        trees = [question.relevant, question.calculation, question.choice_filter]
        trees += [self._model.groups[group].relevant for group in question.group or ()]
        return {read for tree in trees for read in names_in(tree)} | set(self.chains[name])

    def _of_repeat(self, name: str) -> set[str]:
        repeat = self.repeats[name]
        around = next(
            (one.group for one in self._model.questions if one.group and name in one.group), (name,)
        )
        trees = [self._model.groups[one].relevant for one in around[: around.index(name) + 1]]
        read = {one for tree in (*trees, repeat.count, repeat.filter) for one in names_in(tree)}
        return (read | set(self.chains[name])) - set(repeat.context)

    def inside(self, repeat: str | None) -> tuple[str, ...]:
        """The repeats around what stands in a repeat; none around what stands in none."""
        return () if repeat is None else (*self.chains[repeat], repeat)

    def given(self, chain: tuple[str, ...]) -> set[str]:
        """The names that are known before anything is asked, seen from inside some repeats."""
        return self._context | {name for name in self._hidden if set(self.chains[name]) <= set(chain)}

    def unseen(self, name: str, chain: tuple[str, ...]) -> str | None:
        """Why a name is not one value when it is read from inside the repeats `chain`; None if it is."""
        if name in self.repeats:
            return f"${{{name}}} is a repeat: count it, or choose an answer in it with indexed-repeat()"
        if name not in self._questions | self._hidden | self._context:
            return f"${{{name}}} is neither a question nor a hidden row"
        own = self.chains.get(name, ())
        if chain[: len(own)] != own:
            how = "take count(), sum(), min(), max(), join() or indexed-repeat() of it"
            return f"${{{name}}} is asked in the repeat {own[-1]}, so there are several here: {how}"
        return None


def misplaced(tree: Expression | None, chain: tuple[str, ...], names: Names) -> Iterator[str]:
    """What is wrong with the names that an expression reads from inside the repeats `chain`."""
    if isinstance(tree, Reference) and (says := names.unseen(tree.name, chain)) is not None:
        yield says
    if isinstance(tree, Call) and tree.f == "indexed-repeat":
        yield from _indexed(tree, names)
        yield from misplaced(tree.a[2], chain, names)
    elif isinstance(tree, Call) and tree.f in OVER_INSTANCES:
        nodes = tree.a[OVER_INSTANCES[tree.f]]
        rest = [part for part in tree.a if part is not nodes]
        if isinstance(nodes, Reference) and (tree.f not in ("min", "max") or len(tree.a) == 1):
            yield from _instances(tree.f, nodes.name, chain, names)
        else:
            rest = list(tree.a)
        for part in rest:
            yield from misplaced(part, chain, names)
    elif isinstance(tree, Call | Operation):
        for part in tree.a:
            yield from misplaced(part, chain, names)


def _instances(function: str, name: str, chain: tuple[str, ...], names: Names) -> Iterator[str]:
    if name in names.repeats:
        if function != "count":
            yield f"{function}() takes a question of the repeat {name}, not the repeat"
        elif name in chain:
            yield f"count(${{{name}}}) is always 1 in the repeat itself: count it outside, in a calculate"
        return
    own = names.chains.get(name, ())
    if own and chain[: len(own)] != own:
        return
    if (says := names.unseen(name, chain)) is not None:
        yield says
    elif function not in ("min", "max"):
        yield f"{function}(${{{name}}}): it is one value here, not those of several instances"


def _indexed(tree: Call, names: Names) -> Iterator[str]:
    what, repeat = (one.name if isinstance(one, Reference) else "" for one in tree.a[:2])
    if repeat not in names.repeats or names.chains[repeat]:
        yield f"${{{repeat}}} must be a repeat that stands in no other"
    elif names.chains.get(what) != (repeat,):
        yield f"${{{what}}} is not asked in the repeat {repeat}"
