"""What a consumer is, and one batch of its work: find what waits, hold its units, process it, note how far
it has come. All in one transaction, so that nothing is processed and not noted, or noted and not processed.
"""

from __future__ import annotations

import dataclasses
import functools
import pathlib
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from hodi import indicators, quality, record, signals, tasks
from hodi.background import leases, poison
from hodi.content import Pack
from hodi.db import Connection
from hodi.db.passing import may_pass
from hodi.domain import day_of

Item = tuple[int, int]
"""(unit, number): a household of the refold queue, a seq of the ledger, a day or an hour of a clock."""
FIRST: Item = (-1, -1)
"""Before every item."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Context:
    """What a consumer's work may need: the pack, its rules, and the instant (ms)."""

    pack: Pack
    now: int

    @functools.cached_property
    def rules(self) -> tuple[record.Runnable, ...]:
        """The pack's rules, of signals and of tasks."""
        return rules_of(self.pack.folder)

    @property
    def indicators(self) -> tuple[indicators.Indicator, ...]:
        """The pack's indicators."""
        return indicators.load_indicators(self.pack.folder)

    @functools.cached_property
    def months_back(self) -> int:
        """How many months before this one the figures go back."""
        return indicators.load_limits(self.pack.folder).months_back

    @functools.cached_property
    def form_versions(self) -> str:
        """Changes whenever a form of the pack does."""
        return form_versions_of(self.pack)

    @functools.cached_property
    def schema(self) -> record.RecordSchema:
        """The tables and steps of the pack's record."""
        return record.load_record_schema(self.pack.folder)

    @property
    def today(self) -> int:
        """The local day."""
        return day_of(self.now, self.pack.zone)


@functools.cache
def rules_of(pack: pathlib.Path) -> tuple[record.Runnable, ...]:
    """The rules of a pack's folder, of signals and of tasks."""
    return (
        *map(signals.runnable, signals.load_rules(pack)),
        *map(tasks.runnable, tasks.load_tasks(pack)),
    )


_last_versions: tuple[Pack | None, str] = (None, "")


def form_versions_of(pack: Pack) -> str:
    """The versions of a pack's forms. Those of the pack that was asked about last are kept: a pack never
    changes, and hashing its forms at every batch would cost more than the batch."""
    global _last_versions
    known, versions = _last_versions
    if known is not pack:
        versions = quality.form_versions(pack.forms)
        _last_versions = (pack, versions)
    return versions


class Source(Protocol):
    """What a consumer reads."""

    def waiting(
        self, connection: Connection, consumer: Consumer, context: Context, after: Item, count: int
    ) -> list[Item]:
        """At most `count` items that wait, in order, beginning after one. Nothing is held yet: another
        process may be at them."""
        ...

    def confirm(
        self, connection: Connection, consumer: Consumer, context: Context, items: Sequence[Item]
    ) -> list[Item]:
        """Which of them still wait, now that their units are held."""
        ...

    def done(
        self, connection: Connection, consumer: Consumer, context: Context, items: Sequence[Item]
    ) -> None:
        """Note that these are done or set aside."""
        ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class Consumer:
    """One entry of the list. `reads` says what waits for it; `work` processes at most `items_max` items in
    one transaction, in which their units are held; it may be given an item twice. Consumers with the same
    `lease` are never at one unit at the same time. `publishes`: what pages show of the units has changed
    afterwards. `version`: when it changes, a ledger follower or a clock begins anew. It looks when events
    were appended (`woken_by_append`), when a consumer that names it in `wakes` has done something, and
    every `poll_s`. Between two batches it waits `pause_s`: what is in no hurry takes little of the
    machine. When it is woken again within `gather_s` of a batch that had nothing after it, it waits for the
    rest of that time: a batch costs nearly the same for one push as for five, and a push that comes alone
    waits for nothing."""

    name: str
    reads: Source
    work: Callable[[Connection, Sequence[Item], Context], None]
    items_max: int
    lease: str = ""
    version: Callable[[Context], str] = lambda context: ""
    publishes: bool = False
    woken_by_append: bool = False
    wakes: tuple[str, ...] = ()
    poll_s: float = 20.0
    pause_s: float = 0.0
    gather_s: float = 0.0

    @property
    def lease_of(self) -> str:
        """The kind of work that its units are leased for."""
        return self.lease or self.name


@dataclasses.dataclass(frozen=True, kw_only=True)
class Done:
    """What a batch did: the `items` processed, the `last` one (to go on after), whether `more` waits, and
    whether some waits in units that another process is at (`busy`)."""

    items: tuple[Item, ...] = ()
    last: Item | None = None
    more: bool = False
    busy: bool = False

    @property
    def units(self) -> frozenset[int]:
        """The units of the items."""
        return frozenset(unit for unit, _ in self.items)


class WorkFailed(Exception):
    """A batch that could not be processed: nothing of it was written."""

    def __init__(self, items: tuple[Item, ...]) -> None:
        super().__init__(f"{len(items)} items could not be processed")
        self.items = items


def run_batch(
    connection: Connection,
    consumer: Consumer,
    context: Context,
    *,
    holder: str,
    items_max: int | None = None,
    after: Item | None = None,
) -> Done:
    """Process the next items of a consumer. Items take turns: given the `last` one of the batch before, it
    goes on `after` it and comes round to the first, so that none waits for ever however much comes in. What
    was set aside is tried again alone when its time has come. Raises WorkFailed, or an error that may pass
    by itself; then the transaction must be rolled back."""
    limit = items_max or consumer.items_max
    poisoned = poison.load(connection, consumer.name)
    due = next((item for item, one in poisoned.items() if one.retry_at <= context.now), None)
    if due is not None:
        found, more = [due], True
    else:
        found, more = _find(connection, consumer, context, after, limit, poisoned)
    units = {unit for unit, _ in found}
    if not units:
        return Done(last=after)
    if new := leases.without_row(connection, consumer.lease_of, units):
        leases.prepare(connection, consumer.lease_of, new)
        return Done(last=after, more=True)
    held = leases.hold(connection, consumer.lease_of, units, holder=holder, now=context.now)
    mine = [item for item in found if item[0] in held]
    if due is None and mine:
        mine = consumer.reads.confirm(connection, consumer, context, mine)
    batch = tuple(item for item in mine if item == due or item not in poisoned)
    if batch:
        try:
            with connection.together():
                consumer.work(connection, batch, context)
        except Exception as error:
            raise error if may_pass(error) else WorkFailed(batch) from error
    if due is None and mine:
        consumer.reads.done(connection, consumer, context, mine)
    elif due is not None and batch:
        poison.forget(connection, consumer.name, due)
    last = found[-1] if due is None else after
    return Done(items=batch, last=last, more=more, busy=len(held) < len(units))


def _find(
    connection: Connection,
    consumer: Consumer,
    context: Context,
    after: Item | None,
    limit: int,
    poisoned: Collection[Item],
) -> tuple[list[Item], bool]:
    """The next items, those after this one first, until `limit` of them are not set aside; and whether there
    are more."""
    count = limit + len(poisoned) + 1
    found = consumer.reads.waiting(connection, consumer, context, after or FIRST, count)
    if after is not None and len(found) < count:
        seen = set(found)
        again = consumer.reads.waiting(connection, consumer, context, FIRST, count)
        found += [item for item in again if item not in seen][: count - len(found)]
    sound = [item for item in found if item not in poisoned]
    if len(sound) <= limit:
        return found, False
    return found[: found.index(sound[limit - 1]) + 1], True
