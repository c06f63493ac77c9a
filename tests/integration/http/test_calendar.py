"""The calendar over HTTP: planned, looked at, changed and dropped."""

import re
from typing import Any

import attrs
import pytest
from anyio.from_thread import BlockingPortal

from tearsheet.adapters.memory import SteerableClock, memory_ports
from tearsheet.core.ids import ArticleId, TeamId
from tests.examples import DAY, MINUTE

from .calling import Caller, Json, fields_of, refused
from .running import Service, TeamCaller, running_from_memory

FIELDS = [
    "id", "project_id", "title", "type", "status", "scheduled_at", "article_id", "image_id",
    "url", "notes", "created_at", "updated_at",
]  # fmt: skip

REFERENCE = """{
"title": "AI Coding Tools — Launch Post",
"scheduled_at": "2026-05-15T09:00:00Z",
"article_id": 88,
"status": "scheduled"
}"""
"""The body of the public reference's own example."""


@pytest.fixture
def project(still: Service, us: TeamCaller) -> int:
    """A project of ours."""
    return still.new_project(us.id)


def planned(team: Caller, project: int, **fields: Any) -> Json:
    """A new event."""
    body = {"title": "Launch"} | fields
    response = team.post(f"/v1/projects/{project}/calendar", json=body)
    assert response.status_code == 201, response.text
    data: Json = response.json()["data"]
    return data


def put(team: Caller, event: Json, **changes: Any) -> Json:
    """The event with these changes."""
    response = team.ask("PUT", f"/v1/calendar/{event['id']}", json=changes)
    assert response.status_code == 200, response.text
    data: Json = response.json()["data"]
    return data


def agenda(team: Caller, project: int, query: str = "") -> list[int]:
    """The ids of a project's events, in order."""
    response = team.get(f"/v1/projects/{project}/calendar{query}")
    assert response.status_code == 200, response.text
    assert list(response.json()) == ["data"]
    return [event["id"] for event in response.json()["data"]]


def test_the_reference_s_own_request_makes_an_event(us: TeamCaller, project: int) -> None:
    """To the letter: 201, where it is, and all of its fields."""
    response = us.send(f"/v1/projects/{project}/calendar", REFERENCE.encode())

    assert response.status_code == 201
    event = response.json()["data"]
    assert list(event) == FIELDS
    assert response.headers["location"] == f"/v1/calendar/{event['id']}"
    assert event == {
        "id": event["id"],
        "project_id": project,
        "title": "AI Coding Tools — Launch Post",
        "type": "article",
        "status": "scheduled",
        "scheduled_at": "2026-05-15T09:00:00Z",
        "article_id": 88,
        "image_id": None,
        "url": None,
        "notes": None,
        "created_at": "2026-05-01T12:00:00Z",
        "updated_at": "2026-05-01T12:00:00Z",
    }
    assert us.get(response.headers["location"]).json() == response.json()
    assert agenda(us, project) == [event["id"]]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "planned"),
        ({"scheduled_at": None}, "planned"),
        ({"scheduled_at": "2026-05-15T09:00:00Z"}, "scheduled"),
        ({"scheduled_at": "2026-05-15T09:00:00Z", "status": "idea"}, "idea"),
        ({"status": "cancelled"}, "cancelled"),
    ],
)
def test_a_status_follows_from_the_time_unless_it_is_given(
    us: TeamCaller, project: int, fields: Json, status: str
) -> None:
    """With a time it is scheduled, without one planned."""
    assert planned(us, project, **fields)["status"] == status


@pytest.mark.parametrize("status", ["scheduled", "published"])
def test_what_is_scheduled_or_published_needs_a_time(
    us: TeamCaller, project: int, status: str
) -> None:
    """When it is made, when its status changes, and when its time is taken away."""
    plan = f"/v1/projects/{project}/calendar"
    response = us.post(plan, json={"title": "x", "status": status})
    assert list(fields_of(response)) == ["/scheduled_at"]

    undated = f"/v1/calendar/{planned(us, project)['id']}"
    response = us.ask("PUT", undated, json={"status": status})
    assert list(fields_of(response)) == ["/scheduled_at"]

    dated = planned(us, project, scheduled_at="2026-05-15T09:00:00Z", status=status)
    response = us.ask("PUT", f"/v1/calendar/{dated['id']}", json={"scheduled_at": None})
    assert list(fields_of(response)) == ["/scheduled_at"]
    assert us.get(f"/v1/calendar/{dated['id']}").json()["data"] == dated


def test_any_status_may_follow_any_other(us: TeamCaller, project: int) -> None:
    """A plan is not a machine."""
    event = planned(us, project, scheduled_at="2026-05-15T09:00:00Z")

    for status in ("published", "idea", "cancelled", "in_progress", "draft", "scheduled"):
        assert put(us, event, status=status)["status"] == status


