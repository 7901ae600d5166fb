"""Repeats, several persons introduced, choice filters: what the compiler makes of them, and what it refuses
with file, sheet, row and column and what to do."""

from __future__ import annotations

import pathlib

import pytest

from hodi.config import ROOT
from hodi.content import Complaint, FormModel, compile_form
from hodi.content.concepts import load_concepts
from hodi.content.pack import load_kinds

FORMS = pathlib.Path(__file__).with_name("forms")
FAMILY = (FORMS / "family_registration.md").read_text(encoding="utf-8")
ROUND = (FORMS / "cough_round.md").read_text(encoding="utf-8")


def compiled(path: pathlib.Path) -> tuple[FormModel | None, list[Complaint]]:
    concepts, faults = load_concepts(ROOT / "content" / "kenya")
    assert faults == []
    return compile_form(
        path,
        file=path.name,
        languages=("sw", "en"),
        concepts=concepts,
        kinds={name: kind.concepts for name, kind in load_kinds().items()},
    )


def test_a_family_becomes_a_model() -> None:
    model, complaints = compiled(FORMS / "family_registration.md")
    assert [str(one) for one in complaints] == []
    assert model is not None
    children, fevers = model.groups["children"].repeat, model.groups["fevers"].repeat
    assert children is not None
    assert fevers is not None
    assert (children.over, children.context) == (None, ())
    fever = next(one for one in model.questions if one.name == "fever_days")
    assert fever.group == ("all", "children", "fevers")
    described, registered, assessed = model.events
    assert (registered.for_each, registered.introduces) == ("children", "person")
    assert "consent" in registered.states, "asked once, stated of every child"
    assert "consent" not in described.states
    assert "fever_days" not in registered.states, "several answers for one child are no one fact"
    assert assessed.states == ("coughs",)
    ward = next(one for one in model.questions if one.name == "ward")
    assert next((one.name, one.columns) for one in ward.choices or ()) == ("hill", {"county": "north"})


def test_a_round_over_the_members() -> None:
    model, complaints = compiled(FORMS / "cough_round.md")
    assert complaints == []
    assert model is not None
    members = model.groups["members"].repeat
    assert members is not None
    assert (members.over, members.context, members.count) == ("members", ("given_name", "age_years"), None)
    assert members.filter is not None
    assert model.context == ("village",), "what an instance knows is not the household's"


