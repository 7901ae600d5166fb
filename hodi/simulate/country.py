"""A pack as the simulation uses it: its forms ready to be filled in, its hints as functions. Made once."""

from __future__ import annotations

import dataclasses
import functools
import pathlib
import random
import re
from collections.abc import Callable, Mapping

from hodi.content import Pack, load
from hodi.content.context import AGES
from hodi.content.forms import FormModel
from hodi.content.forms.expressions import names_in, parse
from hodi.content.forms.model import Question
from hodi.content.runner.closures import Known
from hodi.content.runner.evaluate import Value, to_text
from hodi.content.simulation_model import Again, Fills, Referrals, Reviews, Simulation
from hodi.simulate.bodies import Grower
from hodi.simulate.filling import CompiledForm, json_of
from hodi.simulate.illness import Illnesses
from hodi.simulate.names import Names, load_names
from hodi.simulate.pregnancy import Midwife
from hodi.simulate.sampling import Number, Sampler, condition_of, number_of, value_of
from hodi.simulate.states import States

_NAME = re.compile(r"\$\{(\w+)\}")
_MONTH_DAYS = 30.4375
_YEAR_DAYS = 365.25
_DRAWN = frozenset({"trait", "course", "growth"})
"""Kinds of states that are drawn when they are first read."""


_Context = tuple[tuple[str, Callable[[States], Value]], ...]


@dataclasses.dataclass(frozen=True)
class Practice:
    """A form as promoters use it: `share` of the visits, of those for whom `wanted` holds. `context` is what
    it knows before it asks; `first` is that part of it which is looked up before it is known whether the form
    is offered: what decides that, and what is drawn by chance."""

    form: CompiledForm
    fills: Fills
    wanted: Callable[[States], bool] | None
    share: Number
    again: tuple[tuple[Again, Callable[[Known], bool] | None], ...]
    first: _Context
    context: _Context


