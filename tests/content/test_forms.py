"""The form compiler: what it makes of a form, and how it names what an author got wrong."""

from __future__ import annotations

import json
import pathlib

import msgspec
import openpyxl
import pytest
from pyxform.xls2xform import convert

from hodi.config import ROOT
from hodi.content import Complaint, FormModel, compile_form, load_limits, xform
from hodi.content.concepts import load_concepts
from hodi.content.pack import form_files, load_kinds
from hodi.content.sheets import read_workbook

KENYA = ROOT / "content" / "kenya"
FORM = """
# A small form

| settings | form_id | version | about | title_en | title_sw | offered |
|---|---|---|---|---|---|---|
| | small | 3 | person | Small | Ndogo | ${age_months} < 60 |

| events | kind | when |
|---|---|---|
| | assessment.recorded | |
| | pregnancy.registered | ${known} = 'yes' |

| choices | list_name | name | label::English (en) | label::Kiswahili (sw) | concept |
|---|---|---|---|---|---|
| | yes_no | yes | Yes | Ndiyo | |
| | yes_no | no | No | Hapana | |
| | signs | fits | Fits | Degedege | convulsions |
| | signs | none | None | Hakuna | |

| survey | type | name | label::English (en) | label::Kiswahili (sw) | \
hint::English (en) | hint::Kiswahili (sw) | \
required | relevant | constraint | constraint_message::English (en) | constraint_message::Kiswahili (sw) | \
calculation | appearance | default | concept | event | source | band |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| | hidden | age_months | | | | | | | | | | | | | | | |
| | begin_group | page | Heading | Kichwa | | | | ${age_months} >= 6 | | | | | field-list | | | | |
| | select_one yes_no | cough | Cough? | Kikohozi? | | | yes | | | | | | yes-no | | cough | | |
| | integer | muac | MUAC | MUAC | Left | Kushoto | | | . != 99 | No | Hapana | \
| | | muac_mm | | WHO | muac_red_mm muac_yellow_mm |
| | end_group | | | | | | | | | | | | | | | | |
| | select_multiple signs | signs | Signs | Dalili | | | ${cough} = 'yes' | | | | | | | | | | |
| | select_one yes_no | known | Known? | Yajulikana? | | | | | | | | | | no | | - | |
| | date | due | Due | Tarehe | | | | ${known} = 'yes' | | | | | | | edd_day | pregnancy.registered | |
| | calculate | red | | | | | | | | | | if(${muac} < 115, 1, 0) | | | danger_sign | | |
| | note | shown | MUAC ${muac} | MUAC ${muac} | | | | | | | | | advice | | | | |
"""


def compiled(path: pathlib.Path) -> tuple[FormModel | None, list[Complaint]]:
    concepts, faults = load_concepts(KENYA)
    assert faults == []
    return compile_form(
        path,
        file=path.name,
        languages=("sw", "en"),
        concepts=concepts,
        kinds={name: kind.concepts for name, kind in load_kinds().items()},
        limits={name: limit.value for name, limit in load_limits(KENYA).items()},
    )


@pytest.fixture
def author(tmp_path: pathlib.Path):  # type: ignore[no-untyped-def]
    """Compiles the small form with some of its text exchanged; counts rows by the line of the file."""

    def write(*changes: tuple[str, str]) -> tuple[FormModel | None, list[Complaint], list[str]]:
        text = FORM
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path = tmp_path / "small.md"
        path.write_text(text, encoding="utf-8")
        model, complaints = compiled(path)
        return model, complaints, text.split("\n")

    return write


