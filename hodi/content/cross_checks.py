"""What must hold between the parts of a pack: each names things that another part lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hodi.content.complaint import Complaint
from hodi.content.concepts import Concept
from hodi.content.programmes import Programme
from hodi.content.referral import STEPS, Hours, ReferralTimes
from hodi.content.wording import Words, language_faults


def kinds_without_concepts(
    kinds: Mapping[str, tuple[str, ...]], concepts: Mapping[str, Concept]
) -> Iterator[Complaint]:
    """Concepts that an event of the contract must state and that the pack does not list."""
    for kind, stated in kinds.items():
        for concept in stated:
            if concept not in concepts:
                says = f"{kind} events must state {concept}, which is not listed"
                yield Complaint(file="concepts.csv", says=says)


def names_amiss(programmes: Iterable[Programme], languages: tuple[str, ...]) -> Iterator[Complaint]:
    """Programmes whose name is not in each language of the pack, and in no other."""
    for one in programmes:
        for says in language_faults(one.name, languages):
            yield Complaint(file=f"programmes/{one.code}/programme.toml", column="name", says=says)


def referral_times_amiss(times: ReferralTimes, concepts: Mapping[str, Concept]) -> Iterator[Complaint]:
    """Every step of a referral has hours for every class of the concept, and they make sense."""
    if set(times.steps) != set(STEPS):
        says = f"the steps must be {', '.join(STEPS)}"
        yield Complaint(file="pack.toml", column="referral.steps", says=says)
    yield from _hours_amiss("referral.classes", times.classes, concepts)
    for step, hours in times.steps.items():
        yield from _hours_amiss(f"referral.steps.{step}", hours, concepts)


def _hours_amiss(
    column: str, by_class: Mapping[str, Hours], concepts: Mapping[str, Concept]
) -> Iterator[Complaint]:
    listed = concepts["referral_class"].codes if "referral_class" in concepts else ()
    if set(listed) != set(by_class):
        says = f"the classes must be those of the concept referral_class: {', '.join(listed)}"
        yield Complaint(file="pack.toml", column=column, says=says)
    for name, hours in by_class.items():
        if not 0 < hours.due_h <= hours.escalate_h:
            says = "due_h must be above 0 and not later than escalate_h"
            yield Complaint(file="pack.toml", column=f"{column}.{name}", says=says)


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
        yield Complaint(file="translations/codes.csv", column=key, says="a code of a concept has no words")
    for key in sorted(key for key in known - wanted if key.startswith("code.")):
        yield Complaint(file="translations/codes.csv", column=key, says="no concept has this code")
