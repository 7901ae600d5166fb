"""Reading the sheets of an XLSForm, row by row, into the parts of a model. Every fault is kept with its
sheet, row and column, and reading goes on, so that an author sees all of them at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from hodi.content.complaint import Complaint
from hodi.content.concepts import Concept
from hodi.content.forms.expressions import Expression, ExpressionError, Place, parse_condition
from hodi.content.forms.model import About, Choice, FormEvent, Introduced, Labels
from hodi.content.languages import language_by_code
from hodi.content.sheets import Row, Sheet

_TRANSLATED = ("label", "hint", "constraint_message")
_IN_LANGUAGE = re.compile(r"^\w+::(?P<named>.+ \((?P<code>[A-Za-z-]+)\))$")
"""A column of one language, as XLSForms have it: label::English (en). What the language is called is the
author's choice; its code counts."""
_COLUMNS = {
    "survey": {
        "type", "name", "required", "relevant", "constraint", "calculation", "appearance", "default",
        "choice_filter", "repeat_count", "repeat_over", "repeat_filter", "concept", "event", "source",
        "band",
    },
    "choices": {"list_name", "name", "concept", "image", "source"},
    "settings": {"form_id", "form_title", "version", "default_language", "about", "offered"},
    "events": {"kind", "when", "for_each", "introduces", "target", "source"},
}  # fmt: skip
_INSTEAD = {
    "media::image": "a choice's picture is named in the column image of the sheet choices",
    "trigger": "let the calculation read the question instead",
    "parameters": "limits come from concepts.csv",
    "read_only": "use a note, or a calculate",
    "body::intent": "other apps cannot be called from a form",
}
_ABOUT: dict[str, About] = {"area": "area", "household": "household", "person": "person"}
_INTRODUCED: dict[str, Introduced] = {"household": "household", "person": "person"}
NAME = re.compile(r"^[a-z][a-z0-9_]*$")


class Belongs(NamedTuple):
    """What decides which event states a question: its cell `event`, the repeats it is asked in, and whether
    it has something to state."""

    event: str
    chain: tuple[str, ...]
    speaks: bool