def test_a_form_becomes_a_model(author) -> None:  # type: ignore[no-untyped-def]
    model, complaints, _ = author()
    assert complaints == []
    assert (model.id, model.version, model.about) == ("small", 3, "person")
    assert model.title == {"en": "Small", "sw": "Ndogo"}
    assert model.context == ("age_months",)
    assert [question.name for question in model.questions] == [
        "cough",
        "muac",
        "signs",
        "known",
        "due",
        "red",
        "shown",
    ]
    cough, muac, signs, known, due, red, shown = model.questions
    assert (cough.type, cough.concept, cough.concept_type, cough.group) == (
        "select_one",
        "cough",
        "flag",
        ("page",),
    )
    assert [choice.name for choice in cough.choices] == ["yes", "no"]
    assert (muac.min, muac.max, muac.confirm_min, muac.confirm_max, muac.unit) == (60, 300, 80, 250, "mm")
    assert (muac.band.red, muac.band.yellow) == (115, 125)
    assert muac.hint == {"en": "Left", "sw": "Kushoto"}
    assert [choice.concept for choice in signs.choices] == ["convulsions", None]
    assert known.default is not None
    assert (due.min, due.max) == (None, None), "a date is limited by the form, not by its concept"
    assert red.calculation is not None
    assert red.label == {}
    assert shown.label["en"] == "MUAC ${muac}"
    assert model.groups["page"].one_page
    first, second = model.events
    assert first.states == ("cough", "muac", "signs", "red", "shown")
    assert (second.kind, second.states) == ("pregnancy.registered", ("due",))
    assert first.when is None
    assert second.when is not None


def test_the_json_is_what_the_phone_reads(author) -> None:  # type: ignore[no-untyped-def]
    model, _, _ = author()
    wire = json.loads(msgspec.json.encode(model))
    red = next(question for question in wire["questions"] if question["name"] == "red")
    assert red["calculation"] == {
        "t": "call",
        "f": "if",
        "a": [
            {"t": "op", "o": "<", "a": [{"t": "answer", "name": "muac"}, {"t": "number", "v": 115}]},
            {"t": "number", "v": 1},
            {"t": "number", "v": 0},
        ],
    }
    assert "relevant" not in red
    assert wire["groups"]["page"]["one_page"] is True
    assert msgspec.json.decode(msgspec.json.encode(model), type=FormModel) == model


@pytest.mark.parametrize(
    ("old", "new", "row_of", "column", "says"),
    [
        (
            "| | date | due |",
            "| | time | due |",
            "| | time | due",
            "type",
            "the type 'time' is not supported",
        ),
        (
            "select_multiple signs",
            "rank signs",
            "rank signs",
            "type",
            "the type 'rank signs' is not supported",
        ),
        (
            "begin_group | page",
            "begin_repeat | page",
            "begin_repeat",
            "repeat_count",
            "a repeat needs either repeat_count",
        ),
        ("select_one yes_no | cough", "select_one noyes | cough", "noyes", "type", "no list noyes"),
        ("${cough} = 'yes' |", "${coughs} = 'yes' |", "${coughs}", "required", "${coughs} is neither"),
        ("| yes-no |", "| map |", "| map |", "appearance", "the appearance 'map' is not supported"),
        ("WHO | muac_red_mm", "WHO | muac_rod_mm", "| muac |", "band", "names two limits of the pack"),
        (
            "muac_red_mm muac_yellow_mm",
            "muac_yellow_mm muac_red_mm",
            "| muac |",
            "band",
            "the lower first",
        ),
        ("| cough | | |", "| coughing | | |", "coughing", "concept", "coughing is not in concepts.csv"),
        ("| convulsions |", "| weight_kg |", "weight_kg", "concept", "a choice states a flag"),
        ("| muac_mm |", "| village |", "village", "concept", "an integer cannot state village"),
        ("| edd_day |", "| sex |", "| sex |", "concept", "a date cannot state sex"),
        (
            ". != 99",
            "pulldata('a', 'b')",
            "pulldata",
            "constraint",
            "pulldata() is not supported",
        ),
        ("if(${muac} < 115, 1, 0)", "if(${red} < 1, 1, 0)", "| red |", "relevant", "red waits for itself"),
        ("if(${muac} < 115, 1, 0)", "", "| red |", "calculation", "a calculate, and nothing else"),
        ("| Cough? |", "| |", "select_one yes_no | cough", "label::English (en)", "no words in en"),
        ("| Kushoto |", "| |", "| muac |", "hint::Kiswahili (sw)", "no words in sw"),
        (
            "| MUAC ${muac} | MUAC ${muac} |",
            "| MUAC ${muac} | MUAC |",
            "note",
            "label",
            "the values shown differ",
        ),
        (
            "| MUAC ${muac} | MUAC ${muac} |",
            "| MUAC ${mac} | MUAC ${mac} |",
            "note",
            "label",
            "${mac} is neither",
        ),
        ("| Ndiyo | |", "| | |", "| yes | Yes", "label::Kiswahili (sw)", "no words in sw"),
        ("| | yes_no | no |", "| | yes_no | yes |", "| yes_no | yes | No", "name", "yes stands twice"),
        (
            "| integer | muac |",
            "| integer | cough |",
            "| integer | cough",
            "name",
            "the name cough stands twice",
        ),
        ("| integer | muac |", "| integer | The MUAC |", "The MUAC", "name", "a name is one word"),
        ("| field-list |", "| table |", "begin_group", "appearance", "can only be field-list"),
        (
            "| no | | - |",
            "| no | | visit.made |",
            "| known |",
            "event",
            "visit.made is not in the sheet events",
        ),
        (
            "| edd_day | pregnancy.registered |",
            "| | pregnancy.registered |",
            "pregnancy.registered | $",
            "kind",
            "must state edd_day",
        ),
        ("| person | Small |", "| village | Small |", "| village |", "about", "about must be one of"),
        ("| small | 3 |", "| small | new |", "| new |", "version", "version must be a whole number"),
        ("${age_months} < 60", "${muac} < 60", None, "offered", "must be a hidden row"),
        ("${age_months} < 60", "${age_months}", "| small |", "offered", "must be a comparison"),
    ],
)
def test_names_the_row_and_the_column(  # type: ignore[no-untyped-def]
    author, old: str, new: str, row_of: str | None, column: str, says: str
) -> None:
    model, complaints, lines = author((old, new))
    assert model is None
    found = [complaint for complaint in complaints if says in complaint.says]
    assert found, [str(complaint) for complaint in complaints]
    assert found[0].file == "small.md"
    assert found[0].column == column
    row = next((number for number, line in enumerate(lines, start=1) if row_of and row_of in line), None)
    assert found[0].row == row, str(found[0])


