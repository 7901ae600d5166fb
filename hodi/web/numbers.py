"""Numbers in addresses: no longer than an id can be, so that nothing longer reaches the store."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

_LAST = 2**53 - 1

Number = Annotated[int, Path(ge=0, le=_LAST)]
"""A number in the path of an address; any other leads nowhere."""

AskedNumber = Annotated[int | None, Query(ge=0, le=_LAST)]
"""A number after the question mark, or none."""

PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
"""The page of a long list."""