@pytest.mark.parametrize(
    ("form", "old", "new", "sheet", "column", "says"),
    [
        (FAMILY, "max(${age})", "${age}", "survey", "calculation", "asked in the repeat children"),
        (FAMILY, "max(${age})", "${children}", "survey", "calculation", "${children} is a repeat: count it"),
        (FAMILY, "max(${age})", "sum(${how_many})", "survey", "calculation", "it is one value here"),
        (
            FAMILY,
            "max(${age})",
            "sum(${children})",
            "survey",
            "calculation",
            "takes a question of the repeat",
        ),
        (
            FAMILY,
            "indexed-repeat(${given}, ${children}, 2)",
            "indexed-repeat(${ward}, ${children}, 2)",
            "survey",
            "calculation",
            "${ward} is not asked in the repeat children",
        ),
        (
            FAMILY,
            "indexed-repeat(${given}, ${children}, 2)",
            "indexed-repeat(${given}, ${all}, 2)",
            "survey",
            "calculation",
            "${all} must be a repeat",
        ),
        (FAMILY, "sum(${fever_days})", "sum(${age})", "survey", "calculation", "it is one value here"),
        (
            FAMILY,
            "| calculate | place_in_row | | | | | | | | position(../..)",
            "| calculate | place_in_row | | | | | | | | position(..)",
            "survey",
            "calculation",
            "write position(../..)",
        ),
        (
            FAMILY,
            "| number | | | | | | | | position(..)",
            "| number | | | | | | | | count(${children})",
            "survey",
            "calculation",
            "is always 1 in the repeat itself",
        ),
        (
            FAMILY,
            "${how_many} > 0 | | | | | | ${how_many}",
            "${how_many} > 0 | | | | | | ${children_here}",
            "survey",
            "repeat_count",
            "children waits for itself",
        ),
        (
            FAMILY,
            "${how_many} > 0 | | | | | | ${how_many}",
            "${how_many} > 0 | | | | | |",
            "survey",
            "repeat_count",
            "a repeat needs either repeat_count",
        ),
        (
            FAMILY,
            "county = ${county}",
            "province = ${county}",
            "survey",
            "choice_filter",
            "has no column province",
        ),
        (FAMILY, "county = ${county}", "", "choices", "county", "no choice_filter reads this column"),
        (
            FAMILY,
            "| | | ${age} >= number(after) | | |",
            "| | | | | |",
            "choices",
            "after",
            "no choice_filter reads",
        ),
        (
            FAMILY,
            "| person.registered | ${here} = 'yes' | children |",
            "| person.registered | ${here} = 'yes' | child |",
            "events",
            "for_each",
            "there is no repeat child",
        ),
        (
            FAMILY,
            "| person.registered | ${here} = 'yes' | children |",
            "| person.registered | ${here} = 'yes' | |",
            "events",
            "when",
            "asked in the repeat children",
        ),
        (
            FAMILY,
            "| | assessment.recorded | ${here} = 'yes' and ${coughs} = 'yes' | children | |\n",
            "",
            "survey",
            "event",
            "assessment.recorded is not in the sheet events",
        ),
        (
            FAMILY,
            "Watoto ${children_here}: ${names}",
            "Watoto ${children_here}: ${given}",
            "survey",
            "label",
            "${given} is asked in the repeat children",
        ),
        (
            FAMILY,
            "| field-list | | |\n| | select_one sex",
            "| field-list | | |\n| | begin_repeat | r | R | R | | | | | | | 2 "
            "| | | |\n| | end_repeat | | | | | | | | | | | | | |\n| | select_one sex",
            "survey",
            "type",
            "close about_child first",
        ),
        (
            ROUND,
            "| members | ${age_years} < 5",
            "| visitors | ${age_years} < 5",
            "survey",
            "repeat_over",
            "over members only",
        ),
        (
            ROUND,
            "or ${only_children} = 'no'",
            "or ${long} = 1",
            "survey",
            "repeat_filter",
            "members waits for itself",
        ),
        (
            ROUND,
            "| assessment.recorded | ${seen} = 'yes' | members |\n",
            "| assessment.recorded | ${seen} = 'yes' | members |\n| | visit.made | | |\n",
            "events",
            "kind",
            "visit.made must state",
        ),
        (
            ROUND,
            "| | select_one yes_no | seen |",
            "| | dateTime | seen |",
            "survey",
            "type",
            "ask for a date",
        ),
        (ROUND, "end_repeat", "end_group", "survey", "type", "the repeat members is open here"),
    ],
)
def test_refuses_and_says_where_and_what_to_do(
    tmp_path: pathlib.Path, form: str, old: str, new: str, sheet: str, column: str, says: str
) -> None:
    assert form.count(old) == 1, old
    path = tmp_path / "form.md"
    path.write_text(form.replace(old, new), encoding="utf-8")
    model, complaints = compiled(path)
    assert model is None
    found = [one for one in complaints if says in one.says]
    assert found, [str(one) for one in complaints]
    assert (found[0].file, found[0].sheet, found[0].column) == ("form.md", sheet, column)
    assert found[0].row is not None or sheet == "choices"


def test_an_introduced_person_is_no_member_yet(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "round.md"
    path.write_text(
        ROUND.replace("| kind | when | for_each |", "| kind | when | for_each | introduces |")
        .replace("|---|---|---|---|\n| | assessment.recorded | ${seen} = 'yes' | members |",
                 "|---|---|---|---|---|\n| | assessment.recorded | ${seen} = 'yes' | members | person |"),
        encoding="utf-8",
    )  # fmt: skip
    _, complaints = compiled(path)
    assert [one.column for one in complaints] == ["introduces"], [str(one) for one in complaints]
