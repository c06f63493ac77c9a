"""Bodies that are no JSON, too deep, too large or something else: refused before any field."""

import json
from collections.abc import Iterator

import pytest

from .calling import refused
from .running import Service, TeamCaller

MEBIBYTE = 1024 * 1024


@pytest.fixture(params=["/v1/generate/image", "/v1/images/{}/edit"])
def target(request: pytest.FixtureRequest, service: Service) -> Iterator[tuple[TeamCaller, str]]:
    """Somebody and where they send to; afterwards nothing was charged or made."""
    team = service.new_team(credits=100)
    image = team.ready_image()
    before = team.credits(), team.listed()["meta"]["total"]
    yield team, request.param.format(image)
    assert (team.credits(), team.listed()["meta"]["total"]) == before


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"prompt":"x"',
        b'{"prompt":"x"}}',
        b"{'prompt':'x'}",
        b"prompt=x",
        b'\xef\xbb\xbf{"prompt":"x"}',
        b'{"prompt":"\xff"}',
        b'{"prompt":"\xed\xa0\x80"}',
        '{"prompt":"x"}'.encode("utf-16"),
        b'{"prompt":"x","prompt":"y"}',
        b'{"prompt":"x","article_id":NaN}',
        b'{"prompt":"x","article_id":-Infinity}',
        b'{"prompt":"x","article_id":1e400}',
        b'{"prompt":' + b"[" * 20 + b"]" * 20 + b"}",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"prompt":' * 100_000,
        b"\x00",
        b" ",
    ],
)
def test_what_is_no_json_is_refused(target: tuple[TeamCaller, str], body: bytes) -> None:
    """Bad syntax, bad UTF-8, a field twice, numbers that are none, nesting without end."""
    team, address = target

    refused(team.send(address, body), 400, "malformed_json")


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/json; charset=latin-1",
        "",
    ],
)
def test_what_does_not_say_that_it_is_json_is_refused(
    target: tuple[TeamCaller, str], content_type: str
) -> None:
    """However good the body is."""
    team, address = target

    refused(team.send(address, b'{"prompt":"x"}', content_type), 415, "unsupported_media_type")


def test_a_body_without_a_type_is_refused(target: tuple[TeamCaller, str]) -> None:
    """It may be anything."""
    team, address = target

    refused(team.post(address, content=b'{"prompt":"x"}'), 415, "unsupported_media_type")


def of_size(size: int) -> bytes:
    """A good body of so many bytes."""
    return json.dumps({"prompt": "x"}).encode().ljust(size)


def in_chunks(body: bytes) -> Iterator[bytes]:
    """The same bytes without saying before how many there will be."""
    for start in range(0, len(body), 64 * 1024):
        yield body[start : start + 64 * 1024]


@pytest.mark.parametrize("size", [MEBIBYTE + 1, 2 * MEBIBYTE])
def test_a_body_that_announces_too_much_is_refused(
    target: tuple[TeamCaller, str], size: int
) -> None:
    """More than a mebibyte is refused by its Content-Length."""
    team, address = target

    refused(team.send(address, of_size(size)), 413, "payload_too_large")


@pytest.mark.parametrize("size", [MEBIBYTE + 1, 2 * MEBIBYTE])
def test_a_body_in_chunks_is_refused_when_it_gets_too_large(
    target: tuple[TeamCaller, str], size: int
) -> None:
    """Not saying how much it is does not help."""
    team, address = target
    headers = {"Content-Type": "application/json"}

    response = team.post(address, content=in_chunks(of_size(size)), headers=headers)

    refused(response, 413, "payload_too_large")


def test_a_body_of_exactly_a_mebibyte_is_read(team: TeamCaller) -> None:
    """The limit itself is allowed, announced or in chunks."""
    headers = {"Content-Type": "application/json"}

    announced = team.send("/v1/generate/image", of_size(MEBIBYTE))
    chunked = team.post("/v1/generate/image", content=in_chunks(of_size(MEBIBYTE)), headers=headers)

    assert announced.status_code == chunked.status_code == 202


def test_the_next_request_on_the_same_connection_is_answered(team: TeamCaller) -> None:
    """Whatever was refused, the client goes on."""
    team.send("/v1/generate/image", of_size(2 * MEBIBYTE))
    team.send("/v1/generate/image", b"[" * 100_000)

    assert team.get("/v1/credits").status_code == 200
