"""How the command line speaks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence

from rich import progress
from rich.console import Console
from rich.table import Table

_CONSOLE = Console(highlight=False, soft_wrap=True)

Progress = Callable[[str, int, int], None]


class Stop(Exception):
    """A command cannot go on; the message says why and what to do."""


def say(text: str = "") -> None:
    """A line on the screen."""
    _CONSOLE.print(text, markup=False)


def show(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table on the screen."""
    table = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    _CONSOLE.print(table)


@contextlib.contextmanager
def progress_bars() -> Iterator[Progress]:
    """Gives a function that takes what is being done, how much is done, and how much there is; it
    keeps a bar for each kind of work. Without a terminal there is a line for each when it is finished."""
    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
    )
    with progress.Progress(*columns, console=_CONSOLE) as bars:
        known: dict[str, progress.TaskID] = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in known:
                known[what] = bars.add_task(what, total=total)
            bars.update(known[what], completed=done, total=total)

        yield report