def test_a_put_changes_what_it_names_and_keeps_the_rest(
    us: TeamCaller, project: int, clock: SteerableClock
) -> None:
    """Each of the reference's four fields alone; a time that is set leaves the status alone."""
    event = planned(us, project, article_id=88, notes="bring cake", url="https://x.example/a")
    clock.advance(MINUTE)

    for changes in (
        {"title": "Relaunch"},
        {"scheduled_at": "2026-05-16T09:00:00Z"},
        {"status": "in_progress"},
        {"article_id": 89},
    ):
        later = put(us, event, **changes)
        assert later == event | changes | {"updated_at": "2026-05-01T12:01:00Z"}
        event = later


def test_null_clears_what_may_be_empty(us: TeamCaller, project: int) -> None:
    """A blank text counts as null; what is absent stays."""
    cleared = {"scheduled_at": None, "article_id": None, "url": None, "notes": None}
    event = planned(
        us, project, status="idea", scheduled_at="2026-05-15T09:00:00Z", article_id=88,
        url="https://x.example", notes="x",
    )  # fmt: skip

    assert put(us, event, **cleared | {"notes": "  "}) == event | cleared


@pytest.mark.parametrize("field", ["title", "status", "type"])
def test_null_does_not_clear_what_there_must_be(us: TeamCaller, project: int, field: str) -> None:
    """A title, a type and a status are never null, new or changed."""
    event = planned(us, project)

    for response in (
        us.ask("PUT", f"/v1/calendar/{event['id']}", json={field: None}),
        us.post(f"/v1/projects/{project}/calendar", json={"title": "x", field: None}),
    ):
        refused(response, 422, "validation_failed")
        assert list(fields_of(response)) == [f"/{field}"]


def test_a_put_without_fields_changes_nothing(
    us: TeamCaller, project: int, clock: SteerableClock
) -> None:
    """Not even the time of its last change; the same values again do not either."""
    event = planned(us, project)
    clock.advance(MINUTE)

    assert put(us, event) == event
    assert put(us, event, title=event["title"], notes=None) == event


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["/title"]),
        ({"title": "  "}, ["/title"]),
        ({"title": "x" * 256}, ["/title"]),
        ({"title": "x", "type": "Social Post"}, ["/type"]),
        ({"title": "x", "type": "a" * 41}, ["/type"]),
        ({"title": "x", "status": "done"}, ["/status"]),
        ({"title": "x", "scheduled_at": "2026-05-15T09:00:00"}, ["/scheduled_at"]),
        ({"title": "x", "scheduled_at": "2026-05-15"}, ["/scheduled_at"]),
        ({"title": "x", "scheduled_at": 1778835600}, ["/scheduled_at"]),
        ({"title": "x", "scheduled_at": "9999-12-31T23:59:59-00:01"}, ["/scheduled_at"]),
        ({"title": "x", "article_id": 0}, ["/article_id"]),
        ({"title": "x", "article_id": "88"}, ["/article_id"]),
        ({"title": "x", "article_id": 2**63}, ["/article_id"]),
        ({"title": "x", "image_id": 404}, ["/image_id"]),
        ({"title": "x", "url": "ftp://x.example"}, ["/url"]),
        ({"title": "x", "url": "https://x.example/" + "a" * 2_000}, ["/url"]),
        ({"title": "x", "notes": "x" * 5_001}, ["/notes"]),
        ({"title": "x", "project_id": 1}, ["/project_id"]),
        ({"title": "", "status": None, "colour": "red"}, ["/colour", "/status", "/title"]),
        ({"title": "x", "status": "published", "image_id": 404}, ["/image_id", "/scheduled_at"]),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_made(
    us: TeamCaller, project: int, body: Json, fields: list[str]
) -> None:
    """All of them at once."""
    response = us.post(f"/v1/projects/{project}/calendar", json=body)

    refused(response, 422, "validation_failed")
    assert sorted(fields_of(response)) == fields
    assert agenda(us, project) == []


def test_the_longest_of_everything_is_taken(us: TeamCaller, project: int) -> None:
    """At its limit a field is right."""
    fields = {
        "title": "é" * 255,
        "type": "a" * 40,
        "notes": "🦊" * 5_000,
        "url": "https://x.example/" + "a" * 1_982,
        "article_id": 2**63 - 1,
    }

    event = planned(us, project, **fields)

    assert {name: event[name] for name in fields} == fields


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2026-05-15T11:00:00+02:00", "2026-05-15T09:00:00Z"),
        ("2026-05-14T23:30:00-09:30", "2026-05-15T09:00:00Z"),
        ("2026-05-15t09:00:00.5z", "2026-05-15T09:00:00.500000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_a_time_with_any_offset_is_kept_in_utc(
    us: TeamCaller, project: int, sent: str, kept: str
) -> None:
    """As it is answered at once, and as it is stored."""
    event = planned(us, project, scheduled_at=sent)

    assert event["scheduled_at"] == kept
    assert us.get(f"/v1/calendar/{event['id']}").json()["data"]["scheduled_at"] == kept


