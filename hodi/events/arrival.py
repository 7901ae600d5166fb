"""Reading one event that arrives: the shape that the contract's schema gives every event, what its
kind requires, and the ranges of the values it states."""

from __future__ import annotations

import json

import jsonschema_rs
import msgspec

from hodi.config import ROOT
from hodi.domain import Event, Observation, day_of, device_of
from hodi.errors import DATE_IMPOSSIBLE, EVENT_TOO_LARGE, MALFORMED, NOT_YOURS, OUT_OF_RANGE, Problem
from hodi.events.limits import LIMITS
from hodi.events.rules import Concept, Rules

_SHAPE = jsonschema_rs.validator_for(json.loads((ROOT / "contract" / "event.schema.json").read_text("utf-8")))
_DETAIL_CHARS = 160

Fault = tuple[Problem, str]


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """What was handed in. `raw` are the bytes that arrived (None for an event made in this process);
    `id` is 0 and `event` None if they could not be read."""

    id: int
    event: Event | None
    raw: bytes | None = None
    problem: Problem | None = None
    detail: str | None = None


class _Id(msgspec.Struct):
    id: int


def read_line(line: bytes, rules: Rules) -> Arrival:
    """Read and check one event as it travels. Never raises: what is wrong is in `problem`."""
    if len(line) > LIMITS.event_bytes_max:
        return _too_large(line)
    try:
        stated = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Arrival(id=0, event=None, raw=line, problem=MALFORMED, detail="not JSON")
    id_ = stated.get("id") if isinstance(stated, dict) else None
    if not isinstance(id_, int) or isinstance(id_, bool) or not 0 < id_ < 2**53:
        return Arrival(id=0, event=None, raw=line, problem=MALFORMED, detail="id")
    return _check(id_, stated, None, line, rules)


def _too_large(line: bytes) -> Arrival:
    """Refused by its number alone, so that the phone learns which of its events it is."""
    detail = f"{LIMITS.event_bytes_max} bytes"
    try:
        id_ = msgspec.json.decode(line, type=_Id).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        id_ = 0
    id_ = id_ if 0 < id_ < 2**53 else 0
    return Arrival(id=id_, event=None, raw=line, problem=EVENT_TOO_LARGE, detail=detail)


def check_event(event: Event, rules: Rules) -> Arrival:
    """Check an event that was made in this process. Never raises: what is wrong is in `problem`."""
    return _check(event.id, msgspec.to_builtins(event), event, None, rules)


def _check(
    id_: int, stated: dict[str, object], event: Event | None, words: bytes | None, rules: Rules
) -> Arrival:
    try:
        if not _SHAPE.is_valid(stated):
            fault: Fault | None = (MALFORMED, _first_fault(stated))
        else:
            event = event or msgspec.convert(stated, Event)
            fault = (
                _unstorable(event, words)
                or _incomplete(event, rules)
                or _impossible_date(event)
                or _implausible(event, rules)
            )
    except (ValueError, RecursionError) as error:  # nested too deep, or a number no column holds
        fault = (MALFORMED, str(error)[:_DETAIL_CHARS])
    if fault:
        return Arrival(id=id_, event=event, raw=words, problem=fault[0], detail=fault[1])
    return Arrival(id=id_, event=event, raw=words)


def _first_fault(stated: object) -> str:
    """Which field is wrong, and how; never the value, which may be personal."""
    for error in _SHAPE.iter_errors(stated):
        path = "/".join(str(part) for part in error.instance_path) or "event"
        rule = str(error.schema_path[-1]) if error.schema_path else "shape"
        missing = getattr(error.kind, "property", None) if rule == "required" else None
        return f"{path}: {rule} {missing or ''}".strip()[:_DETAIL_CHARS]
    return "event"


def _unstorable(event: Event, words: bytes | None) -> Fault | None:
    """NUL characters and lone surrogates are valid in JSON, but PostgreSQL holds neither in a text."""
    try:
        encoded = msgspec.json.encode(event) if words is None else words
    except UnicodeEncodeError:
        return (MALFORMED, "text: half a character")
    if b"\\u0000" in encoded and _has_nul(msgspec.to_builtins(event)):
        return (MALFORMED, "text: NUL character")
    return None


def _has_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_has_nul(key) or _has_nul(one) for key, one in value.items())
    return isinstance(value, list | tuple) and any(_has_nul(one) for one in value)


def _incomplete(event: Event, rules: Rules) -> Fault | None:
    if device_of(event.id) != event.device:
        return (NOT_YOURS, "id")
    local_day = day_of(event.occurred_at, rules.zone)
    if abs(event.occurred_day - local_day) > 1:
        return (MALFORMED, "occurred_day")
    kind = rules.kinds.get(event.kind)
    if kind is None:
        return None
    for column in kind.requires:
        if getattr(event, column) is None:
            return (MALFORMED, column)
    if event.kind == "visit.made" and event.visit != event.id:
        return (MALFORMED, "visit")
    if kind.concepts:
        stated = {observation.concept for observation in event.observations}
        for concept in kind.concepts:
            if concept not in stated:
                return (MALFORMED, concept)
    return None


def _impossible_date(event: Event) -> Fault | None:
    """No phone wrote before there were any; nothing is typed in long before it happens. How far a date may
    lie ahead of the server's time is decided where the event is taken in (sender.py)."""
    if event.recorded_at < LIMITS.recorded_at_min:
        return (DATE_IMPOSSIBLE, "recorded_at")
    latest = event.recorded_at + LIMITS.occurred_ahead_max_ms
    if not LIMITS.occurred_at_min <= event.occurred_at <= latest:
        return (DATE_IMPOSSIBLE, "occurred_at")
    return None


def _implausible(event: Event, rules: Rules) -> Fault | None:
    concepts = rules.concepts
    for observation in event.observations:
        concept = concepts.get(observation.concept)
        if concept is not None:
            fault = _value_fault(observation, concept)
            if fault:
                return fault
    return None


def _value_fault(observation: Observation, concept: Concept) -> Fault | None:
    """A code that is not in the list passes: a newer pack may have it."""
    if getattr(observation, concept.holds) is None:
        return (MALFORMED, observation.concept)
    number = observation.number
    if number is None:
        return None
    if concept.min is not None and number < concept.min:
        return (OUT_OF_RANGE, f"{observation.concept} below {concept.min:g}")
    if concept.max is not None and number > concept.max:
        return (OUT_OF_RANGE, f"{observation.concept} above {concept.max:g}")
    return None
