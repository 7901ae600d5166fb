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
URGENCY = ("emergency", "urgent", "priority", "routine")
"""Classes of urgency, the most pressing first. A pack names them, gives their hours, and may leave out any
but the last, which stands for a class that was not stated."""


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
    classes = concepts["referral_class"].codes if "referral_class" in concepts else URGENCY
    known = tuple(one for one in URGENCY if one in classes)
    if classes != known or URGENCY[-1] not in classes:
        says = (
            f"the codes of referral_class must be of {', '.join(URGENCY)}, in this order, the last among them"
        )
        yield Complaint(file="concepts.csv", column="codes", says=says)
