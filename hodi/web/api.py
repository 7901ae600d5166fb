"""The phones' protocol over HTTP (contract/sync.md): enrol, keys, sync, snapshot, pack. Raw request bodies
and streamed answers; everything that is decided is decided in `sync` and `access`."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from hodi import access, sync
from hodi.content import FORM_MODEL
from hodi.db import Connection
from hodi.errors import (
    NOT_SIGNED_IN,
    OTHER_COUNTRY,
    PROTOCOL_UNKNOWN,
    TOO_LARGE,
    UNREADABLE,
    HodiError,
)
from hodi.web.services import Services, services_of
from hodi.web.sessions import check_password

router = APIRouter(prefix="/api")

_ENROL_BYTES_MAX = 4_096
_WORTH_PACKING_BYTES = 600
_READ_BESIDE_BYTES = 50_000  # larger bodies are unpacked on a thread, so that others do not wait
_GZIP, _LEVEL = 31, 5


class _Asked(msgspec.Struct, frozen=True):
    """What a phone says to enrol; with its bearer token it needs no name and password. `pack_name`: the pack
    that the app was built for; earlier apps do not say it."""

    username: str = ""
    password: str = ""
    app: str | None = None
    pack_name: str | None = None


class Phones:
    """What the phones' doors keep between requests: the queue of pushes, snapshots, who waits, the pack."""

    def __init__(self, services: Services) -> None:
        self.group_commit = sync.GroupCommit(
            services.store, services.rules, services.clock, services.background.wake
        )
        self.shelf = sync.SnapshotShelf()
        self.waiting = sync.WaitingPhones(services.store, services.background.subscribe)
        services.closing.calls(self.waiting.end)
        self._services = services
        self._pack: asyncio.Task[sync.PackArtifact] | None = None

    async def pack(self) -> sync.PackArtifact:
        """The pack as phones get it, composed at the first request."""
        if self._pack is None:
            self._pack = asyncio.create_task(asyncio.to_thread(sync.build_pack, self._services.pack))
        return await asyncio.shield(self._pack)


def phones_of(request: Request) -> Phones:
    """What the phones' doors keep, of the process that a request came to."""
    state = request.app.state
    if not hasattr(state, "phones"):
        state.phones = Phones(services_of(request))
    phones = state.phones
    assert isinstance(phones, Phones)
    return phones


@router.post("/enrol")
async def enrol(request: Request) -> Response:
    """Make a phone a device; or give one that is in use a new number."""
    services, now = services_of(request), services_of(request).now
    asked = _asked(await _body(request, _ENROL_BYTES_MAX))
    _check_country(services, asked.pack_name)
    bearer, renews = _bearer(request), None
    if bearer is not None:
        device = await services.store.read(lambda c: access.device_by_token(c, bearer))
        account, renews = await services.store.read(
            lambda c: (access.account_by_number(c, device.account), device.device)
        )
    else:
        account = await check_password(request, asked.username, asked.password)

    def work(connection: Connection) -> tuple[access.Enrolment, access.PhoneScope]:
        enrolment = access.enrol(connection, account, app=asked.app, now=now, renews=renews)
        new = enrolment.device
        access.log_change(
            connection, account.account, "enrol", now=now, unit=new.unit, detail=f"device {new.device}"
        )
        return enrolment, access.phone_scope(connection, enrolment.device, reach=services.pack.places.reach)

    enrolment, scope = await services.store.write(work)
    new = enrolment.device
    return _json(
        {
            "device": new.device,
            "token": enrolment.token,
            "account": account.account,
            "name": account.name,
            "role": account.role,
            "language": account.language,
            "unit": new.unit,
            "area": new.area,
            "scope": scope,
            "now": now,
        }
    )


@router.post("/keys")
async def keys(request: Request) -> Response:
    """The keys with which a phone prepares for a forgotten PIN, and opens itself after one."""
    services, now = services_of(request), services_of(request).now
    asked, bearer = _asked(await _body(request, _ENROL_BYTES_MAX)), _bearer(request)
    if bearer is not None:
        number = (await services.store.read(lambda c: access.device_by_token(c, bearer))).account
    else:
        number = (await check_password(request, asked.username, asked.password)).account

    def work(connection: Connection) -> access.PhoneKeys:
        if bearer is None:
            access.log_change(connection, number, "recover", now=now)
        return access.phone_keys(connection, number)

    return _json(await services.store.write(work))


