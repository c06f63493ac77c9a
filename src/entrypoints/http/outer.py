"""Around everything, also around what the framework answers by itself: ids, headers, the log."""

import logging
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from uuid import uuid4

from ...adapters.log_context import logging_about
from .metrics import Metrics
from .safety import for_browsers

Scope = Any
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
ASGIApp = Callable[[Any, Any, Any], Awaitable[None]]

log = logging.getLogger("tearsheet.access")

_SANE = re.compile(r"[A-Za-z0-9._-]{1,128}", re.ASCII)
_KEY = "tearsheet.request_id"
_HEADERS = "tearsheet.headers"
_GONE = "tearsheet.gone"


def request_id_of(scope: Scope) -> str:
    """The id of the request that is being answered."""
    return str(scope["state"].get(_KEY, ""))


def add_headers(scope: Scope, headers: dict[str, str]) -> None:
    """Headers for the answer to this request, whatever it will be."""
    scope["state"].setdefault(_HEADERS, {}).update(headers)


def forget_answer(scope: Scope) -> None:
    """Nobody is there any more to be answered: whatever comes is neither sent nor counted."""
    scope["state"][_GONE] = True


class Outer:
    """An ASGI wrapper; see the module."""

    def __init__(self, inner: ASGIApp, metrics: Metrics, public_url: str = "") -> None:
        self._inner = inner
        self._metrics = metrics
        self._for_browsers = for_browsers(public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        request_id = _sent_id(scope["headers"]) or uuid4().hex
        with logging_about(request_id=request_id):
            await self._answer(request_id, scope, receive, send)

    async def _answer(self, request_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})[_KEY] = request_id
        path = _loggable(scope["path"])  # taken now: a mounted route changes it
        began = time.monotonic()
        self._metrics.began()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if scope["state"].get(_GONE):
                return
            if message["type"] == "http.response.start":
                status = message["status"]
                more = scope["state"].get(_HEADERS, {})
                _complete(message, request_id, more, self._for_browsers)
            await send(message)

        try:
            await self._inner(scope, receive, send_with_headers)
        finally:
            seconds = time.monotonic() - began
            route = str(scope.get("path_template") or "none")
            self._metrics.ended(scope["method"], route, status, seconds)
            method, ms = scope["method"], round(seconds * 1000, 1)
            fields = {"method": method, "route": route, "status": status, "milliseconds": ms}
            line = "%s %s %s %.1f ms %s"
            log.info(line, method, path, status or "-", ms, request_id, extra={"fields": fields})


def _sent_id(headers: Any) -> str | None:
    for name, value in headers:
        if name == b"x-request-id":
            text = str(value.decode("latin-1"))
            return text if _SANE.fullmatch(text) else None
    return None


def _complete(
    message: Message,
    request_id: str,
    more: dict[str, str],
    unless_said: tuple[tuple[bytes, bytes], ...],
) -> None:
    headers = list(message["headers"])
    names = {name.lower() for name, _ in headers}
    headers.append((b"x-request-id", request_id.encode()))
    headers += [(name.lower().encode(), value.encode()) for name, value in more.items()]
    headers += [header for header in unless_said if header[0] not in names]
    message["headers"] = headers


def _loggable(path: str) -> str:
    """A path without what opens something: file keys stay out of the log.

    So do tokens that a client put where an id belongs: all that open anything have 40 letters and
    digits or more, and nothing else in our paths has.
    """
    printable = path.encode("ascii", "backslashreplace").decode("ascii")
    shown = re.sub(r"^/(files|s)/.*", r"/\1/…", printable)
    return re.sub(r"[\x00-\x1f\x7f]", "?", re.sub(r"\w{40,}", "…", shown))[:200]
