"""The phone's types are written from the models, the schema and its statements, and are current."""

from __future__ import annotations

import msgspec
import pytest

from hodi.config import ROOT
from hodi.content import load
from hodi.sync import build_pack, pack_model, typescript
from hodi.sync.row_types import RowTypeError, row_types, typescript_of, view_statements

TABLES = (
    "CREATE TABLE cow (\n  unit BIGINT NOT NULL,\n  cow BIGINT NOT NULL,\n  name TEXT,\n"
    "  weight_kg DOUBLE PRECISION,\n  PRIMARY KEY (unit, cow)\n)",
    "CREATE TABLE bell (\n  unit BIGINT NOT NULL,\n  cow BIGINT NOT NULL,\n  tone TEXT NOT NULL,\n"
    "  PRIMARY KEY (unit, cow)\n)",
)


def written(*texts: str) -> str:
    named = {f"cows.sql, {number}": text for number, text in enumerate(texts)}
    return typescript_of(row_types(named, TABLES))


@pytest.mark.parametrize("file", typescript.FILES)
def test_a_file_of_types_is_current(file: str) -> None:
    says = "run: make types"
    assert (ROOT / file).read_text(encoding="utf-8") == typescript.FILES[file](), says


def test_what_may_be_absent_is_optional_and_explained() -> None:
    text = typescript.FILES["phone/src/forms/model.ts"]()
    assert "  readonly relevant?: Expression;" in text
    assert "  readonly one_page: boolean;" in text
    assert "/** Written only if this holds. */\n  readonly when?: Expression;" in text
    assert "| { readonly t: 'op'; readonly o: Operator; readonly a: readonly Expression[] }" in text
    pack = typescript.FILES["phone/src/domain/pack.ts"]()
    assert "  readonly class: string;" in pack, "a field is called as it travels"


def test_the_pack_is_what_its_model_says() -> None:
    content = build_pack(load(ROOT / "content" / "kenya")).content
    parts = msgspec.json.decode(content)
    assert msgspec.json.decode(content, type=pack_model.Pack).version == parts["version"]
    with pytest.raises(msgspec.ValidationError, match="unheard_of"):
        msgspec.convert({**parts, "unheard_of": 1}, pack_model.Pack)


def test_every_statement_of_the_views_has_a_row() -> None:
    assert len(view_statements()) >= 20
    assert all("-- row: " in text for text in view_statements().values())


def test_a_plain_column_has_the_type_of_its_table() -> None:
    text = written(
        "-- The cows.\n-- row: Cow\nWITH c AS (SELECT * FROM cow) SELECT c.cow, c.name AS called FROM c;"
    )
    assert text.splitlines() == [
        "/** The cows. */",
        "export interface Cow {",
        "  readonly cow: number;",
        "  readonly called: string | null;",
        "}",
    ]


def test_what_is_joined_from_the_left_may_be_missing() -> None:
    join = "bell b ON b.unit = c.unit AND b.cow = c.cow"
    assert "tone: string | null" in written(f"-- row: A\nSELECT b.tone FROM cow c LEFT JOIN {join};")
    assert "tone: string;" in written(f"-- row: A\nSELECT b.tone FROM cow c JOIN {join};")


def test_a_statement_says_what_the_schema_does_not_know() -> None:
    said = "-- row: A\n-- field: n number; How many.\n-- field: name 'Bella' | 'Alma' | null\n"
    text = written(f"{said}SELECT name, COUNT(*) AS n FROM cow WHERE unit = :unit GROUP BY name;")
    assert "  readonly name: 'Bella' | 'Alma' | null;\n  /** How many. */\n  readonly n: number;" in text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("SELECT cow FROM cow;", "say `-- row:`"),
        ("-- row: A\nSELECT COUNT(*) AS n FROM cow;", "say the type of n"),
        ("-- row: A\nSELECT colour FROM cow;", "no such column: colour"),
        ("-- row: A\n-- field: colour string\nSELECT cow FROM cow;", "it gives no colour"),
        ("-- row: A\n-- field: name string\nSELECT name FROM cow;", "name may be NULL by the schema"),
    ],
)
def test_a_type_that_would_be_wrong_is_refused(text: str, fault: str) -> None:
    with pytest.raises(RowTypeError, match=fault):
        written(text)
    assert "name: string;" in written("-- row: A\n-- field: name string!\nSELECT name FROM cow;")


def test_two_statements_that_share_a_row_give_the_same_columns() -> None:
    one, other = "-- row: A\nSELECT cow, name FROM cow;", "-- row: A\nSELECT name FROM cow;"
    assert written(one, one) == written(one)
    with pytest.raises(RowTypeError, match="another statement gives another A"):
        written(one, other)
