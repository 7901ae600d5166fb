"""The sheet `survey`: questions, groups and repeats, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Mapping

from hodi.content.forms.expressions import Expression, Place, Text, columns_in, parse, parse_condition
from hodi.content.forms.model import Band, Choice, Group, Question, QuestionType, Repeat
from hodi.content.forms.reading import NAME, Belongs, Reading
from hodi.content.sheets import Row, Sheet

_TYPES: dict[str, QuestionType] = {
    "integer": "integer",
    "decimal": "decimal",
    "text": "text",
    "date": "date",
    "note": "note",
    "calculate": "calculate",
}
_INSTEAD = {
    "dateTime": "ask for a date",
    "datetime": "ask for a date",
    "time": "ask for a date, or for a number of hours",
    "geopoint": "places are known by their area; leave it out",
    "image": "pictures are not taken; leave it out",
    "photo": "pictures are not taken; leave it out",
    "audio": "sound is not recorded; leave it out",
    "file": "files are not taken; leave it out",
    "barcode": "ask for a text",
    "rank": "ask with select_one, once for each place",
    "range": "ask for an integer, with its range in concepts.csv",
    "acknowledge": "ask with select_one yes_no",
    "start": "the start of every visit is kept by itself",
    "end": "when it was recorded is kept by itself",
    "today": "write today() where it is needed",
    "deviceid": "the device is kept by itself",
    "username": "the author is kept by itself",
    "select_one_from_file": "put the choices into the sheet choices",
}
_APPEARANCES = {
    "", "yes-no", "breaths", "temperature", "weight", "length", "chair-rise", "blood-pressure",
    "name", "phone", "danger", "advice", "summary", "likert", "multiline",
}  # fmt: skip
_QUESTIONS_ONLY = (
    "required", "constraint", "calculation", "default", "choice_filter", "concept", "event",
)  # fmt: skip


class Survey:
    """One reading of the sheet `survey` with the lists of choices; what it finds stands in its fields.
    `belongs`: by question, what decides which event states it."""

    def __init__(self, reading: Reading, lists: Mapping[str, tuple[Choice, ...]]) -> None:
        self.reading = reading
        self.lists = lists
        self.context: list[str] = []
        self.questions: list[Question] = []
        self.groups: dict[str, Group] = {}
        self.belongs: dict[str, Belongs] = {}
        self.columns_read: set[str] = set()
        self._open: list[str] = []
        self._repeats: set[str] = set()

    def read(self, sheet: Sheet) -> None:
        """Read every row of the sheet."""
        self.reading.sheet = "survey"
        for row in sheet.rows:
            self._row(row)
        if self._open:
            self.reading.complain(f"{self._word(self._open[-1])} {self._open[-1]} is never closed")

    @property
    def repeats(self) -> frozenset[str]:
        """The names of all repeats so far."""
        return frozenset(self._repeats)

    def _word(self, name: str) -> str:
        return "the repeat" if name in self._repeats else "the group"

    def _row(self, row: Row) -> None:
        text = row.get("type")
        for ending in ("group", "repeat"):
            text = text.replace(f"begin {ending}", f"begin_{ending}").replace(
                f"end {ending}", f"end_{ending}"
            )
        kind, _, list_name = text.partition(" ")
        name = row.get("name")
        if kind in ("end_group", "end_repeat"):
            return self._close(row, kind)
        if not NAME.match(name):
            self.reading.complain("a name is one word in small letters, digits and _", row, "name")
        if name in self.reading.rows:
            self.reading.complain(f"the name {name} stands twice", row, "name")
        self.reading.rows[name] = ("survey", row.number)
        for column in ("repeat_count", "repeat_over", "repeat_filter"):
            if row.get(column) and kind != "begin_repeat":
                self.reading.complain("only a begin_repeat has it", row, column)
        if kind == "hidden":
            return self._hidden(row)
        if kind in ("begin_group", "begin_repeat"):
            return self._begin(row, kind)
        question = self._question(row, kind, list_name)
        self.questions.append(question)
        chain = tuple(one for one in self._open if one in self._repeats)
        speaks = bool(question.concept or any(choice.concept for choice in question.choices or ()))
        self.belongs[name] = Belongs(row.get("event"), chain, speaks)
        return None

    def _close(self, row: Row, kind: str) -> None:
        if not self._open:
            return self.reading.complain("nothing is open here", row, "type")
        name = self._open.pop()
        if (name in self._repeats) != (kind == "end_repeat"):
            self.reading.complain(f"{self._word(name)} {name} is open here", row, "type")
        return None

    def _hidden(self, row: Row) -> None:
        """A value that is known before it is asked: outside repeats of what the form is opened for, in a
        repeat over members of the member."""
        name = row.get("name")
        inner = next((one for one in reversed(self._open) if one in self._repeats), None)
        if inner is None:
            self.context.append(name)
            return
        group = self.groups[inner]
        if group.repeat is None or group.repeat.over is None:
            says = "in a repeat with repeat_count nothing is known: use a calculate"
            self.reading.complain(says, row, "type")
            return
        repeat = Repeat(over="members", filter=group.repeat.filter, context=(*group.repeat.context, name))
        self.groups[inner] = Group(
            one_page=group.one_page, label=group.label, relevant=group.relevant, repeat=repeat
        )

    def _place(self, columns: frozenset[str] | None = None) -> Place:
        return Place(tuple(self._open), self.repeats, columns)

    def _begin(self, row: Row, kind: str) -> None:
        name = row.get("name")
        for column in _QUESTIONS_ONLY:
            if row.get(column):
                self.reading.complain("only a question has it", row, column)
        if row.get("appearance") not in ("", "field-list"):
            self.reading.complain("a group's appearance can only be field-list", row, "appearance")
        one_page = row.get("appearance") == "field-list"
        relevant = self.reading.expression(row, "relevant", self._place())
        label = self.reading.labels(row, "label", needed=kind == "begin_repeat")
        repeat = self._repeat(row, one_page) if kind == "begin_repeat" else None
        self.groups[name] = Group(one_page=one_page, label=label, relevant=relevant, repeat=repeat)
        self._open.append(name)

    def _repeat(self, row: Row, one_page: bool) -> Repeat:
        name = row.get("name")
        on_page = next((one for one in self._open if self.groups[one].one_page), None)
        if on_page is not None:
            self.reading.complain(
                f"a repeat cannot stand on one screen with others; close {on_page} first", row, "type"
            )
        if one_page:
            says = "put a field-list group inside the repeat: each instance has screens of its own"
            self.reading.complain(says, row, "appearance")
        self._repeats.add(name)
        over = row.get("repeat_over")
        if bool(over) == bool(row.get("repeat_count")):
            says = "a repeat needs either repeat_count (ask before how many) or repeat_over (members)"
            self.reading.complain(says, row, "repeat_count")
        if over not in ("", "members"):
            self.reading.complain("a repeat can be over members only", row, "repeat_over")
        if over and any(one in self._repeats for one in self._open):
            self.reading.complain("a repeat over members cannot stand in another repeat", row, "repeat_over")
        if row.get("repeat_filter") and not over:
            self.reading.complain("repeat_filter chooses members: it needs repeat_over", row, "repeat_filter")
        return Repeat(
            count=self.reading.expression(row, "repeat_count", self._place(), parse),
            over="members" if over else None,
            filter=self.reading.expression(row, "repeat_filter", self._place()),
        )

    def _type(self, row: Row, kind: str, list_name: str) -> QuestionType:
        if kind == "select_one":
            return "select_one"
        if kind == "select_multiple":
            return "select_multiple"
        if kind not in _TYPES or list_name:
            instead = f"; {_INSTEAD[kind]}" if kind in _INSTEAD else ""
            self.reading.complain(f"the type {row.get('type')!r} is not supported{instead}", row, "type")
        return _TYPES.get(kind, "text")

    def _question(self, row: Row, kind: str, list_name: str) -> Question:
        reading, place = self.reading, self._place()
        type_ = self._type(row, kind, list_name)
        choices = self.lists.get(list_name) if kind.startswith("select_") else None
        if kind.startswith("select_") and choices is None:
            reading.complain(f"there is no list {list_name} in the sheet choices", row, "type")
        if (type_ == "calculate") != bool(row.get("calculation")):
            reading.complain("a calculate, and nothing else, has a calculation", row, "calculation")
        if row.get("appearance") not in _APPEARANCES:
            says = f"the appearance {row.get('appearance')!r} is not supported; leave it empty"
            reading.complain(says, row, "appearance")
        if row.get("default") and any(one in self._repeats for one in self._open):
            reading.complain("a default is not supported in a repeat; leave it empty", row, "default")
        concept = reading.concepts.get(row.get("concept"))
        if row.get("concept") and concept is None:
            reading.complain(f"the concept {row.get('concept')} is not in concepts.csv", row, "concept")
        if type_ == "note" and concept is not None:
            reading.complain("a note states nothing, so it has no concept", row, "concept")
        numeric = concept is not None and concept.type == "number" and type_ in ("integer", "decimal")
        limits = concept if numeric else None
        return Question(
            name=row.get("name"),
            type=type_,
            label=(reading.labels(row, "label", needed=type_ != "calculate") or {}),
            hint=reading.labels(row, "hint"),
            required=reading.expression(row, "required", place, _required),
            relevant=reading.expression(row, "relevant", place),
            constraint=reading.expression(row, "constraint", place),
            constraint_message=reading.labels(row, "constraint_message", needed=bool(row.get("constraint"))),
            calculation=reading.expression(row, "calculation", place, parse),
            choices=choices,
            choice_filter=self._choice_filter(row, choices),
            default=reading.expression(row, "default", place, lambda text, _: Text(v=text)),
            appearance=row.get("appearance") or None,
            concept=concept.name if concept else None,
            concept_type=concept.type if concept else None,
            unit=concept.unit if concept and type_ in ("integer", "decimal") else None,
            min=limits.min if limits else None,
            max=limits.max if limits else None,
            confirm_min=limits.confirm_min if limits else None,
            confirm_max=limits.confirm_max if limits else None,
            band=self._band(row, type_),
            group=tuple(self._open) or None,
        )

    def _band(self, row: Row, type_: str) -> Band | None:
        """The limits of a number's colours, named by the column `band`: below the first it is red, below the
        second yellow."""
        names = row.get("band").split()
        if not names:
            return None
        known = [self.reading.limits[name] for name in names if name in self.reading.limits]
        if type_ not in ("integer", "decimal") or len(names) != 2 or len(known) != 2 or known[0] >= known[1]:
            says = "a band is of a number, and names two limits of the pack, the lower first"
            self.reading.complain(says, row, "band")
            return None
        return Band(red=known[0], yellow=known[1])

    def _choice_filter(self, row: Row, choices: tuple[Choice, ...] | None) -> Expression | None:
        if row.get("choice_filter") and choices is None:
            self.reading.complain("only a select has a choice_filter", row, "choice_filter")
            return None
        columns = frozenset({"name"}).union(*(choice.columns or {} for choice in choices or ()))
        tree = self.reading.expression(row, "choice_filter", self._place(columns))
        self.columns_read.update(columns_in(tree))
        return tree


def _required(text: str, place: Place) -> Expression:
    return parse_condition("true()" if text in ("yes", "TRUE", "true") else text, place)
