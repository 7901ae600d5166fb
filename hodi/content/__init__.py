"""Content: what a country decides, read from its pack as data.

A pack is a folder: `pack.toml` (facts), `concepts.csv` (what can be stated), `translations/*.csv`
(what Hodi says), and `programmes/*`, each a folder with all that one health programme decides: limits,
record, forms (XLSForms, compiled to the model that phones run), signals. `load` gives the pack as plain
frozen values or refuses it with every fault, file and row named; `check` only lists the faults.
"""

from hodi.content.complaint import Complaint, ContentError
from hodi.content.concepts import Concept, load_concepts
from hodi.content.discretion import Discretion, discretion
from hodi.content.display_model import Display
from hodi.content.forms import FORM_MODEL, FormModel, compile_form, xform
from hodi.content.languages import Language, language_by_code, languages_of
from hodi.content.levels import Level, Places, load_places
from hodi.content.messages import fill
from hodi.content.pack import Kind, Pack, check, load
from hodi.content.place_facts import PlaceFact, load_place_facts
from hodi.content.programmes import Limit, Programme, load_limits, load_programmes
from hodi.content.referral import ReferralTimes, load_referral_times, step_of
from hodi.content.wording import OWN_AREAS, SOURCE_LANGUAGE, language_faults

__all__ = [
    "FORM_MODEL",
    "OWN_AREAS",
    "SOURCE_LANGUAGE",
    "Complaint",
    "Concept",
    "ContentError",
    "Discretion",
    "Display",
    "FormModel",
    "Kind",
    "Language",
    "Level",
    "Limit",
    "Pack",
    "PlaceFact",
    "Places",
    "Programme",
    "ReferralTimes",
    "check",
    "compile_form",
    "discretion",
    "fill",
    "language_by_code",
    "language_faults",
    "languages_of",
    "load",
    "load_concepts",
    "load_limits",
    "load_place_facts",
    "load_places",
    "load_programmes",
    "load_referral_times",
    "step_of",
    "xform",
]
