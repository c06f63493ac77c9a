"""What every answer has around it: an id, no caching, and a problem where there is one."""

import re

import pytest

from .calling import refused
from .running import Service, TeamCaller


@pytest.mark.parametrize("sent", ["a", "01J-trace.7_x", "0" * 128])
def test_a_sane_request_id_is_echoed(team: TeamCaller, sent: str) -> None:
    """So that a client finds its request again in both logs; in a refusal's body too."""
    good = team.get("/v1/credits", headers={"X-Request-Id": sent})
    bad = team.get("/v1/images/0", headers={"X-Request-Id": sent})

    assert good.headers.get_list("x-request-id") == [sent]
    assert bad.headers.get_list("x-request-id") == [sent]
    assert bad.json()["request_id"] == sent


@pytest.mark.parametrize("sent", ["", "a b", "x" * 129, "<script>", "é", "a;b", "%0d%0a", "a/b"])
def test_any_other_request_id_is_replaced(team: TeamCaller, sent: str) -> None:
    """What could forge a line of a log, or is too long for one, is not repeated."""
    response = team.get("/v1/credits", headers={"X-Request-Id": sent.encode("latin-1")})

    (given,) = response.headers.get_list("x-request-id")
    assert re.fullmatch("[0-9a-f]{32}", given)


def test_without_one_every_request_gets_its_own(team: TeamCaller) -> None:
    """Two requests, two ids."""
    first, second = [team.get("/v1/credits").headers["x-request-id"] for _ in range(2)]

    assert first != second


@pytest.mark.parametrize(
    "path", ["/v1", "/v2/images", "/v1/image", "/v1/images/1/2/3/4", "/nothing", "/v1/Credits"]
)
def test_an_unknown_address_is_a_problem(service: Service, path: str) -> None:
    """404, before a token is asked for."""
    body = refused(service.anybody.get(path), 404, "not_found")

    assert body["title"] == "Not Found"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/generate/image", {"POST"}),
        ("DELETE", "/v1/credits", {"GET"}),
        ("POST", "/v1/credits", {"GET"}),
        ("PATCH", "/v1/images", {"GET"}),
        ("GET", "/v1/images/1/edit", {"POST"}),
        ("POST", "/health/live", {"GET"}),
        ("POST", "/openapi.json", {"GET"}),
        ("PUT", "/files/x.png", {"GET", "HEAD"}),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(
    service: Service, method: str, path: str, allowed: set[str]
) -> None:
    """405 with ``Allow``, before a token is asked for."""
    response = service.anybody.ask(method, path)

    refused(response, 405, "method_not_allowed")
    named = {name.strip() for name in response.headers["allow"].split(",")}
    assert named - {"OPTIONS"} == allowed


@pytest.mark.parametrize(
    "path",
    ["/v1/images/", "//v1//images", "/v1//images", "/v1/images//", "/health/live/", "/docs/"],
)
def test_an_address_has_one_spelling(team: TeamCaller, path: str) -> None:
    """Slashes too many make another address, and nothing is there."""
    url = team.service.links.base_url + path

    refused(team.get(url), 404, "not_found")


@pytest.mark.parametrize("path", ["/filesystem", "/filesx/a.png", "/exports.zip"])
def test_what_begins_like_an_address_is_another(service: Service, path: str) -> None:
    """Not a link whose signature is wrong."""
    refused(service.anybody.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/v1/projects", {"GET", "POST"}),
        ("/v1/images/1/share", {"POST", "PATCH", "DELETE"}),
        ("/v1/projects/1/calendar/feed", {"POST", "DELETE"}),
        ("/v1/calendar/1", {"GET", "PUT", "DELETE"}),
    ],
)
def test_options_names_every_method(team: TeamCaller, path: str, methods: set[str]) -> None:
    """Also where methods of one address are written down in different places."""
    response = team.ask("OPTIONS", path)

    assert response.status_code == 204
    assert set(response.headers["allow"].split(", ")) == methods | {"OPTIONS"}


def test_a_host_that_is_none_is_a_400(service: Service) -> None:
    """Whoever sent it gets a problem, and nobody is woken up."""
    response = service.http.get("/health/live", headers={"Host": "a b/c"})

    assert (response.status_code, response.json()["code"]) == (400, "malformed_request")


def test_a_problem_is_for_people_and_machines(team: TeamCaller) -> None:
    """Type, title, status, a sentence, a stable code and the request's id, in this order."""
    response = team.get("/v1/images?per_page=0&page=0")

    assert response.json() == {
        "type": "urn:tearsheet:problem:validation_failed",
        "title": "Unprocessable Content",
        "status": 422,
        "detail": "2 fields of the request cannot be accepted.",
        "code": "validation_failed",
        "request_id": response.headers["x-request-id"],
        "errors": [
            {"field": "page", "message": "a whole number from 1 to 2147483648"},
            {"field": "per_page", "message": "a whole number from 1 to 100"},
        ],
    }


def test_the_front_door_leads_to_the_description(service: Service) -> None:
    """A person who opens the bare address is shown around."""
    response = service.anybody.get("/")

    assert response.status_code in (301, 302, 303, 307, 308)
    assert response.headers["location"] == "/docs"


@pytest.mark.parametrize("path", ["/v1/images", "/v1/credits", "/health/ready", "/openapi.json"])
def test_no_answer_is_kept_by_a_cache(team: TeamCaller, path: str) -> None:
    """What belongs to a team, or changes by the second, is asked for again."""
    assert team.get(path).headers["cache-control"] == "no-store"
