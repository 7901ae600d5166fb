"""What a programme's `simulate.toml` may say: hints for the simulated population. docs/programmes.md shows
an example; hodi/content/simulation.py reads and checks them."""

from __future__ import annotations

import msgspec

Amount = int | float | str
"""A number, or an expression as in a form (`${age_years} * 2`)."""
Pair = tuple[Amount, Amount]


class _Strict(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A misspelt key is an error."""


class Hint(_Strict, frozen=True, kw_only=True, rename={"if_": "if", "is_": "is"}):
    """How one question is answered, or how a trait of a person is drawn. Only where `if` holds. One of: `is`,
    an expression; `yes`, the share of yes; `codes`, the weight of each choice (of several choices: the share
    of each); `normal`, mean and standard deviation; `between`, two bounds; `texts`, one of several. `least`
    and `most` bound a number, `places` after the point; `given`: the share of those who answer at all, where
    no answer is needed."""

    if_: str | None = None
    is_: Amount | None = None
    yes: Amount | None = None
    codes: dict[str, Amount] | None = None
    normal: Pair | None = None
    between: Pair | None = None
    texts: tuple[str, ...] | None = None
    least: Amount | None = None
    most: Amount | None = None
    places: int = 0
    given: Amount = 1


Hints = Hint | tuple[Hint, ...]


class Slip(_Strict, frozen=True, kw_only=True):
    """A number that is typed wrong and put right at once: in a share of the forms it is so much too high."""

    question: str
    share: float
    adds: float


class Again(_Strict, frozen=True, kw_only=True, rename={"if_": "if"}):
    """She comes again: after so many days, where `if` holds once the form is filled, in a share."""

    after_days: tuple[int, int]
    if_: str | None = None
    share: float = 1


class Fills(_Strict, frozen=True, kw_only=True, rename={"if_": "if"}):
    """How often a form is filled: in a share of the visits, of those whom it is offered to and for whom `if`
    holds, with so many days between; what it takes, in minutes."""

    if_: str | None = None
    share: Amount = 0.3
    every_days: int = 20
    minutes: float = 4
    slip: Slip | None = None
    again: tuple[Again, ...] = ()


class Wave(_Strict, frozen=True, kw_only=True):
    """An illness that comes to households in waves. `monthly`: waves per household and month; `peak_day` (of
    the year) and `swing`: the season. `whom`: who can fall ill; `attack`: the share of the others who follow
    within `spread_days`. `lasts_days`: the shortest, and the mean beyond it. `signs`: by name, the share of
    the ill who have it; `first`: those that whoever falls ill first has for certain."""

    name: str
    monthly: float
    peak_day: int = 1
    swing: float = 0
    whom: str | None = None
    attack: Amount = 0
    spread_days: int = 5
    lasts_days: tuple[int, float] = (3, 4)
    signs: dict[str, Amount]
    first: tuple[str, ...] = ()


class Measure(_Strict, frozen=True, kw_only=True):
    """What grows along one of the published standards: where children stand on it (z-scores: `mean`, what all
    measures of a child share, what is its own), `loss` and `sway` of a z-score that it takes part in, the
    `error` of measuring; `factor` from the standard's unit to the question's."""

    standard: str
    mean: float = 0
    shared: float = 0.7
    own: float = 0.6
    loss: float = 1
    sway: float = 0
    error: float = 0
    factor: float = 1
    places: int = 1
    least: float = 0


class Falter(_Strict, frozen=True, kw_only=True):
    """Children who lose ground: what share, z-scores lost a month, for how many days."""

    share: float
    monthly: tuple[float, float]
    days: tuple[int, int]


class Growth(_Strict, frozen=True, kw_only=True):
    """How children grow, until an age in days (a limit)."""

    until_days: str
    measures: dict[str, Measure]
    falter: Falter | None = None


class Course(_Strict, frozen=True, kw_only=True):
    """What worsens in some people from a day on: from an age in years, beginning within so many days of the
    span; how much a month, between two bounds."""

    from_years: float
    begins_within_days: int
    monthly: tuple[float, float]


class Pregnancies(_Strict, frozen=True, kw_only=True):
    """How pregnancies come and go. `yearly`: births per woman and year between the ages; `rest_days` after
    one; `days`: the limit that is counted from the last period; `ends_days`: mean and standard deviation;
    `lost`: share, and between which days; `told_days`, `first_contact_weeks`, `keeps_contacts`: mean,
    standard deviation, least and most. `contacts`: a table of the record (.csv), with a column `week`.
    `outcomes`: by code, of those that are not lost; `lost_as` and `born_as`: codes. `danger`: share with a
    danger sign at some time."""

    yearly: float
    from_years: float
    before_years: float
    rest_days: int
    days: str
    ends_days: tuple[float, float]
    lost: float
    lost_days: tuple[int, int]
    told_days: tuple[float, float, float, float]
    first_contact_weeks: tuple[float, float, float, float]
    keeps_contacts: tuple[float, float, float, float]
    contacts: str
    outcomes: dict[str, float]
    lost_as: str
    born_as: str
    danger: float = 0


class Referrals(_Strict, frozen=True, kw_only=True):
    """What becomes of referrals. By class: how often the one that a form proposes is `made`, how often the
    person `arrives`, and after how many hours (mean). `outcomes` by code and, for the `grave` classes,
    `grave_outcomes`; those of `treated` get advice by reason and a date to return on, which a share keeps.
    `traces` by code, `trace_reasons` for those of `with_reason`; `goes` after a tracing in a share; `closes`:
    by result of the tracing, the reason for closing, of the others `close`. `given`: by concept that the form
    stated, what is written on the slip as given, `{value}` filled in."""

    made: dict[str, float] = {}
    arrives: dict[str, float] = {}
    hours: dict[str, float] = {}
    grave: tuple[str, ...] = ()
    outcomes: dict[str, float] = {}
    grave_outcomes: dict[str, float] = {}
    treated: tuple[str, ...] = ()
    advice: dict[str, str] = {}
    return_days: tuple[int, ...] = (7,)
    returns: float = 0.85
    traces: dict[str, float] = {}
    trace_reasons: dict[str, float] = {}
    with_reason: tuple[str, ...] = ()
    goes: dict[str, float] = {}
    closes: dict[str, str] = {}
    close: str = ""
    given: dict[str, str] = {}


class Reviews(_Strict, frozen=True, kw_only=True):
    """What the supervisor says to those who left or died: the share approved and sent back (the rest waits),
    after how many days, and why it was sent back."""

    approved: float = 0.6
    sent_back: float = 0.05
    after_days: tuple[int, int] = (1, 12)
    reasons: tuple[str, ...] = ("",)


class Simulation(_Strict, frozen=True, kw_only=True):
    """The hints of one programme. `forms` by id; `answers` by question or concept; `context`: by name of a
    context value, an expression; `traits` and `courses` by name."""

    forms: dict[str, Fills] = {}
    answers: dict[str, Hints] = {}
    context: dict[str, str] = {}
    traits: dict[str, Hints] = {}
    courses: dict[str, Course] = {}
    waves: tuple[Wave, ...] = ()
    growth: Growth | None = None
    pregnancies: Pregnancies | None = None
    referrals: Referrals | None = None
    reviews: Reviews | None = None
