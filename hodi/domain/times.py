"""Days, months and stamps. A day is a whole number since 1970-01-01 in local time; an instant is
milliseconds since 1970 UTC; a stamp orders facts (a hybrid logical clock in 53 bits)."""

from __future__ import annotations

import bisect
import datetime
import functools
import zoneinfo

import msgspec

DAY_MS = 86_400_000
_STAMP_EPOCH_MS = 1_577_836_800_000  # 2020-01-01 UTC: 41 bits of milliseconds last until 2089
_STAMP_TICKS = 4096
_EPOCH = datetime.date(1970, 1, 1)


class OffsetChange(msgspec.Struct, frozen=True):
    """From the instant `at` (ms) on, local time is `utc_offset_min` minutes ahead of UTC."""

    at: int
    utc_offset_min: int


class Zone(msgspec.Struct, frozen=True):
    """A time zone as phone and server both read it: the offset before the first change, and the changes in
    their order. The server makes it once from the IANA database and hands it to phones in the pack, so that
    a phone whose system knows older rules still gives an instant the same day."""

    utc_offset_min: int
    changes: tuple[OffsetChange, ...] = ()

    def offset_min(self, at_ms: int) -> int:
        """Minutes that local time is ahead of UTC at an instant."""
        if not self.changes:
            return self.utc_offset_min
        before = bisect.bisect_right(self.changes, at_ms, key=lambda change: change.at)
        return self.changes[before - 1].utc_offset_min if before else self.utc_offset_min


_ZONE_FROM, _ZONE_UNTIL = 2000, 2080  # years; outside them the nearest offset holds


@functools.cache
def zone_of(name: str) -> Zone:
    """The zone with an IANA name. Raises ValueError for a name that is not known."""
    try:
        known = zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name} is no time zone of the IANA database") from error

    def offset(at_ms: int) -> int:
        ahead = datetime.datetime.fromtimestamp(at_ms // 1000, known).utcoffset()
        return int((ahead or datetime.timedelta()).total_seconds()) // 60

    at, until = (day_of_date(datetime.date(year, 1, 1)) * DAY_MS for year in (_ZONE_FROM, _ZONE_UNTIL))
    first = last = offset(at)
    changes = []
    while at < until:
        if offset(at + DAY_MS) != last:
            low, high = at, at + DAY_MS  # the offset changes after `low`, at `high` at the latest
            while high - low > 1000:
                middle = (low + high) // 2000 * 1000
                low, high = (middle, high) if offset(middle) == last else (low, middle)
            last = offset(high)
            changes.append(OffsetChange(at=high, utc_offset_min=last))
        at += DAY_MS
    return Zone(first, tuple(changes))


def day_of(at_ms: int, zone: Zone) -> int:
    """The local day of an instant."""
    return (at_ms + zone.offset_min(at_ms) * 60_000) // DAY_MS


def day_start(day: int, zone: Zone) -> int:
    """The first instant (ms) of a local day; where clocks go forward at midnight, the instant of that."""
    noon = day * DAY_MS + DAY_MS // 2
    offsets = {zone.offset_min(noon - DAY_MS), zone.offset_min(noon), zone.offset_min(noon + DAY_MS)}
    begins = sorted(day * DAY_MS - offset * 60_000 for offset in offsets)
    return next((at for at in begins if day_of(at, zone) >= day), begins[-1])


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
