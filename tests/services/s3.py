"""An S3 in the test process: moto behind a real HTTP server, whose troubles a test may order.

What moto does in two steps, looking for a key and then taking it, is made one here, as S3 has it.
"""

import atexit
import os
import re
import socket
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any
from urllib.parse import unquote

import attrs

from tearsheet.adapters.bucket import Bucket
from tearsheet.entrypoints.settings import Settings

PAGE = "7"
"""Keys on a page of a listing: few, so that tests see more than one."""

Environ = dict[str, Any]
App = Callable[[Environ, Any], Iterable[bytes]]


@attrs.frozen
class Asked:
    """A request that came in."""

    method: str
    path: str
    query: str
    headers: dict[str, str]


@attrs.define
class Trouble:
    """Something that goes wrong with the next ``times`` requests of a method."""

    method: str
    play: Callable[["Server", Environ, Any], Iterable[bytes]]
    times: int = 1


@attrs.define
class Server:
    """One S3, and what it was asked."""

    app: App
    port: int = 0
    asked: list[Asked] = attrs.field(factory=list)
    keeps: bool = True
    """Whether requests are kept; not where there are very many."""
    puts: int = 0
    """How many requests to store something were answered."""
    troubles: list[Trouble] = attrs.field(factory=list)
    _lock: threading.RLock = attrs.field(factory=threading.RLock)

    @property
    def endpoint(self) -> str:
        """What ``AWS_ENDPOINT_URL`` takes."""
        return f"http://127.0.0.1:{self.port}"

    def settings(self, place: str) -> dict[str, str]:
        """The environment of a service whose blobs are in ``place``, a bucket and a prefix."""
        return {
            "TEARSHEET_BLOB_URL": f"s3://{place}",
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "AKIATESTSONLY",
            "AWS_SECRET_ACCESS_KEY": "a-secret-of-the-tests",
        }

    def place(self, place: str) -> Bucket:
        """The same, as the adapter takes it."""
        found = Settings.read(self.settings(place)).blobs
        assert isinstance(found, Bucket)
        return found

    def keys(self, bucket: str) -> set[str]:
        """Everything that is in a bucket."""
        page = self.tell("GET", f"/{bucket}?list-type=2&max-keys=1000")
        return set(re.findall(r"<Key>([^<]+)</Key>", page.decode()))

    def new_bucket(self) -> str:
        """A bucket that nobody else uses."""
        name = f"tests-{uuid.uuid4().hex}"
        self.tell("PUT", f"/{name}")
        return name

    def tell(self, method: str, path: str, body: bytes = b"") -> bytes:
        """Ask it something behind everybody's back: no trouble plays, and it is not noted."""
        from werkzeug.test import Client

        signed = "AWS4-HMAC-SHA256 Credential=AKIATESTSONLY/20260101/us-east-1/s3/aws4_request"
        with self._lock:
            answer = Client(self.app).open(
                path,
                method=method,
                data=body,
                base_url=self.endpoint,
                headers={"Authorization": signed},
            )
        assert answer.status_code < 400, answer.get_data()
        return answer.get_data()

    def trouble(
        self, method: str, play: Callable[["Server", Environ, Any], Iterable[bytes]], times: int = 1
    ) -> None:
        """Order trouble for the next requests of this method."""
        self.troubles.append(Trouble(method, play, times))

    def __call__(self, environ: Environ, start: Any) -> Iterable[bytes]:
        """Answer a request, or play the trouble that was ordered for it."""
        method = environ["REQUEST_METHOD"]
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): str(value)
            for name, value in environ.items()
            if name.startswith(("HTTP_", "CONTENT_"))
        }
        query = environ.get("QUERY_STRING", "")
        if self.keeps:
            self.asked.append(Asked(method, unquote(environ["PATH_INFO"]), query, headers))
        for trouble in self.troubles:
            if trouble.method == method and trouble.times > 0:
                trouble.times -= 1
                return trouble.play(self, environ, start)
        return self.answer(environ, start)

    def answer(self, environ: Environ, start: Any) -> Iterable[bytes]:
        """Moto's answer, one write at a time."""
        with self._lock:
            answer = list(self.app(environ, start))
            self.puts += environ["REQUEST_METHOD"] == "PUT"
            return answer

    def count(self, method: str) -> int:
        """How many requests of this method came in."""
        return sum(asked.method == method for asked in self.asked)


def _read_body(environ: Environ) -> None:
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))


def saying(status: str, code: str = "") -> Callable[[Server, Environ, Any], Iterable[bytes]]:
    """The store answers with this status and its own word for it; nothing is done."""

    def play(_: Server, environ: Environ, start: Any) -> Iterable[bytes]:
        _read_body(environ)
        body = f"<Error><Code>{code}</Code><Message>AKIATESTSONLY</Message></Error>".encode()
        start(status, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
        return [body]

    return play


def losing_the_answer(server: Server, environ: Environ, start: Any) -> Iterable[bytes]:
    """The store does what it was asked; then the connection breaks."""
    server.answer(environ, lambda *_: None)
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    start("200 OK", [])
    return []


def hanging_up(_: Server, environ: Environ, start: Any) -> Iterable[bytes]:
    """The connection breaks before anything was done."""
    _read_body(environ)
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    start("200 OK", [])
    return []


def breaking_off(after: int) -> Callable[[Server, Environ, Any], Iterable[bytes]]:
    """The connection breaks when so many bytes of the body have come."""

    def play(server: Server, environ: Environ, start: Any) -> Iterable[bytes]:
        body = b"".join(server.answer(environ, start))

        def cut() -> Iterator[bytes]:
            yield body[:after]
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)

        return cut()

    return play


_everybodys = ExitStack()
atexit.register(_everybodys.close)


@cache
def shared_s3() -> Server:
    """The server of this process: to start one costs more than most tests."""
    return _everybodys.enter_context(running_s3())


@contextmanager
def running_s3() -> Iterator[Server]:
    """A server of one's own, on a free port; afterwards it is gone."""
    os.environ.setdefault("MOTO_S3_DEFAULT_MAX_KEYS", PAGE)  # moto has no other way to say so
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Silent(WSGIRequestHandler):
        """Logs nothing."""

        protocol_version = "HTTP/1.1"

        def log(self, *_: object) -> None:
            """Do not."""

        def connection_dropped(self, *_: object) -> None:
            """It was ordered."""

    server = Server(DomainDispatcherApplication(create_backend_app))
    listening = make_server("127.0.0.1", 0, server, threaded=True, request_handler=Silent)
    server.port = listening.server_port
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
