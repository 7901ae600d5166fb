"""The supervisor's pages: her board, the lists behind its numbers, and the signals of one person."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hodi import access, care, events, quality, views
from hodi.db import Connection
from hodi.errors import NOT_FOUND, HodiError
from hodi.web.charts import charts_in
from hodi.web.numbers import AskedNumber, Number, PageNumber
from hodi.web.paging import paged
from hodi.web.read_your_writes import write_and_refold
from hodi.web.render import page
from hodi.web.services import Services, services_of
from hodi.web.sessions import Posted, SignedIn, number, text
from hodi.web.tokens import masked
from hodi.web.way_back import back_to, came_from

router = APIRouter()

List = Literal[
    "households", "visited", "pending", "visits_today", "not_in", "signals", "seen", "referrals", "overdue",
    "tasks", "tasks_overdue", "departures", "promoters", "silent", "refused", "faults",
]  # fmt: skip


@router.get("/board")
async def board(request: Request, session: SignedIn) -> Response:
    """The board: what waits for her first, then the figures. The page asks for itself again when something
    changed and swaps the live part."""
    services, account = services_of(request), session.account
    access.require_role(account, "supervisor")
    now, units = services.now, tuple(sorted(account.units))

    def read(c: Connection) -> tuple[views.Board, int]:
        shown = views.board(c, units=units, now=now, limits=services.limits, discretion=services.discretion)
        return shown, len(_faults(c, services, units))

    shown, faults = await services.store.read(read)
    return page(
        request,
        "board.html",
        board=shown,
        faults=faults,
        csrf=masked(session.csrf),
        here="/board",
        review_days=_review_days(services),
    )


@router.get("/board/list/{name}")
async def list_behind(
    request: Request,
    session: SignedIn,
    name: List,
    area: AskedNumber = None,
    class_: str | None = None,
    n: PageNumber = 1,
) -> Response:
    """The list behind a number of the board; with `area`, one promoter's, with `class_`, of one urgency."""
    services, account = services_of(request), session.account
    access.require_role(account, "supervisor")
    if class_ is not None and class_ not in services.pack.urgencies:
        raise HodiError(NOT_FOUND)
    now, units = services.now, tuple(sorted(account.units))

    def read(c: Connection) -> tuple[views.Board, list[object]]:
        shown = views.board(c, units=units, now=now, limits=services.limits, discretion=services.discretion)
        if area is not None and area not in shown.area_names:
            raise HodiError(NOT_FOUND)
        if name in ("tasks", "tasks_overdue"):
            tasks = views.tasks_due(c, units=units, today=shown.today, discretion=services.discretion)
            return shown, [one for one in tasks if one.overdue(shown.today) == (name == "tasks_overdue")]
        if name == "faults":
            return shown, [*_faults(c, services, units)]
        return shown, _rows(c, shown, name, units)

    shown, rows = await services.store.read(read)
    if area is not None:
        rows = [row for row in rows if getattr(row, "area", None) == area]
    if class_ is not None:
        rows = [row for row in rows if getattr(row, "class_", None) == class_]
    asked = [f"area={area}"] if area is not None else []
    asked += [f"class_={class_}"] if class_ is not None else []
    here = f"/board/list/{name}" + (f"?{'&'.join(asked)}" if asked else "")
    return page(
        request,
        "board_list.html",
        board=shown,
        name=name,
        area=area,
        class_=class_,
        rows=paged(rows, n),
        csrf=masked(session.csrf),
        here=here,
        review_days=_review_days(services),
    )


def _review_days(services: Services) -> dict[str, int]:
    """Within how many days the supervisor looks at what was told, by kind of departure."""
    names = {"left": "departure_review_days", "died": "death_review_days"}
    limits = services.pack.limits
    return {kind: int(limits[name].value) for kind, name in names.items() if name in limits}


def _faults(c: Connection, services: Services, units: tuple[int, ...]) -> list[views.FaultLine]:
    return views.faults(c, units=units, forms=services.pack.forms, discretion=services.discretion)


def _rows(c: Connection, shown: views.Board, name: List, units: tuple[int, ...]) -> list[object]:
    """The rows of a list, of every promoter and class."""
    if name in ("households", "visited", "pending"):
        wanted = {"households": (True, False), "visited": (True,), "pending": (False,)}[name]
        homes = views.households_of(c, units=units, today=shown.today)
        return [one for one in homes if (one.visits > 0) in wanted]
    if name in ("visits_today", "not_in"):
        done = name == "visits_today"
        visits = views.visits_of_day(c, units=units, day=shown.today)
        return [one for one in visits if (one.outcome == "done") == done]
    if name == "silent":
        return [one for one in shown.promoters if one.contact in ("silent", "never")]
    lists: dict[str, tuple[object, ...]] = {
        "signals": shown.open_signals,
        "seen": shown.seen_signals,
        "referrals": shown.referrals,
        "overdue": shown.overdue,
        "departures": shown.departures,
        "promoters": shown.promoters,
        "refused": shown.refused,
    }
    return list(lists[name])


