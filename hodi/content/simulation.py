"""Hints for the simulated population, read from the programmes' `simulate.toml` and checked.

An expression in a hint reads the questions, context values and limits of the form, and the states of whom it
is about: `${person.sex}`, `${household.village}`, `${trait.NAME}`, `${course.NAME}`, `${illness.SIGN}`,
`${growth.MEASURE}`, `${pregnancy.weeks}`, `${place.FACT}` (from places.csv), `${last.CONCEPT}` (as stated
last) and `${since.CONCEPT}` (days since then). A name that is not there is a fault with its file and row.
"""

from __future__ import annotations

import pathlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from hodi.content.complaint import Complaint
from hodi.content.concepts import Concept
from hodi.content.context import ContextQuery
from hodi.content.forms import FormModel
from hodi.content.forms.expressions import ExpressionError, names_in, parse
from hodi.content.forms.model import Question
from hodi.content.programmes import Limit, Programme
from hodi.content.simulation_model import Amount, Hint, Hints, Simulation

PERSON = frozenset({
    "given_name", "middle_name", "family_name", "full_name", "sex", "birth_day", "birth_known",
    "relationship", "phone", "age_days", "age_months", "age_years", "years", "referred",
})  # fmt: skip
HOUSEHOLD = frozenset({"head_name", "village", "landmark", "phone", "members"})
PREGNANCY = frozenset({
    "id", "lmp_day", "edd_day", "weeks", "told", "contacts", "last_contact_day", "next_contact_day",
    "danger", "outcome",
})  # fmt: skip
_WORD = re.compile(r"`([^`]+)`")


def hints_of(hints: Hints) -> tuple[Hint, ...]:
    """Alternatives in their order."""
    return (hints,) if isinstance(hints, Hint) else hints


def read_simulation(
    folder: pathlib.Path,
    programmes: Iterable[Programme],
    concepts: Mapping[str, Concept],
    limits: Mapping[str, Limit],
    forms: Mapping[str, FormModel],
    context: Iterable[ContextQuery],
) -> tuple[dict[str, Simulation], list[Complaint]]:
    """The hints by programme, as far as they can be read, and what is wrong with them."""
    found: dict[str, Simulation] = {}
    texts: dict[str, str] = {}
    complaints: list[Complaint] = []
    for programme in programmes:
        path = programme.folder / "simulate.toml"
        if not path.exists():
            continue
        file = path.relative_to(folder).as_posix()
        text = path.read_text(encoding="utf-8")
        try:
            found[programme.code] = msgspec.convert(tomllib.loads(text), Simulation)
            texts[programme.code] = text
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            word = _WORD.search(str(error))
            row = _row(text, word[1].rpartition(".")[2]) if word else None
            complaints.append(Complaint(file=file, row=row, says=f"cannot be read: {error}"))
    known = _Known(found.values(), concepts, limits, forms, context)
    for code, one in found.items():
        for word_, says in known.faults(one, folder / "programmes" / code):
            complaints.append(
                Complaint(
                    file=f"programmes/{code}/simulate.toml",
                    row=_row(texts[code], word_),
                    column=word_,
                    says=says,
                )
            )
    return found, complaints


def _row(text: str, word: str) -> int | None:
    whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    return next((n for n, line in enumerate(text.splitlines(), 1) if whole.search(line)), None)


def questions_of(name: str, forms: Mapping[str, FormModel]) -> list[tuple[FormModel, Question]]:
    """The questions that a hint is for: those called so, or those about this concept."""
    return [
        (form, question)
        for form in forms.values()
        for question in form.questions
        if name in (question.name, question.concept) and question.type not in ("note", "calculate")
    ]


