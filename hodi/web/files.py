"""Static files: our own few for the pages, and the built phone app under /app/.

A file may lie ready compressed beside itself (.br, .gz). What carries a hash in its name is kept by
browsers for ever; pages and the service worker are asked for anew each time.
"""

from __future__ import annotations

import hashlib
import mimetypes
import pathlib
import re

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from hodi.errors import NOT_FOUND, HodiError

STATIC = pathlib.Path(__file__).parent / "static"
_HASHED = re.compile(r"[-.][A-Za-z0-9_-]{8,}\.(js|mjs|css|wasm|svg|png|woff2)$")
_FOREVER = "public, max-age=31536000, immutable"
_ASK = "no-cache"
_TYPES = {
    ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json", ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}  # fmt: skip
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


def phone_app(request: Request, folder: pathlib.Path, path: str) -> Response:
    """A file of the phone app; any other address inside it is the app itself (`index.html`).

    Raises NOT_FOUND for a missing asset, and where the app has not been built.
    """
    wanted = path if pathlib.PurePosixPath(path).suffix else "index.html"
    forever = wanted.startswith("assets/") and _HASHED.search(wanted) is not None
    return _file(request, folder, wanted, _FOREVER if forever else _ASK)


def page_file(request: Request, path: str) -> Response:
    """One of the pages' own files. Addresses carry `?v=<hash>`, so they are kept for ever."""
    return _file(request, STATIC, path, _FOREVER if request.query_params.get("v") else _ASK)


def static_version(path: str) -> str:
    """A short hash of one of the pages' own files."""
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]


def _file(request: Request, folder: pathlib.Path, path: str, caching: str) -> Response:
    if "\0" in path:  # no file system has such a name, and Python refuses to ask
        raise HodiError(NOT_FOUND)
    root = folder.resolve()
    file = (root / path).resolve()
    if not file.is_relative_to(root) or not _is_file(file):
        raise HodiError(NOT_FOUND)
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    headers = {"Cache-Control": caching, "Vary": "Accept-Encoding"}
    if file.name == "sw.js":
        headers["Service-Worker-Allowed"] = "/app/"
    accepted = {part.split(";")[0].strip() for part in request.headers.get("accept-encoding", "").split(",")}
    for encoding, ending in _ENCODINGS:
        ready = file.with_name(file.name + ending)
        if encoding in accepted and ready.is_file():
            compressed = {**headers, "Content-Encoding": encoding}
            return _fresh(request, FileResponse(ready, media_type=kind, headers=compressed))
    return _fresh(request, FileResponse(file, media_type=kind, headers=headers))


def _is_file(file: pathlib.Path) -> bool:
    """False also for a name that is longer than the file system allows."""
    try:
        return file.is_file()
    except OSError:
        return False


def _fresh(request: Request, response: FileResponse) -> Response:
    """304 where the browser holds this very file."""
    response.set_stat_headers(pathlib.Path(response.path).stat())
    etag = response.headers.get("etag")
    if etag and request.headers.get("if-none-match") == etag:
        kept = {k: v for k, v in response.headers.items() if k in ("etag", "cache-control", "vary")}
        return Response(status_code=304, headers=kept)
    return response
