"""Sending bytes: ranges, validators, and nothing of a framework in between (RFC 9110)."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

import attrs
from litestar import Request

from ...core.errors import Forbidden, NotFound, TearsheetError
from .limiting import RateLimited
from .problems import RangeNotSatisfiable, problem, refuse
from .validators import names

_RANGE = re.compile(r"bytes=([0-9]{0,19})-([0-9]{0,19})", re.ASCII)

SIGNATURE: Mapping[str, dict[str, Any]] = {
    "expires": {"type": "string", "pattern": "^[0-9]{1,12}$", "description": "Out of the link."},
    "signature": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "Out of the link."},
}
"""What a signed link has in its query, for the document."""

PARTIAL = ("Range", "If-Range", "If-None-Match")
SENT = ("ETag", "Accept-Ranges")
REFUSED = (Forbidden, NotFound, RangeNotSatisfiable, RateLimited)
"""What every signed link takes, shows, and is refused with, for the document."""


@attrs.frozen
class Part:
    """The bytes to send: ``start`` up to, not including, ``stop``, of ``size``."""

    start: int
    stop: int
    size: int


def wanted_part(header: str | None, size: int) -> Part | None:
    """What a ``Range`` header asks for; None when it asks for the whole.

    More than one range, or another unit, is answered with the whole, as RFC 9110 allows.
    Raises ``RangeNotSatisfiable`` for a range that no byte of the file is in.
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
        raise RangeNotSatisfiable(size)
    return Part(start, stop, size)


@attrs.frozen(kw_only=True)
class Content:
    """Something that can be sent in parts."""

    etag: str
    """Quoted. The bytes under it never change."""
    headers: dict[str, str]
    size: Callable[[], Awaitable[int]]
    """How many bytes there are."""
    open: Callable[[int, int], Awaitable[AsyncIterator[bytes]]]
    """The bytes from one position up to, not including, another, in pieces."""


async def answer_with(
    scope: Any,
    receive: Any,
    send: Any,
    find: "Callable[[Request[Any, Any, Any]], Awaitable[Content | Answer]]",
) -> None:
    """Answer ``GET`` and ``HEAD`` with what ``find`` finds; anything else is a 405."""
    request: Request[Any, Any, Any] = Request(scope, receive, send)
    if scope["method"] not in ("GET", "HEAD"):
        detail = "This address does not take this method."
        refusal = problem(request, 405, "method_not_allowed", detail, {}, {"Allow": "GET, HEAD"})
        await refusal.to_asgi_response(request=request, app=None)(scope, receive, send)
        return
    try:
        found = await find(request)
        answer = found if isinstance(found, Answer) else await prepare(request, found)
    except TearsheetError as error:
        refusal = refuse(request, error)
        await refusal.to_asgi_response(request=request, app=None)(scope, receive, send)
        return
    await answer.send(receive, send)


@attrs.frozen
class Answer:
    """A status, headers, and what is to follow them."""

    status: int
    headers: dict[str, str]
    pieces: AsyncIterator[bytes] | None = None
    first: bytes = b""

    async def send(self, receive: Any, send: Any) -> None:
        """Send it all, unless the client hangs up: then nothing more is read for it.

        When reading fails on the way, the exception ends the connection, so that nobody takes
        a part for the whole.
        """
        encoded = [(k.lower().encode(), v.encode("latin-1")) for k, v in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": encoded})
        if self.headers.get("Content-Length") == str(len(self.first)):
            await send({"type": "http.response.body", "body": self.first, "more_body": False})
        elif self.pieces is not None:
            await self._send_on(self.pieces, receive, send)
        else:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send_on(self, pieces: AsyncIterator[bytes], receive: Any, send: Any) -> None:
        hung_up = asyncio.create_task(_hung_up(receive))
        try:
            await send({"type": "http.response.body", "body": self.first, "more_body": True})
            async for piece in pieces:
                if hung_up.done():
                    return
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            hung_up.cancel()


async def _hung_up(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def prepare(request: Request[Any, Any, Any], content: Content) -> Answer:
    """Everything that can still be refused, the first piece included."""
    headers = content.headers | {"Accept-Ranges": "bytes", "ETag": content.etag}
    if names(request.headers.get("if-none-match"), content.etag):
        return Answer(304, headers)
    size = await content.size()
    fresh = request.headers.get("if-range", content.etag) == content.etag
    part = wanted_part(request.headers.get("range"), size) if fresh else None
    status = 206
    if part is None:
        status, part = 200, Part(0, size, size)
    else:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    headers["Content-Length"] = str(part.stop - part.start)
    if request.scope["method"] == "HEAD":
        return Answer(status, headers)
    pieces = await content.open(part.start, part.stop)
    return Answer(status, headers, pieces, await anext(pieces, b""))


def attachment(name: str) -> str:
    """``Content-Disposition`` of what is to be saved under this name."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
