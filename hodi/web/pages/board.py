"""The supervisor's board, and what she opens from it: a signal, a promoter's households."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hodi import access, care, events, views
from hodi.db import Connection
from hodi.errors import NOT_FOUND, HodiError
from hodi.web.charts import growth_charts
from hodi.web.numbers import AskedNumber, Number
from hodi.web.read_your_writes import write_and_refold
from hodi.web.render import page
from hodi.web.services import services_of
from hodi.web.sessions import Posted, SignedIn, text
from hodi.web.tokens import masked

router = APIRouter()


@router.get("/board")
async def board(
    request: Request, session: SignedIn, area: AskedNumber = None, whole: bool = False
) -> Response:
    """The board; with `area`, its lists hold one promoter's households only; with `whole`, every line.
    The page asks for itself again when something changed and swaps the live part."""
    services, account = services_of(request), session.account
    access.require_role(account, "cha")
    now, units = services.now, tuple(sorted(account.units))
    shown = await services.store.read(
        lambda c: views.board(
            c, units=units, now=now, limits=services.limits, discretion=services.discretion, area=area
        )
    )
    if area is not None and area not in shown.area_names:
        raise HodiError(NOT_FOUND)
    return page(request, "board.html", board=shown, area=area, whole=whole, csrf=masked(session.csrf))


@router.post("/board/refused/{unit}/{refused}")
async def looked_into(
    request: Request, session: SignedIn, form: Posted, unit: Number, refused: Number
) -> Response:
    """A refused record has been dealt with: it leaves the board, and stays in the quarantine's books."""
    services = services_of(request)
    access.require_unit(session.account, unit)
    if not await services.store.write(lambda c: events.look_into(c, unit=unit, id=refused, now=services.now)):
        raise HodiError(NOT_FOUND)
    services.background.publish([unit])
    return RedirectResponse("/board", 303)


@router.get("/board/areas/{unit}/{area}")
async def households(request: Request, session: SignedIn, unit: Number, area: Number) -> Response:
    """The households of one promoter, those not visited this month first."""
    services = services_of(request)
    access.require_unit(session.account, unit)
    now = services.now

    def read(c: Connection) -> tuple[list[views.HouseholdLine], str]:
        where = next((one for one in access.places_in(c, unit, "area") if one.place == area), None)
        if where is None:
            raise HodiError(NOT_FOUND)
        return views.households_of_area(c, unit=unit, area=area, now=now), where.name

    lines, name = await services.store.read(read)
    return page(request, "area.html", unit=unit, area=area, area_name=name, lines=lines)


@router.get("/signals/{unit}/{household}/{person}/{code}/{episode}")
async def signal(
    request: Request,
    session: SignedIn,
    unit: Number,
    household: Number,
    person: Number,
    code: str,
    episode: Number,
) -> Response:
    """One signal with the facts behind it, and the answers that can be given."""
    services, account = services_of(request), session.account
    access.require_unit(account, unit)
    now = services.now

    def read(c: Connection) -> tuple[views.SignalLine, views.Household, views.Person | None]:
        line, home = _signal(c, unit, household, person, code, episode)
        subject = views.person(c, unit=unit, household_id=household, person_id=person) if person else None
        return line, home, subject

    line, home, subject = await services.store.read(read)
    await services.store.write(
        lambda c: access.log_read(
            c,
            account,
            "read",
            now=now,
            unit=unit,
            household=household,
            person=person or None,
            detail=f"signal {code}",
        )
    )
    return page(
        request,
        "signal.html",
        line=line,
        home=home,
        subject=subject,
        csrf=masked(session.csrf),
        charts=growth_charts(subject.growth) if subject else [],
        reason_max=care.REASON_CHARACTERS_MAX,
    )


@router.post("/signals/{unit}/{household}/{person}/{code}/{episode}")
async def answer(
    request: Request,
    session: SignedIn,
    form: Posted,
    unit: Number,
    household: Number,
    person: Number,
    code: str,
    episode: Number,
) -> Response:
    """Acknowledge a signal, say that it was acted upon, or dismiss it with a reason."""
    services, account = services_of(request), session.account
    access.require_unit(account, unit)
    given, reason = text(form, "answer"), text(form, "reason")

    def write(c: Connection) -> None:
        _signal(c, unit, household, person, code, episode)
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
    return RedirectResponse("/board", 303)


def _signal(
    c: Connection, unit: int, household: int, person: int, code: str, episode: int
) -> tuple[views.SignalLine, views.Household]:
    home = views.household(c, unit=unit, household=household)
    for line in home.signals if home else ():
        if (line.person, line.code, line.episode) == (person, code, episode):
            assert home is not None
            return line, home
    raise HodiError(NOT_FOUND)
