"""Everything that happens by itself. `consumers` is the complete list.

Nobody waits here for anybody: what was appended stands in the ledger whether or not the fold works, and what
waits stands in tables, so a stopped process goes on where it was. Several processes on one database work on
different units at once.

Reading order: consumers (the list), consumer (what an entry is, and one batch of it), sources (what entries
read), leases (who is at a unit), poison (what was set aside), deliver (the outbox), background (keeps them
going), changes (tells pages).
"""

from hodi.background.background import Background, run_now
from hodi.background.consumers import CONSUMERS, FOLD, INDICATORS, prepare

__all__ = ["CONSUMERS", "FOLD", "INDICATORS", "Background", "prepare", "run_now"]
