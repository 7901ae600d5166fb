"""The complete list of what happens by itself.

| Consumer     | Reads                     | Does                                                      |
|--------------|---------------------------|-----------------------------------------------------------|
| fold         | the refold queue          | refolds households, evaluates the rules that read of that |
| due          | households that are due   | evaluates the rules whose result time alone has changed   |
| indicators   | areas that are stale      | counts their indicators again, for the months concerned   |
| hour         | the clock, each hour      | notes that it was lived through                           |
| clock_back   | hours yet to come         | makes everybody due: the clock ran ahead                  |
| quality      | the ledger                | checks raw answers against their forms, some at a time    |
| outbox_clean | the clock, each local day | forgets messages that a partner took long ago             |
| outbox       | messages that are due     | sends them (`deliver`: it waits for a network)            |

To add one: a function that processes some items of some units in a transaction, and an entry here with what
it reads (`Queue`, `Events` or `Clock`), how many items at a time, and its name. Position, leases, resuming,
back-off, setting aside, health and metrics come with the entry (tests/rooms/test_consumers.py adds one).

Beside these, each process notifies the others of the units that have changed (`changes`). Expired log-ins
need no consumer: `access` removes them whenever somebody logs in.
"""

from __future__ import annotations

import pathlib
from collections.abc import Collection, Mapping, Sequence

from hodi import access, indicators, quality, record
from hodi.background.consumer import Consumer, Context, Item, rules_of
from hodi.background.sources import Clock, ClockBack, Events, Queue, each_day, each_hour
from hodi.content import load_place_facts
from hodi.db import Connection, load_queries
from hodi.exchange import outbox

HOUSEHOLDS_MAX = 400
AREAS_MAX = 40
FOLD_GATHER_S = 0.1  # of the two seconds within which a visit is on the board
INDICATORS_POLL_S = 2.0  # what is written meanwhile is counted once
INDICATORS_PAUSE_S = 1.0
QUALITY_EVENTS_MAX = 20
QUALITY_PAUSE_S = 1.0  # a check takes some ms: pushes and folds go first
SENT_KEPT_MS = 30 * 86_400_000

_sql = load_queries(__file__)


def prepare(connection: Connection, pack: pathlib.Path) -> None:
    """Once at the start: the record's tables as the pack has them, everything touched that a changed step
    or another fact of its place concerns, everybody due for a changed rule, every area for a changed
    indicator."""
    record.ensure_current(connection, record.load_record_schema(pack))
    access.state_place_facts(connection, load_place_facts(pack))
    record.ensure_rules_current(connection, rules_of(pack))
    months_back = indicators.load_limits(pack).months_back
    indicators.ensure_current(connection, indicators.load_indicators(pack), months_back=months_back)


def fold(connection: Connection, items: Sequence[Item], context: Context) -> None:
    """Refold households, evaluate the rules that read what was written, and note which indicators did."""
    before = indicators.areas_of(connection, items)
    written = record.refold(connection, context.schema, items)
    results = record.evaluate_written(
        connection, context.rules, written, today=context.today, now=context.now
    )
    _mark(connection, {**written, **results}, before, context)


def due(connection: Connection, items: Sequence[Item], context: Context) -> None:
    """Evaluate the rules whose time has come."""
    results = record.evaluate_due(connection, context.rules, items, today=context.today, now=context.now)
    _mark(connection, results, None, context)


def count(connection: Connection, items: Sequence[Item], context: Context) -> None:
    """Count the indicators of areas again in which something has changed."""
    indicators.refresh(
        connection,
        context.indicators,
        items,
        today=context.today,
        now=context.now,
        months_back=context.months_back,
    )


def nothing(connection: Connection, items: Sequence[Item], context: Context) -> None:
    """The position alone says that this hour was lived through."""


def look_again(connection: Connection, items: Sequence[Item], context: Context) -> None:
    """Everybody is due: what was evaluated at an hour that is yet to come says nothing about now."""
    for unit, _ in items:
        record.make_due(connection, context.rules, unit)
        indicators.make_due(connection, context.indicators, unit)


def check_quality(connection: Connection, items: Sequence[Item], context: Context) -> None:
    """Check raw answers against their forms."""
    quality.check(connection, items, context.pack.forms, now=context.now)


def clean_outbox(connection: Connection, items: Sequence[Item], context: Context) -> None:
    """Forget messages that a partner took long ago."""
    for unit, _ in items:
        outbox.forget_sent(connection, unit, before=context.now - SENT_KEPT_MS)


def _mark(
    connection: Connection,
    written: Mapping[str, Collection[record.Household]],
    before: indicators.Areas | None,
    context: Context,
) -> None:
    indicators.mark(connection, context.indicators, context.schema, written, before, today=context.today)


FOLD = Consumer(
    name="fold",
    reads=Queue(_sql.touched_after),
    work=fold,
    items_max=HOUSEHOLDS_MAX,
    lease="record",
    publishes=True,
    woken_by_append=True,
    poll_s=1.0,
    gather_s=FOLD_GATHER_S,
)
INDICATORS = Consumer(
    name="indicators",
    reads=Queue(indicators.DUE_AFTER),
    work=count,
    items_max=AREAS_MAX,
    lease="record",
    poll_s=INDICATORS_POLL_S,
    pause_s=INDICATORS_PAUSE_S,
)
CONSUMERS: tuple[Consumer, ...] = (
    FOLD,
    Consumer(
        name="due",
        reads=Queue(_sql.due_after),
        work=due,
        items_max=HOUSEHOLDS_MAX,
        lease="record",
        publishes=True,
    ),
    INDICATORS,
    Consumer(
        name="quality",
        reads=Events(),
        work=check_quality,
        items_max=QUALITY_EVENTS_MAX,
        version=lambda context: context.form_versions,
        pause_s=QUALITY_PAUSE_S,
    ),
    Consumer(name="hour", reads=Clock(each_hour), work=nothing, items_max=1_000),
    Consumer(
        name="clock_back", reads=ClockBack("hour"), work=look_again, items_max=10, wakes=("due", "indicators")
    ),
    Consumer(name="outbox_clean", reads=Clock(each_day), work=clean_outbox, items_max=100),
)
