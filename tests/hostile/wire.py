"""HTTP as bytes on a socket: nothing is corrected on the way out, nor forgiven on the way in."""

import contextlib
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

import attrs

Headers = tuple[tuple[bytes, bytes], ...]

PATIENCE = 30.0
"""Seconds for an answer that has to come; a busy machine is not a bug."""


class Broken(Exception):
    """What came is no answer of HTTP."""


@attrs.frozen
class Raw:
    """A request as it goes over the wire; every part may be nonsense."""

    method: bytes
    target: bytes
    headers: Headers = ()
    body: bytes = b""
    version: bytes = b"HTTP/1.1"

    def encoded(self) -> bytes:
        """Request line, headers, body."""
        lines = [b" ".join((self.method, self.target, self.version))]
        lines += [name + b": " + value for name, value in self.headers]
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body

    def having(self, *headers: tuple[bytes, bytes]) -> "Raw":
        """With these in place of others of the same name."""
        names = {name.lower() for name, _ in headers}
        kept = tuple(header for header in self.headers if header[0].lower() not in names)
        return attrs.evolve(self, headers=(*kept, *headers))

    def without(self, *names: bytes) -> "Raw":
        """Without these headers."""
        kept = tuple(header for header in self.headers if header[0].lower() not in names)
        return attrs.evolve(self, headers=kept)

    def saying(self, body: bytes, kind: bytes = b"application/json") -> "Raw":
        """With this body, and its right length."""
        length = str(len(body)).encode()
        named = self.having((b"Content-Type", kind), (b"Content-Length", length))
        return attrs.evolve(named, body=body)


@attrs.frozen
class Answer:
    """What came back."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """Its value, or nothing."""
        return next((value for known, value in self.headers if known.lower() == name), "")


class Wire:
    """A connection that is opened again when the other side has closed it."""

    def __init__(self, address: str, patience: float = PATIENCE) -> None:
        parts = urlsplit(address)
        self._place = (str(parts.hostname), parts.port or 80)
        self._patience = patience
        self._socket: socket.socket | None = None
        self._read = b""

    def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._read = None, b""

    def send(self, data: bytes) -> None:
        """These bytes, over a new connection if the old one is gone."""
        if self._socket is None:
            self._socket = socket.create_connection(self._place, self._patience)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(ConnectionError):
            # refused while we were still talking: there may be an answer all the same
            self._socket.sendall(data)

    def ask(self, request: bytes, method: bytes = b"GET") -> Answer | None:
        """The answer to a request; None when the other side closed without one.

        A connection that had been closed since the last answer is no answer: it is asked again.
        """
        fresh = self._socket is None
        self.send(request)
        answer = self.answer(method)
        if answer is None and not fresh:
            self.send(request)
            answer = self.answer(method)
        return answer

    def all_answers(self, request: bytes, method: bytes, within: float) -> list[Answer]:
        """Whatever comes within so many seconds over a connection of its own."""
        self.close()
        self.send(request)
        found = []
        while self._socket is not None:
            self._socket.settimeout(within)
            try:
                answer = self.answer(method)
            except TimeoutError:
                break
            if answer is not None:
                found.append(answer)
        self.close()
        return found

    def answer(self, method: bytes = b"GET") -> Answer | None:
        """The next answer. None, and the connection is closed, when there is none."""
        while b"\r\n\r\n" not in self._read:
            if not self._more():
                began, self._read = self._read, b""
                self.close()
                if began:
                    raise Broken(f"an answer that ends in its head: {began[:200]!r}")
                return None
        head, _, self._read = self._read.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        version, _, rest = first.partition(" ")
        if version not in ("HTTP/1.1", "HTTP/1.0") or not rest[:3].isdigit():
            raise Broken(f"no status line: {first[:200]!r}")
        headers = [(name, value.strip()) for name, _, value in (li.partition(":") for li in lines)]
        answer = Answer(int(rest[:3]), headers, b"")
        if answer.status == 100:
            return self.answer(method)
        body = self._body(answer, method)
        if answer.header("connection").lower() == "close":
            self.close()
        return attrs.evolve(answer, body=body)

    def _body(self, answer: Answer, method: bytes) -> bytes:
        if method == b"HEAD" or answer.status in (204, 304):
            return b""
        if answer.header("transfer-encoding") == "chunked":
            return self._chunks()
        length = answer.header("content-length")
        if not length.isdigit():
            raise Broken("an answer that does not say how long it is")
        return self._exactly(int(length))

    def _exactly(self, length: int) -> bytes:
        while len(self._read) < length:
            if not self._more():
                raise Broken(f"{len(self._read)} bytes in place of {length}")
        body, self._read = self._read[:length], self._read[length:]
        return body

    def _chunks(self) -> bytes:
        whole = b""
        while True:
            while b"\r\n" not in self._read:
                if not self._more():
                    raise Broken("chunks without an end")
            size, _, self._read = self._read.partition(b"\r\n")
            piece = self._exactly(int(size, 16) + 2)
            if len(piece) == 2:
                return whole
            whole += piece[:-2]

    def _more(self) -> bool:
        if self._socket is None:
            return False
        try:
            piece = self._socket.recv(262_144)
        except ConnectionError:
            piece = b""
        self._read += piece
        return bool(piece)
