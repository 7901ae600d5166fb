"""Who may do and see what: places, accounts, posts, log-ins, phones, and the guards on every door.

A promoter reaches her own area; a supervisor her own units; a nurse the referrals to her facility and the
open flags of its linked units; an officer sees totals; an administrator keeps accounts and sees no clinical
data. Each guard is a `require_…` function that raises `NOT_ALLOWED`.
"""

from hodi.access.accounts import (
    ROLES,
    Account,
    Role,
    account_by_number,
    change_password,
    check_password,
    create_account,
    edit_account,
    list_accounts,
    retire,
    set_active,
    set_password,
    set_posts,
)
from hodi.access.attempts import Client, browser_token
from hodi.access.authorise import authorise
from hodi.access.devices import (
    Device,
    Enrolment,
    device_by_token,
    devices_of_unit,
    enrol,
    note_sync,
    revoke_device,
    revoke_devices,
    skip_device_numbers,
)
from hodi.access.guards import (
    require_admin,
    require_facility,
    require_household,
    require_place,
    require_referral,
    require_role,
    require_unit,
)
from hodi.access.hashing import POOL, hash_password, new_password
from hodi.access.log import log_change, log_read
from hodi.access.phone_scope import PhoneScope, phone_scope
from hodi.access.place_facts import facts_of_area, state_place_facts
from hodi.access.places import (
    Place,
    is_code_taken,
    new_place,
    place_by_number,
    places_above,
    places_in,
    put_places,
    retire_place,
)
from hodi.access.recovery import PhoneKeys, phone_keys
from hodi.access.searches import (
    MISSES_MAX,
    claim_referral,
    has_claimed,
    log_search,
    require_searches_left,
)
from hodi.access.sessions import (
    Session,
    close_session,
    close_sessions,
    open_session,
    session_of,
    touch_session,
    typing_key,
)

__all__ = [
    "MISSES_MAX",
    "POOL",
    "ROLES",
    "Account",
    "Client",
    "Device",
    "Enrolment",
    "PhoneKeys",
    "PhoneScope",
    "Place",
    "Role",
    "Session",
    "account_by_number",
    "authorise",
    "browser_token",
    "change_password",
    "check_password",
    "claim_referral",
    "close_session",
    "close_sessions",
    "create_account",
    "device_by_token",
    "devices_of_unit",
    "edit_account",
    "enrol",
    "facts_of_area",
    "has_claimed",
    "hash_password",
    "is_code_taken",
    "list_accounts",
    "log_change",
    "log_read",
    "log_search",
    "new_password",
    "new_place",
    "note_sync",
    "open_session",
    "phone_keys",
    "phone_scope",
    "place_by_number",
    "places_above",
    "places_in",
    "put_places",
    "require_admin",
    "require_facility",
    "require_household",
    "require_place",
    "require_referral",
    "require_role",
    "require_searches_left",
    "require_unit",
    "retire",
    "retire_place",
    "revoke_device",
    "revoke_devices",
    "session_of",
    "set_active",
    "set_password",
    "set_posts",
    "skip_device_numbers",
    "state_place_facts",
    "touch_session",
    "typing_key",
]
