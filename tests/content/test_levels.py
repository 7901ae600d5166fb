"""Levels of places as packs name them: any number above the unit."""

from __future__ import annotations

import msgspec

from hodi.content import Level, Places
from hodi.content.levels import levels_amiss

REGION = Level(kind="region", name={"pt": "Região"}, facilities=True)
UNIT = Level(kind="unit", name={"pt": "Unidade"}, endings=("de saúde",))
AREA = Level(kind="area", name={"pt": "Área"})
PLACES = Places(reach="region", facility={"pt": "Posto"}, levels=(REGION, UNIT, AREA))


def amiss(places: Places) -> list[str]:
    return [one.says for one in levels_amiss(places, ("pt",))]


def test_what_lies_in_what() -> None:
    assert amiss(PLACES) == []
    assert PLACES.above == ("region",) and PLACES.kinds == ("region", "unit", "area", "facility")
    assert {kind: PLACES.children_of(kind) for kind in PLACES.kinds} == {
        "region": ("unit", "facility"), "unit": ("area",), "area": (), "facility": (),
    }  # fmt: skip


def test_how_places_are_called() -> None:
    assert PLACES.name("facility", "pt") == "Posto" and PLACES.name("village", "pt") == "village"
    assert PLACES.named("unit", "pt", "Vale de Saúde") == "Vale"
    assert PLACES.named("region", "pt", "Norte de saúde") == "Norte de saúde"
    assert PLACES.bare("unit", "de saúde") == "de saúde", "a name is never left empty"


def test_faults_are_named() -> None:
    def without(**changed: object) -> Places:
        return msgspec.structs.replace(PLACES, **changed)

    no_facility = msgspec.structs.replace(REGION, facilities=False)
    assert amiss(without(levels=(no_facility, UNIT, AREA))) == [
        "facilities must lie in the region or below it: facilities = true"
    ]
    assert "there must be a level above unit" in amiss(without(levels=(UNIT, AREA)))[0]
    assert "the last two levels" in amiss(without(levels=(REGION, AREA, UNIT)))[0]
    below = msgspec.structs.replace(UNIT, facilities=True)
    assert amiss(without(levels=(REGION, below, AREA))) == ["facilities lie above the unit, not in the unit"]
