"""The streams of many areas as one, in order of arrival."""

from __future__ import annotations

import heapq
import pathlib
from collections.abc import Iterator, Sequence

from hodi.config import DEFAULT_PACK
from hodi.simulate.area import area_batches
from hodi.simulate.batch import Batch
from hodi.simulate.plan import Span, UnitPlan


def batches(
    units: Sequence[UnitPlan], span: Span, seed: int, pack: pathlib.Path = DEFAULT_PACK
) -> Iterator[Batch]:
    """What all devices of all units hand in, in order of arrival. The same for the same arguments."""
    streams = [area_batches(unit, area, span, seed, pack) for unit in units for area in unit.areas]
    return heapq.merge(*streams, key=order)


def order(batch: Batch) -> tuple[int, int]:
    """What batches are sorted by."""
    return batch.received_at, batch.device
