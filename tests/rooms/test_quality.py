"""What arrives is checked against its form, after it was accepted; nothing is refused."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from hodi import quality
from hodi.background import consumers
from hodi.background.background import run_now
from hodi.config import ROOT
from hodi.content import load, runner
from hodi.content.runner.evaluate import day_of_text
from hodi.db import Store
from hodi.domain import Event
from tests.content.print_forms import printed
from tests.content.write_form_vectors import fill_in, whole_case
from tests.contract.told import Told, write

PACK = load(ROOT / "content" / "kenya")
FORMS = printed()
MODELS = {form: found["model"] for form, found in FORMS.items()}
CASES = [
    pytest.param(form, one["name"], id=f"{form}: {one['name']}")
    for form, found in FORMS.items()
    for one in found["cases"]["cases"]
    if "stops" not in one
]


def body_of(form: str, name: str) -> tuple[dict[str, Any], int]:
    """The raw answers of a case as they arrive, and its day."""
    cases: Any = FORMS[form]["cases"]
    story = whole_case(cases["cases"], next(one for one in cases["cases"] if one["name"] == name))
    day = day_of_text(str(cases["today"])) or 0
    run, _ = fill_in(MODELS[form], story, day)
    return json.loads(msgspec.json.encode(runner.body_of(run))), day


def found(form: str, body: dict[str, Any], day: int, version: int | None = None) -> list[tuple[str, str]]:
    version = MODELS[form].version if version is None and form in MODELS else version
    faults = quality.check_answers(MODELS, form=form, version=version, body=body, day=day)
    return [(fault.question, fault.reason) for fault in faults]


@pytest.mark.parametrize(("form", "name"), CASES)
def test_what_a_phone_takes_holds(form: str, name: str) -> None:
    body, day = body_of(form, name)
    assert found(form, body, day) == []
    known = body.pop("$context", None)
    if not any(isinstance(one, list) for one in (known or {}).values()):
        assert found(form, body, day) == [], "what follows from values that are not known is left open"


def child(**changes: object) -> list[tuple[str, str]]:
    """What is found of a well child's assessment with some answers exchanged; None takes one away."""
    body, day = body_of("under_five_assessment", "a well child of 14 months")
    body |= changes
    return found("under_five_assessment", {path: v for path, v in body.items() if v is not None}, day)


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"muac_mm": 900}, [("muac_mm", "range")]),
        ({"muac_mm": "thin"}, [("muac_mm", "type")]),
        ({"cough": "perhaps"}, [("cough", "type")]),
        ({"cough": None}, [("cough", "required")]),
        ({"cough_days": 3}, [("cough_days", "not_asked")]),
        ({"shoe_size": 3}, [("shoe_size", "unknown")]),
        ({"muac_colour": "red"}, [("muac_colour", "unknown")]),
        ({"members[1]/cough": "yes"}, [("members[1]/cough", "unknown")]),
        ({"danger_child": ["none", "convulsions"]}, [("danger_child", "constraint")]),
    ],
    ids=str,
)  # fmt: skip
def test_what_a_phone_would_not_have_taken(changes: dict[str, object], faults: list[object]) -> None:
    assert child(**changes) == faults


def test_in_a_repeat_the_instance_is_named() -> None:
    body, day = body_of("cough_round", "two of them cough, one for long")
    assert found("cough_round", {**body, "members[203]/cough_days": 31}, day) == [
        ("members[203]/cough_days", "constraint")
    ]
    assert found("cough_round", {**body, "members[999]/seen": "yes"}, day) == [
        ("members[999]/seen", "not_asked")
    ]


def test_another_form_or_version() -> None:
    assert found("no_such_form", {"a": 1}, 20780, 1) == [("", "unknown")]
    assert found("under_five_assessment", {"shoe_size": 3}, 20780, 99) == []


def states(store: Store) -> list[tuple[int, str, str]]:
    listed = store.read_now(lambda c: quality.faults_of(c, 1))
    return [(one.event, one.question, one.reason) for one in listed]


def test_it_is_found_after_it_was_accepted(store: Store) -> None:
    told = Told()
    household = told.household()
    person = told.member(household)
    body, _ = body_of("under_five_assessment", "a well child of 14 months")
    events = [
        _with_answers(told, household, person, body),
        _with_answers(told, household, person, {**body, "muac_mm": 900}),
    ]
    store.write_now(lambda c: write(c, told.events))
    (consumer,) = (one for one in consumers.CONSUMERS if one.name == "quality")

    assert sum(len(done.items) for done in run_now(store, PACK, consumer, clock=lambda: 5)) == 4
    assert states(store) == [(events[1], "muac_mm", "range")]
    again = [(1, seq) for (seq,) in store.read_now(lambda c: c.rows("SELECT seq FROM event WHERE unit = 1"))]
    store.write_now(lambda c: quality.check(c, again, PACK.forms, now=6))
    assert states(store) == [(events[1], "muac_mm", "range")]

    assert store.write_now(lambda c: quality.resolve(c, unit=1, event=events[1], ordinal=0, now=7))
    assert states(store) == []
    store.write_now(lambda c: quality.check(c, again, PACK.forms, now=8))
    assert states(store) == [], "what was dealt with does not come back when it is checked again"
    assert not store.write_now(lambda c: quality.resolve(c, unit=1, event=events[1], ordinal=0, now=9))


def _with_answers(told: Told, household: int, person: int, body: dict[str, Any]) -> int:
    """An assessment with raw answers; gives the event's id."""
    told.assessment(household, person, 0, cough=0)
    event: Event = told.events[-1]
    with_body = msgspec.structs.replace(
        event, form="under_five_assessment", form_version=MODELS["under_five_assessment"].version, body=body
    )
    told.events[-1] = with_body
    return event.id


def test_every_form_counts_for_its_version() -> None:
    version = quality.form_versions(PACK.forms)
    fewer = {name: form for name, form in PACK.forms.items() if name != "member_check"}
    assert version != quality.form_versions(fewer)
