"""The server's side of slow and oversized requests, which an application does not get to see.

A client that opens a connection and says nothing, or says it letter by letter, costs a file
descriptor for as long as it likes; headers without end cost memory. The application only ever
sees complete headers, so the server has to look after them.
"""

import asyncio
import json
from asyncio.events import TimerHandle
from typing import ClassVar
from uuid import uuid4

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .http.problems import HeadersTooLarge, MalformedRequest, problem_body, title_of
from .http.safety import FOR_BROWSERS

_FOR_BROWSERS = "".join(f"{name.lower()}: {value}\r\n" for name, value in FOR_BROWSERS.items())


class HeadTooLarge(Exception):
    """Request line and headers together are longer than ``max_head``."""


class PatientProtocol(HttpToolsProtocol):
    """Uvicorn's protocol with a deadline for every request and a limit for its headers."""

    head_within: ClassVar[float] = 30.0
    """Seconds from the first byte, or from the connection, until the headers are there."""
    body_within: ClassVar[float] = 35.0
    """Seconds for the rest; longer than the application's own limit, which can answer."""
    max_head: ClassVar[int] = 64 * 1024
    """Bytes; the limit that uvicorn has with its other parser."""

    _deadline: TimerHandle | None = None
    _head_bytes = 0
    _in_head = False
    _too_large = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody is there."""
        super().connection_made(transport)
        self._expect(self.head_within)

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self._expect(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A piece of a request; headers that do not end are refused before they are whole."""
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > self.max_head:
                self._too_large = True
                self.send_400_response("")

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        self._in_head, self._head_bytes = True, 0
        self._expect(self.head_within)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The headers are there; too many of them never reach the application."""
        self._in_head = False
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > self.max_head:
            self._too_large = True
            raise HeadTooLarge
        self._expect(self.body_within)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is there."""
        self._expect(None)
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, as a problem like all others, and close."""
        if self._too_large:
            status, code = 431, HeadersTooLarge.code
            detail = HeadersTooLarge(self.max_head).message
        else:
            status, code, detail = 400, MalformedRequest.code, "This is not an HTTP request."
        request_id = uuid4().hex
        body = json.dumps(problem_body(status, code, detail, request_id, {}))
        head = (
            f"HTTP/1.1 {status} {title_of(status)}\r\n"
            "content-type: application/problem+json\r\n"
            f"content-length: {len(body)}\r\n"
            f"x-request-id: {request_id}\r\n"
            f"{_FOR_BROWSERS}"
            "connection: close\r\n\r\n"
        )
        self.transport.write((head + body).encode("ascii"))
        self.transport.close()

    def _expect(self, seconds: float | None) -> None:
        """Close the connection unless what is expected comes in time; None: nothing is."""
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if seconds is not None:
            self._deadline = self.loop.call_later(seconds, self._too_late)

    def _too_late(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
