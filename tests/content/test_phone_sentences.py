"""The phone carries the catalogue's sentences from its first start, before it has a pack."""

import json

from hodi.config import ROOT
from hodi.content import load
from hodi.errors import CATALOGUE


def test_the_phone_says_what_the_catalogue_says() -> None:
    carried = json.loads((ROOT / "phone" / "src" / "i18n" / "errors.json").read_text(encoding="utf-8"))
    words = load(ROOT / "content" / "kenya").words
    expected = {code: {name: words[name][f"error.{code}"] for name in ("en", "sw")} for code in CATALOGUE}
    assert carried == expected, "write phone/src/i18n/errors.json anew from the pack"
