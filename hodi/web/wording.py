"""How the pages speak: words by key, days, ages and lags, in one language at one instant."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping

from hodi.content import Language, Pack, fill, language_by_code
from hodi.content.levels import UNIT
from hodi.domain import DAY_MS, completed_months, day_of
from hodi.domain.codes import DRAWN
from hodi.domain.times import date_of
from hodi.indicators import Column, Indicator, Listed
from hodi.signals import Rule
from hodi.tasks import TaskRule
from hodi.views import DepartureLine, FaultLine, ReferralLine, SignalLine, TaskLine, Who

Words = dict[str, dict[str, str]]
"""By language and key."""

_VALUE = re.compile(r"\$\{[^}]*\}")
_HOUR_MS = 3_600_000
_MINUTE_MS = 60_000
_MONTH_DAYS = 30.4375


@dataclasses.dataclass(frozen=True, kw_only=True)
class Wording:
    """The pack's words in `language`, with dates counted from `now` (ms). `rules` are the words of
    signals and tasks."""

    pack: Pack
    rules: Words
    language: str
    now: int

    def __call__(self, key: str, **values: object) -> str:
        """The words of `page.<key>`, filled in. A missing key shows itself."""
        words = self.pack.words[self.language].get(f"page.{key}", key)
        return fill(words, self.language, values) if values else words

    def has(self, key: str) -> bool:
        """Whether there are words for `page.<key>`."""
        return f"page.{key}" in self.pack.words[self.language]

    @property
    def spoken(self) -> Language:
        """The language of the page."""
        return language_by_code(self.language)

    def language_name(self, code: str) -> str:
        """What a language calls itself."""
        return language_by_code(code).name

    @property
    def today(self) -> int:
        """The local day."""
        return day_of(self.now, self.pack.zone)

    def day(self, day: int | None) -> str:
        """A day as people here write it: day-month-year; "–" if it is not known."""
        return "–" if day is None else date_of(day).strftime("%d-%m-%Y")

    def month(self, number: int) -> str:
        """What a month is called; January is 1."""
        return self.spoken.months[number - 1]

    def iso(self, day: int | None) -> str:
        """A day for a date field."""
        return "" if day is None else date_of(day).isoformat()

    def moment(self, at: int | None) -> str:
        """An instant as local day and time."""
        if at is None:
            return "–"
        minutes = (at + self.pack.zone.offset_min(at) * _MINUTE_MS) // _MINUTE_MS % 1440
        return f"{self.day(day_of(at, self.pack.zone))} {minutes // 60:02d}:{minutes % 60:02d}"

    def ago(self, at: int | None) -> str:
        """How long ago an instant was, in the largest unit that says something."""
        if at is None:
            return self("time.never")
        lag = max(0, self.now - at)
        if lag < _MINUTE_MS:
            return self("time.now")
        if lag < _HOUR_MS:
            return self("time.minutes", n=lag // _MINUTE_MS)
        if lag < 2 * DAY_MS:
            return self("time.hours", n=lag // _HOUR_MS)
        return self("time.days", n=lag // DAY_MS)

    def age_of(self, day: int) -> str:
        """How many days ago a day was."""
        days = self.today - day
        return self("time.today") if days <= 0 else self("time.days", n=days)

    def age(self, who: Who) -> str:
        """A person's age: days below two months, months below five years, then years; completed ones
        by the calendar, so that it changes on the birthday."""
        if who.birth_day is None:
            return ""
        months = completed_months(who.birth_day, self.today)
        if months < 2:
            return self("age.days", n=max(0, self.today - who.birth_day))
        return self("age.months", n=months) if months < 60 else self("age.years", n=months // 12)

    def person(self, who: Who | None) -> str:
        """A person in a list: name, sex, age."""
        if who is None:
            return self("person.whole_household")
        parts = [who.name or self("person.no_name")]
        sex = self.code("sex", who.sex) if who.sex else ""
        described = " ".join(part for part in (sex, self.age(who)) if part)
        return ", ".join(part for part in (*parts, described) if part)

    def form(self, form: str) -> str:
        """What a form is called."""
        known = self.pack.forms.get(form)
        return _without_values(known.title.get(self.language, form)) if known else self("fault.other_form")

    def question(self, line: FaultLine) -> str:
        """The question of a line of the data-quality list: "" for the form as a whole; of a confidential one,
        only that it is one."""
        if line.confidential:
            return self("confidential")
        form = self.pack.forms.get(line.form)
        asked = {one.name: one for one in form.questions} if form else {}
        if line.question is None:
            return self("fault.no_question")
        if line.question not in asked:
            return ""
        return _without_values(asked[line.question].label.get(self.language, line.question))

    def concept(self, name: str) -> str:
        """What a concept is called."""
        known = self.pack.concepts.get(name)
        return known.label.get(self.language, name) if known else name

    def value(self, concept: str, number: float | None, code: str | None, text: str | None) -> str:
        """A stated value as people read it."""
        known = self.pack.concepts.get(concept)
        if code is not None:
            return self.code(concept, code)
        if number is None:
            return text or ""
        if known and known.type == "flag":
            return self("yes") if number else self("no")
        if known and known.type == "day":
            return self.day(int(number))
        if known and known.unit == "ms":
            return self.moment(int(number))
        unit = f" {self.unit(known.unit)}" if known and known.unit else ""
        return f"{self.decimal(f'{number:g}')}{unit}"

    def decimal(self, plain: str) -> str:
        """A number that was written with a point, with the sign of the page's language."""
        return plain.replace(".", self.spoken.decimal)

    def figure(self, number: float | None) -> str:
        """A number of a sentence, to one decimal at most."""
        return "–" if number is None else self.decimal(f"{round(number, 1):g}")

    def code(self, concept: str, code: str | None) -> str:
        """One value of a coded concept, in words; the code itself, made legible, if it has none."""
        if code is None:
            return "–"
        return self.pack.words[self.language].get(f"code.{concept}.{code}", code.replace("_", " "))

    def words(self, text: Mapping[str, str]) -> str:
        """A text of the pack in the language of the page."""
        return text.get(self.language) or next(iter(text.values()), "")

    def shown(self, name: str, value: object, digits: int = 1, concept: str | None = None) -> str:
        """A column of a row: `day`, `…_day` and `…_date` are days; a code is in its concept's words."""
        if value is None:
            return "–"
        if isinstance(value, str):
            return self.code(concept, value) if concept else value
        number = float(str(value))
        if name == "day" or name.endswith(("_day", "_date")):
            return self.day(int(number))
        return self.decimal(f"{round(number, digits):g}").replace("-", "−")

    def sentence(self, says: Mapping[str, Mapping[str, str]], row: Mapping[str, object]) -> str:
        """The sentence that a row chooses by its column `detail`, filled in; the first for any other."""
        return self._filled_in(says.get(str(row.get("detail")), next(iter(says.values()), None)), row)

    def remarks(self, remarks: Mapping[str, Mapping[str, str]], row: Mapping[str, object]) -> str:
        """The remarks that a row chooses by its column `remark` (codes between spaces), filled in."""
        said = (self._filled_in(remarks.get(code), row) for code in str(row.get("remark") or "").split())
        return " ".join(filter(None, said))

    def _filled_in(self, chosen: Mapping[str, str] | None, row: Mapping[str, object]) -> str:
        if chosen is None:
            return ""
        values = {name: self.shown(name, value) for name, value in row.items()}
        return fill(self.words(chosen), self.language, values)

    def along(self, at: int, by_age: bool) -> str:
        """A place on a chart's axis: a day, or days of age as months."""
        return self("age.months", n=int(at / _MONTH_DAYS)) if by_age else self.day(at)

    def unit_name(self, name: str) -> str:
        """A unit's name without the words that all of them carry."""
        return self.pack.places.bare(UNIT, name)

    def place_kind(self, kind: str) -> str:
        """What a kind of place is called."""
        return self.pack.places.name(kind, self.language)

    def place(self, kind: str, name: str) -> str:
        """How a place is spoken of: with what it is, where the pack says so."""
        return self.pack.places.named(kind, self.language, name)

    def slip_code(self, code: str) -> str:
        """A referral's code as the slip shows it: spaces help the eye."""
        if len(code) == DRAWN + 1:
            return f"{code[:3]} {code[3:6]} {code[6:]}"
        return f"{code[:4]} {code[4:]}".strip()

    def unit(self, unit: str) -> str:
        """A unit of measure as it is written on the ward."""
        return {"Cel": "°C", "mm[Hg]": "mmHg", "/min": "/min", "d": self("unit.days")}.get(unit, unit)

    def is_flag(self, concept: str) -> bool:
        """Whether a concept is present or absent."""
        known = self.pack.concepts.get(concept)
        return known is not None and known.type == "flag"

    def problem(self, code: str) -> str:
        """The sentence of the catalogue of errors for a code."""
        return self.pack.words[self.language].get(f"error.{code}", code)

    def subject(self, line: SignalLine | ReferralLine | TaskLine) -> str:
        """Whom a line of a list is about; of a confidential one, only that it is one."""
        return self("confidential") if line.confidential else self.person(line.who)

    def signal(self, line: SignalLine) -> str:
        """What a signal means, in a sentence with its numbers; its title if the detail has no words. Of
        a confidential one, only the age."""
        if line.confidential:
            return self.age(line.who) if line.who else ""
        says = self.rules[self.language].get(f"signal.{line.code}.says.{line.detail}")
        if says is None:
            return self.signal_name(line.code)
        numbers = {"number_1": self.figure(line.number_1), "number_2": self.figure(line.number_2)}
        return fill(says, self.language, {**numbers, "last_day": self.day(line.last_day)})

    def task(self, line: TaskLine) -> str:
        """What a task is about: its title, and its sentence if the detail has one. Of a confidential one,
        only the age."""
        if line.confidential:
            return self.age(line.who) if line.who else ""
        words = self.rules[self.language]
        title = words.get(f"task.{line.code}.title", line.code)
        says = words.get(f"task.{line.code}.says.{line.detail}")
        return f"{title}. {says}" if says else title

    def departure(self, line: DepartureLine) -> str:
        """What was told, in a line: died or left, when, where."""
        where = self.code("death_place", line.place) if line.place else ""
        if line.kind == "left":
            where = self.code("moved_to", line.moved_to) if line.moved_to else ""
        what = self("departure.died") if line.kind == "died" else self.code("state_reason", line.reason)
        return " · ".join(part for part in (f"{what} {self.told_day(line)}", where) if part)

    def told_day(self, line: DepartureLine) -> str:
        """The day that was told, as far as it is certain."""
        on = date_of(line.day)
        if line.certain == "year":
            return str(on.year)
        return f"{self.month(on.month)} {on.year}" if line.certain == "month" else self.day(line.day)

    def referral(self, line: ReferralLine) -> str:
        """Why somebody is referred; of a confidential referral, only the age."""
        return self.age(line.who) if line.confidential else self.code("referral_reason", line.reason)

    def signal_act(self, line: SignalLine) -> str:
        """What is suggested to do about it; "" if nothing is."""
        return self.rules[self.language].get(f"signal.{line.code}.act", "")

    def signal_name(self, code: str) -> str:
        """What a signal is called."""
        return self.rules[self.language].get(f"signal.{code}.title", code)

    def indicator(self, one: Indicator, part: str = "title") -> str:
        """What an indicator is called, or its numerator (`counted`), or what that is counted of (`all`)."""
        said = one.wordings()[part][self.language]
        return fill(said, self.language, {name: limit.value for name, limit in self.pack.limits.items()})

    def cell(self, column: Column) -> str:
        """What one of an indicator's cells is called; "" where it is not told apart."""
        if column.indicator.cells_from == "signals":
            return self.signal_name(column.cell)
        words = column.indicator.cells.get(column.cell)
        return words[self.language] if words else ""

    def listed(self, one: Indicator, row: Listed) -> str:
        """One row behind an indicator's number: what was done, and when."""
        day = day_of(row.done_at, self.pack.zone) if row.done_at is not None else row.day
        values = {"day": self.day(day), "from_day": self.day(row.from_day), "n": row.days}
        said = one.done if row.counts else one.not_done
        return fill(said[self.language], self.language, values)


def rule_words(signals: Iterable[Rule], tasks: Iterable[TaskRule], languages: Iterable[str]) -> Words:
    """The words of all signal and task rules, by language and key."""
    words: Words = {language: {} for language in languages}
    said = [rule.words("signal") for rule in signals] + [rule.words("task") for rule in tasks]
    for one in said:
        for language, by_key in one.items():
            words.setdefault(language, {}).update(by_key)
    return words


def _without_values(words: str) -> str:
    """Words of a form as they stand there: a value of the person's is left out."""
    return _VALUE.sub("…", words)
