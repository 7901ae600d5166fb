"""What must hold between the parts of a pack: each names things that another part lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from hodi.content.complaint import Complaint
from hodi.content.concepts import Concept
from hodi.content.wording import Words


class ReferralClass(msgspec.Struct, frozen=True, kw_only=True):
    """How urgent: hours until the promoter looks into a no-show, and until the supervisor is told."""

    due_h: int
    escalate_h: int


def kinds_without_concepts(
    kinds: Mapping[str, tuple[str, ...]], concepts: Mapping[str, Concept]
) -> Iterator[Complaint]:
    """Concepts that an event of the contract must state and that the pack does not list."""
    for kind, stated in kinds.items():
        for concept in stated:
            if concept not in concepts:
                says = f"{kind} events must state {concept}, which is not listed"
                yield Complaint(file="concepts.csv", says=says)


def referral_classes_amiss(
    classes: Mapping[str, ReferralClass], concepts: Mapping[str, Concept]
) -> Iterator[Complaint]:
    """The referral classes must be those of the concept, each with hours that make sense."""
    listed = concepts["referral_class"].codes if "referral_class" in concepts else ()
    if set(listed) != set(classes):
        says = f"the classes must be those of the concept referral_class: {', '.join(listed)}"
        yield Complaint(file="pack.toml", column="referral.classes", says=says)
    for name, hours in classes.items():
        if not 0 < hours.due_h <= hours.escalate_h:
            says = "due_h must be above 0 and not later than escalate_h"
            yield Complaint(file="pack.toml", column=f"referral.classes.{name}", says=says)


def disclosures_amiss(
    discloses: Mapping[str, tuple[str, ...]], concepts: Mapping[str, Concept]
) -> Iterator[Complaint]:
    """What a referral reason gives away: reasons and concepts that the pack lists."""
    reasons = concepts["referral_reason"].codes if "referral_reason" in concepts else ()
    for reason, names in discloses.items():
        wrong = [name for name in names if name not in concepts]
        if reason not in reasons:
            wrong.append(reason)
        for name in wrong:
            column = f"referral.discloses.{reason}"
            yield Complaint(file="pack.toml", column=column, says=f"{name} is not listed")


def codes_without_words(concepts: Mapping[str, Concept], words: Words) -> Iterator[Complaint]:
    """Every code of every concept has words, under the key `code.<concept>.<code>`."""
    known = set().union(*words.values())
    wanted = {f"code.{concept.name}.{code}" for concept in concepts.values() for code in concept.codes}
    for key in sorted(wanted - known):
        yield Complaint(file="translations/codes.csv", column=key, says="a code of concepts.csv has no words")
    for key in sorted(key for key in known - wanted if key.startswith("code.")):
        yield Complaint(file="translations/codes.csv", column=key, says="no concept has this code")
