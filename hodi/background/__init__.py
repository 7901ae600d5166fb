"""Everything that happens by itself. `consumers` is the complete list; `background` keeps it going.

Nobody waits here for anybody: what was appended stands in the ledger whether or not the fold works,
and the queue between them is a table, so a stopped process goes on where it was.
"""

from hodi.background.background import Background

__all__ = ["Background"]
