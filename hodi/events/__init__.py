"""The ledger and its one front door.

Everything that is ever stated enters by `append`: a visit from a phone, an outcome from the facility
desk, a simulated month. It checks each event, numbers what it accepts in commit order within the
unit, feeds it to the phones of the household's area, marks the household for refolding, and keeps
what it refuses in quarantine. One verdict per event; nothing is silently dropped.

Reading order: limits and rules (what a well-formed event is), arrival (reading one), append (the steps in
order), sender (what a phone may state), ledger (its statements), move (households that change home),
quarantine, mint (the server's own ids), clock (when the server's own clock is not believed).
"""

from hodi.events.append import append, take_in
from hodi.events.arrival import Arrival, check_event, read_line
from hodi.events.clock import confirm_clock
from hodi.events.ledger import DIGEST_MODULUS, id_set
from hodi.events.limits import LIMITS
from hodi.events.mint import Draft, state
from hodi.events.quarantine import look_into
from hodi.events.rules import Concept, Rules, load_rules
from hodi.events.sender import Sender
from hodi.events.writers import DESK, EXCHANGE, FIRST_PHONE, HOUSEKEEPING, mint_ids, skip_ids

__all__ = [
    "DESK",
    "DIGEST_MODULUS",
    "EXCHANGE",
    "FIRST_PHONE",
    "HOUSEKEEPING",
    "LIMITS",
    "Arrival",
    "Concept",
    "Draft",
    "Rules",
    "Sender",
    "append",
    "check_event",
    "confirm_clock",
    "id_set",
    "load_rules",
    "look_into",
    "mint_ids",
    "read_line",
    "skip_ids",
    "state",
    "take_in",
]
