"""A new phone on a slow road: Hodi's app and PouchDB, in the same browser, over the same proxy.

Hodi: the built app in Chromium (worker, SQLite on the origin-private file system, encrypted), from the
moment its first sync begins until the record is folded and the signals are judged. PouchDB: one document
a visit with all its values, replicated from `pouchdb-server` into IndexedDB with default batches; it
folds nothing.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from collections.abc import Callable

from bench.app import App
from bench.browser import chromium
from bench.figures import Figure, figure, keep
from bench.fill import fill, rules, today
from bench.house import serving
from bench.population import History
from bench.pouchdb import Replication, document, replicate
from bench.pouchdb import fill as fill_pouchdb
from bench.processes import pouchdb_server, scratch
from bench.proxy import SlowRoad
from bench.stores import new_store
from bench.world import PASSWORD, promoters

ROUND_TRIP_S = 0.3
FORM = "under_five_assessment"


def main() -> None:
    """Measure a year and the large set; keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--pouchdb-runs", type=int, default=1)
    arguments = parser.parse_args()
    started = time.perf_counter()
    figures = year(arguments.runs) + large(arguments.runs, arguments.pouchdb_runs)
    keep(
        "first_sync",
        figures,
        how=f"python -m bench.first_sync, {ROUND_TRIP_S * 1000:.0f} ms round trip",
        seconds=time.perf_counter() - started,
    )


def year(runs: int) -> list[Figure]:
    """A promoter's year: 100 households, 1,200 visits, 36,000 values stated at visits."""
    took = [hodi(households=100, months=12, observations=30, after=True) for _ in range(runs)]
    idle = [each.idle for each in took if each.idle]
    push = [each.push for each in took if each.push]
    return [
        figure("First sync of a year", "s", [each.seconds for each in took], at_most=2),
        figure("First sync of a year: requests", "", [each.requests for each in took], at_most=3),
        figure(
            "First sync of a year: bytes on the wire", "kB", [each.wire / 1000 for each in took], at_most=500
        ),
        figure(
            "Idle sync: bytes both ways, headers included", "B", [each.wire for each in idle], at_most=1_000
        ),
        figure("Idle sync: requests", "", [each.requests for each in idle], at_most=1),
        figure("Push of 20 visits", "s", [each.seconds for each in push], at_most=0.5),
        figure("Push of 20 visits: requests", "", [each.requests for each in push], at_most=1),
        figure("Push of 20 visits: bytes, headers included", "kB", [each.wire / 1000 for each in push]),
    ]


def large(runs: int, pouchdb_runs: int) -> list[Figure]:
    """10,000 visits, 150,000 values: 400 households, 25 months."""
    took = [hodi(households=400, months=25, observations=15) for _ in range(runs)]
    compared = [pouchdb(households=400, months=25, observations=15) for _ in range(pouchdb_runs)]
    ratio = [other.seconds / sorted(each.seconds for each in took)[runs // 2] for other in compared]
    return [
        figure("First sync of 10,000 visits", "s", [each.seconds for each in took], at_most=3),
        figure("First sync of 10,000 visits: requests", "", [each.requests for each in took]),
        figure("First sync of 10,000 visits: bytes on the wire", "kB", [each.wire / 1000 for each in took]),
        figure("The same by PouchDB", "s", [each.seconds for each in compared]),
        figure("The same by PouchDB: requests", "", [each.requests for each in compared]),
        figure("The same by PouchDB: bytes on the wire", "kB", [each.wire / 1000 for each in compared]),
        figure("PouchDB slower by", "×", ratio, at_least=30),
    ]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Brought:
    """One new phone: its first sync, and then an idle one and a push of twenty visits, if asked for."""

    first: Replication
    idle: Replication | None = None
    push: Replication | None = None

    @property
    def seconds(self) -> float:
        """Of the first sync."""
        return self.first.seconds

    @property
    def requests(self) -> int:
        """Of the first sync."""
        return self.first.requests

    @property
    def wire(self) -> int:
        """Bytes of the first sync."""
        return self.first.wire


def hodi(*, households: int, months: int, observations: int, after: bool = False) -> Brought:
    """One new phone. The app itself is installed before anything is counted."""
    with new_store("sqlite") as (url, _), scratch("profile") as profile:
        everyone = promoters(1)
        _, made = fill(url, everyone, households=households, months=months, observations=observations)
        with (
            serving(url) as house,
            SlowRoad(house.port, ROUND_TRIP_S) as road,
            chromium(profile) as context,
        ):
            app = App(context, f"http://127.0.0.1:{road.port}")
            app.open()
            app.enrol(f"promoter{everyone[0].account}", PASSWORD)
            first = counted(app, road, app.choose_pin, made)
            held = app.ask("households")
            if len(held) != households:
                raise RuntimeError(f"the phone holds {len(held)} of {households} households")
            if not after:
                return Brought(first=first)
            idle = counted(app, road, lambda: app.ask("sync"), 0)
            twenty = [(each["household"], app.youngest(each["household"])) for each in held[:20]]
            context.set_offline(True)
            app.visit_all(FORM, twenty)
            app.page.wait_for_timeout(1_000)
            push = counted(app, road, lambda: context.set_offline(False), 20)
            return Brought(first=first, idle=idle, push=push)


def counted(app: App, road: SlowRoad, begin: Callable[[], object], documents: int) -> Replication:
    """Do something that makes the app sync once, and count what travels. (A browser also asks for a newer
    service worker when it likes: that is no request of the sync's.)"""
    road.wait_until_quiet(1.5)
    road.reset()
    app.forget_syncs()
    begin()
    app.wait_for_sync()
    road.wait_until_quiet()
    spans = app.sync_spans()
    return Replication(
        seconds=sum(ended - begun for begun, ended in spans) / 1000,
        requests=sum(" /api/" in line for line in road.lines),
        wire=road.sent + road.received,
        documents=documents,
    )


def pouchdb(*, households: int, months: int, observations: int) -> Replication:
    """One first replication by PouchDB of the same visits."""
    history = History(promoters(1)[0], seed=1, today=today())
    history.register(households, day=history.today - 30 * months - 7)
    documents = [document(visit) for visit in history.months(months, observations=observations)]
    with scratch("pouchdb") as folder, pouchdb_server(folder) as port, scratch("profile") as profile:
        fill_pouchdb(port, "visits", documents, batch=500)
        return replicate(profile, port, "visits", round_trip_s=ROUND_TRIP_S, documents=len(documents))


if __name__ == "__main__":
    rules()
    main()
