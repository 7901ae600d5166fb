"""A slow phone on a fast machine: every thread of a process tree held to a share of a core.

Chrome's own CPU throttle reaches a page's main thread and nothing else, while Hodi's database works in
a worker. So each *thread* gets a control group of its own with the same small quota, 1 ms of every 6 ms
for a factor of six: threads still run beside each other, as on a phone with several slow cores, and no
burst longer than a millisecond runs at full speed. `calibrate` (bench/phone.py) measures what came of
it in a page and in a worker.

Needs a writable cpu controller: version 1 at /sys/fs/cgroup/cpu, threads one by one in `tasks`.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import threading
import time
from types import TracebackType

_CONTROLLER = pathlib.Path("/sys/fs/cgroup/cpu")
_SLICE_US = 1_000  # the smallest quota the kernel takes
_LOOK_S = 0.01  # a new thread shares its maker's group until we see it: slower, never faster


def can_throttle() -> bool:
    """Whether this machine lets us make control groups of the kind needed."""
    return (_CONTROLLER / "tasks").exists() and os.access(_CONTROLLER, os.W_OK)


class Throttle:
    """Holds every thread of `root` and of its descendants to 1/`factor` of a core, while it is entered."""

    def __init__(self, root: int, factor: int) -> None:
        self.root = root
        self.factor = factor
        self._folder = _CONTROLLER / f"hodi-bench-{os.getpid()}"
        self._groups: dict[int, pathlib.Path] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="throttle", daemon=True)

    def __enter__(self) -> Throttle:
        self._folder.mkdir()
        self._catch()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        for group in self._groups.values():
            self._free(group)
        self._remove(self._folder)

    @property
    def threads(self) -> int:
        """How many threads are held."""
        return len(self._groups)

    def _watch(self) -> None:
        while not self._stop.wait(_LOOK_S):
            self._catch()

    def _catch(self) -> None:
        alive: set[int] = set()
        for process in self._descendants():
            with contextlib.suppress(OSError):
                alive.update(int(task) for task in os.listdir(f"/proc/{process}/task"))
        for thread in alive - set(self._groups):
            self._hold(thread)
        for thread in set(self._groups) - alive:
            self._remove(self._groups.pop(thread))

    def _descendants(self) -> list[int]:
        found = [self.root]
        for process in found:
            with contextlib.suppress(OSError):
                for task in os.listdir(f"/proc/{process}/task"):
                    children = pathlib.Path(f"/proc/{process}/task/{task}/children").read_text()
                    found.extend(int(child) for child in children.split())
        return found

    def _hold(self, thread: int) -> None:
        group = self._folder / str(thread)
        group.mkdir(exist_ok=True)
        (group / "cpu.cfs_period_us").write_text(str(_SLICE_US * self.factor))
        (group / "cpu.cfs_quota_us").write_text(str(_SLICE_US))
        try:
            (group / "tasks").write_text(str(thread))
        except OSError:  # it ended in the meantime
            self._remove(group)
            return
        self._groups[thread] = group

    def _free(self, group: pathlib.Path) -> None:
        with contextlib.suppress(OSError):
            for thread in (group / "tasks").read_text().split():
                with contextlib.suppress(OSError):
                    (_CONTROLLER / "tasks").write_text(thread)
        self._remove(group)

    @staticmethod
    def _remove(group: pathlib.Path) -> None:
        for _ in range(50):
            try:
                group.rmdir()
                return
            except FileNotFoundError:
                return
            except OSError:
                time.sleep(0.02)
