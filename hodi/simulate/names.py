"""Names of people who do not exist, put together at random from the parts in `demonstration/names.toml` of
the pack. Nobody in particular is meant."""

from __future__ import annotations

import pathlib
import random
import tomllib

import msgspec

_SYLLABLES = ("ba", "de", "ki", "lo", "mu", "na", "re", "su", "ti", "wo")


class Names(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """names.toml. `given` and `house` (middle and last names) by sex, `places`, `landmarks`; `telephone`: a
    number with `#` for a figure by chance, which no network may use."""

    given_names: dict[str, tuple[str, ...]] = {}
    house_names: dict[str, tuple[str, ...]] = {}
    places: tuple[str, ...] = ("A", "B", "C")
    landmarks: tuple[str, ...] = ("A", "B", "C")
    telephone_form: str = "+000########"

    def given(self, chance: random.Random, sex: str) -> str:
        """A first name."""
        return _one(self.given_names, chance, sex)

    def house(self, chance: random.Random, sex: str) -> str:
        """A middle or last name."""
        return _one(self.house_names, chance, sex)

    def landmark(self, chance: random.Random) -> str:
        """How a house is found."""
        return chance.choice(self.landmarks)

    def telephone(self, chance: random.Random) -> str:
        """A telephone number that nobody has."""
        return "".join(
            str(chance.randrange(10)) if figure == "#" else figure for figure in self.telephone_form
        )


def _one(parts: dict[str, tuple[str, ...]], chance: random.Random, sex: str) -> str:
    listed = parts.get(sex)
    if not listed:
        return "".join(chance.choices(_SYLLABLES, k=3)).capitalize()
    return chance.choice(listed)


def load_names(pack: pathlib.Path) -> Names:
    """The names of a pack; invented syllables if it has none. Raises ValueError for a file that is wrong."""
    path = pack / "demonstration" / "names.toml"
    if not path.exists():
        return Names()
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Names)
