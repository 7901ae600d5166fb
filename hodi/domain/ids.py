"""Ids that each device makes by itself: device number × 2^32 + counter, at most 53 bits.

A device number is given once, at enrolment; the counter grows by one per id. JavaScript holds such
a number exactly, SQLite stores it in eight bytes or fewer.
"""

from __future__ import annotations

ID_COUNTER_MAX = 2**32 - 1
DEVICE_MAX = 2**21 - 1


def make_id(device: int, counter: int) -> int:
    """The id that `device` mints with `counter`. Raises ValueError outside the ranges."""
    if not 0 < device <= DEVICE_MAX or not 0 < counter <= ID_COUNTER_MAX:
        raise ValueError(f"no id for device {device}, counter {counter}")
    return device * 2**32 + counter


def device_of(id_: int) -> int:
    """The number of the device that minted an id."""
    return id_ >> 32


def mix(id_: int) -> int:
    """An id spread over 52 bits, so that the sum of many tells sets of ids apart (contract/sync.md).

    Two rounds of multiply and fold on the two 26-bit halves: exact in JavaScript's doubles too.
    """
    low, high = id_ % 2**26, id_ // 2**26 % 2**27
    low, high = (low * 48271 + high * 16807 + 11) % 67108859, (high * 69621 + low * 40692 + 7) % 67108859
    low, high = (low * 39373 + high * 30323 + 5) % 67108859, (high * 40014 + low * 45991 + 3) % 67108859
    return high * 2**26 + low


class IdMint:
    """Mints ids of one device in order. `counter` is the last one used."""

    def __init__(self, device: int, counter: int = 0) -> None:
        self.device = device
        self.counter = counter

    def next(self) -> int:
        """The next id."""
        self.counter += 1
        return make_id(self.device, self.counter)
