"""Days, months and stamps. A day is a whole number since 1970-01-01 in local time; an instant is
milliseconds since 1970 UTC; a stamp orders facts (a hybrid logical clock in 53 bits)."""

from __future__ import annotations

import datetime

DAY_MS = 86_400_000
_STAMP_EPOCH_MS = 1_577_836_800_000  # 2020-01-01 UTC: 41 bits of milliseconds last until 2089
_STAMP_TICKS = 4096
_EPOCH = datetime.date(1970, 1, 1)


def day_of(at_ms: int, utc_offset_min: int = 180) -> int:
    """The local day of an instant. Kenya keeps UTC+3 all year, which is the default."""
    return (at_ms + utc_offset_min * 60_000) // DAY_MS


def day_start(day: int, utc_offset_min: int = 180) -> int:
    """The instant (ms) at which a local day begins."""
    return day * DAY_MS - utc_offset_min * 60_000


def date_of(day: int) -> datetime.date:
    """The calendar date of a day."""
    return _EPOCH + datetime.timedelta(days=day)


def day_of_date(date: datetime.date) -> int:
    """The day of a calendar date."""
    return (date - _EPOCH).days


def month_of(day: int) -> int:
    """Year × 100 + month of a day."""
    date = date_of(day)
    return date.year * 100 + date.month


def stamp_ms(stamp: int) -> int:
    """The instant a stamp was taken at, in milliseconds."""
    return stamp // _STAMP_TICKS + _STAMP_EPOCH_MS


class Stamper:
    """A hybrid logical clock: stamps never go back, and are later than every stamp witnessed.

    A stamp is (milliseconds since 2020) × 4096 + tick.
    """

    def __init__(self, last: int = 0) -> None:
        self.last = last

    def next(self, now_ms: int) -> int:
        """A stamp for a fact stated at `now_ms`."""
        self.last = max(self.last + 1, (now_ms - _STAMP_EPOCH_MS) * _STAMP_TICKS)
        return self.last

    def witness(self, stamp: int) -> None:
        """Take note of a stamp from elsewhere."""
        self.last = max(self.last, stamp)
