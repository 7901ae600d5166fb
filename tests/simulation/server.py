"""The real server for the simulation: worlds, one after another, driven by lines of JSON on standard input.

Each command is one line `{"do": …}`, each answer one line; the one argument names the country pack. The clock
is the caller's: `now` comes with every command. A world is a copy of a template store in memory, so that
thousands of them cost little.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import hodi.sync.response
from hodi.access import device_by_token, enrol, phone_scope, set_posts
from hodi.access.accounts import account_by_number
from hodi.background.consumer import rules_of
from hodi.config import ROOT
from hodi.content import load
from hodi.db import Connection
from hodi.db.schema import bring_up_to_date
from hodi.db.sqlite import SqliteConnection
from hodi.domain import Observation, day_of
from hodi.errors import HodiError
from hodi.events import Draft, confirm_clock, load_rules, state
from hodi.record import (
    ensure_current,
    evaluate_due,
    evaluate_written,
    load_record_schema,
    make_due,
    rebuild,
    refold,
)
from hodi.sync import build_pack, build_snapshot, note_restored, pull, push, read_request
from hodi.sync.token import call_resync
from tests.cast import seat
from tests.contract.rules import evaluate

PACK = ROOT / "content" / sys.argv[1]
RULES = load_rules(PACK)
SCHEMA = load_record_schema(PACK)
ALL_RULES = rules_of(PACK)
REACH = load(PACK).places.reach
BEGINNING_MS = 1_780_000_000_000
HOUSEHOLDS_MAX = 1_000

T = TypeVar("T")
Command = dict[str, Any]


class World:
    """One store, and the template that each new world starts from."""

    def __init__(self) -> None:
        self.connection = SqliteConnection(":memory:")
        self.write(lambda c: bring_up_to_date(c, False))
        self.write(lambda c: ensure_current(c, SCHEMA))
        self.write(lambda c: seat(c, BEGINNING_MS))
        self.write(_take_levels)
        self._template = self._copy = self.connection.raw.serialize("main")
        self._latest = 0

    def begin(self) -> None:
        """A new world."""
        self.connection.raw.deserialize("main", self._template)
        self._latest = 0

    def back_up(self) -> None:
        """Keep a copy of the store."""
        self._copy = self.connection.raw.serialize("main")

    def bring_back(self, *, silently: bool) -> None:
        """Go on from the copy, as an administrator's restore does; or silently, as it must not."""
        self.connection.raw.deserialize("main", self._copy)
        if not silently:
            self.write(note_restored)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction."""
        self.connection.raw.execute("BEGIN IMMEDIATE")
        try:
            result = work(self.connection)
        except BaseException:
            self.connection.raw.execute("ROLLBACK")
            raise
        self.connection.raw.execute("COMMIT")
        return result

    def turn(self, now: int) -> None:
        """What the background work does: fold what is touched, and evaluate it."""
        if now < self._latest:  # the clock ran ahead, and was put right
            units = [row[0] for row in self.connection.rows("SELECT DISTINCT unit FROM home")]
            self.write(lambda c: [make_due(c, ALL_RULES, unit) for unit in units])
        self._latest = now
        today = day_of(now, RULES.zone)
        while True:
            folded = self.write(lambda c: _turn(c, today, now))
            if not folded:
                return


def _turn(connection: Connection, today: int, now: int) -> bool:
    waiting = connection.rows(
        "SELECT DISTINCT unit, household FROM touched LIMIT :most", {"most": HOUSEHOLDS_MAX}
    )
    written = refold(connection, SCHEMA, waiting)
    evaluate_written(connection, ALL_RULES, written, today=today, now=now)
    return len(waiting) == HOUSEHOLDS_MAX


def evaluate_households(connection: Connection, households: Iterable[tuple[int, int]], now: int) -> None:
    """Evaluate every rule for some households."""
    evaluate(connection, households, today=day_of(now, RULES.zone), now=now, pack=PACK)


def _take_levels(connection: Connection) -> None:
    """The cast's places at the levels of the pack: those above the unit by their order, the rest left out."""
    above = [level.kind for level in load(PACK).places.levels if level.kind not in ("unit", "area")]
    (ward,), *_ = connection.rows("SELECT place FROM place WHERE kind = 'ward'")
    if len(above) == 2:
        connection.run("UPDATE place SET parent = 2 WHERE parent = :ward", {"ward": ward})
        connection.run("DELETE FROM place WHERE place = :ward", {"ward": ward})
    for cast, kind in zip(("county", "sub_county", "ward"), above, strict=False):
        connection.run("UPDATE place SET kind = :kind WHERE kind = :cast", {"kind": kind, "cast": cast})


