"""Leases: which process works on which unit. Several processes on one database work on different units at
the same time, and never two on one.

Work that ends in its own transaction (a fold) holds the units' rows of `unit_lease` locked until it commits:
nobody else can begin, and if the process dies, the database lets go of them at once. Work that spans
transactions (sending, which waits for a network) takes a lease with a holder and an end, renews it, and asks
for it again in the transaction in which it writes down what came of it: whoever was too slow, and has been
replaced, raises LeaseLost there and writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from hodi.db import Connection, load_queries

LEASE_MS = 60_000

_sql = load_queries(__file__)
_COLUMNS = ("unit", "work", "holder", "until")


class LeaseLost(Exception):
    """Another process has taken the unit over; nothing may be written for it here."""


def without_row(connection: Connection, work: str, units: Collection[int]) -> list[int]:
    """Units that nobody has ever worked on: `prepare` them first."""
    known = {row[0] for row in connection.rows(_sql.lease_rows, {"work": work, "units": _set(units)})}
    return sorted(set(units) - known)


def prepare(connection: Connection, work: str, units: Iterable[int]) -> None:
    """Give units their rows. In a transaction of its own: who comes at the same time waits for its end."""
    rows = [(unit, work, "", 0) for unit in sorted(set(units))]
    connection.insert("unit_lease", _COLUMNS, rows, "(unit, work) DO NOTHING")


def hold(connection: Connection, work: str, units: Collection[int], *, holder: str, now: int) -> set[int]:
    """Lock those of the units that are free, until this transaction ends. Does not wait for the others:
    another process is at them, in its transaction or with a lease."""
    given = {"work": work, "units": _set(units), "holder": holder, "now": now}
    query = _sql.hold_skip_locked if connection.engine == "postgres" else _sql.hold
    return {row[0] for row in connection.rows(query, given)}


def wait_for(connection: Connection, work: str, unit: int) -> None:
    """Lock a unit until this transaction ends, waiting for whoever is at it in a transaction: for what
    cannot come later (a rebuild from the command line)."""
    prepare(connection, work, [unit])
    if connection.engine == "postgres":
        connection.rows(_sql.wait_for, {"work": work, "unit": unit})


def take(connection: Connection, work: str, unit: int, *, holder: str, now: int) -> bool:
    """Take the lease of a unit for LEASE_MS from now; False if another process is at it."""
    if unit not in hold(connection, work, (unit,), holder=holder, now=now):
        return False
    given = {"work": work, "unit": unit, "holder": holder, "until": now + LEASE_MS}
    connection.run(_sql.write_lease, given)
    return True


def renew(connection: Connection, work: str, unit: int, *, holder: str, now: int) -> None:
    """Go on, and lock the lease until this transaction ends. Raises LeaseLost if it ran out and another
    process has, or had, taken it."""
    given = {"work": work, "unit": unit, "holder": holder, "until": now + LEASE_MS}
    if not connection.rows(_sql.renew, given):
        raise LeaseLost


def release(connection: Connection, work: str, unit: int, *, holder: str) -> None:
    """Let go of a lease, if it is still this process's."""
    connection.run(_sql.release, {"work": work, "unit": unit, "holder": holder})


def _set(units: Iterable[int]) -> str:
    return "{" + ",".join(f'"{unit}":0' for unit in units) + "}"
