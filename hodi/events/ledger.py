"""The ledger's rows: held units and their numbers, and an event as the values of its columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from hodi.db import Connection, Row, load_queries
from hodi.domain import Event, mix

DIGEST_MODULUS = 2**52
EARLIEST_DAY = -100_000
"""A day before every other: the household is to be folded from its beginning."""

_sql = load_queries(__file__)
# fmt: off
_EVENT = (
    "unit", "id", "area", "household", "person", "visit", "kind", "form", "form_version", "target",
    "occurred_at", "occurred_day", "recorded_at", "stamp", "author", "device", "body", "seq", "received_at",
)
_OBSERVATION = (
    "unit", "event", "ordinal", "household", "person", "concept", "number", "code", "text", "day",
)
# fmt: on
_FEED = ("unit", "area", "lane", "pos", "event", "leaver")
_HOME = ("unit", "household", "area", "moved_unit", "events", "digest")
_TOUCHED = ("unit", "household", "kind", "since_day", "touched_at")

_ADD_TO_HOME = (
    "(unit, household) DO UPDATE SET events = home.events + excluded.events, "
    f"digest = (home.digest + excluded.digest) % {DIGEST_MODULUS}"
)
_SETTLE_HOME = (
    "(unit, household) DO UPDATE SET area = excluded.area, moved_unit = NULL, "
    "events = excluded.events, digest = excluded.digest"
)
_TOUCH_EARLIER = (
    "(unit, household, kind) DO UPDATE SET since_day = "
    "CASE WHEN excluded.since_day < touched.since_day THEN excluded.since_day ELSE touched.since_day END"
)


def id_set(ids: Iterable[int]) -> str:
    """A set of ids as a statement takes it (queries.sql)."""
    return "{" + ",".join([f'"{id_}":0' for id_ in ids]) + "}"


class UnitLocks:
    """The units that a transaction writes to. Holding one makes every other writer of the unit wait for
    the commit: so numbers are given in commit order, and what is read under it stays true. Hold all
    units that are known from the start in one call: they are taken in ascending order, so that two
    transactions do not wait for each other."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last: dict[int, int] = {}
        self._advanced: set[int] = set()

    def hold(self, units: Iterable[int]) -> None:
        """Wait for these units."""
        for unit in sorted(set(units) - self._last.keys()):
            self._last[unit] = self._connection.rows(_sql.lock_unit, {"unit": unit})[0][0]

    def take(self, unit: int, count: int) -> int:
        """Take the next `count` numbers of a unit that is held; gives the last number before them."""
        before = self._last[unit]
        if count:
            self._last[unit] = before + count
            self._advanced.add(unit)
        return before

    def keep_positions(self) -> None:
        """Write down which numbers are taken. The last thing before the commit."""
        for unit in sorted(self._advanced):
            self._connection.run(_sql.advance_unit, {"unit": unit, "seq": self._last[unit]})


def facts_of(event: Event) -> Row:
    """The columns that its author stated, but for the unit (a household's move changes it) and body."""
    return (
        event.area,
        event.household,
        event.person,
        event.visit,
        event.kind,
        event.form,
        event.form_version,
        event.target,
        event.occurred_at,
        event.occurred_day,
        event.recorded_at,
        event.stamp,
        event.author,
        event.device,
    )


def values_of(event: Event) -> list[Row]:
    """Its observations from `household` on, with person and day filled in from the event."""
    household, person, day = event.household, event.person, event.occurred_day
    return [
        (
            household,
            person if one.person is None else one.person,
            one.concept,
            one.number,
            one.code,
            one.text,
            day if one.day is None else one.day,
        )
        for one in event.observations
    ]


def insert_events(connection: Connection, entries: Sequence[tuple[int, int, Event]], now: int) -> None:
    """Write events and their observations, each given as (unit, seq, event)."""
    connection.insert(
        "event",
        _EVENT,
        [(unit, event.id, *facts_of(event), _body(event), seq, now) for unit, seq, event in entries],
    )
    values = [
        (unit, event.id, ordinal, *value)
        for unit, _, event in entries
        for ordinal, value in enumerate(values_of(event))
    ]
    if values:
        connection.insert("observation", _OBSERVATION, values)


def _body(event: Event) -> str | None:
    return None if event.body is None else msgspec.json.encode(event.body).decode()


def feed(connection: Connection, rows: Sequence[Row]) -> None:
    """Tell phones: rows of (unit, area, lane, pos, event, leaver)."""
    if rows:
        connection.insert("feed", _FEED, rows)


def add_to_digests(connection: Connection, entries: Iterable[tuple[int, int, int, int]]) -> None:
    """Add events, given as (unit, household, area, id), to the count and digest of their homes; a
    household without a home gets one in that area."""
    sums: dict[tuple[int, int], tuple[int, int, int]] = {}
    for unit, household, area, id_ in entries:
        _, events, digest = sums.get((unit, household), (area, 0, 0))
        sums[unit, household] = (area, events + 1, (digest + mix(id_)) % DIGEST_MODULUS)
    rows = [
        (unit, household, area, None, n, digest)
        for (unit, household), (area, n, digest) in sorted(sums.items())
    ]
    connection.insert("home", _HOME, rows, _ADD_TO_HOME)


def move_in(connection: Connection, unit: int, household: int, area: int, ids: Sequence[int]) -> None:
    """Make an area of a unit the home of a household with these events."""
    digest = sum(map(mix, ids)) % DIGEST_MODULUS
    connection.insert("home", _HOME, [(unit, household, area, None, len(ids), digest)], _SETTLE_HOME)


def touch(connection: Connection, touched: Iterable[tuple[int, int, str, int]], now: int) -> None:
    """Mark households for refolding, given as (unit, household, kind, since_day). What waits already keeps
    the instant since when it does."""
    earliest: dict[tuple[int, int, str], int] = {}
    for unit, household, kind, since_day in touched:
        key = (unit, household, kind)
        if since_day < earliest.get(key, since_day + 1):
            earliest[key] = since_day
    connection.insert(
        "touched", _TOUCHED, [(*key, day, now) for key, day in sorted(earliest.items())], _TOUCH_EARLIER
    )
