"""Sending bytes in parts: to the end, or until nobody listens any more."""

from collections.abc import AsyncIterator
from typing import Any

from anyio.lowlevel import checkpoint
from litestar import Request

from tearsheet.core.errors import BlobMissing
from tearsheet.entrypoints.http.ranges import Content, answer_with


async def zeros() -> AsyncIterator[bytes]:
    """As many as anybody takes."""
    while True:
        yield bytes(1_000)


async def broken() -> AsyncIterator[bytes]:
    """A file that ends too early."""
    yield bytes(1_000)
    raise BlobMissing("a key")


async def gone() -> AsyncIterator[bytes]:
    """A file that is not there any more."""
    nothing: list[bytes] = []
    for piece in nothing:
        yield piece
    raise BlobMissing("a key")


async def ask(pieces: AsyncIterator[bytes], events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a client is sent who asks for a terabyte, and whom this happens to."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return events.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)
        await checkpoint()

    async def size() -> int:
        return 10**12

    async def open_range(start: int, stop: int) -> AsyncIterator[bytes]:
        return pieces

    async def find(_: Request[Any, Any, Any]) -> Content:
        return Content(etag='"x"', headers={}, size=size, open=open_range)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "headers": [],
        "query_string": b"",
        "state": {},
    }
    try:
        await answer_with(scope, receive, send, find)
    except BlobMissing:
        sent.append({"type": "broken off"})
    return sent


async def test_nothing_is_read_for_a_client_who_hung_up() -> None:
    """A terabyte for nobody would keep a disk busy for an hour."""
    request = {"type": "http.request", "body": b"", "more_body": False}

    sent = await ask(zeros(), [request, {"type": "http.disconnect"}])

    assert sent[0]["status"] == 200
    assert 1 < len(sent) < 20


async def test_a_file_that_breaks_off_breaks_the_connection_off() -> None:
    """Nobody takes a part for the whole: the last message is never sent."""
    sent = await ask(broken(), [{"type": "http.request"}, {"type": "http.request"}] * 9)

    assert sent[-1] == {"type": "broken off"}
    assert all(message.get("more_body", True) for message in sent)


async def test_what_cannot_even_begin_is_refused() -> None:
    """While a refusal can still be sent."""
    sent = await ask(gone(), [])

    assert sent[0]["status"] == 500
    assert b"blob_missing" in sent[1]["body"]