class _Known:
    """What hints can name."""

    def __init__(
        self,
        all_: Iterable[Simulation],
        concepts: Mapping[str, Concept],
        limits: Mapping[str, Limit],
        forms: Mapping[str, FormModel],
        context: Iterable[ContextQuery],
    ) -> None:
        hints = tuple(all_)
        waves = [wave for one in hints for wave in one.waves]
        grown = [name for one in hints if one.growth for name in one.growth.measures]
        self._forms = forms
        self._limits = limits
        self._given = {name for query in context for name in query.gives}
        stated = frozenset(concepts)
        self._states = {
            "person": PERSON,
            "household": HOUSEHOLD,
            "place": frozenset(name for name, concept in concepts.items() if concept.type == "code"),
            "pregnancy": PREGNANCY if any(one.pregnancies for one in hints) else frozenset(),
            "trait": frozenset(name for one in hints for name in one.traits),
            "course": frozenset(name for one in hints for name in one.courses),
            "illness": frozenset({"days", *(sign for wave in waves for sign in wave.signs)}),
            "growth": frozenset({*grown, "falling"}),
            "last": stated,
            "since": stated,
        }

    def faults(self, one: Simulation, folder: pathlib.Path) -> Iterator[tuple[str, str]]:
        """What is wrong, each with the word that it is about."""
        for form_id, fills in one.forms.items():
            form = self._forms.get(form_id)
            if form is None:
                yield form_id, f"there is no form {form_id}"
                continue
            seen = {*form.context, *form.limits}
            yield from self._expressions((fills.if_, fills.share), seen)
            for again in fills.again:
                yield from self._expressions((again.if_,), _names(form))
            names = {question.name for question in form.questions}
            if fills.slip is not None and fills.slip.question not in names:
                yield fills.slip.question, f"the form {form_id} has no question {fills.slip.question}"
        for name, hints in one.answers.items():
            asked = questions_of(name, self._forms)
            if not asked:
                yield name, f"{name} is neither a question of a form nor asked as a concept"
                continue
            seen = set.intersection(*(_names(form) for form, _ in asked))
            for hint in hints_of(hints):
                yield from self._hint(hint, seen, [question for _, question in asked])
        for name, says in one.context.items():
            if name not in self._given:
                yield name, f"no query of a context.sql gives {name}"
            yield from self._expressions((says,), set())
        for hints in one.traits.values():
            for hint in hints_of(hints):
                yield from self._hint(hint, set(), [])
        for wave in one.waves:
            yield from self._expressions((wave.whom, wave.attack, *wave.signs.values()), set())
            for sign in wave.first:
                if sign not in wave.signs:
                    yield sign, f"{sign} is no sign of {wave.name}"
        if one.growth is not None and one.growth.until_days not in self._limits:
            yield one.growth.until_days, f"there is no limit {one.growth.until_days}"
        if one.pregnancies is not None:
            if one.pregnancies.days not in self._limits:
                yield one.pregnancies.days, f"there is no limit {one.pregnancies.days}"
            if not (folder / one.pregnancies.contacts).is_file():
                yield one.pregnancies.contacts, f"there is no file {one.pregnancies.contacts}"

    def _hint(self, hint: Hint, seen: set[str], questions: list[Question]) -> Iterator[tuple[str, str]]:
        amounts = [hint.if_, hint.is_, hint.yes, hint.least, hint.most, hint.given]
        amounts += [*(hint.codes or {}).values(), *(hint.normal or ()), *(hint.between or ())]
        yield from self._expressions(amounts, seen)
        offered = {choice.name for question in questions for choice in question.choices or ()}
        for code in hint.codes or ():
            if offered and code not in offered:
                yield code, f"{code} is no choice there"

    def _expressions(self, texts: Iterable[Amount | None], seen: set[str]) -> Iterator[tuple[str, str]]:
        for text in texts:
            if not isinstance(text, str):
                continue
            try:
                tree = parse(text)
            except ExpressionError as error:
                yield text, str(error)
                continue
            for name in names_in(tree):
                state, dot, what = name.partition(".")
                if dot and what not in self._states.get(state, ()):
                    yield name, f"${{{name}}} is no state of the simulated population"
                elif not dot and name not in seen and name not in self._limits:
                    yield name, f"${{{name}}} is neither a limit nor a name of the form"


def _names(form: FormModel) -> set[str]:
    return {*form.context, *form.limits, *(question.name for question in form.questions)}
