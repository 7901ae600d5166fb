"""Pregnancies by weeks, with the contacts at the clinic that the woman will keep. The figures stand in the
pack (`[pregnancies]` of a `simulate.toml`)."""

from __future__ import annotations

import csv
import pathlib
import random
from typing import TYPE_CHECKING

from hodi.content.simulation_model import Pregnancies

if TYPE_CHECKING:
    from hodi.simulate.people import Person


class Pregnancy:
    """A pregnancy: when it began, is told, ends and how; days since 1970. `number`: its id, once it is
    registered."""

    __slots__ = (
        "contacts", "danger_day", "due_day", "ends_day", "lmp_day", "number", "outcome", "told_day",
    )  # fmt: skip

    def __init__(self, lmp_day: int, due_day: int) -> None:
        self.lmp_day = lmp_day
        self.due_day = due_day
        self.number = 0
        self.outcome = ""
        self.ends_day = due_day
        self.told_day = lmp_day
        self.contacts: list[int] = []
        self.danger_day: int | None = None

    def kept(self, day: int) -> list[int]:
        """Days of the contacts she has had by a day."""
        return [contact for contact in self.contacts if contact <= day]


class Midwife:
    """Draws the pregnancies of a pack."""

    def __init__(self, figures: Pregnancies, folder: pathlib.Path, days: int, year_days: float) -> None:
        self._figures = figures
        self.days = days
        self._year_days = year_days
        with (folder / figures.contacts).open(encoding="utf-8", newline="") as file:
            self._weeks = [int(row["week"]) for row in csv.DictReader(file)]
        self.born_as = figures.born_as

    def of(self, woman: Person, first_day: int, last_day: int, chance: random.Random) -> list[Pregnancy]:
        """The pregnancies of a woman that are under way during a span."""
        figures = self._figures
        found: list[Pregnancy] = []
        rate = figures.yearly / self._year_days
        lmp_day = first_day - self.days + int(chance.expovariate(rate))
        while lmp_day < last_day - 30:
            if figures.from_years <= woman.age(lmp_day) < figures.before_years:
                found.append(self._pregnancy(lmp_day, chance))
            lmp_day += self.days + figures.rest_days + int(chance.expovariate(rate))
        return found

    def _pregnancy(self, lmp_day: int, chance: random.Random) -> Pregnancy:
        figures = self._figures
        one = Pregnancy(lmp_day, lmp_day + self.days)
        if chance.random() < figures.lost:
            one.outcome, one.ends_day = figures.lost_as, lmp_day + chance.randrange(*figures.lost_days)
        else:
            one.outcome = chance.choices([*figures.outcomes], [*figures.outcomes.values()])[0]
            one.ends_day = lmp_day + int(chance.gauss(*figures.ends_days))
        one.told_day = lmp_day + int(_bounded(figures.told_days, chance))
        keeps = _bounded(figures.keeps_contacts, chance)
        start = int(_bounded(figures.first_contact_weeks, chance))
        weeks = sorted({start, *(week for week in self._weeks if week >= start)})
        one.contacts = [
            lmp_day + week * 7 + chance.randrange(-3, 7) for week in weeks if chance.random() < keeps
        ]
        if chance.random() < figures.danger:
            one.danger_day = lmp_day + chance.randrange(self.days // 3, self.days - 10)
        return one


def _bounded(figures: tuple[float, float, float, float], chance: random.Random) -> float:
    mean, deviation, least, most = figures
    return min(max(chance.gauss(mean, deviation), least), most)
