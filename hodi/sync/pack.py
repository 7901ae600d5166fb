"""The content pack as phones receive it (hodi/sync/pack_model.py): forms, the fold, signal rules,
reference tables, words. A phone holds no clinical knowledge of its own; what it needs is composed here,
once, and a phone that has this version already is told so by its ETag."""

from __future__ import annotations

import hashlib
import zlib

import msgspec

from hodi.care import discretion_of
from hodi.content import FORM_MODEL, OWN_AREAS, Concept, Pack
from hodi.db.schema import contract_planner, contract_schema, statements
from hodi.record import load_record_schema, steps_for_phone
from hodi.signals import Rule, load_rules
from hodi.sync import pack_model
from hodi.tasks import TaskRule, load_tasks

_VERSION_CHARS = 16
_GZIP, _LEVEL = 31, 9


class PackArtifact(msgspec.Struct, frozen=True):
    """The pack as JSON and as gzipped JSON; `version` is the hash of its content."""

    version: str
    content: bytes
    gzipped: bytes


def build_pack(pack: Pack) -> PackArtifact:
    """Compose a pack for phones. Raises StepError or RuleError for SQL that cannot be composed,
    msgspec.ValidationError for what is not in the model."""
    rules, task_rules = load_rules(pack.folder), load_tasks(pack.folder)
    schema = load_record_schema(pack.folder)
    silent = discretion_of(pack)
    added = [statement for name in schema.added for statement in schema.tables[name].created("sqlite")]
    parts: dict[str, object] = {
        "name": pack.name,
        "utc_offset_min": pack.zone.utc_offset_min,
        **({"offset_changes": pack.zone.changes} if pack.zone.changes else {}),
        "languages": pack.languages,
        "schema": [
            *statements(contract_schema("sqlite")),
            *added,
            *contract_planner(),
            *schema.planner(),
        ],
        "fold": steps_for_phone(schema),
        "signals": [rule.for_phone() for rule in rules],
        "tasks": [rule.for_phone() for rule in task_rules],
        "reference": {
            name: {"columns": reference.table.columns, "rows": reference.rows}
            for name, reference in schema.references.items()
        },
        "kinds": pack.kinds,
        "concepts": {name: _concept(concept) for name, concept in pack.concepts.items()},
        "form_model": FORM_MODEL,
        "context": [{"about": query.about, "sql": query.sql} for query in pack.context],
        "display": pack.display,
        "forms": list(pack.forms.values()),
        "limits": {name: limit.value for name, limit in pack.limits.items()},
        "referral": {
            "classes": pack.referral_times.classes,
            "steps": pack.referral_times.steps,
            # The pack's order, the most pressing first: an object's keys have none.
            "order": pack.urgencies,
            "reasons": pack.referral_reasons,
        },
        "discretion": {
            "minor_years": silent.minor_years,
            "always": silent.always,
            "minors": silent.minors,
        },
        "words": _words(pack, rules, task_rules),
    }
    version = hashlib.sha256(_encode(parts)).hexdigest()[:_VERSION_CHARS]
    content = _encode({"version": version, **parts})
    msgspec.json.decode(content, type=pack_model.Pack)  # the phone's types are written from this model
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return PackArtifact(version, content, packer.compress(content) + packer.flush())


def _encode(parts: dict[str, object]) -> bytes:
    return msgspec.json.encode(parts, order="deterministic")


def _concept(concept: Concept) -> dict[str, object]:
    """What a phone needs of a concept: codes of other systems stay here."""
    limits = ("unit", "min", "max", "confirm_min", "confirm_max")
    said = {name: getattr(concept, name) for name in limits if getattr(concept, name) is not None}
    codes = {"codes": concept.codes} if concept.codes else {}
    return {"type": concept.type, "label": concept.label, "sensitivity": concept.sensitivity, **said, **codes}


def _words(
    pack: Pack, rules: tuple[Rule, ...], task_rules: tuple[TaskRule, ...]
) -> dict[str, dict[str, str]]:
    # The staff pages' words stay on the server, the app's own come with it (app_words.py).
    words = {
        language: {key: text for key, text in said.items() if key.partition(".")[0] not in OWN_AREAS}
        for language, said in pack.words.items()
    }
    spoken = [rule.words("signal") for rule in rules] + [rule.words("task") for rule in task_rules]
    for by_language in spoken:
        for language, said in by_language.items():
            words.setdefault(language, {}).update(said)
    return words
