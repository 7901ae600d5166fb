"""Reading the sheets of an XLSForm, row by row, into the parts of a model. Every fault is kept with its
row and column, and reading goes on, so that an author sees all of them at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from hodi.content.complaint import Complaint
from hodi.content.concepts import Concept
from hodi.content.expressions import Expression, ExpressionError, Text, parse, parse_condition
from hodi.content.model import About, Choice, FormEvent, FormModel, Group, Labels, Question, QuestionType
from hodi.content.sheets import Row, Sheet

_LANGUAGES = {"sw": "Kiswahili (sw)", "en": "English (en)"}
_TRANSLATED = ("label", "hint", "constraint_message")
_COLUMNS = {
    "survey": {
        "type", "name", "required", "relevant", "constraint", "calculation", "appearance", "default",
        "concept", "event", "source",
    },
    "choices": {"list_name", "name", "concept", "image", "source"},
    "settings": {"form_id", "form_title", "version", "default_language", "about", "offered"},
    "events": {"kind", "when", "introduces", "target", "source"},
}  # fmt: skip
_TYPES: dict[str, QuestionType] = {
    "integer": "integer",
    "decimal": "decimal",
    "text": "text",
    "date": "date",
    "note": "note",
    "calculate": "calculate",
}
_ABOUT: dict[str, About] = {"area": "area", "household": "household", "person": "person"}
_APPEARANCES = {
    "", "yes-no", "breaths", "muac", "temperature", "weight", "length", "chair-rise", "blood-pressure",
    "name", "phone", "danger", "advice", "summary", "likert", "multiline",
}  # fmt: skip
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")


class Reading:
    """One reading of one form; collects every complaint on the way."""

    def __init__(self, file: str, languages: tuple[str, ...], concepts: Mapping[str, Concept]) -> None:
        self.file = file
        self.languages = languages
        self.concepts = concepts
        self.complaints: list[Complaint] = []
        self.rows: dict[str, int] = {}  # row of every question, group and event, for later complaints

    def complain(self, says: str, row: Row | None = None, column: str | None = None) -> None:
        number = row.number if row else None
        self.complaints.append(Complaint(file=self.file, says=says, row=number, column=column))

    def known_columns(self, sheets: Mapping[str, Sheet]) -> bool:
        """Whether there are the sheets and columns that a form needs, and no others."""
        for name in ("survey", "settings", "events"):
            if name not in sheets:
                self.complain(f"the sheet {name} is missing")
        for name, sheet in sheets.items():
            if name not in _COLUMNS:
                self.complain(f"the sheet {name} is not supported")
                continue
            known = _COLUMNS[name] | {
                column for code in self.languages for column in _translated_columns(name, code)
            }
            for column in sheet.columns:
                if column not in known:
                    self.complain(f"the column is not supported in the sheet {name}", column=column)
        return not self.complaints

    def labels(self, row: Row, word: str, *, needed: bool = False) -> Labels | None:
        """The wording of a row by language: in all of them or in none."""
        found = {code: row.get(f"{word}::{_LANGUAGES[code]}") for code in self.languages}
        if not needed and not any(found.values()):
            return None
        for code, text in found.items():
            if not text:
                self.complain(f"no words in {code}", row, f"{word}::{_LANGUAGES[code]}")
        return found

    def expression(
        self, row: Row, column: str, read: Callable[[str], Expression] = parse_condition
    ) -> Expression | None:
        """The parsed cell of a column, if it is filled."""
        text = row.get(column)
        if not text:
            return None
        try:
            return read(text)
        except ExpressionError as error:
            self.complain(str(error), row, column)
            return None

    def form(self, sheets: Mapping[str, Sheet]) -> FormModel | None:
        settings = sheets["settings"].rows[0] if sheets["settings"].rows else None
        if settings is None:
            self.complain("the sheet settings is empty")
            return None
        if not _NAME.match(settings.get("form_id")):
            self.complain("form_id must be one word in small letters", settings, "form_id")
        if not settings.get("version").isdigit() or int(settings.get("version")) < 1:
            self.complain("version must be a whole number from 1", settings, "version")
        if settings.get("about") not in _ABOUT:
            self.complain(f"about must be one of {', '.join(_ABOUT)}", settings, "about")
        title = {code: settings.get(f"title_{code}") for code in self.languages}
        for code in self.languages:
            if not title[code]:
                self.complain(f"no title in {code}", settings, f"title_{code}")
        offered = self.expression(settings, "offered")
        lists = self.choices(sheets.get("choices"))
        context, questions, groups, belongs = self.survey(sheets["survey"], lists)
        events = self.events(sheets["events"], belongs)
        if self.complaints:
            return None
        return FormModel(
            id=settings.get("form_id"),
            version=int(settings.get("version")),
            title=title,
            about=_ABOUT[settings.get("about")],
            offered=offered,
            context=context,
            questions=questions,
            groups=groups,
            events=events,
        )

    def choices(self, sheet: Sheet | None) -> dict[str, tuple[Choice, ...]]:
        lists: dict[str, list[Choice]] = {}
        for row in sheet.rows if sheet else ():
            choice = Choice(
                name=row.get("name"),
                label=self.labels(row, "label", needed=True) or {},
                image=row.get("image") or None,
                concept=row.get("concept") or None,
            )
            listed = lists.setdefault(row.get("list_name"), [])
            if not choice.name or " " in choice.name:
                self.complain("a choice's name is one word", row, "name")
            if any(choice.name == other.name for other in listed):
                self.complain(f"{choice.name} stands twice in the list", row, "name")
            if choice.concept is not None:
                self.flag_of_choice(choice.concept, row)
            listed.append(choice)
        return {name: tuple(listed) for name, listed in lists.items()}

    def flag_of_choice(self, name: str, row: Row) -> None:
        concept = self.concepts.get(name)
        if concept is None:
            self.complain(f"the concept {name} is not in concepts.csv", row, "concept")
        elif concept.type != "flag":
            self.complain(f"the concept {name} is a {concept.type}; a choice states a flag", row, "concept")

    def survey(
        self, sheet: Sheet, lists: Mapping[str, tuple[Choice, ...]]
    ) -> tuple[tuple[str, ...], tuple[Question, ...], dict[str, Group], dict[str, str]]:
        context: list[str] = []
        questions: list[Question] = []
        groups: dict[str, Group] = {}
        belongs: dict[str, str] = {}
        open_groups: list[str] = []
        for row in sheet.rows:
            kind, _, list_name = row.get("type").replace("begin group", "begin_group").partition(" ")
            name = row.get("name")
            if kind in ("end_group", "end"):
                if open_groups:
                    open_groups.pop()
                else:
                    self.complain("no group is open here", row, "type")
                continue
            if not _NAME.match(name):
                self.complain("a name is one word in small letters, digits and _", row, "name")
            if name in self.rows:
                self.complain(f"the name {name} stands twice", row, "name")
            self.rows[name] = row.number
            if kind == "hidden":
                context.append(name)
                continue
            if kind == "begin_group":
                groups[name] = self.group(row)
                open_groups.append(name)
                continue
            questions.append(self.question(row, kind, lists.get(list_name), list_name, tuple(open_groups)))
            belongs[name] = row.get("event")
        if open_groups:
            self.complain(f"the group {open_groups[-1]} is never closed")
        return tuple(context), tuple(questions), groups, belongs

    def group(self, row: Row) -> Group:
        if row.get("appearance") not in ("", "field-list"):
            self.complain("a group's appearance can only be field-list", row, "appearance")
        return Group(
            one_page=row.get("appearance") == "field-list",
            label=self.labels(row, "label"),
            relevant=self.expression(row, "relevant"),
        )

    def question(
        self, row: Row, kind: str, choices: tuple[Choice, ...] | None, list_name: str, group: tuple[str, ...]
    ) -> Question:
        type_: QuestionType = _TYPES.get(kind, "text")
        if kind == "select_one":
            type_ = "select_one"
        elif kind == "select_multiple":
            type_ = "select_multiple"
        elif kind not in _TYPES or list_name:
            self.complain(f"the type {row.get('type')!r} is not supported", row, "type")
        if kind.startswith("select_") and choices is None:
            self.complain(f"there is no list {list_name} in the sheet choices", row, "type")
        if (type_ == "calculate") != bool(row.get("calculation")):
            self.complain("a calculate, and nothing else, has a calculation", row, "calculation")
        if row.get("appearance") not in _APPEARANCES:
            self.complain(f"the appearance {row.get('appearance')!r} is not supported", row, "appearance")
        concept = self.concepts.get(row.get("concept"))
        if row.get("concept") and concept is None:
            self.complain(f"the concept {row.get('concept')} is not in concepts.csv", row, "concept")
        if type_ == "note" and concept is not None:
            self.complain("a note states nothing, so it has no concept", row, "concept")
        numeric = concept is not None and concept.type == "number" and type_ in ("integer", "decimal")
        limits = concept if numeric else None
        return Question(
            name=row.get("name"),
            type=type_,
            label=(self.labels(row, "label", needed=type_ != "calculate") or {}),
            hint=self.labels(row, "hint"),
            required=self.expression(row, "required", _required),
            relevant=self.expression(row, "relevant"),
            constraint=self.expression(row, "constraint"),
            constraint_message=self.labels(row, "constraint_message", needed=bool(row.get("constraint"))),
            calculation=self.expression(row, "calculation", parse),
            choices=choices,
            default=self.expression(row, "default", lambda text: Text(v=text)),
            appearance=row.get("appearance") or None,
            concept=concept.name if concept else None,
            concept_type=concept.type if concept else None,
            unit=concept.unit if concept and type_ in ("integer", "decimal") else None,
            min=limits.min if limits else None,
            max=limits.max if limits else None,
            confirm_min=limits.confirm_min if limits else None,
            confirm_max=limits.confirm_max if limits else None,
            group=group or None,
        )

    def events(self, sheet: Sheet, belongs: Mapping[str, str]) -> tuple[FormEvent, ...]:
        """The events, each with the questions that name it; a question that names none states the first."""
        events: list[FormEvent] = []
        first = sheet.rows[0].get("kind") if sheet.rows else ""
        for row in sheet.rows:
            kind, introduces = row.get("kind"), row.get("introduces")
            self.rows[f"event {kind}"] = row.number
            if introduces not in ("", "household", "person"):
                self.complain("only a household or a person can be introduced", row, "introduces")
            events.append(
                FormEvent(
                    kind=kind,
                    states=tuple(
                        name for name, named in belongs.items() if kind in (named.split() or [first])
                    ),
                    when=self.expression(row, "when"),
                    introduces="household" if introduces == "household" else "person" if introduces else None,
                    target=row.get("target") or None,
                )
            )
        if not events:
            self.complain("the sheet events names no event, so the form would write nothing")
        known = {event.kind for event in events}
        for name, named in belongs.items():
            for kind in named.split():
                if kind not in known and kind != "-":
                    says = f"the event {kind} is not in the sheet events"
                    row_number = self.rows.get(name)
                    self.complaints.append(
                        Complaint(file=self.file, says=says, row=row_number, column="event")
                    )
        return tuple(events)


def _translated_columns(sheet: str, language: str) -> set[str]:
    if sheet == "settings":
        return {f"title_{language}"}
    words = _TRANSLATED if sheet == "survey" else ("label",)
    return {f"{word}::{_LANGUAGES[language]}" for word in words}


def _required(text: str) -> Expression:
    return parse_condition("true()" if text in ("yes", "TRUE", "true") else text)
