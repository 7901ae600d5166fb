"""A pack speaks the languages that it lists, and no others."""

from __future__ import annotations

import pathlib
import re
import shutil

import pytest

from hodi import signals, tasks
from hodi.content import check, language_by_code, load
from hodi.content.messages import arguments, faults
from hodi.content.wording import own_words
from hodi.indicators import load_indicators
from hodi.record import RuleError
from hodi.sync.pack import build_pack
from tests.harness.languages import KENYA, pack_in_other_languages


@pytest.fixture
def others(tmp_path: pathlib.Path) -> pathlib.Path:
    return pack_in_other_languages(tmp_path)


def test_a_pack_in_other_languages_compiles(others: pathlib.Path) -> None:
    assert [str(one) for one in check(others)] == []
    pack = load(others)
    assert pack.languages == ("pt", "es")
    assert set(pack.words) == {"pt", "es"}
    build_pack(pack)
    spoken = [*signals.load_rules(others), *tasks.load_tasks(others), *load_indicators(others)]
    assert {language for one in spoken for language in one.title} == {"pt", "es"}
    assert {language for one in pack.concepts.values() for language in one.label} == {"pt", "es"}
    assert {language for form in pack.forms.values() for language in form.title} == {"pt", "es"}


def test_an_english_of_its_own_stands_before_hodis(tmp_path: pathlib.Path) -> None:
    pack = pathlib.Path(shutil.copytree(KENYA, tmp_path / "pack"))
    path = pack / "translations" / "pages.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    own = {"page.nav.logout": "Sign out", "page.household.of": "{name}’s household"}
    header, *rest = (f"{row},{own.get(row.partition(',')[0], '')}" for row in rows)
    path.write_text("\n".join([header.removesuffix(",") + ",en", *rest]), encoding="utf-8")
    said = load(pack).words["en"]
    assert {key: said[key] for key in own} == own
    assert said["page.nav.language"] == own_words()["page.nav.language"]
    path.write_text(path.read_text(encoding="utf-8").replace("{name}’s", "{who}’s"), encoding="utf-8")
    assert [one.says for one in check(pack)] == ["the names in braces differ between the languages"]


def test_hodis_own_words_are_sound() -> None:
    wrong = {key: faults(text, "en") for key, text in own_words().items()}
    assert {key: says for key, says in wrong.items() if says} == {}
    assert all(text.strip() for text in own_words().values())
    assert arguments(own_words()["page.household.of"]) == {"name"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("sw = ", "fr = ", "title: no words in sw"),
        ("[title]", '[title]\nfr = "La croissance baisse"', "title: fr is no language of pack.toml"),
    ],
)
def test_a_rule_speaks_the_packs_languages(tmp_path: pathlib.Path, old: str, new: str, says: str) -> None:
    pack = pathlib.Path(shutil.copytree(KENYA, tmp_path / "pack"))
    file = pack / "programmes" / "nutrition" / "signals" / "NUT_DECLINE" / "signal.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleError, match=re.escape(f"NUT_DECLINE: {says}")):
        signals.load_rules(pack)


def test_what_a_language_is_by_itself() -> None:
    sw, es, ar = map(language_by_code, ("sw", "es", "ar"))
    assert (sw.name, sw.direction, sw.months[2], sw.short_months[2]) == ("Kiswahili", "ltr", "Machi", "Mac")
    assert (es.name, es.months[0]) == ("Español", "enero")
    assert ar.direction == "rtl"
    with pytest.raises(ValueError, match="no language that CLDR knows"):
        language_by_code("xq")
