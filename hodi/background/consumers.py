"""The complete list of what happens by itself.

| Consumer | When                             | What                                                     |
|----------|----------------------------------|----------------------------------------------------------|
| fold     | after an append, and each second | refolds touched households, evaluates all rules for them |
| day      | when the local day turns         | evaluates the rules that change with the day, everywhere |
| hour     | when the hour turns              | those that change with the hour, where they apply        |
| notify   | when something has become fresh  | tells the other processes on the database (`changes`)    |
| subscribe| when another process notifies    | tells the pages that subscribe in this one               |

The first three are here: each does a limited piece of work in one transaction and says whether more is
waiting. Positions are in the store: the queue `touched`, and the settings `turned_day` and `turned_hour`,
so that each goes on where it was when the process stopped. A new version of the rules makes day and hour
turn at once; a new version of the fold touches every household.

Several processes may do all this on one PostgreSQL database: they fold and turn one at a time.

Expired log-ins need no consumer: `access` removes them whenever somebody logs in.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Collection
from typing import Literal

import msgspec

from hodi import record, signals
from hodi.db import Connection, load_queries
from hodi.domain import day_of
from hodi.record import FoldFailed, Household

_sql = load_queries(__file__)

FOLD_HOUSEHOLDS_MAX = 400
TURN_HOUSEHOLDS_MAX = 400
_HOUR_MS = 3_600_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class Done:
    """What a piece of work did: `units` whose record or signals are fresh, the `households` folded, and
    whether more waits. `last`: the household to go on after."""

    units: frozenset[int]
    more: bool
    households: frozenset[Household] = frozenset()
    last: Household | None = None


class _Position(msgspec.Struct, frozen=True):
    """How far a turn has come: `mark` says which turn; `unit` None = through."""

    mark: str
    unit: int | None
    after: int


def prepare(connection: Connection, schema: record.RecordSchema) -> None:
    """Once at the start: the record's tables as the pack has them, and everything touched that a changed
    step concerns."""
    record.ensure_current(connection, schema)


def fold(
    connection: Connection,
    schema: record.RecordSchema,
    rules: tuple[signals.Rule, ...],
    *,
    households_max: int,
    aside: Collection[Household],
    after: Household | None = None,
    now: int,
    utc_offset_min: int,
) -> Done:
    """Fold some of the households that wait, and evaluate every rule for them. Raises FoldFailed."""
    folded = record.fold(connection, schema, households_max=households_max, aside=aside, after=after)
    today = day_of(now, utc_offset_min)
    try:
        signals.evaluate(connection, rules, folded.households, today=today, now=now)
    except Exception as error:
        raise FoldFailed.of(folded.households, error) from error
    return Done(units=folded.units, more=folded.more, households=folded.households, last=folded.last)


def turn(
    connection: Connection,
    rules: tuple[signals.Rule, ...],
    which: Literal["day", "hour"],
    *,
    now: int,
    utc_offset_min: int,
) -> Done:
    """Evaluate the rules of a turn for the next households, if that turn is not through yet."""
    record.alone(connection)  # a turn that another process is at is not walked a second time
    today = day_of(now, utc_offset_min)
    turning = tuple(rule for rule in rules if rule.turn == which)
    mark = f"{today if which == 'day' else now // _HOUR_MS}:{rules_version(turning)}"
    name = f"turned_{which}"
    position = _position(connection, name)
    if position is None or position.mark != mark:
        position = _Position(mark, -1, 0)
    if position.unit is None or not turning:
        return Done(units=frozenset(), more=False)
    unit, after = position.unit, position.after
    if unit >= 0:
        last = signals.evaluate_next(
            connection, turning, unit, after=after, households_max=TURN_HOUSEHOLDS_MAX, today=today, now=now
        )
        if last is not None:
            _note(connection, name, _Position(mark, unit, last))
            return Done(units=frozenset(), more=True)
    following = connection.rows(_sql.unit_after, {"unit": unit})
    _note(connection, name, _Position(mark, following[0][0] if following else None, 0))
    return Done(units=frozenset({unit}) if unit >= 0 else frozenset(), more=bool(following))


def rules_version(rules: tuple[signals.Rule, ...]) -> str:
    """Changes whenever the text of a rule does."""
    return hashlib.sha256("\n".join(rule.select for rule in rules).encode()).hexdigest()[:12]


def _position(connection: Connection, name: str) -> _Position | None:
    rows = connection.rows(_sql.setting, {"name": name})
    return msgspec.json.decode(rows[0][0], type=_Position) if rows else None


def _note(connection: Connection, name: str, position: _Position) -> None:
    connection.run(_sql.note_setting, {"name": name, "value": msgspec.json.encode(position).decode()})
