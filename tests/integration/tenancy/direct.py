"""Requests to the application itself: no socket, no client library, nothing between."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import unquote, urlencode

import attrs

ADDRESS = ("192.0.2.1", 50_000)
"""Where requests come from, unless told otherwise."""


@attrs.frozen
class Answer:
    """All of an answer, byte by byte."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """One header, or None."""
        return next((v.decode() for k, v in self.headers if k == name.encode()), None)

    @property
    def is_json(self) -> bool:
        """Whether there is something to read for a machine."""
        return bool(self.body) and "json" in (self.header("content-type") or "")

    def json(self) -> Any:
        """What it says."""
        return json.loads(self.body)


@attrs.frozen(kw_only=True)
class Request:
    """All of a request; equal ones are the same to the byte."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def __str__(self) -> str:
        query = f"?{urlencode(self.query)}" if self.query else ""
        return f"{self.method} {self.path}{query} {dict(self.headers)} {self.body!r}"


async def ask(
    app: Any, request: Request, token: str | None = None, address: tuple[str, int] = ADDRESS
) -> Answer:
    """One request and its answer."""
    sent = [(k.lower().encode(), v.encode("latin-1")) for k, v in request.headers]
    if token is not None:
        sent.append((b"authorization", f"Bearer {token}".encode()))
    if request.body:
        sent += [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(request.body)).encode()),
        ]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(request.path),
        "raw_path": request.path.encode(),
        "query_string": urlencode(request.query).encode(),
        "root_path": "",
        "headers": [(b"host", b"tearsheet.test"), *sent],
        "client": address,
        "server": ("tearsheet.test", 80),
    }
    messages: list[Mapping[str, Any]] = [
        {"type": "http.request", "body": request.body, "more_body": False}
    ]
    told: list[Mapping[str, Any]] = []

    async def receive() -> Mapping[str, Any]:
        return messages.pop() if messages else await _stay()

    async def send(message: Mapping[str, Any]) -> None:
        told.append(message)

    await app(scope, receive, send)
    start = next(m for m in told if m["type"] == "http.response.start")
    parts = [m.get("body", b"") for m in told if m["type"] == "http.response.body"]
    return Answer(start["status"], tuple(map(tuple, start["headers"])), b"".join(parts))


async def _stay() -> NoReturn:
    """A client that does not leave."""
    await asyncio.Event().wait()
    raise AssertionError("nobody sets it")
