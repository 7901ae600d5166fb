"""The longitudinal record: what a household, a member, a pregnancy, a child's growth is *now*.

Facts are folded into rows by the portable SQL of `contract/record` and of the pack's programmes, the same
text on this server's SQLite, on PostgreSQL and in the phone. The record is an opinion about the ledger:
`rebuild` throws it away and makes it again, row for row the same.

Reading order: schema (tables and steps of a pack), compose (a step's SELECT becomes statements), fold (the
runner), scope (the households that are folded), upkeep (a store's tables follow the pack), waiting
(what is not folded yet), reference (growth standards, calendar).
"""

from hodi.record.compose import rule_ctes, scope_clear, steps_for_phone
from hodi.record.fold import Folded, FoldFailed, fold, rebuild
from hodi.record.schema import RecordSchema, StepError, load_record_schema
from hodi.record.scope import EARLIEST_DAY, Household, Scope, alone
from hodi.record.upkeep import ensure_current
from hodi.record.waiting import Waiting, waiting

__all__ = [
    "EARLIEST_DAY",
    "FoldFailed",
    "Folded",
    "Household",
    "RecordSchema",
    "Scope",
    "StepError",
    "Waiting",
    "alone",
    "ensure_current",
    "fold",
    "load_record_schema",
    "rebuild",
    "rule_ctes",
    "scope_clear",
    "steps_for_phone",
    "waiting",
]
