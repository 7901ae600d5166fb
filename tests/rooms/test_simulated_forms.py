"""Forms that simulated people fill in: what is written is what the form runner would write, and a programme
that nobody has prepared for is filled in all the same."""

from __future__ import annotations

import collections
import dataclasses
import pathlib
import re
import shutil

import msgspec
import pytest

from hodi import content, events, simulate
from hodi.config import ROOT
from hodi.content import runner
from hodi.content.runner.finish import CONTEXT
from hodi.db import Store
from hodi.domain import Event
from hodi.simulate.states import standards_of
from hodi.simulate.write import write
from tests.cast import ZONE

KENYA = ROOT / "content" / "kenya"
UNTIL = 1_795_000_000_000
PAGE = (ROOT / "docs" / "programmes.md").read_text(encoding="utf-8")
SHOWN = dict(re.findall(r"^\*\*`([^`]+)`\*\*[^\n]*\n\n```\w*\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
EYES = "programmes/eyesight/"


@pytest.fixture(scope="module")
def facts() -> list[Event]:
    pushed = simulate.batches(simulate.plain_units(1, areas=2), simulate.span_of(4, UNTIL, ZONE), 5)
    return [event for batch in pushed for event in batch.events]


def test_every_form_is_filled_in_as_the_runner_would_have_it(facts: list[Event]) -> None:
    """The raw answers, run through the form runner: nothing stands in the way, and the first event states
    the same."""
    pack = content.load(KENYA)
    sexes = {
        event.person: one.code
        for event in facts
        if event.kind == "person.registered"
        for one in event.observations
        if one.concept == "sex"
    }
    held = collections.Counter[str]()
    for event in facts:
        if (
            event.form is None
            or event.body is None
            or event.kind == "event.corrected"
            or held[event.form] > 60
        ):
            continue
        held[event.form] += 1
        model = pack.forms[event.form]
        body = dict(event.body)
        context = {**dict(body.pop(CONTEXT, {})), "today": event.occurred_day}  # type: ignore[call-overload]
        run = runner.start_run(model, context, standards=standards_of(str(sexes.get(event.person, "female"))))
        for path, value in runner.answers_of(model, body).items():
            run, _ = runner.answer(run, path, value, sure=True)
        assert runner.problems(run) == (), (event.form, body)
        ids = runner.FinishIds(household=1, person=2)
        (first, *_) = runner.finish(run, ids)
        assert first.kind == event.kind
        wanted = [msgspec.to_builtins(one) for one in event.observations]
        assert list(first.observations) == wanted, event.form
        assert msgspec.json.decode(msgspec.json.encode(first.body)) == msgspec.json.decode(
            msgspec.json.encode(event.body)
        )
    assert {"under_five_assessment", "member_check", "antenatal_visit", "member_registration"} <= set(held)


def stated_of_fevers(true: dict[str, str]) -> list[dict[str, float | str | None]]:
    """What is stated with each fever from two months on, in an area of which something is true."""
    (unit,) = simulate.plain_units(1, areas=5)
    there = tuple(dataclasses.replace(area, facts=true) for area in unit.areas)
    found = []
    for batch in simulate.batches(
        [dataclasses.replace(unit, areas=there)], simulate.span_of(4, UNTIL, ZONE), 5
    ):
        for event in batch.events:
            values = {one.concept: one.code or one.number for one in event.observations}
            # very_sleepy is looked for in everybody from two months on
            if values.get("fever") == 1 and "very_sleepy" in values:
                found.append(values)
    return found


def test_people_are_tested_for_malaria_where_it_is_endemic_or_after_travel() -> None:
    endemic, silent = stated_of_fevers({"malaria_risk": "endemic"}), stated_of_fevers({})
    assert min(len(endemic), len(silent)) > 30
    assert all("rdt_result" in one and "malaria_travel" not in one for one in endemic)
    assert all(("rdt_result" in one) == (one["malaria_travel"] == 1) for one in silent)
    assert {one["malaria_travel"] for one in silent} == {0, 1}


def with_eyes(folder: pathlib.Path, *, hints: str | None) -> pathlib.Path:
    """A copy of Kenya's pack with the programme of docs/programmes.md."""
    pack = folder / "pack"
    shutil.copytree(KENYA, pack)
    for name, text in SHOWN.items():
        path = pack / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    path = pack / EYES / "simulate.toml"
    if hints is None:
        path.unlink(missing_ok=True)
    else:
        path.write_text(hints, encoding="utf-8")
    return pack


def checks(pack: pathlib.Path, store: Store) -> list[tuple[int, int]]:
    """Seed a small population; gives day and result of every check of eyesight in the record."""
    from hodi import background

    units = simulate.plain_units(1, areas=1, households=40)
    write(store, simulate.batches(units, simulate.span_of(3, UNTIL, ZONE), 4, pack), events.load_rules(pack))
    loaded = content.load(pack)
    store.write_now(lambda c: background.prepare(c, pack))
    for _ in background.run_now(store, loaded, background.FOLD):
        pass
    return [
        (int(row[0]), int(row[1]))
        for row in store.read_now(lambda c: c.rows("SELECT day, sees FROM eyesight"))
    ]


def test_a_new_programme_is_answered_by_its_own_hints(tmp_path: pathlib.Path, sqlite_store: Store) -> None:
    hints = SHOWN[EYES + "simulate.toml"]
    assert "sees_fingers" in hints
    found = checks(with_eyes(tmp_path, hints=hints), sqlite_store)
    assert len(found) > 15
    assert {sees for _, sees in found} == {0, 1}
    assert sum(sees for _, sees in found) > 0.6 * len(found), "most see, as the hint has it"


def test_a_programme_without_hints_is_answered_by_its_form(
    tmp_path: pathlib.Path, sqlite_store: Store
) -> None:
    found = checks(with_eyes(tmp_path, hints=None), sqlite_store)
    assert len(found) > 5


@pytest.mark.parametrize(
    ("hints", "row", "says"),
    [
        ("[answers]\nsees_fingres = {yes = 0.5}\n", 2, "sees_fingres is neither a question"),
        ("[answers]\nsees_fingers = {yess = 0.5}\n", 2, "yess"),
        ("[answers]\nsees_fingers = {codes = {perhaps = 1}}\n", 2, "perhaps is no choice there"),
        ('[answers]\n\nsees_fingers = {yes = "${person.ages} div 2"}\n', 3, "${person.ages} is no state"),
        ('[answers]\nsees_fingers = {yes = "${age_yaers}"}\n', 2, "${age_yaers} is neither a limit"),
        ("[forms.eye_chek]\nshare = 1\n", 1, "there is no form eye_chek"),
        ('[context]\nlast_seas = "1"\n', 2, "no query of a context.sql gives last_seas"),
    ],
)
def test_a_misspelt_hint_is_named_with_its_row(
    tmp_path: pathlib.Path, hints: str, row: int, says: str
) -> None:
    complaints = content.check(with_eyes(tmp_path, hints=hints))
    found = [one for one in complaints if one.file == EYES + "simulate.toml"]
    assert [one.row for one in found] == [row], [str(one) for one in complaints]
    assert says in str(found[0])


def test_supervisors_review_some_of_those_who_left_or_died() -> None:
    """Some are approved or sent back, some wait."""
    (unit,) = simulate.plain_units(1, areas=8)
    supervised = dataclasses.replace(unit, supervisor=simulate.SupervisorPlan(account=9, device=900))
    pushed = list(simulate.batches((supervised,), simulate.span_of(7, UNTIL, ZONE), 2))
    facts = [event for batch in pushed for event in batch.events]
    told = {event.id for event in facts if event.kind in ("person.left", "person.died")}
    reviewed = {event.target for event in facts if event.kind == "departure.reviewed"}
    assert reviewed < told
    assert reviewed
    assert {event.author for event in facts if event.kind == "departure.reviewed"} == {9}
    assert {event.author for event in facts if event.kind == "departure.reviewed"}.isdisjoint(
        event.author for event in facts if event.id in told
    )
