"""The server's form runner: on the vectors that the phone's passes too, and on every case of every form."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from hodi.config import ROOT
from hodi.content import FormModel, runner
from hodi.content.runner.evaluate import day_of_text, to_text
from tests.content.cases import whole_case
from tests.content.print_forms import printed
from tests.content.write_form_vectors import FILE, IDS, fill_in, newcomers, told, written

VECTORS = json.loads(FILE.read_text(encoding="utf-8"))
EXAMPLE = printed(ROOT / "content" / "example")
FORMS = {**printed(), **{f"example/{name}": form for name, form in EXAMPLE.items()}}
CASES = [
    pytest.param(form, one["name"], id=f"{form}: {one['name']}")
    for form, found in FORMS.items()
    for one in found["cases"]["cases"]
]


def test_the_vectors_are_current() -> None:
    assert FILE.read_bytes() == written(), "run: python -m tests.content.write_form_vectors"


@pytest.mark.parametrize("vector", VECTORS["runs"], ids=lambda vector: vector["says"])
def test_a_filling(vector: dict[str, Any]) -> None:
    model = msgspec.convert(VECTORS["forms"][vector["form"]], FormModel)
    answers = {
        path: tuple(given) if isinstance(given, list) else given for path, given in vector["answers"].items()
    }
    context = {**vector["context"], "today": vector["today"]}
    run = runner.start_with(model, context, answers, vector["members"])
    assert json.loads(msgspec.json.encode(told(run))) == {name: vector[name] for name in told(run)}


@pytest.mark.parametrize(("form", "name"), CASES)
def test_a_case(form: str, name: str) -> None:
    model, cases = FORMS[form]["model"], FORMS[form]["cases"]
    one = next(case for case in cases["cases"] if case["name"] == name)
    run, refused = fill_in(model, whole_case(cases["cases"], one), day_of_text(str(cases["today"])) or 0)
    left = [refused] if refused else list(runner.problems(run))
    stopped = {"at": left[0].name, "kind": left[0].kind} if left else None
    assert stopped == one.get("stops")
    for path, value in one.get("values", {}).items():
        assert (path, to_text(runner.value_of(run, path))) == (path, str(value))
    assert [path for path in one.get("shown", ()) if not run.relevant[path]] == []
    assert [path for path in one.get("hidden", ()) if run.relevant[path]] == []
    if left:
        return
    events = runner.finish(run, runner.FinishIds(**IDS, newcomers=newcomers(run)))
    assert [event.kind for event in events] == one.get("events", [event.kind for event in events])
    assert [event.person for event in events] == one.get("persons", [event.person for event in events])
    stated = {
        seen["concept"]: next(seen[part] for part in ("number", "code", "text") if part in seen)
        for event in events
        for seen in event.observations
    }
    for concept, value in one.get("states", {}).items():
        assert (concept, stated.get(concept)) == (concept, value)


def test_what_was_answered_can_be_read_back() -> None:
    model, cases = FORMS["family_registration"]["model"], FORMS["family_registration"]["cases"]
    story = whole_case(cases["cases"], next(one for one in cases["cases"] if one["name"] == "with fevers"))
    run, _ = fill_in(model, story, 20780)
    first, *others = runner.finish(run, runner.FinishIds(**IDS, newcomers=newcomers(run)))
    assert first.body is not None
    assert all(event.body is None for event in others)
    assert runner.answers_of(model, json.loads(msgspec.json.encode(first.body))) == run.answers


def test_a_form_is_not_finished_before_its_time() -> None:
    model = FORMS["family_registration"]["model"]
    with pytest.raises(ValueError, match=r"consent \(required\)"):
        runner.finish(runner.start_run(model, {"today": 20780}), runner.FinishIds(**IDS))
    with pytest.raises(ValueError, match="no question shown"):
        runner.answer(runner.start_run(model, {"today": 20780}), "shown", "x")
