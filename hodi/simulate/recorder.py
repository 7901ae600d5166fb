"""Writes events as a phone does: ids from one counter, stamps that never go back, and a
clock that is a little wrong."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from hodi.domain import Event, IdMint, Observation, Stamper, Zone, day_of
from hodi.simulate.answers import Answers

_MINUTE = 60_000


class Recorder:
    """Writes the events of one device. `free_at` is the true time (ms) at which the last was done."""

    def __init__(
        self,
        *,
        unit: int,
        area: int,
        account: int,
        device: int,
        zone: Zone,
        skew_ms: int = 0,
        counter: int = 0,
    ) -> None:
        self.unit = unit
        self.area = area
        self.free_at = 0
        self._account = account
        self._zone = zone
        self._skew_ms = skew_ms
        self._mint = IdMint(device, counter)
        self._stamper = Stamper()
        self._written: list[Event] = []

    def begin(self, at: int) -> None:
        """Be ready at a time."""
        self.free_at = at

    def number(self) -> int:
        """A new id, for a household or a member."""
        return self._mint.next()

    def witness(self, stamp: int) -> None:
        """Take note of another device's stamp."""
        self._stamper.witness(stamp)

    def write(
        self,
        kind: str,
        household: int,
        *,
        person: int | None = None,
        visit: int | None = None,
        form: str | None = None,
        form_version: int | None = None,
        target: int | None = None,
        says: Answers | None = None,
        observations: tuple[Observation, ...] = (),
        body: Mapping[str, object] | None = None,
        id_: int | None = None,
        occurred_at: int | None = None,
        minutes: float = 1.0,
    ) -> int:
        """Write an event that takes some minutes to say; gives its id. `occurred_at` (ms) is now unless
        it happened before."""
        began = self.free_at + self._skew_ms
        self.free_at += int(minutes * _MINUTE)
        happened = began if occurred_at is None else occurred_at
        recorded_at = self.free_at + self._skew_ms
        number = self._mint.next() if id_ is None else id_
        self._written.append(
            Event(
                unit=self.unit,
                id=number,
                area=self.area,
                household=household,
                person=person,
                visit=visit,
                kind=kind,
                form=form,
                form_version=form_version,
                target=target,
                occurred_at=happened,
                occurred_day=day_of(happened, self._zone),
                recorded_at=recorded_at,
                stamp=self._stamper.next(recorded_at),
                author=self._account,
                device=self._mint.device,
                body=dict(body) if body is not None else None,
                observations=tuple(says.observations) if says else observations,
            )
        )
        return number

    def amend(self, event: int, observations: tuple[Observation, ...], body: Mapping[str, object]) -> None:
        """Let an event that was just written have said something else."""
        for place in range(len(self._written) - 1, -1, -1):
            one = self._written[place]
            if one.id == event:
                self._written[place] = msgspec.structs.replace(
                    one, observations=observations, body=dict(body)
                )
                return

    def take(self) -> list[Event]:
        """What was written since the last time."""
        written, self._written = self._written, []
        return written