@router.post("/board/refused/{unit}/{refused}")
async def looked_into(
    request: Request, session: SignedIn, form: Posted, unit: Number, refused: Number
) -> Response:
    """A refused record has been dealt with: it leaves the board, and stays in the quarantine's books."""
    services = services_of(request)
    access.require_unit(session.account, unit)
    now = services.now
    if not await services.store.write(lambda c: events.look_into(c, unit=unit, id=refused, now=now)):
        raise HodiError(NOT_FOUND)
    services.background.publish([unit])
    return RedirectResponse(back_to(text(form, "back")), 303)


@router.post("/board/faults/{unit}/{event}/{ordinal}")
async def fault_resolved(
    request: Request, session: SignedIn, form: Posted, unit: Number, event: Number, ordinal: Number
) -> Response:
    """An answer that does not hold has been dealt with: it leaves the list."""
    services = services_of(request)
    access.require_unit(session.account, unit)
    now = services.now

    def write(c: Connection) -> bool:
        return quality.resolve(c, unit=unit, event=event, ordinal=ordinal, now=now)

    if not await services.store.write(write):
        raise HodiError(NOT_FOUND)
    services.background.publish([unit])
    return RedirectResponse(back_to(text(form, "back")), 303)


@router.get("/signals/{unit}/{household}/{person}")
async def signals(
    request: Request,
    session: SignedIn,
    unit: Number,
    household: Number,
    person: Number,
    back: str = "/board",
) -> Response:
    """The signals of one person (0: of the whole household) with the facts behind them, and the answers
    that can be given. What they are about does not stand in the address."""
    services, account = services_of(request), session.account
    access.require_unit(account, unit)
    now = services.now

    def read(
        c: Connection,
    ) -> tuple[list[views.SignalLine], views.Household, views.Person | None, tuple[views.ShownSection, ...]]:
        lines, home = _signals(c, unit, household, person)
        if not person:
            return lines, home, None, ()
        subject = views.person(c, unit=unit, household_id=household, person_id=person)
        shown = views.sections(
            c,
            services.pack.display,
            "person",
            unit=unit,
            household=household,
            person=person,
            today=services.today,
        )
        return lines, home, subject, shown

    lines, home, subject, sections = await services.store.read(read)
    await services.store.write(
        lambda c: access.log_read(
            c,
            account,
            "read",
            now=now,
            unit=unit,
            household=household,
            person=person or None,
            detail=f"signals {' '.join(line.code for line in lines)}",
        )
    )
    return page(
        request,
        "signals.html",
        lines=lines,
        home=home,
        subject=subject,
        csrf=masked(session.csrf),
        charts=charts_in(sections, services.pack.limits),
        reason_max=care.REASON_CHARACTERS_MAX,
        back=came_from(back),
    )


@router.post("/signals/{unit}/{household}/{person}")
async def answer(
    request: Request, session: SignedIn, form: Posted, unit: Number, household: Number, person: Number
) -> Response:
    """Acknowledge a signal, say that it was acted upon, or dismiss it with a reason. She goes back to
    where she came from."""
    services, account = services_of(request), session.account
    access.require_unit(account, unit)
    given, reason = text(form, "answer"), text(form, "reason")
    code, episode = text(form, "code"), number(form, "episode")

    def write(c: Connection) -> None:
        lines, _ = _signals(c, unit, household, person)
        if not any((line.code, line.episode) == (code, episode) for line in lines):
            raise HodiError(NOT_FOUND)
        care.answer_signal(
            c,
            author=account.account,
            unit=unit,
            household=household,
            person=person,
            code=code,
            episode=episode,
            answer=given,
            reason=reason,
            now=services.now,
            rules=services.rules,
        )

    await write_and_refold(services, unit, write)
    return RedirectResponse(back_to(text(form, "back")), 303)


def _signals(
    c: Connection, unit: int, household: int, person: int
) -> tuple[list[views.SignalLine], views.Household]:
    """The signals of a person or household, open ones first. Raises NOT_FOUND if there is none."""
    home = views.household(c, unit=unit, household=household)
    lines = [line for line in home.signals if line.person == person] if home else []
    if home is None or not lines:
        raise HodiError(NOT_FOUND)
    return lines, home
