"""A stand-in for servers with the OpenAI Images API: real HTTP, strict checks, painted pictures.

It keeps every request that reached it, and misbehaves when it is told to (``will``).
"""

import asyncio
import json
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import attrs

from tests.services.openai_dialects import Dialect, OpenAI
from tests.services.openai_requests import Refusal, Request, parsed


@attrs.frozen
class Answer:
    """What goes back when nothing is wrong."""

    body: bytes
    status: int = 200
    media_type: str = "application/json"
    headers: dict[str, str] = attrs.field(factory=dict)

    def head(self, length: int | None = None) -> bytes:
        """Status line and headers; ``length`` may lie about the body."""
        lines = [
            f"HTTP/1.1 {self.status} Whatever",
            f"Content-Type: {self.media_type}",
            f"Content-Length: {len(self.body) if length is None else length}",
            "Connection: close",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


Fault = Callable[[asyncio.StreamWriter, Answer], Awaitable[None]]
"""Sends something else than the answer that would have been right."""


@attrs.define
class StandIn:
    """A server that is up. Its attributes may be looked at from any thread."""

    dialect: Dialect
    address: str = ""
    requests: list[Request] = attrs.field(factory=list)
    """Every request for a picture, in the order in which they came, refused ones too."""
    others: list[Request] = attrs.field(factory=list)
    """Every other request."""
    paid: int = 0
    """How many requests were found in order; each of them may cost money."""
    pause: float = 0.0
    """Seconds that painting takes."""
    keeps: bool = True
    """Whether requests are kept; not where there are very many."""
    answered: Callable[[Request, int], None] = lambda *_: None
    """Is told of each request for a picture, and the status, once the answer is on its way."""
    _faults: deque[Fault] = attrs.field(factory=deque)

    @property
    def base_url(self) -> str:
        """What a client is configured with."""
        return self.address + self.dialect.root

    def will(self, *faults: Fault) -> None:
        """Treat the next requests so, one after the other, once they were found in order."""
        self._faults.extend(faults)

    def forget(self) -> None:
        """Be as new."""
        self.requests.clear()
        self.others.clear()
        self._faults.clear()
        self.paid = 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request on one connection."""
        try:
            request = await _received(reader)
            if request.method == "POST":
                await self._asked(request, writer)
            else:
                if self.keeps:
                    self.others.append(request)
                writer.write(_sent(self._looked_up(request)))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            with suppress(ConnectionError):
                writer.close()
                await writer.wait_closed()

    async def _asked(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if self.keeps:
            self.requests.append(request)
        try:
            body = self.dialect.answer(parsed(request), self.address)
        except Refusal as refusal:
            writer.write(_sent(_refused(refusal)))
            await writer.drain()
            self.answered(request, refusal.status)
            return
        self.paid += 1
        answer = Answer(json.dumps(body).encode(), headers={"x-request-id": f"req_{self.paid}"})
        await asyncio.sleep(self.pause)
        if self._faults:
            await self._faults.popleft()(writer, answer)
        else:
            writer.write(_sent(answer))
            await writer.drain()
            self.answered(request, answer.status)

    def _looked_up(self, request: Request) -> Answer:
        try:
            found = self.dialect.look_up(request)
        except Refusal as refusal:
            return _refused(refusal)
        if isinstance(found, bytes):
            return Answer(found, media_type="image/png")
        return Answer(json.dumps(found).encode())


def _refused(refusal: Refusal) -> Answer:
    return Answer(json.dumps(refusal.body).encode(), refusal.status, headers=refusal.headers)


def _sent(answer: Answer) -> bytes:
    return answer.head() + answer.body


async def _received(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method=method, path=path, headers=headers, body=body)


@contextmanager
def stand_in(dialect: Dialect | None = None) -> Iterator[StandIn]:
    """A server on a free port, in a thread of its own, until the block ends."""
    server = StandIn(dialect or OpenAI())
    loop = asyncio.new_event_loop()
    up = threading.Event()

    async def serve() -> None:
        listening = await asyncio.start_server(server.handle, "127.0.0.1", 0)
        server.address = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        up.set()
        try:
            await asyncio.Event().wait()
        finally:
            listening.close()  # without waiting for those who hang on: they are cancelled below

    task: asyncio.Task[Any] = loop.create_task(serve())

    def run() -> None:
        asyncio.set_event_loop(loop)
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        left = asyncio.all_tasks(loop)
        for each in left:
            each.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.close()

    thread = threading.Thread(target=run, name="openai-stand-in")
    thread.start()
    up.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()
