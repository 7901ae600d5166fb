"""Looking for referrals at a desk: counted and logged, so that nobody tries codes until one is right, and the
claim of a nurse to whom a person brought the slip of another facility."""

from __future__ import annotations

from hodi.access.accounts import Account
from hodi.access.log import log_read
from hodi.db import Connection, load_queries
from hodi.errors import TOO_MANY_SEARCHES, HodiError

_sql = load_queries(__file__)
_HOUR_MS = 3_600_000
SEARCHES_MAX, MISSES_MAX = 120, 20
"""In an hour by one account: searches, and of them those that found nothing."""
FACILITY_SEARCHES_MAX, FACILITY_MISSES_MAX = 360, 60
"""The same by all who work at one facility."""
_FOUND, _MISSED = "desk", "desk: nothing"


def require_searches_left(c: Connection, account: Account, *, now: int) -> None:
    """The account and its facility may look for somebody. Raises TOO_MANY_SEARCHES."""
    given = {"account": account.account, "since": now - _HOUR_MS, "missed": _MISSED}
    [own] = c.rows(_sql.searches_of_account, given)
    [shared] = c.rows(_sql.searches_of_colleagues, given)
    limits = ((own, SEARCHES_MAX, MISSES_MAX), (shared, FACILITY_SEARCHES_MAX, FACILITY_MISSES_MAX))
    if any(counted[0] >= searches or counted[1] >= misses for counted, searches, misses in limits):
        raise HodiError(TOO_MANY_SEARCHES)


def log_search(c: Connection, account: Account, *, found: bool, now: int) -> None:
    """Note a search, and whether it found anything; never what was typed."""
    log_read(c, account, "search", now=now, detail=_FOUND if found else _MISSED)


def claim_referral(c: Connection, account: Account, *, unit: int, referral: int, now: int) -> None:
    """The person stands before this nurse with the slip: from now on she may open the referral."""
    c.run(_sql.claim, {"unit": unit, "referral": referral, "account": account.account, "at": now})


def has_claimed(c: Connection, account: Account, *, unit: int, referral: int) -> bool:
    """Whether this nurse has claimed the referral."""
    given = {"unit": unit, "referral": referral, "account": account.account}
    return bool(c.rows(_sql.claimed, given))
