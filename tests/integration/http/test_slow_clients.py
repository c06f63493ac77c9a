"""Clients that are slow, half there, or send too much: they are closed, others are served."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import httpx
import pytest
from anyio.from_thread import BlockingPortal

from tearsheet.adapters.memory import memory_ports
from tearsheet.entrypoints.limits import Limits
from tearsheet.entrypoints.patience import PatientProtocol

from .running import Service, TeamCaller, running_from_memory


class Hasty(PatientProtocol):
    """The server's protocol with less patience."""

    head_within = 0.5
    body_within = 2.0


LIMITS = Limits(body_within=timedelta(seconds=0.5))
SOON = 10.0
"""Seconds that a busy machine may take for what is due after half a one."""


@pytest.fixture(scope="module")
def hasty(portal: BlockingPortal) -> Iterator[Service]:
    """A service that waits half a second."""
    with running_from_memory(portal, memory_ports(), LIMITS, Hasty) as service:
        yield service


@pytest.fixture
def team(hasty: Service) -> TeamCaller:
    """A team of its own."""
    return hasty.new_team()


def connected(service: Service) -> socket.socket:
    """A connection to the service."""
    url = httpx.URL(service.links.base_url)
    return socket.create_connection((url.host, url.port or 80), timeout=SOON)


def everything_from(connection: socket.socket) -> bytes:
    """What comes until the other side closes; ``TimeoutError`` when it does not."""
    pieces = []
    while piece := connection.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


def head_of(team: TeamCaller, *lines: str, path: str = "/v1/generate/image") -> bytes:
    """The head of a request that announces a body."""
    head = (
        f"POST {path} HTTP/1.1",
        "Host: test",
        f"Authorization: Bearer {team.token}",
        "Content-Type: application/json",
        *lines,
        "",
        "",
    )
    return "\r\n".join(head).encode()


@pytest.mark.parametrize("framing", ["Content-Length: 20", "Transfer-Encoding: chunked"])
def test_a_body_that_does_not_come_is_a_408(team: TeamCaller, framing: str) -> None:
    """However it was announced; the connection is closed, and nothing was done."""
    with connected(team.service) as connection:
        connection.sendall(head_of(team, framing))

        head, _, body = everything_from(connection).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in head.lower()
    assert json.loads(body)["code"] == "request_timeout"
    assert team.listed()["meta"]["total"] == 0


def test_a_body_that_comes_letter_by_letter_is_a_408(team: TeamCaller) -> None:
    """The deadline is for the whole of it: something every now and then does not move it."""
    with connected(team.service) as connection:
        connection.sendall(head_of(team, "Content-Length: 100000"))
        connection.settimeout(0.05)
        answer, deadline = b"", time.monotonic() + SOON
        while not answer and time.monotonic() < deadline:
            try:
                connection.sendall(b" ")
                answer = connection.recv(65536)
            except TimeoutError:
                continue

    assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_body_with_a_key_is_waited_for_no_longer(team: TeamCaller) -> None:
    """And the key is free afterwards."""
    with connected(team.service) as connection:
        connection.sendall(head_of(team, "Content-Length: 20", "Idempotency-Key: k"))

        assert everything_from(connection).startswith(b"HTTP/1.1 408 ")

    answer = team.post("/v1/generate/image", json={"prompt": "x"}, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 202


@pytest.mark.parametrize("start", [b"", b"G", b"GET /health/live HTTP/1.1\r\nHost: te"])
def test_a_request_that_does_not_begin_is_closed(hasty: Service, start: bytes) -> None:
    """Nothing, a letter, half a head."""
    with connected(hasty) as connection:
        connection.sendall(start)

        assert everything_from(connection) == b""


def test_a_head_that_comes_letter_by_letter_is_closed(hasty: Service) -> None:
    """The deadline is for the whole head."""
    began = time.monotonic()
    with connected(hasty) as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nX-Long: ")
        connection.settimeout(0.02)
        closed = False
        while not closed and time.monotonic() < began + SOON:
            try:
                connection.sendall(b"x")
                closed = connection.recv(1) == b""
            except TimeoutError:
                continue
            except ConnectionError:
                closed = True

    assert closed


def test_a_second_request_has_a_deadline_of_its_own(hasty: Service) -> None:
    """A connection that was good once is closed when the next request does not come whole."""
    with connected(hasty) as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n")
        first = b""
        while not first.endswith(b"}"):  # head and body come in pieces of their own
            first += connection.recv(65536)
        connection.sendall(b"GET /hea")

        assert everything_from(connection) == b""

    assert first.startswith(b"HTTP/1.1 200 ")


def test_a_body_after_the_answer_is_not_waited_for(team: TeamCaller) -> None:
    """Who was refused, and goes on sending slowly, is closed as well."""
    with connected(team.service) as connection:
        connection.sendall(b"POST /nothing/here HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nx")

        answer = everything_from(connection)

    assert answer.startswith(b"HTTP/1.1 404 ")


def test_others_are_served_meanwhile(team: TeamCaller) -> None:
    """Two hundred that are half there, and somebody who is not."""
    with ExitStack() as stack:
        half = [stack.enter_context(connected(team.service)) for _ in range(200)]
        for connection in half[:100]:
            connection.sendall(b"POST /v1/generate/image HTTP/1.1\r\nHost: t\r\n")
        for connection in half[100:]:
            connection.sendall(head_of(team, "Content-Length: 20"))

        assert team.get("/v1/credits").status_code == 200
        answers = [everything_from(connection) for connection in half]

    assert set(answers[:100]) == {b""}
    assert all(answer.startswith(b"HTTP/1.1 408 ") for answer in answers[100:])


@pytest.mark.parametrize("size", [65 * 1024, 100_000, 1_000_000])
def test_headers_without_end_are_refused(hasty: Service, size: int) -> None:
    """431 as soon as there are more than 64 KiB, whether they end or not."""
    for end in (b"", b"\r\n\r\n"):
        with connected(hasty) as connection:
            connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: test\r\nX-Long: ")
            try:
                connection.sendall(b"x" * size + end)
                answer = everything_from(connection)
            except ConnectionError:
                continue  # closed while we were still sending: refused all the same

        assert answer.startswith(b"HTTP/1.1 431 "), answer[:100]
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "headers_too_large"


def test_long_headers_within_the_limit_are_fine(hasty: Service) -> None:
    """60,000 bytes are none of our business."""
    answer = hasty.http.get("/health/live", headers={"X-Long": "x" * 60_000})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "garbage", [b"\x16\x03\x01\x00\xa5", b"GET\r\n\r\n", b"HELLO THERE\r\n\r\n"]
)
def test_what_is_no_request_is_a_400(hasty: Service, garbage: bytes) -> None:
    """Told as a problem like all others, without a word about what runs here."""
    with connected(hasty) as connection:
        connection.sendall(garbage)
        head, _, body = everything_from(connection).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["code"] == "malformed_request"
    id_line = f"x-request-id: {json.loads(body)['request_id']}".encode()
    assert {id_line, b"cache-control: no-store"} <= set(head.split(b"\r\n"))
