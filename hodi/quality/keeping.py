"""The data-quality list of a unit: written by the background work, read by pages."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from hodi.content import FormModel
from hodi.db import Connection, load_queries, records
from hodi.quality.checking import Fault, check_answers

_sql = load_queries(__file__)


class ListedFault(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the data-quality list: what does not hold, in whose form (`worker`, in `area`) of which
    `day`. It says nothing of the answer itself."""

    unit: int
    event: int
    ordinal: int
    household: int | None
    form: str
    form_version: int | None
    question: str
    reason: str
    found_at: int
    area: int | None
    day: int
    worker: str | None


def check(
    connection: Connection, items: Sequence[tuple[int, int]], forms: Mapping[str, FormModel], *, now: int
) -> None:
    """Check the events of some (unit, seq) of the ledger and note what does not hold. May be done again."""
    for unit, group in itertools.groupby(sorted(items), key=lambda item: item[0]):
        seqs = [seq for _, seq in group]
        stretch = {"unit": unit, "first": seqs[0], "last": seqs[-1]}
        for event, household, form, version, day, body in connection.rows(_sql.answers, stretch):
            about = {
                "unit": unit,
                "event": event,
                "household": household,
                "form": form,
                "form_version": version,
                "found_at": now,
            }
            done = {
                (question, reason): at
                for question, reason, at in connection.rows(_sql.resolved, {"unit": unit, "event": event})
            }
            connection.run(_sql.forget, {"unit": unit, "event": event})
            found = check_answers(forms, form=form, version=version, body=_read(body), day=day)
            for ordinal, fault in enumerate(found):
                said = _said(fault)
                resolved = {"resolved_at": done.get((said["question"], said["reason"]))}
                connection.run(_sql.note, {**about, "ordinal": ordinal, **said, **resolved})


def faults_of(connection: Connection, unit: int, *, count: int = 200) -> list[ListedFault]:
    """At most `count` lines of a unit's data-quality list that nobody has dealt with, the latest events
    first."""
    return records(connection, ListedFault, _sql.faults, {"unit": unit, "count": count})


def resolve(connection: Connection, *, unit: int, event: int, ordinal: int, now: int) -> bool:
    """A supervisor has dealt with a fault: it leaves her list for good, also when the event is checked
    again. False if there is none that waits."""
    return bool(connection.rows(_sql.resolve, {"unit": unit, "event": event, "ordinal": ordinal, "now": now}))


def form_versions(forms: Mapping[str, FormModel]) -> str:
    """Changes whenever a form does: then everything is checked again."""
    return hashlib.sha256(msgspec.json.encode(forms, order="deterministic")).hexdigest()[:12]


def _read(body: str) -> Mapping[str, Any]:
    read = msgspec.json.decode(body)
    return read if isinstance(read, dict) else {}


def _said(fault: Fault) -> dict[str, str]:
    return {"question": fault.question[:200], "reason": fault.reason}
