"""Which errors of a store may pass by themselves: a lost connection, a lock, a full disk. Everything
else comes from what was asked, and would come again."""

from __future__ import annotations

import apsw
import psycopg

_PASSING = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    apsw.BusyError,
    apsw.LockedError,
    apsw.FullError,
    apsw.IOError,
    apsw.CantOpenError,
    apsw.NoMemError,
    apsw.InterruptError,
)


def may_pass(error: BaseException) -> bool:
    """Whether trying again later can help."""
    return isinstance(error, _PASSING)
