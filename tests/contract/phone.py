"""The phone's code in a process of its own: SQLite in WebAssembly, the fold and rules as a pack brings
them (phone.ts does the other half)."""

from __future__ import annotations

import contextlib
import pathlib
import subprocess
from collections.abc import Iterator

import msgspec

from hodi import record
from hodi.config import ROOT
from hodi.content import load
from hodi.db.schema import contract_schema, statements
from hodi.domain import Event
from hodi.signals import load_rules
from hodi.tasks import load_tasks

_ENTRY = pathlib.Path(__file__).with_name("phone.mjs")


def pack(folder: pathlib.Path) -> dict[str, object]:
    """The part of a content pack that fold and rules need."""
    schema = record.load_record_schema(folder)
    added = [statement for name in schema.added for statement in schema.tables[name].created("sqlite")]
    return {
        "schema": [*statements(contract_schema("sqlite")), *added],
        "fold": record.steps_for_phone(schema),
        "context": [{"about": one.about, "sql": one.sql} for one in load(folder).context],
        "signals": [rule.for_phone() for rule in load_rules(folder)],
        "tasks": [rule.for_phone() for rule in load_tasks(folder)],
        "reference": {
            name: {"columns": reference.table.columns, "rows": reference.rows}
            for name, reference in schema.references.items()
        },
    }


class Phone:
    """A phone's database, in memory."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def open(self, folder: pathlib.Path) -> None:
        """Start anew with an empty database."""
        self._ask({"do": "open", "pack": pack(folder)})

    def append(self, events: list[Event]) -> None:
        """Write events into the ledger and touch their households."""
        self._ask({"do": "append", "events": [_as_wire(event) for event in events]})

    def fold(self, *, today: int, now: int) -> dict[str, object]:
        """Fold and evaluate what was touched; gives the households and how long it took (`ms`)."""
        found = self._ask({"do": "fold", "today": today, "now": now})
        assert isinstance(found, dict)
        return found

    def evaluate(self, households: list[tuple[int, int]], *, today: int, now: int) -> None:
        """Evaluate the rules for some households."""
        self._ask({"do": "evaluate", "households": households, "today": today, "now": now})

    def evaluate_all(self, *, today: int, now: int) -> float:
        """Evaluate the rules for all households; gives the milliseconds that took."""
        found = self._ask({"do": "evaluateAll", "today": today, "now": now})
        assert isinstance(found, dict)
        return float(found["ms"])

    def context(self, about: dict[str, int]) -> object:
        """What a form about a household or person may know."""
        return self._ask({"do": "context", "about": about})

    def members(self, about: dict[str, int]) -> object:
        """What a repeat over the members of a household may know of each."""
        return self._ask({"do": "members", "about": about})

    def evaluate_due(self, *, today: int, now: int) -> None:
        """Evaluate the rules whose time has come."""
        self._ask({"do": "evaluateDue", "today": today, "now": now})

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """The rows of a query."""
        found = self._ask({"do": "rows", "sql": sql})
        assert isinstance(found, list)
        return [tuple(row) for row in found]

    def _ask(self, step: dict[str, object]) -> object:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(msgspec.json.encode(step) + b"\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the phone's process ended"
        said = msgspec.json.decode(answer)
        assert "error" not in said, said["error"]
        return said["gives"]


def _as_wire(event: Event) -> dict[str, object]:
    built = msgspec.to_builtins(event)
    assert isinstance(built, dict)
    return {name: value for name, value in built.items() if value is not None}


@contextlib.contextmanager
def running_phone() -> Iterator[Phone]:
    """A phone's process for a while."""
    process = subprocess.Popen(
        ["node", str(_ENTRY)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=None
    )
    try:
        yield Phone(process)
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait(timeout=30)
