"""The tasks of a unit that are due, as its supervisor lists them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from hodi.content import Discretion
from hodi.db import Connection, load_queries, records
from hodi.views.lines import Named, Who

_sql = load_queries(__file__)


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskLine(Named):
    """A task in a list. Columns as in the table `task`. A `confidential` one says neither whom nor what it is
    about."""

    unit: int
    household: int
    person: int
    code: str
    episode: int
    opens_day: int
    due_day: int
    overdue_day: int
    detail: str | None
    area: int
    head_name: str | None
    confidential: bool = False

    @property
    def who(self) -> Who | None:
        """Whom it is about; None for a whole household."""
        return self.named() if self.person else None

    def overdue(self, today: int) -> bool:
        """Whether it should have been done before today."""
        return self.overdue_day <= today


def tasks_due(c: Connection, *, units: Iterable[int], today: int, discretion: Discretion) -> list[TaskLine]:
    """The tasks of some units that are due or overdue today, the longest first; what is restricted is only
    said to be there (`discretion`)."""
    found = [
        line
        for unit in units
        for line in records(c, TaskLine, _sql.tasks_of_unit, {"unit": unit, "today": today})
    ]
    return [_discreet(nth, line, discretion) for nth, line in enumerate(found)]


def _discreet(nth: int, line: TaskLine, discretion: Discretion) -> TaskLine:
    birth_day = line.who.birth_day if line.who else None
    if not discretion.covers_task(line.code, birth_day=birth_day, day=line.opens_day):
        return line
    return dataclasses.replace(
        line,
        confidential=True,
        code="",
        episode=nth,
        detail=None,
        given_name=None,
        middle_name=None,
        family_name=None,
        sex=None,
    )
