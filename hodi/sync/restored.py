"""After a restore. The store is a copy from earlier: whatever was numbered since, phones and other systems
may hold, and nobody here remembers."""

from __future__ import annotations

from hodi.access import skip_device_numbers
from hodi.db import Connection
from hodi.events import skip_ids
from hodi.sync.token import skip_epochs


def note_restored(connection: Connection) -> None:
    """Leave out the ids and the device numbers that may have been given since the copy was made, and make
    every phone start over: the positions that their tokens stand for will be given again."""
    skip_ids(connection)
    skip_device_numbers(connection)
    skip_epochs(connection)
