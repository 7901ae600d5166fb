"""`seed`, `simulate`, `rebuild` and `status`."""

from __future__ import annotations

import argparse
import datetime
import time

from hodi import access, background, events, indicators, record, signals, simulate, tasks
from hodi.background import leases
from hodi.cli.console import Progress, Stop, progress_bars, say, show
from hodi.cli.stores import opened
from hodi.clock import system_clock
from hodi.config import Config
from hodi.content import load
from hodi.db import Connection, Store, load_queries
from hodi.domain import day_of
from hodi.simulate.demonstration import StoreInUse, is_seeded, load_demonstration
from hodi.simulate.demonstration import seed as seed_demonstration
from hodi.simulate.write import write

_QUERIES = load_queries(__file__)


def seed(_: argparse.Namespace, config: Config) -> None:
    """Seed the demonstration, if the store is empty."""
    with opened(config) as store:
        if not seed_into(store, config):
            say("The demonstration is there already; nothing was seeded.")


def seed_into(store: Store, config: Config) -> bool:
    """Seed the demonstration with a progress bar; False if it is there already."""
    demonstration = load_demonstration(config.pack)
    try:
        if is_seeded(store, demonstration):
            return False
    except StoreInUse:
        raise _in_use(config) from None
    rules = events.load_rules(config.pack)
    say(
        f"Seeding {demonstration.name}: {len(demonstration.units)} units, "
        f"{demonstration.months} months of visits by promoters who do not exist."
    )
    started = time.monotonic()
    with progress_bars() as progress:
        try:
            seed_demonstration(
                store,
                demonstration,
                rules,
                now=system_clock(),
                build_records=lambda report: build_records(store, config, report),
                progress=progress,
            )
        except StoreInUse:
            raise _in_use(config) from None
    say(f"Seeded in {time.monotonic() - started:.0f} seconds.")
    return True


def _in_use(config: Config) -> Stop:
    return Stop(
        f"The store {config.store} holds other data, so no demonstration was seeded into it. "
        "Serve it with: python -m hodi serve; or name another store in HODI_STORE."
    )


def simulate_population(chosen: argparse.Namespace, config: Config) -> None:
    """Write a simulated population."""
    units = simulate.plain_units(chosen.units, areas=chosen.areas, households=chosen.households)
    rules = events.load_rules(config.pack)
    span = simulate.span_of(chosen.months, system_clock(), rules.zone)
    with opened(config) as store, progress_bars() as progress:
        pushed = list(simulate.batches(units, span, chosen.seed, config.pack))
        total = sum(len(batch.events) for batch in pushed)
        done = 0

        def more(count: int) -> None:
            nonlocal done
            done += count
            progress("Writing what happened", done, total)

        write(store, pushed, rules, more)
        build_records(store, config, progress)
    say(f"{total} events of {chosen.units * chosen.areas * chosen.households} households are in the store.")


def rebuild(_: argparse.Namespace, config: Config) -> None:
    """Throw the record away and make it anew."""
    schema = record.load_record_schema(config.pack)
    with opened(config) as store, progress_bars() as progress:
        units = [row[0] for row in store.read_now(lambda c: c.rows(_QUERIES.list_units))]
        for done, unit in enumerate(units, 1):

            def remake(connection: Connection, unit: int = unit) -> None:
                leases.wait_for(connection, background.FOLD.lease_of, unit)
                _evaluate(connection, config, record.rebuild(connection, schema, unit), unit)

            store.write_now(remake)
            progress("Rebuilding the units' records", done, len(units))
    say(f"The record of {len(units)} units was made anew.")


def build_records(store: Store, config: Config, progress: Progress) -> None:
    """Do what the background work would do until nothing waits to be folded."""
    pack = load(config.pack)
    store.write_now(lambda c: background.prepare(c, config.pack))
    total = store.read_now(lambda c: int(c.rows(_QUERIES.count_waiting)[0][0]))
    done = 0
    for batch in background.run_now(store, pack, background.FOLD):
        done += len(batch.items)
        progress("Building the records", min(done, total), total)
    for _ in background.run_now(store, pack, background.INDICATORS):
        pass


def _evaluate(connection: Connection, config: Config, folded: record.Folded, unit: int) -> None:
    now = system_clock()
    today = day_of(now, events.load_rules(config.pack).zone)
    rules, task_rules = signals.load_rules(config.pack), tasks.load_tasks(config.pack)
    signals.evaluate(connection, rules, folded.households, today=today, now=now)
    tasks.evaluate(connection, task_rules, folded.households, today=today, now=now)
    months_back = indicators.load_limits(config.pack).months_back
    known = indicators.load_indicators(config.pack)
    indicators.rebuild(connection, known, unit, today=today, now=now, months_back=months_back)


def status(_: argparse.Namespace, config: Config) -> None:
    """Say what the store holds."""
    with opened(config) as store:
        counts = store.read_now(lambda c: c.rows(_QUERIES.count_everything))[0]
        accounts = len(store.read_now(access.list_accounts))
    names = ("units with a ledger", "events", "households", "people", "open signals")
    rows: list[tuple[str, object]] = list(zip(names, counts[:5], strict=True))
    rows.append(("households waiting to be folded", counts[5]))
    rows.append(("refused events to look at", counts[6]))
    rows.append(("accounts", accounts))
    if counts[7] is not None:
        received = datetime.datetime.fromtimestamp(counts[7] / 1000).astimezone()
        rows.append(("last event received", received.isoformat(" ", "seconds")))
    show((config.store.partition("@")[2] or config.store, ""), rows)
