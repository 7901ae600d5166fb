"""The server's own clock. A clock that runs ahead for a while leaves stamps that lie ahead of the time once
it has been put right; a clock that has fallen behind makes every stamp look like that. Which of the two it
is, only a person can tell: until an administrator has confirmed the clock, nothing is stated at the desk of
a household whose last stamp the clock contradicts."""

from __future__ import annotations

from collections.abc import Iterable

from hodi.db import Connection, load_queries
from hodi.domain import Stamper
from hodi.errors import SERVER_CLOCK, HodiError
from hodi.events.limits import LIMITS

_sql = load_queries(__file__)


def latest_stamp(connection: Connection, households: Iterable[tuple[int, int]], *, now: int) -> int:
    """The stamp that a statement about these (unit, household) has to follow. Raises SERVER_CLOCK where the
    last one lies more than ten minutes ahead of `now` (ms), unless the clock was confirmed: then it was
    given while the clock ran ahead, and is disregarded."""
    possible = Stamper().next(now + LIMITS.clock_tolerance_ms)
    latest = 0
    for unit, household in households:
        about = {"unit": unit, "household": household, "possible": possible}
        last, last_possible = connection.rows(_sql.latest_stamps, about)[0]
        if (last or 0) > possible and not _is_confirmed(connection, now):
            raise HodiError(SERVER_CLOCK, "stamp")
        latest = max(latest, last_possible or 0)
    return latest


def confirm_clock(connection: Connection, *, now: int) -> None:
    """An administrator says that it is `now` (ms)."""
    connection.run(_sql.confirm_clock, {"now": str(now)})


def _is_confirmed(connection: Connection, now: int) -> bool:
    """A clock that stands before its confirmation has fallen behind since."""
    rows = connection.rows(_sql.clock_confirmed)
    return bool(rows) and int(rows[0][0]) <= now
