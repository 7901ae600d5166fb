"""Opening the store that the settings name."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import apsw

from hodi.cli.console import Stop
from hodi.config import Config
from hodi.db import Store, open_store


@contextlib.contextmanager
def opened(config: Config) -> Iterator[Store]:
    """The store, open for a while."""
    try:
        store = open_store(config.store)
    except ValueError as error:
        raise Stop(f"{error}.") from None
    except (OSError, apsw.CantOpenError, apsw.ReadOnlyError, apsw.NotADBError) as error:
        raise Stop(f"The store {config.store} cannot be opened: {error}") from None
    except apsw.BusyError:
        raise Stop(f"Another program is writing to {config.store}. Stop it, then try again.") from None
    with contextlib.closing(store):
        yield store
