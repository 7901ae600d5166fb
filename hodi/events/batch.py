"""A batch on its way through `append`: which events are still open, and the verdict on each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from hodi.domain import Event, Receipt
from hodi.errors import Problem
from hodi.events.arrival import Arrival, Fault


class Entry(msgspec.Struct, kw_only=True):
    """An event that is well formed. `place` is its position in the batch; `unit` the ledger it goes
    to, `area` the one whose phones hear of it, `seq` its number."""

    place: int
    event: Event
    unit: int
    area: int | None = None
    seq: int = 0


class Batch:
    """What was handed in, split into open, accepted, known and refused."""

    def __init__(self, arrivals: Sequence[Arrival]) -> None:
        self.arrivals = arrivals
        self.open: list[Entry] = []
        self.accepted: list[Entry] = []
        self.refused: dict[int, tuple[Problem, str | None]] = {}
        self._again: dict[int, int] = {}
        self._receipts: list[Receipt | None] = [None] * len(arrivals)
        for place, arrival in enumerate(arrivals):
            if arrival.problem is not None:
                self._refuse(place, arrival.problem, arrival.detail)
            elif arrival.event is not None:
                self.open.append(Entry(place=place, event=arrival.event, unit=arrival.event.unit))

    def refuse(self, faults: Mapping[int, Fault]) -> None:
        """Refuse open events, by place."""
        if faults:
            for place, (problem, detail) in faults.items():
                self._refuse(place, problem, detail)
            self.open = [entry for entry in self.open if entry.place not in faults]

    def know(self, seqs: Mapping[int, int]) -> None:
        """These open events, by place, stand in the ledger already, under these numbers."""
        if seqs:
            for place, seq in seqs.items():
                self._receipts[place] = Receipt(self.arrivals[place].id, "known", seq)
            self.open = [entry for entry in self.open if entry.place not in seqs]

    def mark_repeated(self, again: Mapping[int, int]) -> None:
        """These open events, by place, are handed in a second time: they share the fate of the first."""
        if again:
            self._again = dict(again)
            self.open = [entry for entry in self.open if entry.place not in again]

    def accept(self) -> None:
        """All that is open stands in the ledger now."""
        for entry in self.open:
            self._receipts[entry.place] = Receipt(entry.event.id, "accepted", entry.seq)
        self.accepted, self.open = self.open, []

    def receipts(self) -> list[Receipt]:
        """One receipt per event, in the order handed in."""
        for place, before in self._again.items():
            first = self._receipts[before]
            if first is not None:
                self._receipts[place] = (
                    first if first.verdict == "refused" else Receipt(first.id, "known", first.seq)
                )
        return [receipt for receipt in self._receipts if receipt is not None]

    def taken(self) -> set[int]:
        """Ids that stand in the ledger, by this batch or before it."""
        return {receipt.id for receipt in self.receipts() if receipt.verdict != "refused"}

    def _refuse(self, place: int, problem: Problem, detail: str | None) -> None:
        self.refused[place] = (problem, detail)
        self._receipts[place] = Receipt(self.arrivals[place].id, "refused", None, problem.code, detail)