def test_events_stand_by_time_then_id_and_undated_ones_last(us: TeamCaller, project: int) -> None:
    """Whenever they were planned."""
    undated = [planned(us, project)["id"] for _ in range(2)]
    late = planned(us, project, scheduled_at="2026-05-16T00:00:00Z")["id"]
    early = [planned(us, project, scheduled_at="2026-05-15T00:00:00Z")["id"] for _ in range(2)]

    assert agenda(us, project) == [*early, late, *undated]


@pytest.fixture
def week(us: TeamCaller, project: int) -> dict[str, int]:
    """A few events by name."""
    events = {
        "midnight": {"scheduled_at": "2026-05-15T00:00:00Z"},
        "noon": {"scheduled_at": "2026-05-15T12:00:00Z", "type": "newsletter"},
        "last": {"scheduled_at": "2026-05-15T23:59:59.999999Z", "status": "cancelled"},
        "after": {"scheduled_at": "2026-05-16T00:00:00Z", "type": "social_post"},
        "undated": {"type": "newsletter"},
    }
    return {
        name: planned(us, project, title=name, **fields)["id"] for name, fields in events.items()
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "midnight noon last after undated"),
        ("?from=2026-05-15&to=2026-05-15", "midnight noon last"),
        ("?to=2026-05-15", "midnight noon last"),
        ("?from=2026-05-16", "after"),
        ("?from=2026-05-15T12:00:00Z", "noon last after"),
        ("?to=2026-05-15T12:00:00Z", "midnight noon"),
        ("?from=2026-05-15T14:00:00%2B02:00&to=2026-05-15T12:00:00Z", "noon"),
        ("?from=2026-05-15T12:00:00.000001Z&to=2026-05-15T23:59:59Z", ""),
        ("?status[]=cancelled", "last"),
        ("?status[]=cancelled&status[]=planned", "last undated"),
        ("?status=scheduled&status=planned", "midnight noon after undated"),
        ("?type[]=newsletter", "noon undated"),
        ("?type=newsletter&type=social_post", "noon after undated"),
        ("?type[]=newsletter&from=2026-05-01", "noon"),
        ("?type[]=podcast", ""),
    ],
)
def test_windows_statuses_and_types_narrow_the_agenda(
    us: TeamCaller, project: int, week: dict[str, int], query: str, names: str
) -> None:
    """Both ends belong to a window, a bare date is a whole day in UTC, undated ones stay out."""
    assert agenda(us, project, query) == [week[name] for name in names.split()]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?from=2026-05-16&to=2026-05-15", "from"),
        ("?from=2026-02-30", "from"),
        ("?to=2026-05-15T09:00:00", "to"),
        ("?from=2026-05-15T14:00:00+02:00", "from"),
        ("?from=2026-05-15&from=2026-05-15", "from"),
        ("?status[]=done", "status[]"),
        ("?type=Bad+Slug", "type[]"),
        ("?page=1", "page"),
        ("?from[]=2026-05-15", "from[]"),
    ],
)
def test_a_wrong_parameter_is_named(us: TeamCaller, project: int, query: str, field: str) -> None:
    """Unknown, repeated and malformed ones alike."""
    response = us.get(f"/v1/projects/{project}/calendar{query}")

    refused(response, 422, "validation_failed")
    assert list(fields_of(response)) == [field]


def test_a_deleted_event_is_gone(us: TeamCaller, project: int) -> None:
    """204 without a body, then 404 on every way to it."""
    event = planned(us, project)
    address = f"/v1/calendar/{event['id']}"

    response = us.ask("DELETE", address)

    assert (response.status_code, response.content) == (204, b"")
    refused(us.get(address), 404, "not_found")
    refused(us.ask("DELETE", address), 404, "not_found")
    refused(us.ask("PUT", address, json={"title": "x"}), 404, "not_found")
    assert agenda(us, project) == []


def test_an_event_shows_a_picture_of_its_own_team(us: TeamCaller, project: int) -> None:
    """One in the trash may be shown too: it may come back."""
    image = us.asked_for()["image_id"]
    event = planned(us, project, image_id=image)
    us.ask("DELETE", f"/v1/images/{image}")

    assert event["image_id"] == image
    assert put(us, event, title="x")["image_id"] == image


def test_another_team_s_picture_is_refused_like_none(
    us: TeamCaller, them: TeamCaller, project: int
) -> None:
    """Nobody learns that it exists."""
    theirs = them.asked_for()["image_id"]

    answers = [
        us.post(f"/v1/projects/{project}/calendar", json={"title": "x", "image_id": image})
        for image in (theirs, 404)
    ]

    assert fields_of(answers[0]) == fields_of(answers[1]) == {"/image_id": "no such image"}


