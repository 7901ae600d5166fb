"""What the tests of rooms share."""

from __future__ import annotations

import pytest

from tests.cast import PROMOTER
from tests.hand import Hand


@pytest.fixture
def hand() -> Hand:
    """A promoter's phone, which gives its events numbers and stamps."""
    return Hand(PROMOTER)
