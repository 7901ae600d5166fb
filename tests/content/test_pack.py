"""The Kenyan pack as it stands, and packs with something wrong in them."""

from __future__ import annotations

import pathlib
import shutil

import pytest
import yaml

from hodi.config import ROOT
from hodi.content import ContentError, check, load
from hodi.content.pack import form_files

KENYA = ROOT / "content" / "kenya"
PLACES = "programmes/illness/places.csv"


@pytest.fixture
def copy(tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy of the Kenyan pack that a test may spoil."""
    return pathlib.Path(shutil.copytree(KENYA, tmp_path / "pack"))


def spoil(folder: pathlib.Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_pack_is_in_order() -> None:
    assert [str(complaint) for complaint in check(KENYA)] == []


def test_what_it_holds() -> None:
    pack = load(KENYA)
    assert (pack.name, pack.zone.utc_offset_min, pack.languages) == ("kenya", 180, ("sw", "en"))
    hours = {name: (hours.due_h, hours.escalate_h) for name, hours in pack.referral_times.classes.items()}
    assert hours == {"emergency": (24, 24), "urgent": (24, 48), "priority": (72, 168), "routine": (168, 504)}
    assert set(pack.forms) == {
        "household_consent",
        "member_consent",
        "household_registration",
        "member_registration",
        "under_five_assessment",
        "antenatal_visit",
        "member_check",
        "member_departure",
    }
    assert pack.concepts["muac_mm"].max == 300
    assert pack.kinds["referral.made"].urgent
    assert "danger_sign" in pack.referral_reasons
    assert set(pack.words["sw"]) == set(pack.words["en"])
    assert pack.words["sw"]["phone.app.next"] == "Endelea"


def test_every_form_has_cases_that_say_something() -> None:
    for path in form_files(KENYA):
        told = yaml.safe_load((path.parent / "cases" / f"{path.stem}.yaml").read_text(encoding="utf-8"))
        keys = {
            "name",
            "like",
            "context",
            "answers",
            "values",
            "shown",
            "hidden",
            "states",
            "events",
            "stops",
        }
        names = [case["name"] for case in told["cases"]]
        assert len(names) == len(set(names)), path.stem
        for case in told["cases"]:
            assert set(case) <= keys, case["name"]
            assert set(case) & {"values", "shown", "hidden", "states", "events", "stops"}, case["name"]


def test_an_assessment_is_about_as_long_as_the_national_one() -> None:
    """Measures of a whole household visit: the under-five form states 20 to 35 values at most."""
    form = load(KENYA).forms["under_five_assessment"]
    choices = {choice.concept for question in form.questions for choice in question.choices or ()} - {None}
    assert 30 <= len({question.concept for question in form.questions if question.concept} | choices) <= 65


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "pack.toml",
            'time_zone = "Africa/Nairobi"',
            'time_zone = "Africa/Limuru"',
            "pack.toml: cannot be read",
        ),
        ("pack.toml", 'time_zone = "Africa/Nairobi"', "utc_offset_min = 180", "pack.toml: cannot be read"),
        ("pack.toml", "due_h = 72", "due_h = 172", "referral.classes.priority"),
        ("pack.toml", 'kind = "ward"', 'kind = "unit"', "'unit' is no name of a level"),
        ("pack.toml", 'kind = "area"', 'kind = "block"', "the last two levels must be unit and area"),
        ("pack.toml", 'reach = "sub_county"', 'reach = "unit"', "places.reach"),
        ("pack.toml", 'name = {sw = "Wadi", en = "Ward"}', 'name = {en = "Ward"}', "its name in sw, en"),
        ("pack.toml", "Wadi ya {name}", "Wadi", "must say where the {name} stands"),
        ("pack.toml", 'facility = {sw = "Kituo", ', "facility = {", "places.facility"),
        (
            "programmes/supervision/limits.toml",
            "[quiet_days]",
            "[calm_days]",
            "[quiet_days]: a limits.toml of a programme must give it",
        ),
        (
            "programmes/household/forms/household_registration.md",
            "| household_registration |",
            "| register |",
            "must give the form household_registration",
        ),
        ("concepts.csv", "priority routine", "routine priority", "routine the last"),
        ("pack.toml", "routine = {", "someday = {", "must be those of the concept referral_class"),
        (
            "concepts.csv",
            "temperature_c,number",
            "temperature_c,decimal",
            "'decimal' is none of number, flag",
        ),
        ("concepts.csv", "mm,60,300,80,250", "mm,300,60,80,250", "the limits must rise"),
        ("concepts.csv", "mm,60,300,80,250", "mm,sixty,300,80,250", "'sixty' is not a number"),
        (
            "concepts.csv",
            "head_name,text",
            "village,text",
            "concepts.csv:4 [concept]: this concept has been given before, in concepts.csv",
        ),
        (
            "programmes/maternal/concepts.csv",
            "blurred_vision,flag",
            "chest_pain,flag",
            "programmes/maternal/concepts.csv:7 [concept]: this concept has been given before, "
            "in programmes/illness/concepts.csv",
        ),
        (
            "programmes/maternal/concepts.csv",
            "blurred_vision,flag",
            "blurred_vision,sign",
            "programmes/maternal/concepts.csv:7 [type]: 'sign' is none of number, flag",
        ),
        ("concepts.csv", "edd_day,day", "due_day,day", "pregnancy.registered events must state edd_day"),
        ("concepts.csv", "given refused withdrawn", "given refused withdrawn lost", "code.consent.lost"),
        ("concepts.csv", "Days of cough", "", "label_en"),
        ("concepts.csv", "Days of cough", "Days, of cough", "cells and the header"),
        ("translations/codes.csv", "code.sex.male,male,me", "code.sex.male,male", "cells and the header"),
        ("translations/codes.csv", "code.sex.male,male,", "code.sex.male,,", "no words in en"),
        ("translations/codes.csv", "code.sex.male,", "code.sex.female,", "this key has been given before"),
        (
            "programmes/household/translations/codes.csv",
            "code.water_source.piped,",
            "code.sex.male,",
            "[code.sex.male]: this key has been given before, in translations/codes.csv",
        ),
        ("translations/phone.csv", "kati ya {min} na", "kati ya {chini} na", "the names in braces differ"),
        (
            "translations/pages.csv",
            "one {siku # iliyopita} other",
            "few {siku # iliyopita} other",
            "the forms of {n} must be those of sw: one, other",
        ),
        ("translations/pages.csv", "Kaya ya {name}", "Kaya ya {name", "its braces cannot be read"),
        ("translations/pages.csv", "Kaya ya {name}", "Kaya ya {jina}", "the names in braces differ"),
        (
            "translations/pages.csv",
            "page.nav.logout,Ondoka\n",
            "",
            "translations [page.nav.logout]: no words in sw",
        ),
        (
            "translations/pages.csv",
            "page.nav.logout,",
            "page.nav.lockout,",
            "Hodi says nothing under this key",
        ),
        (
            "translations/errors.csv",
            "error.not_found,",
            "error.not_fund,",
            "Hodi says nothing under this key",
        ),
        (
            "translations/errors.csv",
            "error.not_found,Hakuna kitu kwenye anwani hii.\n",
            "",
            "[error.not_found]",
        ),
        ("pack.toml", '["sw", "en"]', '["sw", "xq"]', "[languages]: xq is no language that CLDR knows"),
        ("pack.toml", '["sw", "en"]', '["sw", "en", "sw"]', "languages lists each language of the pack once"),
        ("pack.toml", '["sw", "en"]', "[]", "languages lists each language of the pack once"),
        ("pack.toml", '["sw", "en"]', '["sw", "en", "ki"]', "columns are missing: label_ki"),
        ("pack.toml", '["sw", "en"]', '["sw", "en", "ki"]', "[page.nav.logout]: no words in ki"),
        ("pack.toml", '["sw", "en"]', '["sw"]', "label_en: pack.toml does not list the language"),
        ("programmes/nutrition/programme.toml", 'sw = "Lishe', 'fr = "Lishe', "[name]: no words in sw"),
        (
            "programmes/nutrition/programme.toml",
            'sw = "Lishe',
            'fr = "Lishe',
            "fr is no language of pack.toml",
        ),
        ("programmes/nutrition/display.toml", 'sw = "Ukuaji"', 'fr = "Ukuaji"', "fr is no language of pack"),
        ("translations/codes.csv", "key,en,sw", "key,en,fr", "the columns must be key, sw, en"),
        (
            "programmes/illness/forms/member_check.md",
            "member_check | 4 |",
            "under_five_assessment | 4 |",
            "another form is called",
        ),
        (PLACES, "county,42,", "parish,42,", "'parish' is none of the levels county, sub_county, ward, unit"),
        (PLACES, "county,42,", "county,,", "a place has a kind and a code; everywhere else has neither"),
        (PLACES, "county,42,", "county,43,", "this fact of this place has been given before"),
        (PLACES, "Kisumu,malaria_risk", "Kisumu,malaria", "'malaria' is no concept of type code"),
        (
            PLACES,
            "Kisumu,malaria_risk",
            "Kisumu,malaria_travel",
            "'malaria_travel' is no concept of type code",
        ),
        (PLACES, "malaria_risk,low", "malaria_risk,seldom", "'seldom' is none of endemic, low"),
        (PLACES, "kind,code,name", "kind,number,name", "the columns must be kind, code, name, fact, value"),
        (PLACES, "to be confirmed,U", "to be confirmed,X", "'X' is none of C, D, U"),
        (PLACES, "national immunisation schedule: counties of the malaria vaccine", "", "[source]: is empty"),
    ],
)
def test_what_is_wrong_is_named(copy: pathlib.Path, file: str, old: str, new: str, says: str) -> None:
    spoil(copy, file, old, new)
    assert any(says in str(complaint) for complaint in check(copy)), [str(one) for one in check(copy)]
    with pytest.raises(ContentError):
        load(copy)


def test_a_row_is_found_by_its_number(copy: pathlib.Path) -> None:
    spoil(copy, "concepts.csv", "head_name,text,", "head_name,prose,")
    (complaint,) = [one for one in check(copy) if one.file == "concepts.csv"]
    lines = (copy / "concepts.csv").read_text(encoding="utf-8").split("\n")
    assert lines[(complaint.row or 0) - 1].startswith("head_name,")
    assert complaint.column == "type"


def test_a_folder_without_a_pack(tmp_path: pathlib.Path) -> None:
    (complaint,) = check(tmp_path)
    assert complaint.file == "pack.toml"
