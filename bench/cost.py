"""What work costs: processor seconds of a process and everything below it, as the kernel counts them.
On a machine with other work these say more than a clock on the wall."""

from __future__ import annotations

import contextlib
import os
import pathlib

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(*roots: int) -> float:
    """User and system seconds used so far by these processes, their descendants, and those that ended."""
    total = 0
    for process in _tree(roots):
        with contextlib.suppress(OSError):
            fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            total += sum(int(field) for field in fields[11:15])
    return total / _TICKS


def resident_mb(root: int) -> float:
    """Resident memory of one process, in MB."""
    for line in pathlib.Path(f"/proc/{root}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1000
    return 0.0


def _tree(roots: tuple[int, ...]) -> list[int]:
    found = list(roots)
    for process in found:
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{process}/task"):
                children = pathlib.Path(f"/proc/{process}/task/{task}/children").read_text()
                found.extend(int(child) for child in children.split())
    return found
