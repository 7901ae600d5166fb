"""The register of places: found, entered, stated anew, retired. Whole registers come from a file, by
`python -m hodi places load`."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hodi import access, views
from hodi.access import checks
from hodi.db import Connection
from hodi.errors import INVALID_ANSWER, NOT_FOUND, HodiError
from hodi.web.numbers import Number
from hodi.web.render import page
from hodi.web.services import services_of
from hodi.web.sessions import Posted, SignedIn, text
from hodi.web.tokens import masked

router = APIRouter()
_TYPED_MAX = 60
_CODE_MAX = 40


@router.get("/admin/places")
async def places(request: Request, session: SignedIn) -> Response:
    """A search for places."""
    return await _places_page(request, session, typed="")


@router.post("/admin/places")
async def find(request: Request, session: SignedIn, form: Posted) -> Response:
    """Places like the words given."""
    return await _places_page(request, session, typed=text(form, "q")[:_TYPED_MAX])


@router.get("/admin/places/{place}")
async def show(request: Request, session: SignedIn, place: Number) -> Response:
    """One place: what is known of it, what lies in it, what can be done."""
    services = services_of(request)
    access.require_admin(session.account)

    def read(c: Connection) -> dict[str, Any]:
        one = access.place_by_number(c, place)
        linked = access.place_by_number(c, one.facility) if one.facility else None
        return {
            "one": one,
            "inside": views.places_within(c, place=place),
            "linked": linked,
            "kinds": services.pack.places.children_of(one.kind),
        }

    values = await services.store.read(read)
    return page(request, "admin_place.html", **values, csrf=masked(session.csrf))


@router.post("/admin/places/{place}/{step}")
async def change(request: Request, session: SignedIn, form: Posted, place: Number, step: str) -> Response:
    """Edit, add (a place within), retire."""
    services, by = services_of(request), session.account.account
    access.require_admin(session.account)

    def write(c: Connection) -> int:
        now, found = services.now, access.place_by_number(c, place)
        if step == "edit":
            stated = _stated(form, found)
            _require_free_code(c, stated)
            access.put_places(c, [stated])
            access.log_change(c, by, "place_changed", now=now, detail=f"place {place}")
            return place
        if step == "add":
            kind = text(form, "kind")
            if kind not in services.pack.places.children_of(found.kind):
                raise HodiError(INVALID_ANSWER, "kind")
            empty = access.Place(place=0, kind=kind, parent=place, name="")
            stated = _stated(form, empty)
            _require_free_code(c, stated)
            number = access.new_place(c, stated)
            access.log_change(c, by, "place_created", now=now, detail=f"place {number}")
            return number
        if step == "retire":
            if text(form, "sure") != "1":
                raise HodiError(INVALID_ANSWER, "sure")
            access.retire_place(c, found, now=now)
            access.log_change(c, by, "place_retired", now=now, detail=f"place {place}")
            return found.parent or 0
        raise HodiError(NOT_FOUND)

    shown = await services.store.write(write)
    return RedirectResponse(f"/admin/places/{shown}" if shown else "/admin/places", 303)


async def _places_page(request: Request, session: access.Session, *, typed: str) -> Response:
    access.require_admin(session.account)
    found = await services_of(request).store.read(
        lambda c: views.places_like(c, typed=typed) if typed else []
    )
    return page(request, "admin_places.html", places=found, typed=typed, csrf=masked(session.csrf))


def _stated(form: FormData, place: access.Place) -> access.Place:
    code, uid = text(form, "code"), text(form, "hmis_uid")
    if len(code) > _CODE_MAX or not code.isprintable():
        raise HodiError(INVALID_ANSWER, "code")
    if uid and not (len(uid) == 11 and uid.isascii() and uid.isalnum()):
        raise HodiError(INVALID_ANSWER, "hmis_uid")
    return access.Place(
        place=place.place, kind=place.kind, parent=place.parent, facility=place.facility,
        name=checks.check_name(text(form, "name"), "place_name"), code=code or None, hmis_uid=uid or None,
    )  # fmt: skip


def _require_free_code(c: Connection, place: access.Place) -> None:
    if access.is_code_taken(c, place):
        raise HodiError(INVALID_ANSWER, "code")
