"""Where a reader came from, so that she is back there when she has answered: one of the board's lists."""

from __future__ import annotations

import re

_BOARD = re.compile(r"/board(/list/[a-z_]+)?(\?[a-z0-9=&_]*)?")


def came_from(asked: str) -> str:
    """The address that a page was asked to lead back to, if it is the board or one of its lists."""
    return asked if _BOARD.fullmatch(asked) else "/board"


def back_to(asked: str) -> str:
    """The same, at the place on the page where she was (pages.js remembers it)."""
    return f"{came_from(asked)}#here"
