"""What Hodi itself asks of every pack: the limits, forms and classes of urgency that its screens and pages
name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from hodi.content.complaint import Complaint
from hodi.content.concepts import Concept
from hodi.content.forms import FormModel

LIMITS = (
    "quiet_days", "silent_days", "skew_warning_min", "suppress_below", "months_back",
    "departure_review_days", "death_review_days",
)  # fmt: skip
"""Limits that pages judge by: who is quiet or silent, whose clock is off, which counts are small, how many
months are kept, how soon a supervisor looks at who left or died."""
REGISTRATION = "household_registration"
"""The form that the phone opens to register a household."""
URGENCIES = frozenset({"emergency", "urgent", "priority", "routine"})
"""Classes of urgency that the pages have a colour and a sign for. A pack takes of them what it has; the order
is that of the codes of `referral_class`, the most pressing first."""
UNSTATED_URGENCY = "routine"
"""What stands for a class that was not stated (contract/record/11_referral.sql): the last of every pack."""


def requirements_amiss(
    concepts: Mapping[str, Concept], limits: Collection[str], forms: Mapping[str, FormModel]
) -> Iterator[Complaint]:
    """What a pack does not give and must."""
    for name in LIMITS:
        if name not in limits:
            yield Complaint(file="programmes", column=name, says="a limits.toml of a programme must give it")
    form = forms.get(REGISTRATION)
    if form is None or all(one.kind != "household.registered" for one in form.events):
        says = f"a programme must give the form {REGISTRATION}, which states household.registered"
        yield Complaint(file="programmes", says=says)
    classes = concepts["referral_class"].codes if "referral_class" in concepts else (UNSTATED_URGENCY,)
    if not URGENCIES.issuperset(classes) or classes[-1:] != (UNSTATED_URGENCY,):
        says = (
            f"the codes of referral_class must be of {', '.join(sorted(URGENCIES))}, "
            f"the most pressing first, {UNSTATED_URGENCY} the last"
        )
        yield Complaint(file="concepts.csv", column="codes", says=says)