class Reading:
    """One reading of one form; collects every complaint on the way. `limits`: the thresholds of the pack,
    which `hidden` rows may name. `named`: by language, how its columns call it. `rows`: sheet and row of
    every name, for later complaints."""

    def __init__(
        self,
        file: str,
        languages: tuple[str, ...],
        concepts: Mapping[str, Concept],
        limits: Mapping[str, float],
    ) -> None:
        self.file = file
        self.languages = languages
        self.concepts = concepts
        self.limits = limits
        self.named = {code: f"{language_by_code(code).name} ({code})" for code in languages}
        self.complaints: list[Complaint] = []
        self.rows: dict[str, tuple[str, int]] = {}
        self.sheet: str | None = None

    def complain(self, says: str, row: Row | None = None, column: str | None = None) -> None:
        number = row.number if row else None
        self.complaints.append(
            Complaint(file=self.file, says=says, sheet=self.sheet, row=number, column=column)
        )

    def known_columns(self, sheets: Mapping[str, Sheet]) -> bool:
        """Whether there are the sheets and columns that a form needs, and no others. What the sheet
        `choices` has beside its own columns is for choice filters."""
        for name in ("survey", "settings", "events"):
            if name not in sheets:
                self.complain(f"the sheet {name} is missing")
        for sheet in sheets.values():
            for match in filter(None, map(_IN_LANGUAGE.match, sheet.columns)):
                if match["code"] in self.named:
                    self.named[match["code"]] = match["named"]
        for name, sheet in sheets.items():
            self.sheet = name
            if name not in _COLUMNS:
                self.complain(f"the sheet {name} is not supported; take it out")
                continue
            known = _COLUMNS[name] | self._translated_columns(name)
            for column in sheet.columns:
                if column in known or (name == "choices" and NAME.match(column)):
                    continue
                instead = _INSTEAD.get(column, "take it out")
                self.complain(f"the column is not supported in the sheet {name}: {instead}", column=column)
        self.sheet = None
        return not self.complaints

    def _translated_columns(self, sheet: str) -> set[str]:
        if sheet == "settings":
            return {f"title_{code}" for code in self.languages}
        words = _TRANSLATED if sheet == "survey" else ("label",)
        return {f"{word}::{self.named[code]}" for word in words for code in self.languages}

    def labels(self, row: Row, word: str, *, needed: bool = False) -> Labels | None:
        """The wording of a row by language: in all of them or in none."""
        found = {code: row.get(f"{word}::{self.named[code]}") for code in self.languages}
        if not needed and not any(found.values()):
            return None
        for code, text in found.items():
            if not text:
                self.complain(f"no words in {code}", row, f"{word}::{self.named[code]}")
        return found

    def expression(
        self,
        row: Row,
        column: str,
        place: Place = Place(),  # noqa: B008 (a value, never changed)
        read: Callable[[str, Place], Expression] = parse_condition,
    ) -> Expression | None:
        """The parsed cell of a column, if it is filled."""
        text = row.get(column)
        if not text:
            return None
        try:
            return read(text, place)
        except ExpressionError as error:
            self.complain(str(error), row, column)
            return None

    def settings(self, sheet: Sheet) -> dict[str, object]:
        """What the model says about the form as a whole."""
        self.sheet = "settings"
        row = sheet.rows[0] if sheet.rows else Row(number=1, cells={})
        if not NAME.match(row.get("form_id")):
            self.complain("form_id must be one word in small letters", row, "form_id")
        version = row.get("version")
        if not version.isdigit() or int(version) < 1:
            self.complain("version must be a whole number from 1", row, "version")
        if row.get("about") not in _ABOUT:
            self.complain(f"about must be one of {', '.join(_ABOUT)}", row, "about")
        title = {code: row.get(f"title_{code}") for code in self.languages}
        for code in self.languages:
            if not title[code]:
                self.complain(f"no title in {code}", row, f"title_{code}")
        offered = self.expression(row, "offered")
        about = _ABOUT.get(row.get("about"))
        number = int(version) if version.isdigit() else 0
        return {
            "id": row.get("form_id"),
            "version": number,
            "title": title,
            "about": about,
            "offered": offered,
        }

    def choices(self, sheet: Sheet | None) -> dict[str, tuple[Choice, ...]]:
        """The lists of choices by name."""
        self.sheet = "choices"
        further = _further_columns(sheet)
        lists: dict[str, list[Choice]] = {}
        for row in sheet.rows if sheet else ():
            choice = Choice(
                name=row.get("name"),
                label=self.labels(row, "label", needed=True) or {},
                image=row.get("image") or None,
                concept=row.get("concept") or None,
                columns={column: row.get(column) for column in further if row.get(column)} or None,
            )
            listed = lists.setdefault(row.get("list_name"), [])
            if not choice.name or " " in choice.name:
                self.complain("a choice's name is one word", row, "name")
            if any(choice.name == other.name for other in listed):
                self.complain(f"{choice.name} stands twice in the list", row, "name")
            if choice.concept is not None:
                self._flag_of_choice(choice.concept, row)
            listed.append(choice)
        return {name: tuple(listed) for name, listed in lists.items()}

    def unused_columns(self, sheet: Sheet | None, read: Iterable[str]) -> None:
        """Complains about further columns of the sheet `choices` that no choice_filter reads."""
        self.sheet = "choices"
        for column in _further_columns(sheet) - set(read):
            self.complain("no choice_filter reads this column; take it out", column=column)

    def _flag_of_choice(self, name: str, row: Row) -> None:
        concept = self.concepts.get(name)
        if concept is None:
            self.complain(f"the concept {name} is not in concepts.csv", row, "concept")
        elif concept.type != "flag":
            self.complain(f"the concept {name} is a {concept.type}; a choice states a flag", row, "concept")

    def events(
        self, sheet: Sheet, belongs: Mapping[str, Belongs], repeats: frozenset[str]
    ) -> tuple[FormEvent, ...]:
        """The events with the questions that each states. `belongs` by question: what decides it."""
        self.sheet = "events"
        events: list[FormEvent] = []
        for row in sheet.rows:
            each = row.get("for_each")
            self.rows[f"event {len(events)}"] = ("events", row.number)
            if each and each not in repeats:
                self.complain(f"there is no repeat {each} in the sheet survey", row, "for_each")
            if row.get("introduces") not in ("", *_INTRODUCED):
                self.complain("only a household or a person can be introduced", row, "introduces")
            place = Place((each,), repeats) if each else Place()
            events.append(
                FormEvent(
                    kind=row.get("kind"),
                    states=(),
                    when=self.expression(row, "when", place),
                    for_each=each or None,
                    introduces=_INTRODUCED.get(row.get("introduces")),
                    target=row.get("target") or None,
                )
            )
        if not events:
            self.complain("the sheet events names no event, so the form would write nothing")
        stated: list[list[str]] = [[] for _ in events]
        for name, (named, chain, speaks) in belongs.items():
            kinds = named.split()
            for kind in kinds:
                if kind != "-" and all(kind != event.kind for event in events):
                    self.later(name, "event", f"the event {kind} is not in the sheet events")
            stating = _stating(events, kinds, chain)
            if speaks and events and not stating and kinds != ["-"]:
                where = f"asked in {chain[-1]}, so for_each must name it there" if chain else "name one here"
                self.later(name, "event", f"no event states it: {where}, or write -")
            for number in stating:
                stated[number].append(name)
        return tuple(
            FormEvent(
                **{name: getattr(event, name) for name in event.__struct_fields__} | {"states": (*names,)}
            )
            for event, names in zip(events, stated, strict=True)
        )

    def later(self, name: str, column: str | None, says: str) -> None:
        """Complains about a name of which only the row is known any more."""
        sheet, row = self.rows.get(name, (None, None))
        self.complaints.append(Complaint(file=self.file, says=says, sheet=sheet, row=row, column=column))


def _further_columns(sheet: Sheet | None) -> set[str]:
    return {one for one in (sheet.columns if sheet else ()) if "::" not in one} - _COLUMNS["choices"]


def _stating(events: list[FormEvent], kinds: list[str], chain: tuple[str, ...]) -> list[int]:
    """The events (by number) that state a question which is asked in the repeats `chain`: in a repeat those
    written for each of its instances; outside those written once, or by name those of each instance."""
    inner = chain[-1] if chain else None
    own = [n for n, one in enumerate(events) if one.for_each == inner]
    if not kinds:
        return own[:1]
    named = [n for n in own if events[n].kind in kinds]
    each = set() if chain else set(kinds) - {events[n].kind for n in named}
    return [n for n, one in enumerate(events) if n in named or one.kind in each]