class Country:
    """What the simulation takes from a pack. `limit_values` by name; `traits` and `courses` by name."""

    def __init__(self, pack: Pack) -> None:
        hints = pack.simulation
        self.pack = pack
        self.zone = pack.zone
        self.names: Names = load_names(pack.folder)
        self.limit_values: dict[str, Value] = {
            name: to_text(float(limit.value)) for name, limit in pack.limits.items()
        }
        self.month_days = _MONTH_DAYS
        self.traits = {name: Sampler(one) for each in hints.values() for name, one in each.traits.items()}
        self.courses = {name: one for each in hints.values() for name, one in each.courses.items()}
        self.growth = self._grower(hints)
        self.illnesses = Illnesses(
            tuple(wave for each in hints.values() for wave in each.waves), _YEAR_DAYS, _MONTH_DAYS
        )
        self.midwife = self._midwife(hints)
        self.referrals = next((one.referrals for one in hints.values() if one.referrals), Referrals())
        self.reviews = next((one.reviews for one in hints.values() if one.reviews), Reviews())
        self._read = {"refer_class", "refer_reason", *self.referrals.given, *_names_in_hints(pack)}
        self._context = {name: says for each in hints.values() for name, says in each.context.items()}
        self.practices = {form.id: self._practice(form) for form in self._in_order()}
        models = [one.form.model for one in self.practices.values()]
        self.registers_household = _introducing(models, "household")
        self.registers_person = _introducing(models, "person")

    def _grower(self, hints: Mapping[str, Simulation]) -> Grower | None:
        growth = next((one.growth for one in hints.values() if one.growth), None)
        if growth is None:
            return None
        return Grower(growth, int(self.pack.limits[growth.until_days].value), _MONTH_DAYS)

    def _midwife(self, hints: Mapping[str, Simulation]) -> Midwife | None:
        for code, one in hints.items():
            if one.pregnancies is not None:
                folder = next(each.folder for each in self.pack.programmes if each.code == code)
                days = int(self.pack.limits[one.pregnancies.days].value)
                return Midwife(one.pregnancies, folder, days, _YEAR_DAYS)
        return None

    def _in_order(self) -> list[FormModel]:
        place = {name: number for number, name in enumerate(self.pack.forms)}
        return sorted(self.pack.forms.values(), key=lambda form: place[form.id])

    def _practice(self, form: FormModel) -> Practice:
        own = next((one.code for one in self.pack.programmes if self._is_of(one.folder, form.id)), None)
        hints = self.pack.simulation
        fills = next((one.forms[form.id] for one in hints.values() if form.id in one.forms), Fills())
        ordered = [hints[own]] if own in hints else []
        ordered += [one for code, one in hints.items() if code != own]

        def sampler(question: Question) -> Sampler | None:
            several = question.type == "select_multiple"
            first = ordered[:1] if own in hints else []
            for one in first:
                if question.name in one.answers:
                    return Sampler(one.answers[question.name], several=several)
            for one in ordered:
                if question.concept and question.concept in one.answers:
                    return Sampler(one.answers[question.concept], several=several)
            return None

        context = tuple((name, of) for name in form.context if (of := self._known(name)) is not None)
        decides = frozenset(names_in(form.offered))

        return Practice(
            form=CompiledForm(form, sampler, self.words, self._read),
            fills=fills,
            wanted=condition_of(fills.if_),
            share=number_of(fills.share),
            again=tuple((one, condition_of(one.if_)) for one in fills.again),
            first=tuple(one for one in context if one[0] in decides or self._is_drawn(one[0])),
            context=tuple(one for one in context if one[0] not in decides and not self._is_drawn(one[0])),
        )

    def _is_of(self, folder: pathlib.Path, form: str) -> bool:
        return any((folder / "forms" / f"{form}{ending}").exists() for ending in (".md", ".xlsx"))

    def _known(self, name: str) -> Callable[[States], Value] | None:
        if name in self._context:
            return value_of(self._context[name])
        if name in AGES:
            return lambda states: states.read(f"person.{name}")
        if name in self.pack.concepts:
            return lambda states: states.read(f"last.{name}")
        return None

    def _is_drawn(self, name: str) -> bool:
        says = self._context.get(name)
        states = names_in(parse(says)) if isinstance(says, str) else ()
        return any(one.partition(".")[0] in _DRAWN for one in states)

    def member_context(self, form: FormModel) -> tuple[tuple[str, Callable[[States], Value]], ...]:
        """What a form's repeats over members know of each."""
        hidden = {
            name
            for group in form.groups.values()
            if group.repeat is not None
            for name in group.repeat.context
        }
        return tuple((name, of) for name in sorted(hidden) if (of := self._known(name)) is not None)

    def words(self, kind: str, chance: random.Random) -> str:
        """A text where no hint says which."""
        if kind == "phone":
            return self.names.telephone(chance)
        return self.names.given(chance, "female") if kind == "name" else chance.choice(self.names.places)


def known(states: States, context: _Context) -> dict[str, Value]:
    """What a form knows of somebody before it asks, as the record would give it."""
    found = {}
    for name, of in context:
        value = of(states)
        if value != "":
            found[name] = json_value(value)
    return found


def json_value(value: Value) -> Value:
    """A value as the record gives it: whole numbers as such."""
    found = json_of(value)
    return found if isinstance(found, str | int | float) else ""


def _names_in_hints(pack: Pack) -> set[str]:
    files = [one.folder / "simulate.toml" for one in pack.programmes]
    return {name for path in files if path.exists() for name in _NAME.findall(path.read_text("utf-8"))}


def _introducing(forms: list[FormModel], what: str) -> str | None:
    return next(
        (
            form.id
            for form in forms
            for event in form.events
            if event.introduces == what and not event.for_each
        ),
        None,
    )


@functools.lru_cache(maxsize=4)
def country_of(folder: pathlib.Path) -> Country:
    """The country of a pack's folder. Raises ContentError."""
    return Country(load(folder))
