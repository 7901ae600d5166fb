"""The longitudinal record: what a household, a member, a pregnancy, a child's growth is *now*.

Facts are folded into rows by the portable SQL of `contract/record` and of the pack's programmes, the same
text on this server's SQLite, on PostgreSQL and in the phone. The record is an opinion about the ledger:
`rebuild` throws it away and makes it again, row for row the same.

Reading order: schema (tables and steps of a pack), compose (a step's SELECT becomes statements), fold (the
runner), scope (the households that are folded), upkeep (a store's tables follow the pack), waiting (what is
not folded yet), rules (what signals and tasks have in common), rule_statements (what is run of one),
evaluating (when), histories (trying a rule), reference (growth standards, calendar), context (what forms may
know of the record).
"""

from hodi.record.compose import scope_clear, split_select, steps_for_phone
from hodi.record.context import context_of, members_of
from hodi.record.evaluating import (
    Runnable,
    ensure_rules_current,
    evaluate_due,
    evaluate_rules,
    evaluate_written,
    make_due,
)
from hodi.record.fold import Folded, Written, fold, rebuild, refold
from hodi.record.rule_statements import Result, statements_of
from hodi.record.rules import Described, RuleError, RuleFolder, RuleText, Words, rule_folders
from hodi.record.schema import RecordSchema, StepError, load_record_schema
from hodi.record.scope import EARLIEST_DAY, Household, ScopeTable
from hodi.record.tables import Table
from hodi.record.upkeep import ensure_current, touch_area
from hodi.record.waiting import Waiting, is_waiting, waiting

__all__ = [
    "EARLIEST_DAY",
    "Described",
    "Folded",
    "Household",
    "RecordSchema",
    "Result",
    "RuleError",
    "RuleFolder",
    "RuleText",
    "Runnable",
    "ScopeTable",
    "StepError",
    "Table",
    "Waiting",
    "Words",
    "Written",
    "context_of",
    "ensure_current",
    "ensure_rules_current",
    "evaluate_due",
    "evaluate_rules",
    "evaluate_written",
    "fold",
    "is_waiting",
    "load_record_schema",
    "make_due",
    "members_of",
    "rebuild",
    "refold",
    "rule_folders",
    "scope_clear",
    "split_select",
    "statements_of",
    "steps_for_phone",
    "touch_area",
    "waiting",
]
