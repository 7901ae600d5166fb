"""What forms may know: the programmes' context.sql, and what the compiler refuses for lack of it."""

from __future__ import annotations

import pathlib
import re
import shutil

import pytest

from hodi.config import ROOT
from hodi.content import ContentError, load, load_limits
from hodi.content.context import known_names

KENYA = ROOT / "content" / "kenya"
FORM = "programmes/illness/forms/member_check.md"


@pytest.fixture
def copy(tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy of the Kenyan pack that a test may spoil."""
    return pathlib.Path(shutil.copytree(KENYA, tmp_path / "pack"))


def spoil(folder: pathlib.Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def complaints(folder: pathlib.Path) -> list[str]:
    with pytest.raises(ContentError) as raised:
        load(folder)
    return [str(one) for one in raised.value.complaints]


def test_names_that_forms_may_use() -> None:
    known = known_names(load(KENYA).context)
    assert known["person"] >= {"given_name", "age_days", "age_months", "age_years", "edd_day", "latrine"}
    assert known["household"] >= {"head_name", "latrine"}
    assert not known["household"] & {"given_name", "age_months"}
    assert known["member"] >= {"given_name", "age_years", "last_muac_mm", "person"}


def test_a_misspelt_hidden_name_fails_the_build(copy: pathlib.Path) -> None:
    text = (copy / FORM).read_text(encoding="utf-8")
    (copy / FORM).write_text(re.sub(r"\bage_years\b", "age_year", text), encoding="utf-8")
    row = next(
        n for n, line in enumerate(text.split("\n"), start=1) if re.search(r"hidden \| age_years", line)
    )
    assert complaints(copy) == [
        f"{FORM}:{row} [survey name]: no context.sql about person gives age_year, and no limit is called so"
    ]


def test_a_limit_enters_a_form_under_its_name(copy: pathlib.Path) -> None:
    name, limit = next(iter(load_limits(KENYA).items()))
    text = (copy / FORM).read_text(encoding="utf-8")
    (copy / FORM).write_text(re.sub(r"\bage_years\b", name, text), encoding="utf-8")
    form = load(copy).forms["member_check"]
    assert form.limits[name] == limit.value
    assert name not in form.context


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("head_name, vill", "head_nam, vill", "household: cannot be prepared: no such column: head_nam"),
        ("FROM household", "FROM households", "cannot be prepared: no such table: households"),
        (
            "-- about: household",
            "-- about: house",
            "a line `-- about:` must say area, household, person, member",
        ),
        ("= :household;", "= :person;", ":person is neither a limit nor given to a query about household"),
        ("-- name: household", "-- name: person", "person: another query is called so"),
        ("SELECT head_name,", "SELECT head_name AS given_name,", "given_name: given by household already"),
        ("SELECT person\n", "SELECT sex\n", "members: a query about member gives the members' person"),
    ],
)
def test_a_query_that_cannot_be_used(copy: pathlib.Path, old: str, new: str, says: str) -> None:
    spoil(copy, "programmes/household/context.sql", old, new)
    found = [one for one in complaints(copy) if says in one]
    assert found
    assert re.match(r"programmes/household/context.sql:\d+: ", found[0])


def test_a_query_may_read_a_programmes_own_table_and_limits(copy: pathlib.Path) -> None:
    name = next(iter(load_limits(KENYA)))
    path = copy / "programmes" / "nutrition" / "context.sql"
    path.write_text(
        path.read_text(encoding="utf-8")
        + "\n-- name: arm\n-- about: person\nSELECT muac_mm AS thin_arm FROM growth\n"
        f"WHERE unit = :unit AND household = :household AND person = :person AND muac_mm > :{name};\n",
        encoding="utf-8",
    )
    (query,) = (one for one in load(copy).context if one.name == "arm")
    assert query.gives == ("thin_arm",)
    assert query.sql.endswith(f"muac_mm > {load_limits(KENYA)[name].value!r}")
