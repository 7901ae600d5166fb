"""What shared lists of a pack keep to themselves: of its signals, tasks, referral reasons and kinds of event
together."""

from __future__ import annotations

from hodi.content import Discretion, Pack, discretion
from hodi.record import RuleError
from hodi.signals import load_rules
from hodi.tasks import load_tasks


def discretion_of(pack: Pack) -> Discretion:
    """The discretion of a pack. Raises RuleError for a rule that discloses what is no concept."""
    signals, tasks = load_rules(pack.folder), load_tasks(pack.folder)
    for rule in (*signals, *tasks):
        if unknown := [name for name in rule.discloses if name not in pack.concepts]:
            raise RuleError(f"{rule.code}: it discloses {', '.join(unknown)}, which is not listed")
    return discretion(
        zone=pack.zone,
        minor_years=pack.minor_years,
        concepts=pack.concepts,
        kinds={name: kind.concepts for name, kind in pack.kinds.items()},
        signals={rule.code: rule.discloses for rule in signals},
        tasks={rule.code: rule.discloses for rule in tasks},
        referral_reasons=pack.referral_discloses,
    )
