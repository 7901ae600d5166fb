"""What a run's tests read again and again is compiled once: a folder whose files have not changed gives the
same pack, and a form that reads the same gives the same model. Nothing that a pack holds can be changed."""

from __future__ import annotations

import collections
import os
import pathlib
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import msgspec

from hodi.content import Complaint, FormModel, Pack
from hodi.content import pack as packs

_KEPT_MAX = 16
_FORMS_KEPT_MAX = 200

T = TypeVar("T")


class _Kept(collections.OrderedDict[Hashable, T]):
    """The last that were made, by what they were made from."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def get_or_make(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made from `key`, now or before."""
        if key not in self:
            self[key] = make()
            if len(self) > self._most:
                self.popitem(last=False)
        self.move_to_end(key)
        return self[key]


def read_packs_once() -> None:
    """From now on this process reads a pack anew only when a file of it is another than before."""
    read, compile_form = packs.read, packs.compile_form
    read_before: _Kept[tuple[Pack | None, list[Complaint]]] = _Kept(_KEPT_MAX)
    compiled: _Kept[tuple[FormModel | None, list[Complaint]]] = _Kept(_FORMS_KEPT_MAX)

    def read_once(folder: pathlib.Path) -> tuple[Pack | None, list[Complaint]]:
        pack, complaints = read_before.get_or_make((folder, _files(folder)), lambda: read(folder))
        return pack, list(complaints)

    def compile_once(path: pathlib.Path, **given: Any) -> tuple[FormModel | None, list[Complaint]]:
        key = (path.suffix, path.read_bytes(), msgspec.json.encode(given, order="deterministic"))
        form, complaints = compiled.get_or_make(key, lambda: compile_form(path, **given))
        return form, list(complaints)

    packs.read, packs.compile_form = read_once, compile_once


def _files(folder: pathlib.Path) -> Hashable:
    """Every file below, with its size and when it was written."""
    found = []
    for below, _, names in os.walk(folder):
        for name in names:
            at = os.stat(path := os.path.join(below, name))
            found.append((path, at.st_mtime_ns, at.st_size))
    return tuple(sorted(found))
