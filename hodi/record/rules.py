"""Rules: opinions about the record, each a SELECT in a folder of a programme. Signals and tasks are such
rules; what is the same for all of them is here.

A rule's `rule.sql` says what holds today of the households in the scope, without knowing of scopes:

    -- from: growth                   the table of the record that it starts from
    -- days: :nut_decline_span_days   how far back from today, where that table is keyed by day

Limits are named as in SQL parameters (`:nut_decline_span_days`) and written in when the rule is read.
"""

from __future__ import annotations

import dataclasses
import hashlib
import pathlib
import re
import tomllib
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from hodi.content import Limit, language_faults, languages_of, load_limits, load_programmes
from hodi.content.limits import UnknownLimit, limits_in, with_limits
from hodi.db.store import Engine
from hodi.record.compose import rule_ctes
from hodi.record.schema import RecordSchema, StepError, load_record_schema
from hodi.record.tables import Table

_FROM = re.compile(r"^-- from: *(\w+)\s*$", re.MULTILINE)
_DAYS = re.compile(r"^-- days: *(.+?)\s*$", re.MULTILINE)
_READ = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)", re.IGNORECASE)

Words = dict[str, str]
"""By language."""


class RuleError(Exception):
    """A rule that cannot be used; the message names its folder and what is wrong."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RuleText:
    """The SQL of a rule: the table it starts from, how many days back ("" = all rows), its SELECT; the names
    of the limits written into it, and of the tables of the record that it reads. `mark` changes whenever what
    it gives may."""

    code: str
    folder: pathlib.Path
    drives: Table
    days: str
    select: str
    limits: tuple[str, ...]
    reads: tuple[str, ...]
    mark: str = ""

    def found(self, engine: Engine, before: str = "") -> str:
        """`WITH … found AS (its rows)`, the statement to follow; `before`: a CTE that stands first."""
        try:
            return rule_ctes(self.select, self.drives, self.days, engine, before)
        except StepError as error:
            raise RuleError(f"{self.code}: {error}") from error


class Described(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every rule's TOML file says. `title` and `says` (by `detail`) by language; `owner` answers for it;
    `discloses`: the concepts that whoever reads of it knows; `text`: its SQL."""

    code: str
    version: int
    owner: str
    source: str
    title: Words
    says: dict[str, Words] = {}
    discloses: tuple[str, ...] = ()
    text: RuleText | None = None

    def wordings(self) -> dict[str, Words]:
        """Its wordings by part: `title`, `says.<detail>`, and what its kind adds."""
        return {"title": self.title} | {f"says.{detail}": words for detail, words in self.says.items()}

    def words(self, kind: str) -> dict[str, Words]:
        """Its wording by language and key: `<kind>.<CODE>.<part>`."""
        found: dict[str, Words] = {}
        for part, words in self.wordings().items():
            for language, text in words.items():
                found.setdefault(language, {})[f"{kind}.{self.code}.{part}"] = text
        return found

    def sql(self) -> RuleText:
        """Its SQL. Raises RuleError for a rule that was made without any."""
        if self.text is None:
            raise RuleError(f"{self.code}: has no SQL")
        return self.text


D = TypeVar("D", bound=Described)


@dataclasses.dataclass(frozen=True, kw_only=True)
class RuleFolder:
    """A rule as a pack has it: the folder, called by its code, and what is known of the whole pack.
    `languages` are the pack's; `file` holds its SQL; `given` are relations beside the record's tables that it
    may start from, by name."""

    folder: pathlib.Path
    limits: Mapping[str, Limit]
    schema: RecordSchema
    languages: tuple[str, ...]
    file: str = "rule.sql"
    given: Mapping[str, Table] = dataclasses.field(default_factory=dict)

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.folder.name

    def described(self, file: str, type_: type[D]) -> D:
        """The rule whose TOML file this is, with its SQL. Raises RuleError."""
        try:
            rule = msgspec.convert(tomllib.loads((self.folder / file).read_text(encoding="utf-8")), type_)
        except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise RuleError(f"{self.code}: {error}") from error
        if rule.code != self.code:
            raise RuleError(f"{self.code}: its code says {rule.code}")
        for part, wording in rule.wordings().items():
            if wrong := language_faults(wording, self.languages):
                raise RuleError(f"{self.code}: {part}: {wrong[0]}")
        return msgspec.structs.replace(rule, text=self.text())

    def text(self, limits: Mapping[str, Limit] | None = None) -> RuleText:
        """Its SQL, with the pack's limits or others. Raises RuleError."""
        try:
            sql = (self.folder / self.file).read_text(encoding="utf-8")
        except OSError as error:
            raise RuleError(f"{self.code}: {error}") from error
        return read_rule(self, sql, self.limits if limits is None else limits)


def rule_folders(
    pack: pathlib.Path, kind: str, file: str = "rule.sql", given: Mapping[str, Table] | None = None
) -> list[RuleFolder]:
    """The folders of a kind of rule (signals, tasks, indicators) in a pack's programmes, by code. Raises
    RuleError for two of one code."""
    limits, schema, languages = load_limits(pack), load_record_schema(pack), languages_of(pack)
    folders = [folder for one in load_programmes(pack) for folder in one.folders(kind)]
    by_code = {
        folder.name: RuleFolder(
            folder=folder,
            limits=limits,
            schema=schema,
            languages=languages,
            file=file,
            given=given or {},
        )
        for folder in folders
    }
    if len(by_code) < len(folders):
        raise RuleError(f"two {kind} have one code")
    return [by_code[code] for code in sorted(by_code)]


def read_rule(rule: RuleFolder, sql: str, limits: Mapping[str, Limit]) -> RuleText:
    """A rule's SQL, with these limits. Raises RuleError."""
    code, schema = rule.code, rule.schema
    drives, days = _FROM.search(sql), _DAYS.search(sql)
    if drives is None:
        raise RuleError(f"{code}: {rule.file} needs a line `-- from: <table>`")
    start = drives.group(1)
    if start not in rule.given and start not in {step.writes for step in schema.steps}:
        raise RuleError(f"{code}: cannot start from {start}, which no step writes")
    tables = {**schema.tables, **rule.given}
    try:
        select = with_limits(sql, limits)
        reads = tuple(sorted(set(_READ.findall(re.sub(r"--[^\n]*", "", select))) & tables.keys()))
        references = [schema.references[name].mark for name in reads if name in schema.references]
        return RuleText(
            code=code,
            folder=rule.folder,
            drives=tables[start],
            days=with_limits(days.group(1), limits) if days else "",
            select=select,
            limits=limits_in(sql, limits),
            reads=reads,
            mark=hashlib.sha256("\n".join([select, *references]).encode()).hexdigest()[:12],
        )
    except UnknownLimit as error:
        raise RuleError(f"{code}: {rule.file} names :{error}, which no limits.toml gives") from error