WORLD = World()


def begin(command: Command) -> object:
    """A new world; `page_max` makes answers break into small pages."""
    WORLD.begin()
    hodi.sync.response.PAGE_ENTRIES_MAX = command["page_max"]
    hodi.sync.response.RESPONSE_LINES_MAX = command["answer_max"]
    return {}


def pack(_: Command) -> object:
    """The pack as phones get it, without forms and wording, which no ledger needs."""
    whole = json.loads(build_pack(load(PACK)).content)
    return {**whole, "forms": [], "words": {}, "errors": {}}


def enrol_phone(command: Command) -> object:
    """A device for an account."""
    now = command["now"]

    def work(connection: Connection) -> object:
        account = account_by_number(connection, command["account"])
        given = enrol(connection, account, app="simulation", now=now)
        scope = phone_scope(connection, given.device, reach=REACH)
        return {
            "device": given.device.device,
            "token": given.token,
            "account": account.account,
            "name": account.name,
            "role": account.role,
            "unit": given.device.unit,
            "area": given.device.area,
            "scope": json.loads(hodi.sync.lines.line("scope", scope))["scope"],
            "now": now,
        }

    return WORLD.write(work)


def renew_phone(command: Command) -> object:
    """A new number for a device that is enrolled."""
    device = device_by_token(WORLD.connection, command["bearer"])
    return enrol_phone({"account": device.account, "now": command["now"]})


def sync(command: Command) -> object:
    """One request, to the last line of its answer."""
    now = command["now"]
    body = "\n".join(command["lines"]).encode()
    device = device_by_token(WORLD.connection, command["bearer"])
    request = read_request(body, gzipped=False)
    receipts = WORLD.write(lambda c: push(c, device, request, now=now, rules=RULES))
    answer = b"".join(pull(WORLD.connection, device, request, receipts, now=now, reach=REACH))
    return {"lines": answer.decode().splitlines()}


def snapshot(command: Command) -> object:
    """The snapshot for a device."""
    device = device_by_token(WORLD.connection, command["bearer"])
    built = WORLD.write(lambda c: build_snapshot(c, device))
    return {"file": base64.b64encode(built.content).decode(), "token": built.token, "unit": built.unit}


def stated(command: Command) -> object:
    """What somebody at the server states."""
    drafts = [
        Draft(**{**one, "observations": tuple(Observation(**said) for said in one["observations"])})
        for one in command["drafts"]
    ]
    receipts = WORLD.write(
        lambda c: state(c, author=command["author"], drafts=drafts, now=command["now"], rules=RULES)
    )
    return {"receipts": [list(json.loads(json.dumps(_receipt(one)))) for one in receipts]}


def _receipt(receipt: Any) -> list[object]:
    return [receipt.id, receipt.verdict, receipt.seq, receipt.code, receipt.detail]


def post(command: Command) -> object:
    """Send a worker to another area."""
    WORLD.write(lambda c: set_posts(c, command["account"], [command["area"]]))
    return {}


def resync(_: Command) -> object:
    """Call for a re-sync of everybody."""
    WORLD.write(call_resync)
    return {}


def back_up(_: Command) -> object:
    """Keep a copy of the store."""
    WORLD.back_up()
    return {}


def bring_back(command: Command) -> object:
    """Lose everything since the copy."""
    WORLD.bring_back(silently=command["silently"])
    return {}


def clock(command: Command) -> object:
    """An administrator says that the server's clock is right."""
    WORLD.write(lambda c: confirm_clock(c, now=command["now"]))
    return {}


