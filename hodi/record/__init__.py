"""The longitudinal record: what a household, a member, a pregnancy, a child's growth is *now*.

Facts are folded into rows by the portable SQL of `contract/record` and of the pack's programmes, the same
text on this server's SQLite, on PostgreSQL and in the phone. The record is an opinion about the ledger:
`rebuild` throws it away and makes it again, row for row the same.

Reading order: schema (tables and steps of a pack), compose (a step's SELECT becomes statements), fold (the
runner), scope (the households that are folded), upkeep (a store's tables follow the pack), reference
(growth standards, calendar).
"""

from hodi.record.compose import rule_ctes, scope_clear, steps_for_phone
from hodi.record.fold import Folded, fold, rebuild, refold
from hodi.record.schema import RecordSchema, StepError, load_record_schema
from hodi.record.scope import EARLIEST_DAY, Household, Scope
from hodi.record.upkeep import ensure_current

__all__ = [
    "EARLIEST_DAY",
    "Folded",
    "Household",
    "RecordSchema",
    "Scope",
    "StepError",
    "ensure_current",
    "fold",
    "load_record_schema",
    "rebuild",
    "refold",
    "rule_ctes",
    "scope_clear",
    "steps_for_phone",
]
