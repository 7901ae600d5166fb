"""What is told in a test, folded at once, with the record that comes of it."""

from __future__ import annotations

from hodi.db import Store
from tests.contract.told import Told


class Book:
    """What was told, and the record of it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.told = Told()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Append, fold, and ask. Days come back as stored."""
        return self._store.write_now(lambda c: self.told.fold(c, query))

    def row(self, query: str) -> tuple[object, ...]:
        """The one row there is."""
        [row] = self.rows(query)
        return row
