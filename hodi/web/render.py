"""Pages from templates. Everything a template may call is listed here; escaping is always on."""

from __future__ import annotations

import functools
import gzip
import pathlib

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse

from hodi.access import Session
from hodi.indicators import percent
from hodi.web.files import static_version
from hodi.web.services import services_of
from hodi.web.tokens import masked
from hodi.web.wording import Wording

_WORTH_PACKING_CHARACTERS = 1500
_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(pathlib.Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@functools.cache
def _static(path: str) -> str:
    return f"/static/{path}?v={static_version(path)}"


def page(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """A page or fragment: `t` speaks the reader's language, `session` is None before log-in."""
    services = services_of(request)
    session: Session | None = getattr(request.state, "session", None)
    wording = Wording(
        pack=services.pack, rules=services.rule_words, language=language_of(request), now=services.now
    )
    text = _TEMPLATES.get_template(template).render(
        t=wording,
        language=wording.language,
        languages=services.pack.languages,
        session=session,
        static=_static,
        masked=masked,
        demo=services.config.demo,
        path=request.url.path,
        limits=services.limits,
        percent=percent,
        request_id=getattr(request.state, "request_id", None),
        **values,
    )
    packs = "gzip" in request.headers.get("accept-encoding", "") and len(text) > _WORTH_PACKING_CHARACTERS
    content = gzip.compress(text.encode(), compresslevel=5, mtime=0) if packs else text.encode()
    headers = {"Vary": "Accept-Encoding", **({"Content-Encoding": "gzip"} if packs else {})}
    return HTMLResponse(content, status_code=status, headers=headers)


def language_of(request: Request) -> str:
    """The language chosen on a page, else the account's, else what the browser asks for."""
    known = services_of(request).pack.languages
    session: Session | None = getattr(request.state, "session", None)
    chosen = request.cookies.get("hodi-language")
    own = session.account.language if session else None
    asked = request.headers.get("accept-language", "").split(",")
    for choice in (chosen, own, *(one.partition(";")[0].strip().partition("-")[0].lower() for one in asked)):
        if choice in known:
            return choice
    return known[0]
