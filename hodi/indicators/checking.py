"""Whether the indicators of a pack can be used: every wording is there, and every statement can be run."""

from __future__ import annotations

from hodi.content import Pack
from hodi.db import Connection, open_store
from hodi.indicators.composing import rows, sums
from hodi.indicators.indicator import load_indicators, wording_faults
from hodi.indicators.limits import load_limits
from hodi.record import ScopeTable, ensure_current, load_record_schema


def faults(pack: Pack) -> list[str]:
    """Everything that is wrong with the indicators of a pack: wordings that are missing, columns that are not
    there. Raises RuleError for a folder that cannot be read."""
    load_limits(pack.folder)
    indicators = load_indicators(pack.folder)
    store = open_store("sqlite://")

    def tried(c: Connection) -> list[str]:
        ensure_current(c, load_record_schema(pack.folder))
        ScopeTable(c).set([])
        given = {"unit": 0, "today": 0, "now": 0, "from_day": 0, "to_day": 0}
        found = []
        for one in indicators:
            try:
                for statement in (sums(one.sql(), "sqlite"), rows(one.sql(), "sqlite")):
                    c.rows(statement, given)
            except Exception as error:  # whatever SQLite says of it
                found.append(f"{one.code}: indicator.sql cannot be run: {error}")
        return found

    try:
        return [*wording_faults(pack, indicators), *store.write_now(tried)]
    finally:
        store.close()
