"""The plan of the house holds: who may import whom, who may write which table, what every table means."""

from __future__ import annotations

import itertools
import pathlib
import re
import runpy
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
WRITES = re.compile(r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+([a-z_]+)", re.IGNORECASE)
INSERTS = re.compile(r"\.insert\(\s*['\"]([a-z_]+)['\"]")

# Tables with the room that writes them; every table of both schemas must stand here.
WRITERS = {
    "event": "events",
    "observation": "events",
    "touched": "events",
    "unit_cursor": "events",
    "home": "events",
    "feed": "events",
    "quarantine": "events",
    "quarantine_content": "events",
    "device_usage": "events",
    "own_writer": "events",
    "amendment": "record",
    "household": "record",
    "person": "record",
    "departure": "record",
    "visit": "record",
    "visit_month": "record",
    "finding": "record",
    "referral": "record",
    "signal_answer": "record",
    "calendar_month": "record",
    "signal": "signals",
    "task_dismissal": "record",
    "task": "tasks",
    "rule_due": "record",
    "indicator_value": "indicators",
    "indicator_due": "indicators",
    "place": "access",
    "place_fact": "access",
    "account": "access",
    "post": "access",
    "device": "access",
    "session": "access",
    "login_attempt": "access",
    "access_log": "access",
    "referral_claim": "access",
    "setting": "db",
    "unit_lease": "background",
    "consumer_position": "background",
    "poisoned_item": "background",
    "outbox": "exchange",
    "answer_fault": "quality",
}
# A queue is written at one end and emptied at the other; settings belong to whoever names them.
SHARED = {
    "touched": {"events", "record"},
    "setting": {"db", "access", "events", "sync", "simulate", "record", "signals", "indicators"},
}


SCHEMAS = [ROOT / "contract/schema.sql", ROOT / "hodi/db/schema.sql"]
ADDED = sorted([ROOT / "contract/record/00_urgency.sql", *ROOT.glob("content/*/programmes/*/record/*.sql")])


def tables_of(paths: list[pathlib.Path]) -> dict[str, str]:
    """Every table of some files with its text."""
    text = "\n".join(path.read_text() for path in paths)
    return dict(re.findall(r"CREATE TABLE (\w+) \((.*?)\n\)", text, re.DOTALL))


def test_a_room_imports_only_from_its_left() -> None:
    linter = pathlib.Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_table_has_one_writer() -> None:
    tables = tables_of(SCHEMAS)
    assert set(tables) == set(WRITERS)
    writers = WRITERS | dict.fromkeys(tables_of(ADDED), "record")
    for path in sorted((ROOT / "hodi").rglob("*")):
        if path.suffix not in {".sql", ".py"} or "migrations" in path.parts or path.name == "schema.sql":
            continue
        room = path.relative_to(ROOT / "hodi").parts[0]
        text = path.read_text()
        for table in set(WRITES.findall(text)) | set(INSERTS.findall(text)):
            if table in writers:
                allowed = SHARED.get(table, {writers[table]})
                assert room in allowed, (
                    f"{path.relative_to(ROOT)} writes {table}, which is {writers[table]}'s"
                )


def test_every_column_is_explained() -> None:
    for name, body in tables_of([*SCHEMAS, *ADDED]).items():
        for line in body.splitlines():
            if line.strip() and not line.strip().startswith(("PRIMARY KEY", "--")):
                assert re.search(r"--\s+\S", line), f"{name}: a column without a word: {line.strip()}"


def test_every_table_is_explained() -> None:
    for path in [*SCHEMAS, *ADDED]:
        lines = path.read_text().splitlines()
        for before, line in itertools.pairwise(lines):
            if line.startswith("CREATE TABLE"):
                assert before.startswith("-- "), f"{path}: {line} has no word above it"


def test_the_page_of_stored_data_is_current() -> None:
    script = runpy.run_path(str(ROOT / "docs" / "data.py"))
    assert (ROOT / "docs" / "data.md").read_text() == script["page"](), "run: python docs/data.py"
