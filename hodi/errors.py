"""The one catalogue of errors. Codes are stable and never reused; each sentence says what happened and what
to do next. It stands here in English; the pack has it in the country's languages, as `error.<code>`
(hodi/content/wording.py). `web` turns errors into responses in one place; the phone carries the same
sentences."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Problem:
    """One entry: its stable `code`, HTTP `status`, and in English what a person reads."""

    code: str
    status: int
    says: str


CATALOGUE: dict[str, Problem] = {}


def _problem(code: str, status: int, says: str) -> Problem:
    if code in CATALOGUE:
        raise ValueError(f"error code {code} is taken")
    CATALOGUE[code] = problem = Problem(code, status, says)
    return problem


class HodiError(Exception):
    """An error with an entry in the catalogue. `detail` names the field or limit, never personal data."""

    def __init__(self, problem: Problem, detail: str | None = None) -> None:
        super().__init__(f"{problem.code}: {detail}" if detail else problem.code)
        self.problem = problem
        self.detail = detail


# ── what can be wrong with one event (receipt codes) ──
MALFORMED = _problem(
    "malformed",
    422,
    "This record is not complete or has a value of the wrong kind. It is kept; tell your supervisor.",
)
OUT_OF_RANGE = _problem(
    "out_of_range",
    422,
    "A value is outside what is possible. Open the record, measure again and correct it.",
)
OUT_OF_SCOPE = _problem(
    "out_of_scope",
    403,
    "This household is not in your area. The record is kept; your supervisor can see it.",
)
NOT_YOURS = _problem(
    "not_yours",
    403,
    "This record carries another worker's or another phone's name. It was not taken in.",
)
ID_CONFLICT = _problem(
    "id_conflict",
    409,
    "Another record has this number already. The phone must be enrolled again; nothing is lost.",
)
TARGET_UNKNOWN = _problem(
    "target_unknown",
    422,
    "The record this one speaks of is not known here. It is kept and can be sent again.",
)
NOT_YOUR_STATEMENT = _problem(
    "not_your_statement",
    403,
    "Somebody else stated this, so your phone cannot correct it. It is kept; ask that person or your "
    "supervisor.",
)
EVENT_TOO_LARGE = _problem(
    "event_too_large",
    413,
    "This one record is too large to be sent. It is kept on the phone; shorten what was written in it.",
)
DATE_IMPOSSIBLE = _problem(
    "date_impossible",
    422,
    "The date of this record is not possible. It is kept; open it and put the date right.",
)

# ── what can be wrong with a whole request ──
CLOCK_WRONG = _problem(
    "clock_wrong",
    409,
    "The phone's date or time is wrong. Hodi corrects the visits that are waiting and sends them again.",
)
TOO_LARGE = _problem(
    "too_large",
    413,
    "Too much was sent at once. The phone sends it again in smaller parts; nothing is lost.",
)
DAY_FULL = _problem(
    "day_full",
    429,
    "This phone has sent more today than a phone may send in a day. Everything is kept on it and is sent "
    "tomorrow. Tell your supervisor.",
)
UNREADABLE = _problem(
    "unreadable",
    400,
    "What arrived could not be read. The phone keeps everything and tries again.",
)
PROTOCOL_UNKNOWN = _problem(
    "protocol_unknown",
    400,
    "This app is too old or too new for the server. Update the app; the phone keeps everything.",
)
OTHER_COUNTRY = _problem(
    "other_country",
    409,
    "This app was made for another country than this server is for. Nothing was sent, and everything stays "
    "on the phone. Tell your supervisor.",
)
NOT_SIGNED_IN = _problem(
    "not_signed_in",
    401,
    "Log in to go on.",
)
DEVICE_REVOKED = _problem(
    "device_revoked",
    401,
    "This phone has been taken out of use. What it held is removed. Ask your supervisor.",
)
WRONG_PASSWORD = _problem(
    "wrong_password",
    401,
    "The username or password is not right. Check both and try again.",
)
TOO_MANY_TRIES = _problem(
    "too_many_tries",
    429,
    "Too many wrong tries. Wait a few minutes and try again.",
)
LOGIN_BUSY = _problem(
    "login_busy",
    503,
    "Many people are logging in at this moment. Wait a minute and try again; nothing was changed.",
)
CHANGED_MEANWHILE = _problem(
    "changed_meanwhile",
    409,
    "Somebody else has recorded something about this. Go back, load the page anew, then save.",
)
REFERRAL_CHANGED = _problem(
    "referral_changed",
    409,
    "Somebody else has recorded something about this referral meanwhile. Nothing of yours was saved yet, and "
    "what you typed is still here. See how the referral stands now; if yours still holds, save it again.",
)
TOO_MANY_SEARCHES = _problem(
    "too_many_searches",
    429,
    "Many searches from here found nothing. Wait an hour; whom you expect stands on the desk's list.",
)
NOT_ALLOWED = _problem(
    "not_allowed",
    403,
    "Your account may not see or do this. Ask your supervisor if you need it.",
)
NOT_FOUND = _problem(
    "not_found",
    404,
    "There is nothing at this address.",
)
FORM_EXPIRED = _problem(
    "form_expired",
    403,
    "This page was open too long. Load it again and repeat what you did; nothing was changed.",
)
INVALID_ANSWER = _problem(
    "invalid_answer",
    422,
    "One of the answers is missing or not possible. Look at it again; nothing was saved yet.",
)
SERVER_CLOCK = _problem(
    "server_clock",
    503,
    "The server's date or time does not agree with its records. Nothing was saved. Tell your administrator: "
    "the clock must be put right and confirmed.",
)
STORE_BUSY = _problem(
    "store_busy",
    503,
    "The server is very busy. What you sent is safe on your phone; it tries again by itself.",
)
UNEXPECTED = _problem(
    "unexpected",
    500,
    "Something went wrong on the server. Nothing is lost; try again, and tell your administrator.",
)

# ── what can be wrong on the phone ──
PHONE_FAILED = _problem(
    "phone_failed",
    500,
    "Something went wrong on this phone. What was saved is safe. Go back and try again; if it happens again, "
    "tell your supervisor.",
)
WRONG_PIN = _problem(
    "wrong_pin",
    401,
    "That PIN is not right. Try again. Your records are safe.",
)
NO_RECOVERY = _problem(
    "no_recovery",
    404,
    "This phone was not prepared for a forgotten PIN. Its records open with the PIN only.",
)
OTHER_ACCOUNT = _problem(
    "other_account",
    403,
    "This belongs to another person's account. Use the account that it was made with. Nothing was lost.",
)
EXPORT_UNREADABLE = _problem(
    "export_unreadable",
    422,
    "This file cannot be read. Choose the file that Hodi saved. Nothing was changed.",
)
EXPORT_NOT_READY = _problem(
    "export_not_ready",
    409,
    "Before its first file this phone has to reach the server once. Send when there is network, then retry.",
)
DISK_FULL = _problem(
    "disk_full",
    507,
    "The phone's storage is full. What was saved is safe; free some space, then save again.",
)
OTHER_TAB = _problem(
    "other_tab",
    409,
    "Hodi is open in another window. Continue here, or go back to that window.",
)
NO_STORAGE = _problem(
    "no_storage",
    501,
    "This browser cannot keep records safely. Update Chrome, or use another phone.",
)
NO_NETWORK = _problem(
    "no_network",
    503,
    "No network. Everything is saved on this phone and is sent when there is a network.",
)
STORE_DAMAGED = _problem(
    "store_damaged",
    500,
    "The records on this phone cannot be opened. Do not remove the app; show it to your supervisor.",
)
