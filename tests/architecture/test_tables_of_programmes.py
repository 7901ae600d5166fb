"""Server and phone read no table that a programme adds to the record: another country does not have it."""

from __future__ import annotations

import re

from hodi.config import ROOT
from hodi.record import load_record_schema

OF_EVERY_PACK = {"urgency"}
"""What the contract itself has stores and phones make from the pack."""
ROOMS = ("hodi", "phone/src", "contract/record")
OF_EARLIER_RELEASES = {"phone/src/forms/context.sql", "phone/src/db/older_pack.sql"}
"""What a phone needs whose pack is older than its app: that of the one country there was then."""


def tables() -> set[str]:
    """The tables of the programmes of every pack."""
    packs = [path.parent for path in (ROOT / "content").glob("*/pack.toml")]
    assert len(packs) > 1
    return {name for pack in packs for name in load_record_schema(pack).added} - OF_EVERY_PACK


def test_no_statement_of_the_core_reads_one() -> None:
    reads = re.compile(rf"\b(?:from|join|into|update)\s+({'|'.join(sorted(tables()))})\b", re.IGNORECASE)
    found = {
        path.relative_to(ROOT).as_posix(): sorted(set(reads.findall(path.read_text(encoding="utf-8"))))
        for room in ROOMS
        for path in (ROOT / room).rglob("*.sql")
    }
    assert len(found) > 40, "the statements are looked through"
    assert {path for path, names in found.items() if names} <= OF_EARLIER_RELEASES, found
    assert reads.search("SELECT 1 FROM pregnancy p") and not reads.search("SELECT 1 FROM person p")
