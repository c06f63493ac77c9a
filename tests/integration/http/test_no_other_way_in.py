"""A token in its header is the only way in: no cookie, no address, no form and no other origin."""

import socket

import httpx
import pytest

from .calling import Caller
from .operations import Operation, operations
from .running import Service, TeamCaller

ELSEWHERE = {"Origin": "https://elsewhere.test"}


def every_operation(caller: Caller) -> list[Operation]:
    """All that the document names."""
    return list(operations(caller.judge))


def test_no_answer_sets_a_cookie_or_lets_another_origin_read(team: TeamCaller) -> None:
    """Of any operation, with a token and an origin, and asked beforehand as browsers do."""
    before = {"Access-Control-Request-Method": "POST"}
    for operation in every_operation(team):
        path = operation.at(**dict.fromkeys(operation.names("path"), "1"))
        for method, more in ((operation.method, {}), ("OPTIONS", before)):
            answer = team.service.http.request(
                method, path, headers={"Authorization": f"Bearer {team.token}"} | ELSEWHERE | more
            )

            names = {name.lower() for name in answer.headers}
            assert "set-cookie" not in names, operation
            assert not [name for name in names if name.startswith("access-control-")], operation


@pytest.mark.parametrize("place", ["cookie", "query", "basic"])
def test_a_token_in_another_place_opens_nothing(team: TeamCaller, place: str) -> None:
    """Addresses are logged and cookies are sent without being asked for."""
    url, headers = "/v1/credits", {}
    match place:
        case "cookie":
            headers = {"Cookie": f"token={team.token}; Authorization=Bearer {team.token}"}
        case "query":
            url += f"?token={team.token}&access_token={team.token}"
        case "basic":
            headers = {"Authorization": f"Basic {team.token}"}

    assert team.service.anybody.get(url, headers=headers).status_code == 401


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "text/plain"]
)
def test_what_a_page_can_send_without_asking_is_refused(team: TeamCaller, kind: str) -> None:
    """The three kinds of body that browsers send to other origins of their own accord."""
    answer = team.send("/v1/generate/image", b'{"prompt":"a cat"}', kind)

    assert answer.status_code == 415
    assert team.shown("/v1/images")["meta"]["total"] == 0


def test_looking_changes_nothing(team: TeamCaller) -> None:
    """GET and HEAD of every address: account, ledger and gallery stay as they were."""
    image = team.ready_image(prompt="a red balloon")

    def seen() -> list[object]:
        shown = {k: v for k, v in team.image(image).items() if not k.endswith("url")}
        return [team.shown("/v1/credits"), team.shown("/v1/credits/entries"), shown]

    before = seen()
    own = {"Authorization": f"Bearer {team.token}"}
    for operation in every_operation(team):
        path = operation.at(**dict.fromkeys(operation.names("path"), str(image)))
        for method in ("GET", "HEAD"):
            team.service.http.request(method, path, headers=own)

    assert seen() == before


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "DEBUG"])
def test_no_method_sends_a_request_back(team: TeamCaller, method: str) -> None:
    """Nothing of what was sent comes back."""
    answer = team.service.http.request(method, "/v1/credits", headers={"X-Mine": "abracadabra"})

    assert answer.status_code in (400, 405)
    assert "abracadabra" not in answer.text


@pytest.mark.parametrize("path", ["/files/", "/files", "/docs/", "/s/", "/.git/config", "/.env"])
def test_no_folder_is_listed_and_no_source_is_served(service: Service, path: str) -> None:
    """What is no address of ours is a 404, or a link without a signature."""
    assert service.http.get(path).status_code in (403, 404)


@pytest.mark.parametrize(
    "framing",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 5\r\nContent-Length: 6",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, identity",
        "Content-Length: +5",
    ],
)
def test_a_body_whose_end_is_unclear_is_refused(team: TeamCaller, framing: str) -> None:
    """So that no proxy can see another end: one answer, and what follows is no request."""
    url = httpx.URL(team.service.links.base_url)
    hidden = "GET /v1/credits HTTP/1.1\r\nHost: test\r\n\r\n"
    head = (
        f"POST /v1/images/bulk/delete HTTP/1.1\r\nHost: test\r\n"
        f"Authorization: Bearer {team.token}\r\nContent-Type: application/json\r\n{framing}\r\n\r\n"
    )
    with socket.create_connection((url.host, url.port or 80), timeout=20) as connection:
        connection.sendall(f"{head}0\r\n\r\n{hidden}".encode())
        pieces = []
        while piece := connection.recv(65536):
            pieces.append(piece)

    answer = b"".join(pieces)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1
