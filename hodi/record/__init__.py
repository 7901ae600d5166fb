"""The longitudinal record: what a household, a member, a pregnancy, a child's growth is *now*.

Facts are folded into rows by the portable SQL of `contract/record`, the same text on this server's
SQLite, on PostgreSQL and in the phone. The record is an opinion about the ledger: `rebuild` throws it
away and makes it again, row for row the same.

Reading order: compose (a step's SELECT becomes statements), fold (the runner), scope (the households
in hand), reference (growth standards, calendar, schedule).
"""

from hodi.record.compose import columns_of, load_steps, pack_steps, rule_ctes, scope_clear
from hodi.record.fold import Folded, FoldFailed, ensure_current, fold, rebuild
from hodi.record.reference import COLUMNS, ensure_reference, reference_rows
from hodi.record.scope import EARLIEST_DAY, Household, Scope, alone

__all__ = [
    "COLUMNS",
    "EARLIEST_DAY",
    "FoldFailed",
    "Folded",
    "Household",
    "Scope",
    "alone",
    "columns_of",
    "ensure_current",
    "ensure_reference",
    "fold",
    "load_steps",
    "pack_steps",
    "rebuild",
    "reference_rows",
    "rule_ctes",
    "scope_clear",
]