def test_says_everything_at_once(author) -> None:  # type: ignore[no-untyped-def]
    _, complaints, _ = author(
        ("| yes-no |", "| map |"), (". != 99", "pow(., 2) = 1"), ("| small | 3 |", "| small | 0 |")
    )
    assert len(complaints) == 3


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("| source |", "| media::image |", "the column is not supported in the sheet survey"),
        ("| when |", "| repeat |", "the column is not supported in the sheet events"),
        ("| events |", "| entities |", "the sheet entities is not supported"),
        ("| | end_group | ", "| | note | ", "the group page is never closed"),
    ],
)
def test_refuses_what_it_does_not_know(author, old: str, new: str, says: str) -> None:  # type: ignore[no-untyped-def]
    model, complaints, _ = author((old, new))
    assert model is None
    assert any(says in complaint.says for complaint in complaints)


def test_a_file_that_is_no_workbook(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "torn.xlsx"
    path.write_bytes(b"not a workbook")
    model, (complaint,) = compiled(path)
    assert model is None
    assert "cannot be read" in complaint.says


@pytest.mark.parametrize("path", form_files(KENYA), ids=lambda path: path.stem)
def test_a_workbook_gives_the_same_model(path: pathlib.Path, tmp_path: pathlib.Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, sheet in read_workbook(path).items():
        worksheet = workbook.create_sheet(name)
        worksheet.append(list(sheet.columns))
        for row in sheet.rows:
            worksheet.append([row.cells.get(column) for column in sheet.columns])
    copy = tmp_path / f"{path.stem}.xlsx"
    workbook.save(copy)
    ours, complaints = compiled(path)
    theirs, others = compiled(copy)
    assert complaints == others == []
    assert ours == theirs


@pytest.mark.parametrize("path", form_files(KENYA), ids=lambda path: path.stem)
def test_pyxform_reads_the_file_as_we_do(path: pathlib.Path) -> None:
    assert convert(xlsform=path).xform == xform(path)


def test_the_code_of_a_column_is_its_language_whatever_it_is_called(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "small.md"
    path.write_text(FORM.replace("::English (en)", "::Inglés (en)"), encoding="utf-8")
    model, complaints = compiled(path)
    assert complaints == [] and model is not None
    assert next(one for one in model.questions if one.name == "known").label["en"] == "Known?"
    path.write_text(FORM.replace("::English (en)", "::English (fr)"), encoding="utf-8")
    model, complaints = compiled(path)
    assert any(one.column == "label::English (fr)" and "take it out" in one.says for one in complaints)
