"""What hints can read of somebody on a day: who she is, how she is, and what was stated of her last."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from hodi.content.runner.evaluate import Value, to_number, to_text
from hodi.domain import completed_months, completed_years

if TYPE_CHECKING:
    from hodi.simulate.country import Country
    from hodi.simulate.people import Household, Person


class States:
    """The states of a person, or of a household, on a day; looked up once each."""

    own: Value = ""

    def __init__(
        self, country: Country, household: Household, person: Person | None, day: int, chance: random.Random
    ) -> None:
        self.country = country
        self.household = household
        self.person = person
        self.today = day
        self.chance = chance
        self._found: dict[str, Value] = {}

    @property
    def values(self) -> Mapping[str, Value]:
        """The limits of the pack."""
        return self.country.limit_values

    def read(self, name: str) -> Value:
        """A state, `kind.name`; '' where there is none."""
        found = self._found.get(name)
        if found is None:
            kind, _, what = name.partition(".")
            found = self._found[name] = _READS[kind](self, what)
        return found

    def number(self, name: str) -> float:
        """A state as a number."""
        return to_number(self.read(name))

    def all(self, name: str) -> Sequence[Value | None]:
        """States stand in no repeat."""
        return [self.read(name)]

    def position(self, repeat: str) -> float:
        """States stand in no repeat."""
        return 1.0

    def column(self, name: str) -> Value:
        """States are no choices."""
        return ""

    def standard(self, measure: str, at: int) -> tuple[float, float, float] | None:
        """The published standards for this person's sex."""
        if self.person is None:
            return None
        return standards_of(self.person.sex).get((measure, at))

    def forget(self) -> None:
        """Look everything up anew: something was stated meanwhile."""
        self._found.clear()


@functools.cache
def standards_of(sex: str) -> dict[tuple[str, int], tuple[float, float, float]]:
    """L, M and S by measure and point of its axis."""
    from hodi.record.reference import growth_rows

    return {
        (str(measure), int(axis)): (float(power), float(median), float(spread))
        for measure, of, axis, power, median, spread in growth_rows()
        if of == sex
    }


def _person(states: States, what: str) -> Value:
    person = states.person
    if person is None:
        return ""
    match what:
        case "age_days":
            return float(states.today - person.birth_day)
        case "age_months":
            return float(completed_months(person.birth_day, states.today))
        case "age_years":
            return float(completed_years(person.birth_day, states.today))
        case "years":
            return person.age(states.today)
        case "birth_day":
            return float(person.birth_day)
        case "birth_known":
            return "no" if person.estimated else "yes"
        case "middle_name":
            return person.house_name
        case "full_name":
            return f"{person.given_name} {person.family_name}"
        case "referred":
            return 1.0 if person.referral is not None else 0.0
        case "phone":
            return person.phone or ""
    return str(getattr(person, what))


def _household(states: States, what: str) -> Value:
    household = states.household
    match what:
        case "head_name":
            return f"{household.head.given_name} {household.head.house_name}"
        case "phone":
            return household.phone or ""
        case "members":
            return float(len(household.here()))
    return str(getattr(household, what))


def _trait(states: States, what: str) -> Value:
    person = states.person
    if person is None:
        return ""
    if what not in person.traits:
        picked = states.country.traits[what].pick(states)
        drawn = picked[0](states, states.chance) if picked else ""
        person.traits[what] = "" if drawn is None or isinstance(drawn, tuple) else drawn
    return person.traits[what]


def _course(states: States, what: str) -> Value:
    person = states.person
    course = states.country.courses[what]
    if person is None or person.age(states.today) < course.from_years:
        return 0.0
    if what not in person.courses:
        begins = states.household.since_day + states.chance.randrange(course.begins_within_days)
        person.courses[what] = (begins, states.chance.uniform(*course.monthly))
    begins, monthly = person.courses[what]
    return monthly * max(0, states.today - begins) / states.country.month_days


def _illness(states: States, what: str) -> Value:
    spell = next(
        (one for one in states.household.spells if one.person is states.person and one.on(states.today)), None
    )
    if what == "days":
        return "" if spell is None else float(states.today - spell.onset)
    return 1.0 if spell is not None and what in spell.signs else 0.0


def _growth(states: States, what: str) -> Value:
    person, growth = states.person, states.country.growth
    if person is None or growth is None:
        return ""
    if what == "falling":
        return 1.0 if person.track is not None and person.track.declining(states.today) else 0.0
    value = growth.measure(person, what, states.today, states.chance)
    return "" if value is None else value


def _pregnancy(states: States, what: str) -> Value:
    person = states.person
    pregnancy = person.pregnancies[0] if person is not None and person.pregnancies else None
    if pregnancy is None:
        return 0.0 if what in ("told", "danger", "contacts") else ""
    day = states.today
    over = pregnancy.ends_day <= day
    kept = pregnancy.kept(day)
    match what:
        case "id":
            return float(pregnancy.number) if pregnancy.number else ""
        case "told":
            return 1.0 if day >= pregnancy.told_day and not over else 0.0
        case "outcome":
            return pregnancy.outcome if over else ""
        case "danger":
            return 1.0 if pregnancy.danger_day is not None and 0 <= day - pregnancy.danger_day < 30 else 0.0
        case "contacts":
            return float(len(kept))
        case "weeks":
            return float((day - pregnancy.lmp_day) // 7)
        case "lmp_day":
            return float(pregnancy.lmp_day)
        case "edd_day":
            return float(pregnancy.due_day)
        case "last_contact_day":
            return float(kept[-1]) if kept else ""
    later = [one for one in pregnancy.contacts if one > day]
    return float(later[0]) if later else ""


def _stated(states: States, what: str) -> tuple[Value, int] | None:
    person = states.person
    if person is not None and what in person.stated:
        return person.stated[what]
    return states.household.stated.get(what)


def _last(states: States, what: str) -> Value:
    found = _stated(states, what)
    return "" if found is None else found[0]


def _since(states: States, what: str) -> Value:
    found = _stated(states, what)
    return "" if found is None else float(states.today - found[1])


_READS: dict[str, Callable[[States, str], Value]] = {
    "person": _person,
    "household": _household,
    "trait": _trait,
    "course": _course,
    "illness": _illness,
    "growth": _growth,
    "pregnancy": _pregnancy,
    "place": lambda states, what: states.household.facts.get(what, ""),
    "last": _last,
    "since": _since,
}


def text_of(value: Value) -> str:
    """A state as text."""
    return to_text(value)
