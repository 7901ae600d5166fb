"""How long each step of a referral may take: hours by step and urgency, from pack.toml. Whoever states a
step sends its times along, so that phone and server decide alike (phone/src/care/steps.ts is the twin)."""

from __future__ import annotations

import functools
import pathlib
import tomllib
from collections.abc import Mapping

import msgspec

_HOUR_MS = 3_600_000
FACILITY_EVIDENCE = frozenset({"facility_desk", "facility_record"})
STEPS = (
    "will_go", "not_found", "went_elsewhere", "refused", "moved", "declined", "told_arrived", "arrived",
    "return", "return_missed",
)  # fmt: skip
"""Steps that leave somebody with something to do."""


class Hours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hours until the next step is overdue, and until it stands with the supervisor too."""

    due_h: int
    escalate_h: int

    def after(self, at: int) -> tuple[int, int]:
        """The two instants, counted from `at` (ms)."""
        return at + self.due_h * _HOUR_MS, at + self.escalate_h * _HOUR_MS


class ReferralTimes(msgspec.Struct, frozen=True, kw_only=True):
    """`classes`: for a new referral, by urgency; `steps`: after each of STEPS, by urgency."""

    classes: dict[str, Hours]
    steps: dict[str, dict[str, Hours]]

    def made(self, class_: str, at: int) -> tuple[int, int]:
        """When a referral made at `at` (ms) is overdue, and when it stands with the supervisor too."""
        return self.classes[class_].after(at)

    def after(self, step: str, class_: str, at: int) -> tuple[int, int]:
        """The same for a step stated at `at`; of a return, `at` is the beginning of its day."""
        return self.steps[step][class_].after(at)


@functools.cache
def load_referral_times(folder: pathlib.Path) -> ReferralTimes:
    """The hours of a pack that has been checked. Raises OSError, or msgspec.ValidationError."""
    facts = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))["referral"]
    return msgspec.convert({"classes": facts["classes"], "steps": facts["steps"]}, ReferralTimes)


def step_of(kind: str, codes: Mapping[str, str], *, return_day: bool = False) -> str | None:
    """The step that an event begins, by its kind and stated codes; None where nothing is left to do."""
    if kind == "referral.traced":
        result = codes.get("trace_result", "")
        return result if result in STEPS else None
    if kind == "referral.arrived":
        return "arrived" if codes.get("evidence") in FACILITY_EVIDENCE else "told_arrived"
    if kind == "referral.declined":
        return "declined"
    if kind == "referral.returned":
        return "return_missed" if codes.get("return_result") == "not_kept" else None
    return "return" if kind == "referral.seen" and return_day else None
