"""What shared lists keep to themselves: restricted concepts (violence, HIV, mental health), and those
restricted where they concern a minor (her pregnancy).

A signal rule and a referral reason name the concepts that they give away (`discloses`); the concepts
carry their `sensitivity`. From both follows, for one entry of a list and one person, whether the list
may say what it is about. The phone answers the same question from the same facts
(phone/src/views/discretion.ts; contract/vectors/discretion.json holds both to it).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from hodi.content.concepts import Concept
from hodi.domain import Zone, completed_years


class Discretion(msgspec.Struct, frozen=True, kw_only=True):
    """Names of signals, referral reasons, kinds of event and concepts that are restricted `always`, or
    only of `minors`: people below `minor_years`. Each is a key such as `signal.ANC_MISSED`. `zone`: where
    an instant has its local day, on which an age is reckoned."""

    zone: Zone
    minor_years: int
    always: frozenset[str]
    minors: frozenset[str]

    def covers_signal(self, code: str, *, birth_day: int | None, day: int) -> bool:
        """Whether a list must not say that this is a signal `code`, of somebody born on `birth_day`,
        known since `day`."""
        return self._covers(f"signal.{code}", birth_day, day)

    def covers_task(self, code: str, *, birth_day: int | None, day: int) -> bool:
        """Whether a list must not say that this is a task `code`, of somebody born on `birth_day`, known
        since `day`."""
        return self._covers(f"task.{code}", birth_day, day)

    def covers_referral(self, reason: str | None, *, birth_day: int | None, day: int) -> bool:
        """Whether a list must not give this reason of a referral that was made on `day`."""
        return self._covers(f"referral_reason.{reason}", birth_day, day)

    def covers_concept(self, concept: str, *, birth_day: int | None, day: int) -> bool:
        """Whether a list must not show a value of this concept that was stated on `day`."""
        return self._covers(f"concept.{concept}", birth_day, day)

    def counts_signal(self, code: str) -> bool:
        """Whether signals of this code may be counted by name where others than their keepers look."""
        return f"signal.{code}" not in self.always

    def _covers(self, key: str, birth_day: int | None, day: int) -> bool:
        # Whose age is not known may be a minor.
        minor = birth_day is None or completed_years(birth_day, day) < self.minor_years
        return key in self.always or (minor and key in self.minors)


def discretion(
    *,
    zone: Zone,
    minor_years: int,
    concepts: Mapping[str, Concept],
    kinds: Mapping[str, Iterable[str]],
    signals: Mapping[str, Iterable[str]],
    tasks: Mapping[str, Iterable[str]],
    referral_reasons: Mapping[str, Iterable[str]],
) -> Discretion:
    """The discretion of a pack. `kinds` (of event), `signals`, `tasks` and `referral_reasons`: by name,
    the concepts that each discloses."""
    disclosed = {f"concept.{name}": {name} for name in concepts}
    disclosed |= {f"kind.{kind}": set(names) for kind, names in kinds.items()}
    disclosed |= {f"signal.{code}": set(names) for code, names in signals.items()}
    disclosed |= {f"task.{code}": set(names) for code, names in tasks.items()}
    disclosed |= {f"referral_reason.{code}": set(names) for code, names in referral_reasons.items()}

    def touching(sensitivity: str) -> frozenset[str]:
        sensitive = {name for name, concept in concepts.items() if concept.sensitivity == sensitivity}
        return frozenset(key for key, names in disclosed.items() if names & sensitive)

    return Discretion(
        zone=zone,
        minor_years=minor_years,
        always=touching("restricted"),
        minors=touching("restricted_minor"),
    )
