"""The fixture `book` of the tests of the record."""

from __future__ import annotations

import pytest

from hodi.db import Store
from tests.contract.book import Book


@pytest.fixture
def book(store: Store) -> Book:
    return Book(store)