def test_a_purged_picture_is_shown_no_more(us: TeamCaller, project: int) -> None:
    """The event stays, with ``image_id`` null."""
    image = us.asked_for()["image_id"]
    event = planned(us, project, image_id=image)
    us.ask("DELETE", f"/v1/images/{image}")

    assert us.ask("DELETE", f"/v1/images/{image}/forever").status_code == 204

    assert us.get(f"/v1/calendar/{event['id']}").json()["data"]["image_id"] is None


def test_a_picture_is_gone_at_its_time_also_before_the_sweep(
    us: TeamCaller, project: int, clock: SteerableClock
) -> None:
    """Thirty days after its deletion no event shows it, looked at alone, listed or changed."""
    image = us.asked_for()["image_id"]
    event = planned(us, project, image_id=image)
    us.ask("DELETE", f"/v1/images/{image}")
    clock.advance(30 * DAY)

    [listed] = us.get(f"/v1/projects/{project}/calendar").json()["data"]
    alone = us.get(f"/v1/calendar/{event['id']}").json()["data"]

    assert (listed["image_id"], alone["image_id"]) == (None, None)
    assert put(us, event, title="x")["image_id"] is None
    response = us.ask("PUT", f"/v1/calendar/{event['id']}", json={"image_id": image})
    assert list(fields_of(response)) == ["/image_id"]


ROUTES = [
    ("GET", "/v1/projects/{project}/calendar", None),
    ("GET", "/v1/projects/{project}/calendar?page=x", None),
    ("POST", "/v1/projects/{project}/calendar", {"title": "x"}),
    ("POST", "/v1/projects/{project}/calendar", {"title": 7}),
    ("POST", "/v1/projects/{project}/calendar/feed", None),
    ("POST", "/v1/projects/{project}/calendar/feed", {"x": 1}),
    ("DELETE", "/v1/projects/{project}/calendar/feed", None),
    ("GET", "/v1/calendar/{event}", None),
    ("GET", "/v1/calendar/{event}?x=1", None),
    ("PUT", "/v1/calendar/{event}", {"title": "x"}),
    ("PUT", "/v1/calendar/{event}", {"title": 7}),
    ("DELETE", "/v1/calendar/{event}", None),
]
NO_IDS = ("404", "0", "1_0", "+1", "٤", str(2**63), "x")


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_another_team_s_is_answered_like_none(
    us: TeamCaller, them: TeamCaller, project: int, method: str, path: str, body: Json | None
) -> None:
    """The same 404, whether it is theirs, was never there, or is no id at all."""
    event = planned(us, project)["id"]

    def answer(project: object, event: object) -> str:
        response = them.ask(method, path.format(project=project, event=event), json=body)
        assert response.status_code == 404, response.text
        return re.sub(r'"request_id":"[^"]*"', "", response.text)

    answers = {answer(project, event), *(answer(text, text) for text in NO_IDS)}

    assert len(answers) == 1
    assert agenda(us, project) == [event]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_nothing_is_said_without_a_token(
    still: Service, us: TeamCaller, project: int, method: str, path: str, body: Json | None
) -> None:
    """401 before anything else."""
    response = still.anybody.ask(method, path.format(project=project, event=1), json=body)

    refused(response, 401, "unauthenticated")


@pytest.mark.parametrize(("method", "path", "body"), [r for r in ROUTES if r[0] != "GET"])
def test_a_reader_changes_nothing(
    us: TeamCaller, project: int, method: str, path: str, body: Json | None
) -> None:
    """403 before 404."""
    event = planned(us, project)["id"]

    response = us.reader().ask(method, path.format(project=project, event=event), json=body)

    refused(response, 403, "forbidden")
    assert agenda(us.reader(), project) == [event]


class Catalogue:
    """A host's articles: the team has those with even numbers."""

    async def knows(self, team: TeamId, article_id: ArticleId) -> bool:
        """Whether it is one of them."""
        return article_id % 2 == 0


def test_a_host_may_say_which_articles_there_are(
    portal: BlockingPortal, clock: SteerableClock
) -> None:
    """An unknown article is a 422 on its field; clearing it asks nobody."""
    ports = attrs.evolve(memory_ports(now=clock), articles=Catalogue())
    with running_from_memory(portal, ports) as service:
        us = service.new_team()
        project = service.new_project(us.id)
        event = planned(us, project, article_id=88)

        for response in (
            us.post(f"/v1/projects/{project}/calendar", json={"title": "x", "article_id": 89}),
            us.ask("PUT", f"/v1/calendar/{event['id']}", json={"article_id": 89}),
        ):
            assert fields_of(response) == {"/article_id": "no such article"}

        assert put(us, event, article_id=None)["article_id"] is None