def turn(command: Command) -> object:
    """Let the background work run."""
    WORLD.turn(command["now"])
    return {}


def look(_: Command) -> object:
    """What there is to act upon at the server."""
    rows = WORLD.connection.rows
    return {
        "homes": rows(
            "SELECT unit, household, area FROM home WHERE moved_unit IS NULL ORDER BY unit, household"
        ),
        "referrals": rows(
            "SELECT e.unit, e.household, e.person, e.id FROM event e "
            "JOIN home h ON h.unit = e.unit AND h.household = e.household AND h.moved_unit IS NULL "
            "WHERE e.kind = 'referral.made' ORDER BY e.unit, e.id"
        ),
        "assessments": rows(
            "SELECT e.unit, e.household, e.person, e.id FROM event e "
            "JOIN home h ON h.unit = e.unit AND h.household = e.household AND h.moved_unit IS NULL "
            "WHERE e.kind = 'assessment.recorded' ORDER BY e.unit, e.id"
        ),
    }


LEDGER = (
    "unit, id, area, household, person, visit, kind, form, form_version, target, occurred_at, occurred_day, "
    "recorded_at, stamp, author, device, seq"
)


def ledger(_: Command) -> object:
    """The whole ledger with its order, and where households are."""
    rows = WORLD.connection.rows
    return {
        "events": rows(f"SELECT {LEDGER} FROM event ORDER BY unit, id"),
        "observations": rows(
            "SELECT unit, event, ordinal, household, person, concept, number, code, text, day "
            "FROM observation ORDER BY unit, event, ordinal"
        ),
        "homes": rows(
            "SELECT unit, household, area, events, digest FROM home WHERE moved_unit IS NULL "
            "ORDER BY unit, household"
        ),
        "cursors": rows("SELECT unit, seq FROM unit_cursor ORDER BY unit"),
        "given": rows("SELECT unit, seq FROM event UNION SELECT unit, pos FROM feed ORDER BY unit, seq"),
        "quarantine": rows(
            "SELECT q.event, q.code, k.content FROM quarantine q JOIN quarantine_content k ON k.id = q.id "
            "ORDER BY q.id"
        ),
        "touched": rows("SELECT COUNT(*) FROM touched")[0][0],
    }


RECORD = sorted({step.writes for step in SCHEMA.steps} | {"signal", "task"})


def record(command: Command) -> object:
    """The record as it was kept up, and as a rebuild makes it."""
    now = command["now"]
    WORLD.turn(now)
    evaluate_all_due(now)
    kept = dump()

    def anew(connection: Connection) -> None:
        done = rebuild(connection, SCHEMA).households
        connection.run("DELETE FROM signal")
        evaluate_households(connection, done, now)

    WORLD.write(anew)
    return {"kept": kept, "rebuilt": dump()}


def evaluate_all_due(now: int) -> None:
    """Evaluate the rules whose time has come, as the background work does."""
    households = WORLD.connection.rows("SELECT unit, household FROM home ORDER BY unit, household")
    WORLD.write(lambda c: evaluate_due(c, ALL_RULES, households, today=day_of(now, RULES.zone), now=now))


def dump() -> dict[str, list[tuple[object, ...]]]:
    """All rows of the record."""
    return {table: WORLD.connection.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4, 5") for table in RECORD}


COMMANDS: dict[str, Callable[[Command], object]] = {
    "begin": begin,
    "pack": pack,
    "enrol": enrol_phone,
    "renew": renew_phone,
    "sync": sync,
    "snapshot": snapshot,
    "state": stated,
    "post": post,
    "resync": resync,
    "back_up": back_up,
    "bring_back": bring_back,
    "turn": turn,
    "clock": clock,
    "look": look,
    "ledger": ledger,
    "record": record,
}


def main() -> None:
    """Answer commands until the input ends."""
    out = sys.stdout
    for text in sys.stdin:
        command = json.loads(text)
        try:
            answer = COMMANDS[command["do"]](command)
        except HodiError as error:
            answer = {
                "problem": {"code": error.problem.code, "detail": error.detail, "now": command.get("now")}
            }
        out.write(json.dumps(answer) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
