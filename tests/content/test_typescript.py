"""The phone's types are written from the structs, and current."""

from __future__ import annotations

import pytest

from hodi.config import ROOT
from hodi.content import typescript


@pytest.mark.parametrize("file", typescript.FILES)
def test_a_file_of_types_is_current(file: str) -> None:
    says = "run: python -m hodi.content.typescript"
    assert (ROOT / file).read_text(encoding="utf-8") == typescript.write(file), says


def test_what_may_be_absent_is_optional_and_explained() -> None:
    text = typescript.write("phone/src/forms/model.ts")
    assert "  readonly relevant?: Expression;" in text
    assert "  readonly one_page: boolean;" in text
    assert "/** Written only if this holds. */\n  readonly when?: Expression;" in text
    assert "| { readonly t: 'op'; readonly o: Operator; readonly a: readonly Expression[] }" in text
