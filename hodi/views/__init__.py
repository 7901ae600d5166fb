"""What each staff page shows, as frozen structs. Views only read; who may read what is asked of
`access` before, by the page. Lists hold what a list needs, and of what is restricted only that it is there;
a person's record is read by `person` and `slip` alone, and the page that calls them logs it."""

from hodi.views.board import Board, HouseholdLine, Refused, VisitLine, board, households_of, visits_today
from hodi.views.desk import Desk, Found, Slip, desk, facility, find, referral, slip
from hodi.views.lines import ReferralLine, SignalLine, Who, is_confidential
from hodi.views.people import (
    Destination,
    Household,
    Measurement,
    Person,
    destinations,
    household,
    person,
    summary,
)
from hodi.views.staff import (
    LINES_MAX,
    Place,
    accounts,
    devices,
    place,
    posts_to_offer,
    units_in_sight,
    username_taken,
)

__all__ = [
    "LINES_MAX",
    "Board",
    "Desk",
    "Destination",
    "Found",
    "Household",
    "HouseholdLine",
    "Measurement",
    "Person",
    "Place",
    "ReferralLine",
    "Refused",
    "SignalLine",
    "Slip",
    "VisitLine",
    "Who",
    "accounts",
    "board",
    "desk",
    "destinations",
    "devices",
    "facility",
    "find",
    "household",
    "households_of",
    "is_confidential",
    "person",
    "place",
    "posts_to_offer",
    "referral",
    "slip",
    "summary",
    "units_in_sight",
    "username_taken",
    "visits_today",
]
