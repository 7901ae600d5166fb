"""What the pages share that state something about a referral: the desk's and the supervisor's."""

from __future__ import annotations

from starlette.datastructures import FormData

from hodi import access, care, views
from hodi.access import Account
from hodi.db import Connection
from hodi.errors import INVALID_ANSWER, NOT_ALLOWED, REFERRAL_CHANGED, HodiError
from hodi.web.services import Services
from hodi.web.sessions import number, text

SHOWN_AGAIN = (REFERRAL_CHANGED, INVALID_ANSWER)
"""After these the page is shown again with what was typed: nothing was stated."""
_FIELDS = ("outcome", "advice", "return_day", "result", "reason")
NOTHING_TYPED = dict.fromkeys((*_FIELDS, "step"), "")


def log_reading(c: Connection, services: Services, account: Account, line: views.ReferralLine) -> str:
    """Log that an account reads a referral. Gives the key under which its browser seals what is typed."""
    access.log_read(
        c, account, "read", now=services.now, unit=line.unit, household=line.household, person=line.person,
        detail=f"referral {line.referral}",
    )  # fmt: skip
    return access.typing_key(c, account.account)


def referred(line: views.ReferralLine) -> care.Referred:
    """A referral as `care` takes it."""
    return care.Referred(
        unit=line.unit,
        household=line.household,
        person=line.person,
        referral=line.referral,
        class_=line.class_,
    )


def statement(services: Services, account: Account) -> care.Statement:
    """Who states something now."""
    return care.Statement(
        author=account.account, now=services.now, rules=services.rules, times=services.pack.referral_times
    )


def require_unchanged(c: Connection, line: views.ReferralLine, form: FormData) -> None:
    """The page names the state that it showed: what somebody else has stated since is not overwritten
    unseen. Raises REFERRAL_CHANGED, also where no state is named."""
    if text(form, "from") != str(views.version_of(c, line)):
        raise HodiError(REFERRAL_CHANGED)


def take_back(
    c: Connection, services: Services, account: Account, line: views.ReferralLine, form: FormData
) -> None:
    """Take back the last step, if the same account stated it. Raises NOT_ALLOWED for any other."""
    steps = views.steps_of(c, line, discretion=services.discretion, receiving=False)
    own = views.last_own(steps, account.account)
    event = number(form, "event")
    if own is None or own.event != event:
        raise HodiError(NOT_ALLOWED, "event")
    care.taken_back(c, referred(line), statement(services, account), event=event)


def typed_in(step: str, form: FormData) -> dict[str, str]:
    """What was typed into the form of a step."""
    return {**{name: text(form, name) for name in _FIELDS}, "step": step}
