"""The complete list of what happens by itself.

| Consumer     | Reads                     | Does                                                     |
|--------------|---------------------------|----------------------------------------------------------|
| fold         | the refold queue          | refolds touched households, evaluates the rules for them |
| day          | the clock, each local day | evaluates the rules that change with the day             |
| hour         | the clock, each hour      | those that change with the hour, where they apply        |
| quality      | the ledger                | checks raw answers against their forms, some at a time   |
| outbox_clean | the clock, each local day | forgets messages that a partner took long ago            |
| outbox       | messages that are due     | sends them (`deliver`: it waits for a network)           |

To add one: a function that processes some items of some units in a transaction, and an entry here with what
it reads (`Queue`, `Ledger` or `Clock`), how many items at a time, and its name. Position, leases, resuming,
back-off, setting aside, health and metrics come with the entry (tests/rooms/test_consumers.py adds one).

Beside these, each process notifies the others of the units that have changed (`changes`). Expired log-ins
need no consumer: `access` removes them whenever somebody logs in.
"""

from __future__ import annotations

import hashlib
import pathlib
from collections.abc import Sequence

from hodi import quality, record, signals, tasks
from hodi.background.consumer import Consumer, Context, Item
from hodi.background.sources import Clock, Ledger, Queue, each_day, each_hour
from hodi.db import Connection, load_queries
from hodi.exchange import outbox

HOUSEHOLDS_MAX = 400
QUALITY_EVENTS_MAX = 20
QUALITY_PAUSE_S = 1.0  # a check takes some ms: pushes and folds go first
SENT_KEPT_MS = 30 * 86_400_000

_sql = load_queries(__file__)


def prepare(connection: Connection, pack: pathlib.Path) -> None:
    """Once at the start: the record's tables as the pack has them, and everything touched that a changed
    step concerns."""
    record.ensure_current(connection, record.load_record_schema(pack))


def fold(connection: Connection, items: Sequence[Item], context: Context) -> None:
    """Refold households, and evaluate every rule for them."""
    record.refold(connection, context.schema, items)
    signals.evaluate(connection, context.rules, items, today=context.today, now=context.now)
    tasks.evaluate(connection, context.tasks, items, today=context.today, now=context.now)


def day(connection: Connection, items: Sequence[Item], context: Context) -> None:
    """Evaluate the rules that change with the day."""
    _evaluate(connection, items, context, _turning(context, "day"))
    for unit, _ in items:
        tasks.evaluate_all(connection, context.tasks, unit, today=context.today, now=context.now)


def hour(connection: Connection, items: Sequence[Item], context: Context) -> None:
    """Evaluate the rules that change with the hour."""
    _evaluate(connection, items, context, _turning(context, "hour"))


def check_quality(connection: Connection, items: Sequence[Item], context: Context) -> None:
    """Check raw answers against their forms."""
    quality.check(connection, items, context.pack.forms, now=context.now)


def clean_outbox(connection: Connection, items: Sequence[Item], context: Context) -> None:
    """Forget messages that a partner took long ago."""
    for unit, _ in items:
        outbox.forget_sent(connection, unit, before=context.now - SENT_KEPT_MS)


def _evaluate(
    connection: Connection, items: Sequence[Item], context: Context, rules: tuple[signals.Rule, ...]
) -> None:
    for unit, _ in items:
        signals.evaluate_all(connection, rules, unit, today=context.today, now=context.now)


def _turning(context: Context, which: str) -> tuple[signals.Rule, ...]:
    return tuple(rule for rule in context.rules if rule.turn == which)


def rules_version(rules: tuple[record.Described, ...]) -> str:
    """Changes whenever the text of a rule does."""
    return hashlib.sha256("\n".join(rule.sql().select for rule in rules).encode()).hexdigest()[:12]


FOLD = Consumer(
    name="fold",
    reads=Queue(_sql.touched_after),
    work=fold,
    items_max=HOUSEHOLDS_MAX,
    lease="record",
    publishes=True,
    woken_by_append=True,
    poll_s=1.0,
)
CONSUMERS: tuple[Consumer, ...] = (
    FOLD,
    Consumer(
        name="day",
        reads=Clock(each_day),
        work=day,
        items_max=1,
        lease="record",
        version=lambda context: rules_version((*_turning(context, "day"), *context.tasks)),
        publishes=True,
    ),
    Consumer(
        name="hour",
        reads=Clock(each_hour),
        work=hour,
        items_max=1,
        lease="record",
        version=lambda context: rules_version(_turning(context, "hour")),
        publishes=True,
    ),
    Consumer(
        name="quality",
        reads=Ledger(),
        work=check_quality,
        items_max=QUALITY_EVENTS_MAX,
        version=lambda context: quality.form_versions(context.pack.forms),
        pause_s=QUALITY_PAUSE_S,
    ),
    Consumer(name="outbox_clean", reads=Clock(each_day), work=clean_outbox, items_max=100),
)
