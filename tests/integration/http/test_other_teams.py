"""Another team's things: byte for byte as if they had never existed."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from .calling import Json
from .running import Service, TeamCaller

JSON = "application/json"
BODIES: list[tuple[bytes, str | None]] = [
    (b"", None),
    (b'{"prompt":"x"}', JSON),
    (b'{"prompt":7,"team_id":1}', JSON),
    (b'{"prompt":', JSON),
    (b"\xff", JSON),
    (b"[]", JSON),
    (b'{"prompt":"x"}', "text/plain"),
    (b'{"prompt":"x","size":"17x17"}', JSON),
    (b'{"title":"mine now"}', JSON),
]
"""None, good ones, and broken in every way that is told apart."""


@pytest.fixture(scope="module")
def theirs(service: Service) -> TeamCaller:
    """The team whose things nobody else may know of."""
    return service.new_team()


@pytest.fixture(scope="module")
def ids(service: Service, theirs: TeamCaller) -> dict[str, tuple[str, str]]:
    """Parameter → the other team's id, and one of the same length that nobody has."""
    receipt = theirs.asked_for()
    image = theirs.ended(receipt)["id"]
    job = receipt["job_id"]
    project = service.new_project(theirs.id)
    event = theirs.post(f"/v1/projects/{project}/calendar", json={"title": "Launch"}).json()["data"]
    session = theirs.post(f"/v1/images/{image}/open-in-chat").json()["session_id"]
    return {
        "session_id": (str(session), str(session + 1)),
        "event_id": (str(event["id"]), str(event["id"] + 1)),
        "image_id": (str(image), str(image + 1)),
        "project_id": (str(project), str(project + 1)),
        "job_id": (job, job[:-1] + ("0" if job[-1] != "0" else "1")),
    }


def routes(service: Service, ids: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Method, path with the foreign id, path with the unknown one; of every by-id route."""
    for path, methods in service.judge.document["paths"].items():
        for name in re.findall(r"\{(\w+)\}", path):
            if name == "token":
                continue  # a public link: whoever has it may use it
            foreign, unknown = (path.replace(f"{{{name}}}", value) for value in ids[name])
            for method in methods:
                yield method.upper(), foreign, unknown


def shown(response: httpx.Response) -> tuple[int, list[tuple[str, str]], Json]:
    """All of an answer but what differs between any two."""
    headers = [
        (name, value)
        for name, value in response.headers.multi_items()
        if name not in ("x-request-id", "date") and not name.startswith("ratelimit-")
    ]
    length = dict(headers).get("content-length")
    body = response.json()
    assert length == str(len(response.content))
    assert len(body.pop("request_id")) == 32
    return response.status_code, headers, body


def test_their_id_answers_like_an_unknown_one(
    service: Service, team: TeamCaller, ids: dict[str, tuple[str, str]]
) -> None:
    """Status, body, header names and values, on every route by id, whatever is sent along."""
    found = list(routes(service, ids))
    assert len({path for _, path, _ in found}) >= 3

    for method, foreign, unknown in found:
        for body, kind in BODIES:
            more: dict[str, Any] = {"content": body}
            if kind is not None:
                more["headers"] = {"Content-Type": kind}
            answer = shown(team.ask(method, foreign, **more))

            assert answer == shown(team.ask(method, unknown, **more)), (method, foreign, body)
            assert answer[0] == 404, (method, foreign, body)


def test_a_query_makes_no_difference(
    service: Service, team: TeamCaller, ids: dict[str, tuple[str, str]]
) -> None:
    """Neither does a parameter that does not exist."""
    for method, foreign, unknown in routes(service, ids):
        answers = [shown(team.ask(method, f"{path}?colour=red")) for path in (foreign, unknown)]

        assert answers[0] == answers[1]
        assert answers[0][0] == 404


def test_their_mask_answers_like_an_unknown_one(
    team: TeamCaller, ids: dict[str, tuple[str, str]]
) -> None:
    """As a mask: 422 on the field, the same words for both."""
    image = team.ready_image()
    answers = [
        shown(team.post(f"/v1/images/{image}/edit", json={"prompt": "x", "mask_image_id": int(i)}))
        for i in ids["image_id"]
    ]

    assert answers[0] == answers[1]
    assert answers[0][2]["errors"] == [{"field": "/mask_image_id", "message": "no such image"}]


def test_their_project_answers_like_an_unknown_one(
    team: TeamCaller, ids: dict[str, tuple[str, str]]
) -> None:
    """As the project of a new image."""
    answers = [
        shown(team.post("/v1/generate/image", json={"prompt": "x", "project_id": int(i)}))
        for i in ids["project_id"]
    ]

    assert answers[0] == answers[1]
    assert answers[0][2]["errors"] == [{"field": "/project_id", "message": "no such project"}]
    assert team.credits() == (1_000, 0)


def test_their_edit_session_answers_like_an_unknown_one(
    team: TeamCaller, theirs: TeamCaller, ids: dict[str, tuple[str, str]]
) -> None:
    """As the session to go on in."""
    session = theirs.edited(int(ids["image_id"][0]))["edit_session_id"]
    unknown = session[:-1] + ("0" if session[-1] != "0" else "1")
    image = team.ready_image()

    answers = [
        shown(team.post(f"/v1/images/{image}/edit", json={"prompt": "x", "edit_session_id": i}))
        for i in (session, unknown)
    ]

    assert answers[0] == answers[1]
    assert answers[0][2]["errors"][0]["field"] == "/edit_session_id"


def test_none_of_it_changed_anything_of_theirs(
    service: Service, team: TeamCaller, theirs: TeamCaller, ids: dict[str, tuple[str, str]]
) -> None:
    """Whatever a stranger sends to their addresses, they see what they saw before."""
    number = int(ids["image_id"][0])
    before = theirs.image(number)

    for method, foreign, _ in routes(service, ids):
        team.ask(method, foreign, json={"prompt": "x"})
        team.ask(method, foreign)

    after = theirs.image(number)
    for field in ("title", "tags", "is_favorite", "deleted_at", "sha256", "processing_status"):
        assert after[field] == before[field], field
    assert [variant["id"] for variant in after["variants"]] == [
        variant["id"] for variant in before["variants"]
    ]
