"""A country pack, read from its folder into plain values and checked as a whole."""

from __future__ import annotations

import pathlib
import tomllib

import msgspec

from hodi.config import ROOT
from hodi.content.complaint import Complaint, ContentError
from hodi.content.concepts import Concept, load_concepts
from hodi.content.context import ContextQuery, known_names, read_context
from hodi.content.cross_checks import (
    codes_without_words,
    disclosures_amiss,
    kinds_without_concepts,
    names_amiss,
    referral_times_amiss,
)
from hodi.content.display import read_display
from hodi.content.display_model import Display
from hodi.content.forms import FormModel, compile_form
from hodi.content.languages import list_faults
from hodi.content.levels import Places, levels_amiss
from hodi.content.place_facts import PlaceFact, read_place_facts
from hodi.content.programmes import Limit, Programme, read_programmes
from hodi.content.referral import Hours, ReferralTimes
from hodi.content.required import requirements_amiss
from hodi.content.simulation import read_simulation
from hodi.content.simulation_model import Simulation
from hodi.content.wording import Words, load_words
from hodi.domain import Numbering, Zone
from hodi.domain.times import zone_of


class Kind(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A kind of event: a sentence, the columns it needs, the concepts it must state, whether it travels ahead
    of others, and whether its household is folded from the beginning."""

    says: str
    requires: tuple[str, ...]
    concepts: tuple[str, ...]
    urgent: bool = False
    from_start: bool = False


class _Referral(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    classes: dict[str, Hours]
    steps: dict[str, dict[str, Hours]]
    discloses: dict[str, tuple[str, ...]] = {}


class _Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """pack.toml."""

    name: str
    country: str
    version: str
    time_zone: str
    languages: tuple[str, ...]
    minor_years: int
    telephone: Numbering
    places: Places
    referral: _Referral


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a country decides. The first of `languages` is the default; `words` by language
    and key; `programmes` in their order, `limits` by name; `context`: the queries of what forms may know;
    `display`: what the pages of persons and households show;
    `referral_times`: how long each step of a referral may take; `referral_discloses`: by reason, the
    concepts that it gives away; `minor_years`: who is younger is a minor; `telephone`: how
    telephones are numbered; `places`: the levels; `place_facts`: what is true of places;
    `concepts`, `kinds` and `forms` by name; `simulation`: by
    programme, how simulated people answer."""

    folder: pathlib.Path
    name: str
    country: str
    version: str
    zone: Zone
    languages: tuple[str, ...]
    concepts: dict[str, Concept]
    kinds: dict[str, Kind]
    referral_times: ReferralTimes
    referral_reasons: tuple[str, ...]
    referral_discloses: dict[str, tuple[str, ...]]
    minor_years: int
    telephone: Numbering
    places: Places
    place_facts: tuple[PlaceFact, ...]
    words: Words
    programmes: tuple[Programme, ...]
    limits: dict[str, Limit]
    context: tuple[ContextQuery, ...]
    display: Display
    forms: dict[str, FormModel]
    simulation: dict[str, Simulation]

    @property
    def urgencies(self) -> tuple[str, ...]:
        """The classes of referrals and signals, the most pressing first."""
        return self.concepts["referral_class"].codes


def load_kinds() -> dict[str, Kind]:
    """The kinds of event of the contract, by name."""
    listed = msgspec.json.decode((ROOT / "contract" / "kinds.json").read_bytes(), type=dict[str, object])
    return {name: msgspec.convert(kind, Kind) for name, kind in listed.items() if not name.startswith("$")}


def form_files(folder: pathlib.Path) -> list[pathlib.Path]:
    """The forms of a pack's programmes: one Markdown or .xlsx file each."""
    return [path for one in read_programmes(folder)[0] for path in one.files("forms", ".md", ".xlsx")]


def load(folder: pathlib.Path) -> Pack:
    """The pack in a folder. Raises ContentError with everything that is wrong with it."""
    pack, complaints = read(folder)
    if pack is None or complaints:
        raise ContentError(complaints)
    return pack


def check(folder: pathlib.Path) -> list[Complaint]:
    """Everything that is wrong with the pack in a folder; an empty list if it can be used."""
    return read(folder)[1]


def read(folder: pathlib.Path) -> tuple[Pack | None, list[Complaint]]:
    """The pack, as far as it can be read, and all complaints about it."""
    try:
        facts = msgspec.convert(tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8")), _Facts)
        zone = zone_of(facts.time_zone)
    except (OSError, ValueError, msgspec.ValidationError) as error:
        return None, [Complaint(file="pack.toml", says=f"cannot be read: {error}")]
    if wrong := list_faults(facts.languages):
        return None, [Complaint(file="pack.toml", column="languages", says=says) for says in wrong]
    concepts, complaints = load_concepts(folder)
    usable = not complaints  # forms judged by faulty concepts would only add noise
    words, faults = load_words(folder, facts.languages)
    complaints += faults
    kinds = load_kinds()
    complaints += kinds_without_concepts({name: kind.concepts for name, kind in kinds.items()}, concepts)
    complaints += levels_amiss(facts.places, facts.languages)
    times = ReferralTimes(classes=facts.referral.classes, steps=facts.referral.steps)
    complaints += referral_times_amiss(times, concepts)
    complaints += disclosures_amiss(facts.referral.discloses, concepts)
    complaints += codes_without_words(concepts, words)
    programmes, faults = read_programmes(folder)
    complaints += faults
    complaints += names_amiss(programmes, facts.languages)
    limits = {name: limit for one in programmes for name, limit in one.limits.items()}
    place_facts, faults = read_place_facts(folder, programmes, concepts, facts.places)
    complaints += faults if usable else []
    context, faults = read_context(folder, programmes, limits)
    complaints += faults
    display, faults = read_display(folder, programmes, concepts, facts.languages)
    complaints += faults if usable else []
    forms: dict[str, FormModel] = {}
    for path in form_files(folder) if usable else []:
        file = path.relative_to(folder).as_posix()
        form, faults = compile_form(
            path,
            file=file,
            languages=facts.languages,
            concepts=concepts,
            kinds={name: kind.concepts for name, kind in kinds.items()},
            limits={name: limit.value for name, limit in limits.items()},
            known=known_names(context),
        )
        complaints += faults
        if form is None:
            continue
        if form.id in forms:
            complaints.append(Complaint(file=file, says=f"another form is called {form.id} too"))
        forms[form.id] = form
    simulation, faults = read_simulation(folder, programmes, concepts, limits, forms, context)
    complaints += faults if not complaints else []  # hints for what cannot be read would only add noise
    complaints += requirements_amiss(concepts, limits, forms) if usable else []
    reasons = concepts["referral_reason"].codes if "referral_reason" in concepts else ()
    pack = Pack(
        folder=folder,
        name=facts.name,
        country=facts.country,
        version=facts.version,
        zone=zone,
        languages=facts.languages,
        concepts=concepts,
        kinds=kinds,
        referral_times=times,
        referral_reasons=reasons,
        referral_discloses=facts.referral.discloses,
        minor_years=facts.minor_years,
        telephone=facts.telephone,
        places=facts.places,
        place_facts=place_facts,
        words=words,
        programmes=programmes,
        limits=limits,
        context=context,
        display=display,
        forms=forms,
        simulation=simulation,
    )
    return pack, complaints
