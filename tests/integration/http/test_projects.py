"""A team's projects over HTTP, and what becomes of their things."""

import re
from typing import Any

import pytest

from tearsheet.adapters.memory import SteerableClock
from tests.examples import MINUTE

from .calling import Caller, Json, fields_of, refused
from .running import TeamCaller
from .test_calendar import agenda, planned


def made(team: Caller, **fields: Any) -> Json:
    """A new project."""
    response = team.post("/v1/projects", json={"name": "The Weekly"} | fields)
    assert response.status_code == 201, response.text
    data: Json = response.json()["data"]
    return data


def test_a_project_is_made_and_shown(us: TeamCaller) -> None:
    """201 with where it is; trimmed, a blank domain is none."""
    response = us.post("/v1/projects", json={"name": " The Weekly ", "domain": "  "})

    project = response.json()["data"]
    assert response.status_code == 201
    assert project == {
        "id": project["id"],
        "name": "The Weekly",
        "domain": None,
        "created_at": "2026-05-01T12:00:00Z",
    }
    assert response.headers["location"] == f"/v1/projects/{project['id']}"
    assert us.get(response.headers["location"]).json() == response.json()
    assert made(us, domain="weekly.example")["domain"] == "weekly.example"


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"name": "The Daily"}, {"name": "The Daily"}),
        ({"domain": "daily.example"}, {"domain": "daily.example"}),
        ({"domain": None}, {"domain": None}),
        ({}, {}),
    ],
)
def test_a_put_changes_what_it_names(us: TeamCaller, changes: Json, kept: Json) -> None:
    """What is absent stays, null clears the domain."""
    project = made(us, domain="weekly.example")

    response = us.ask("PUT", f"/v1/projects/{project['id']}", json=changes)

    assert (response.status_code, response.json()["data"]) == (200, project | kept)
    assert us.get(f"/v1/projects/{project['id']}").json()["data"] == project | kept


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"name": None}, ["/name"]),
        ({"name": " "}, ["/name"]),
        ({"name": "x" * 256}, ["/name"]),
        ({"name": 7, "domain": 7}, ["/domain", "/name"]),
        ({"name": "x", "domain": "x" * 256}, ["/domain"]),
        ({"name": "x", "team_id": 1}, ["/team_id"]),
    ],
)
def test_a_wrong_field_is_named(us: TeamCaller, body: Json, fields: list[str]) -> None:
    """In a new project and in a changed one."""
    project = made(us)

    for response in (
        us.post("/v1/projects", json=body),
        us.ask("PUT", f"/v1/projects/{project['id']}", json=body),
    ):
        refused(response, 422, "validation_failed")
        assert sorted(fields_of(response)) == fields
    assert us.get("/v1/projects").json()["data"] == [project]


def test_a_new_project_needs_a_name(us: TeamCaller) -> None:
    """And a body."""
    assert list(fields_of(us.post("/v1/projects", json={}))) == ["/name"]
    refused(us.post("/v1/projects"), 422, "validation_failed")


def test_projects_are_listed_page_by_page(us: TeamCaller, them: TeamCaller) -> None:
    """The oldest first, a team's own alone."""
    ids = [made(us, name=f"project {number}")["id"] for number in range(5)]
    made(them)

    pages = [us.get(f"/v1/projects?per_page=2&page={number}").json() for number in (1, 2, 3, 4)]

    assert [[project["id"] for project in page["data"]] for page in pages] == [
        ids[:2], ids[2:4], ids[4:], [],
    ]  # fmt: skip
    assert pages[1]["meta"] == {
        "current_page": 2,
        "per_page": 2,
        "total": 5,
        "last_page": 3,
        "total_is_capped": False,
        "next_cursor": None,
    }
    assert pages[1]["links"] == {
        "first": "/v1/projects?per_page=2&page=1",
        "last": "/v1/projects?per_page=2&page=3",
        "prev": "/v1/projects?per_page=2&page=1",
        "next": "/v1/projects?per_page=2&page=3",
    }
    assert pages[2]["links"]["next"] is None
    assert pages[3]["links"]["prev"] == "/v1/projects?per_page=2&page=3"


@pytest.mark.parametrize("query", ["page=0", "per_page=101", "cursor=x", "q=x"])
def test_a_wrong_parameter_is_named(us: TeamCaller, query: str) -> None:
    """Lists without cursors take none."""
    response = us.get(f"/v1/projects?{query}")

    assert list(fields_of(response)) == [query.partition("=")[0]]


def test_a_deleted_project_takes_its_events_along_and_leaves_its_images(
    us: TeamCaller, clock: SteerableClock
) -> None:
    """Trashed ones too; their ``edited_at`` does not move. Other projects keep everything."""
    project, other = made(us)["id"], made(us)["id"]
    events = [planned(us, project)["id"] for _ in range(2)]
    stays = planned(us, other)["id"]
    live, trashed = (us.asked_for(project_id=project)["image_id"] for _ in range(2))
    elsewhere = us.asked_for(project_id=other)["image_id"]
    us.ask("DELETE", f"/v1/images/{trashed}")
    before = us.image(live)
    clock.advance(MINUTE)

    response = us.ask("DELETE", f"/v1/projects/{project}")

    assert (response.status_code, response.content) == (204, b"")
    for path in (
        f"/v1/projects/{project}",
        f"/v1/projects/{project}/calendar",
        f"/v1/projects/{project}/images",
        *(f"/v1/calendar/{event}" for event in events),
    ):
        refused(us.get(path), 404, "not_found")
    after = us.image(live)
    assert (after["project_id"], us.image(trashed)["project_id"]) == (None, None)
    assert after["edited_at"] == before["edited_at"]
    assert us.image(elsewhere)["project_id"] == other
    assert agenda(us, other) == [stays]
    assert [p["id"] for p in us.get("/v1/projects").json()["data"]] == [other]


ROUTES = [
    ("GET", "", None),
    ("GET", "?x=1", None),
    ("PUT", "", {"name": "x"}),
    ("PUT", "", {"name": 7}),
    ("DELETE", "", None),
]


@pytest.mark.parametrize(("method", "query", "body"), ROUTES)
def test_another_team_s_project_is_answered_like_none(
    us: TeamCaller, them: TeamCaller, method: str, query: str, body: Json | None
) -> None:
    """The same 404, and nothing happens to it or to what is in it."""
    project = made(us)
    image = us.asked_for(project_id=project["id"])["image_id"]
    event = planned(us, project["id"])["id"]

    def answer(number: object) -> str:
        response = them.ask(method, f"/v1/projects/{number}{query}", json=body)
        refused(response, 404, "not_found")
        return re.sub(r'"request_id":"[^"]*"', "", response.text)

    assert len({answer(number) for number in (project["id"], 404, "x", "01", 2**63)}) == 1
    assert us.get(f"/v1/projects/{project['id']}").json()["data"] == project
    assert us.image(image)["project_id"] == project["id"]
    assert agenda(us, project["id"]) == [event]


def test_a_reader_changes_nothing(us: TeamCaller) -> None:
    """403; looking is free."""
    project, reader = made(us), us.reader()

    for response in (
        reader.post("/v1/projects", json={"name": "x"}),
        reader.ask("PUT", f"/v1/projects/{project['id']}", json={"name": "x"}),
        reader.ask("DELETE", f"/v1/projects/{project['id']}"),
    ):
        refused(response, 403, "forbidden")
    assert reader.get("/v1/projects").json()["data"] == [project]