@router.post("/sync")
async def synchronise(request: Request) -> Response:
    """Take in what a phone hands in, then tell it what it lacks."""
    services, phones = services_of(request), phones_of(request)
    device = await _device(request)
    body = await _body(request, sync.WIRE_BYTES_MAX)
    gzipped = request.headers.get("content-encoding", "") == "gzip"
    if len(body) > _READ_BESIDE_BYTES:
        asked = await asyncio.to_thread(sync.read_request, body, gzipped=gzipped)
    else:
        asked = sync.read_request(body, gzipped=gzipped)
    _check_country(services, asked.head.pack_name)
    receipts = await phones.group_commit.push(device, asked)
    for receipt in receipts:
        services.metrics.events.labels(receipt.verdict).inc()
    services.background.publish((device.unit,))
    answer = sync.PullResponse(device, asked, receipts, now=services.now, reach=services.pack.places.reach)
    first = await services.store.read(answer.next_piece)
    return _answered(services, answer, first, request)


@router.get("/wait")
async def wait(request: Request) -> Response:
    """Answer when there is urgent news for a phone, or after a while without."""
    phones = phones_of(request)
    device = await _device(request)
    is_news = await phones.waiting.wait(device, request.headers.get("hodi-token"))
    return Response(
        msgspec.json.encode({"news": is_news}),
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


@router.get("/snapshot")
async def snapshot(request: Request) -> Response:
    """Everything of a phone's scope, as a file."""
    services, phones = services_of(request), phones_of(request)
    device = await _device(request)
    taken = await services.store.read(lambda c: phones.shelf.take(c, device))
    headers = {"Content-Encoding": "gzip", "Hodi-Token": taken.token, "Hodi-Unit": str(taken.unit)}
    return Response(taken.content, media_type="application/vnd.sqlite3", headers=headers)


@router.get("/pack")
async def pack(request: Request) -> Response:
    """The content pack, unless the phone has it. An app that cannot run its forms (`forms` says which model
    it knows; the first one said nothing) keeps the pack that it has."""
    artifact = await phones_of(request).pack()
    headers = {"ETag": f'"{artifact.version}"', "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if not _runs_forms(request.query_params.get("forms", "1")):
        if "if-none-match" not in request.headers:
            raise HodiError(PROTOCOL_UNKNOWN, "forms")
        return Response(status_code=304, headers={"Cache-Control": "no-cache"})
    if f'"{artifact.version}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(artifact.content, media_type="application/json", headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(artifact.gzipped, media_type="application/json", headers=headers)


def _runs_forms(model: str) -> bool:
    return model.isascii() and model.isdigit() and int(model) >= FORM_MODEL


def _answered(services: Services, answer: sync.PullResponse, first: bytes, request: Request) -> Response:
    """One piece goes out as it is; several are streamed while the next is read. Packed if worth it."""
    packs = "gzip" in request.headers.get("accept-encoding", "")
    if answer.is_complete and (len(first) < _WORTH_PACKING_BYTES or not packs):
        return Response(first, media_type="application/x-ndjson")

    async def pieces() -> AsyncIterator[bytes]:
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP) if packs else None
        piece = first
        while True:
            yield (packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)) if packer else piece
            if answer.is_complete:
                break
            piece = await services.store.read(answer.next_piece)
        if packer:
            yield packer.flush()

    headers = {"Content-Encoding": "gzip"} if packs else {}
    return StreamingResponse(pieces(), media_type="application/x-ndjson", headers=headers)


async def _device(request: Request) -> access.Device:
    """The device that asks. Raises NOT_SIGNED_IN, DEVICE_REVOKED."""
    bearer = _bearer(request)
    if bearer is None:
        raise HodiError(NOT_SIGNED_IN, "token")
    return await services_of(request).store.read(lambda c: access.device_by_token(c, bearer))


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


async def _body(request: Request, bytes_max: int) -> bytes:
    """The body, read no further than the limit. Raises TOO_LARGE."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > bytes_max:
            raise HodiError(TOO_LARGE, f"{bytes_max} bytes")
    return bytes(body)


def _asked(body: bytes) -> _Asked:
    try:
        return msgspec.json.decode(body or b"{}", type=_Asked)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise HodiError(UNREADABLE, "body") from error


def _check_country(services: Services, pack_name: str | None) -> None:
    """Raise OTHER_COUNTRY for an app, or a phone's ledger, of another country's pack than the server's."""
    if pack_name is not None and pack_name != services.pack.name:
        raise HodiError(OTHER_COUNTRY, services.pack.name)


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
