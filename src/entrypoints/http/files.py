"""Files behind signed links: ranges, validators, and nothing of a framework in between."""

import re
from typing import Any
from urllib.parse import parse_qsl, quote

import attrs
from litestar import Request, asgi

from ...core.errors import BlobMissing, Forbidden, NotFound, TearsheetError
from ...core.gallery.picture import Format
from ...core.ids import BlobKey, is_blob_key
from .context import Api
from .links import LinkExpired
from .problems import problem, refuse
from .validators import names

_RANGE = re.compile(r"bytes=([0-9]{0,19})-([0-9]{0,19})", re.ASCII)
_MEDIA_TYPES = {kind.value: kind.media_type for kind in Format}


@attrs.frozen
class Part:
    """The bytes to send: ``start`` up to, not including, ``stop``, of ``size``."""

    start: int
    stop: int
    size: int


def wanted_part(header: str | None, size: int) -> Part | None:
    """What a ``Range`` header asks for; None when it asks for the whole.

    More than one range, or another unit, is answered with the whole, as RFC 9110 allows.
    Raises ``ValueError`` for a range that no byte of the file is in.
    """
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or match[1] == match[2] == "":
        return None
    if not match[1]:
        start, stop = max(0, size - int(match[2])), size
    else:
        start = int(match[1])
        stop = min(size, int(match[2]) + 1) if match[2] else size
        if match[2] and int(match[2]) < start:
            return None
    if start >= stop:
        raise ValueError("no byte in this range")
    return Part(start, stop, size)


@asgi("/files", is_mount=True, copy_scope=False)
async def serve_file(scope: Any, receive: Any, send: Any) -> None:
    """``GET`` and ``HEAD``; anything else is a 405."""
    request: Request[Any, Any, Any] = Request(scope, receive, send)
    if scope["method"] not in ("GET", "HEAD"):
        detail = "This address does not take this method."
        refusal = problem(request, 405, "method_not_allowed", detail, {}, {"Allow": "GET, HEAD"})
        await refusal.to_asgi_response(request=request, app=None)(scope, receive, send)
        return
    try:
        await _serve(request, send)
    except TearsheetError as error:
        refusal = refuse(request, error)
        await refusal.to_asgi_response(request=request, app=None)(scope, receive, send)


async def _serve(request: Request[Any, Any, Any], send: Any) -> None:
    api: Api = request.app.state.api
    key, seconds, download = _checked(request, api)
    etag = f'"{key}"'
    headers = {
        "Content-Type": _MEDIA_TYPES.get(key.rpartition(".")[2], "application/octet-stream"),
        "Content-Disposition": _disposition(download),
        "Cache-Control": f"private, max-age={seconds}, immutable",
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Referrer-Policy": "no-referrer",
    }
    if names(request.headers.get("if-none-match"), etag):
        await _head(send, 304, headers, None)
        return
    size = await _size(api, key)
    try:
        fresh = request.headers.get("if-range", etag) == etag
        part = wanted_part(request.headers.get("range"), size) if fresh else None
    except ValueError:
        await _head(send, 416, headers | {"Content-Range": f"bytes */{size}"}, 0)
        return
    status = 206
    if part is None:
        status, part = 200, Part(0, size, size)
    else:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    if request.scope["method"] == "HEAD":
        await _head(send, status, headers, part.stop - part.start)
        return
    pieces = await api.ports.blobs.open(key, part.start, part.stop)
    await _start(send, status, headers, part.stop - part.start)
    async for piece in pieces:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _size(api: Api, key: BlobKey) -> int:
    """Bytes of the file. Missing bytes that an image still names are our fault, others are gone."""
    try:
        return (await api.ports.blobs.stat(key)).size
    except BlobMissing:
        if await api.ports.lobby.unknown_blobs([key]):
            raise NotFound("file") from None
        raise


def _checked(request: Request[Any, Any, Any], api: Api) -> tuple[BlobKey, int, str | None]:
    """Key, seconds left and file name of a link whose signature is right."""
    key = request.scope["path"].rpartition("/files")[2].strip("/")
    query = dict(parse_qsl(request.scope["query_string"].decode("latin-1")))
    download = query.get("download")
    try:
        seconds = api.links.check(
            key, query.get("expires", ""), download, query.get("signature", "")
        )
    except LinkExpired:
        raise
    except Forbidden:
        api.gate.miss(request.scope)
        raise
    if not is_blob_key(key):
        raise NotFound("file")
    return BlobKey(key), seconds, download


def _disposition(download: str | None) -> str:
    if download is None:
        return "inline"
    return f"attachment; filename*=UTF-8''{quote(download, safe='')}"


async def _head(send: Any, status: int, headers: dict[str, str], length: int | None) -> None:
    await _start(send, status, headers, length)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _start(send: Any, status: int, headers: dict[str, str], length: int | None) -> None:
    if length is not None:
        headers = headers | {"Content-Length": str(length)}
    encoded = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})


routes = (serve_file,)
