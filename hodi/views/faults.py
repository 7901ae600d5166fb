"""The data-quality list as a supervisor reads it: whose form, of which day, and which question."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from hodi import quality
from hodi.content import Discretion, FormModel
from hodi.content.runner.paths import name_of
from hodi.db import Connection


@dataclasses.dataclass(frozen=True, kw_only=True)
class FaultLine:
    """What does not hold of an arrived form, without the answer and without whom it is about. `question` is
    its name in the form: "" for the form as a whole, None for one that the form does not have (its name is
    whatever a phone sent) or that is `confidential`."""

    unit: int
    event: int
    ordinal: int
    area: int | None
    day: int
    worker: str | None
    form: str
    question: str | None
    reason: str
    confidential: bool


def faults(
    c: Connection, *, units: Iterable[int], forms: Mapping[str, FormModel], discretion: Discretion
) -> list[FaultLine]:
    """What nobody has dealt with in some units, the latest first."""
    return [_line(one, forms, discretion) for unit in units for one in quality.faults_of(c, unit)]


def _line(one: quality.ListedFault, forms: Mapping[str, FormModel], discretion: Discretion) -> FaultLine:
    form = forms.get(one.form)
    asked = {question.name: question for question in form.questions} if form else {}
    name = name_of(one.question)
    concept = asked[name].concept if name in asked else None
    # Whom it is about is not looked at, so it may be about a minor.
    hidden = concept is not None and discretion.covers_concept(concept, birth_day=None, day=one.day)
    known = name in asked and not hidden
    return FaultLine(
        unit=one.unit,
        event=one.event,
        ordinal=one.ordinal,
        area=one.area,
        day=one.day,
        worker=one.worker,
        form=one.form,
        question=name if known or not name else None,
        reason=one.reason,
        confidential=hidden,
    )
