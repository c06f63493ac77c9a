"""The public reference, row by row: its addresses, its prices, its own requests, its notes."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import attrs
import httpx
import pytest
from anyio.from_thread import BlockingPortal

from tearsheet.adapters.memory import SteerableClock, memory_ports
from tests.examples import DAY

from .calling import Json, refused
from .reference import EDIT, PLAN, PLANNED, POLL, ROWS, Command, Row
from .running import Service, TeamCaller, running_from_memory

NAMES = [f"{row.method} {row.path}" for row in ROWS]


@attrs.frozen
class Scene:
    """A team with one of everything that a row may be about."""

    team: TeamCaller
    things: dict[str, Any]

    def ask(self, row: Row) -> httpx.Response:
        """The row's own request, about these things."""
        body = row.body
        if body is not None and "ids" in body:
            body = {"ids": [self.things[name] for name in body["ids"]]}
        return self.team.ask(row.method, row.path.format(**self.things), json=body)

    def image(self, name: str = "image") -> Json:
        """One of the images as it is now."""
        return self.team.image(self.things[name])

    def spent(self) -> int:
        """What was spent or is held for what is under way."""
        return 1_000 - self.team.credits()[0]

    def gallery(self, path: str = "/v1/images") -> set[int]:
        """The ids in a listing."""
        return {item["id"] for item in self.team.get(path).json()["data"]}


@pytest.fixture
def scene(still: Service, us: TeamCaller) -> Scene:
    """Project, event, a ready image, one in the trash, a shared one, and an export."""
    project = still.new_project(us.id)
    planned = us.post(f"/v1/projects/{project}/calendar", json=PLANNED).json()["data"]
    names = ("image", "trashed", "shared")
    things = {name: us.asked_for(name, project_id=project)["image_id"] for name in names}
    still.run_due()
    us.ask("DELETE", f"/v1/images/{things['trashed']}")
    us.post(f"/v1/images/{things['shared']}/share")
    export = us.post("/v1/images/bulk/export", json={"ids": [things["image"]]}).json()["job_id"]
    still.run_due()
    return Scene(us, things | {"project": project, "event": planned["id"], "export": export})


def test_no_row_is_there_for_another_team(scene: Scene, them: TeamCaller) -> None:
    """404, never 403; in a bulk call ``not_found``; and their own listings are empty."""
    for row in ROWS:
        response = attrs.evolve(scene, team=them).ask(row)

        if "{" in row.path:
            refused(response, 404, "not_found")
        elif row.path.endswith("/export"):
            (skipped,) = refused(response, 422, "nothing_to_export")["skipped"]
            assert skipped["reason"] == "not_found"
        elif "/bulk/" in row.path:
            assert response.json()["counts"] == {"ok": 0, "noop": 0, "not_found": 1}
        elif row.method == "GET":
            assert response.json()["data"] == []


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_the_document_has_every_row(service: Service, row: Row) -> None:
    """Method and address, whatever a parameter is called, with this status among its answers."""
    paths = {
        re.sub(r"{\w+}", "{}", path): methods
        for path, methods in service.judge.document["paths"].items()
    }

    operation = paths[re.sub(r"{\w+}", "{}", row.path)][row.method.lower()]

    assert str(row.status) in operation["responses"]


def checks_events(scene: Scene, response: httpx.Response) -> None:
    """The one that is planned."""
    assert [event["id"] for event in response.json()["data"]] == [scene.things["event"]]


def checks_planned(scene: Scene, response: httpx.Response) -> None:
    """It has what was sent, and can be read where it says."""
    event = response.json()["data"]
    assert event.items() >= PLANNED.items()
    assert scene.team.get(f"/v1/calendar/{event['id']}").json()["data"] == event


def checks_no_event(scene: Scene, response: httpx.Response) -> None:
    """Nothing is left of it."""
    assert response.content == b""
    refused(scene.team.get(f"/v1/calendar/{scene.things['event']}"), 404, "not_found")


def checks_live(scene: Scene, response: httpx.Response) -> None:
    """Both live images, the trashed one not."""
    ids = [image["id"] for image in response.json()["data"]]
    assert ids == [scene.things["shared"], scene.things["image"]]


def checks_trash(scene: Scene, response: httpx.Response) -> None:
    """The trashed one alone."""
    assert [image["id"] for image in response.json()["data"]] == [scene.things["trashed"]]


def checks_detail(scene: Scene, response: httpx.Response) -> None:
    """Of the source the variant, of the variant the source."""
    variant = scene.team.edited(scene.things["image"])["image_id"]
    assert response.json()["data"]["variants"] == []
    assert [found["id"] for found in scene.image()["variants"]] == [variant]
    assert scene.team.image(variant)["parent"]["id"] == scene.things["image"]


def checks_generated(scene: Scene, response: httpx.Response) -> None:
    """A job now, the picture when one looks again."""
    receipt = response.json()
    assert receipt["job_id"]
    assert scene.team.image(receipt["image_id"])["processing_status"] == "pending"
    scene.team.service.run_due()
    assert scene.team.image(receipt["image_id"])["processing_status"] == "ready"


def checks_edited(scene: Scene, response: httpx.Response) -> None:
    """A variant in the tree; the original stays."""
    before = scene.image()
    receipt = response.json()
    assert receipt.keys() >= {"job_id", "edit_session_id"}
    scene.team.service.run_due()
    assert scene.image()["variants"][-1]["id"] == receipt["image_id"]
    assert scene.image()["sha256"] == before["sha256"]


def checks_words(scene: Scene, response: httpx.Response) -> None:
    """As sent."""
    assert (scene.image()["title"], scene.image()["tags"]) == ("Hero", ["launch"])


def checks_mark(scene: Scene, response: httpx.Response) -> None:
    """There and back."""
    assert response.json()["data"]["is_favorite"] is scene.image()["is_favorite"] is True
    scene.team.post(f"/v1/images/{scene.things['image']}/favorite")
    assert scene.image()["is_favorite"] is False


def checks_deleted(scene: Scene, response: httpx.Response) -> None:
    """In the trash, with its last day."""
    assert response.json()["data"]["purge_at"] == "2026-05-31T12:00:00Z"
    assert scene.things["image"] in scene.gallery("/v1/images/trash")


def checks_restored(scene: Scene, response: httpx.Response) -> None:
    """Back in the gallery."""
    assert scene.things["trashed"] in scene.gallery()


def checks_forever(scene: Scene, response: httpx.Response) -> None:
    """Gone; and what is not in the trash is a 409."""
    refused(scene.team.get(f"/v1/images/{scene.things['trashed']}"), 404, "not_found")
    live = f"/v1/images/{scene.things['image']}/forever"
    refused(scene.team.ask("DELETE", live), 409, "not_in_trash")


def checks_all_deleted(scene: Scene, response: httpx.Response) -> None:
    """Each is in the trash."""
    assert response.json()["counts"]["ok"] == 1
    assert scene.things["image"] in scene.gallery("/v1/images/trash")


def checks_all_restored(scene: Scene, response: httpx.Response) -> None:
    """Each is back."""
    assert response.json()["counts"]["ok"] == 1
    assert scene.things["trashed"] in scene.gallery()


def checks_export(scene: Scene, response: httpx.Response) -> None:
    """A job."""
    assert response.json()["job_id"]


def checks_report(scene: Scene, response: httpx.Response) -> None:
    """Ready, behind a link to a ZIP."""
    assert response.json()["status"] == "ready"
    archive = scene.team.service.anybody.get(response.json()["download_url"]).content
    assert zipfile.ZipFile(io.BytesIO(archive)).testzip() is None


def checks_chat(scene: Scene, response: httpx.Response) -> None:
    """The session knows the image."""
    session = scene.team.get(f"/v1/chat-sessions/{response.json()['session_id']}").json()["data"]
    assert session["gallery_image_id"] == scene.things["image"]


def checks_share(scene: Scene, response: httpx.Response) -> None:
    """Asked again it is the same; anybody can open it."""
    again = scene.team.post(f"/v1/images/{scene.things['image']}/share")
    assert again.json()["token"] == response.json()["token"]
    page = response.json()["public_url"].removeprefix(scene.team.service.links.base_url)
    assert scene.team.service.anybody.get(page).status_code == 200


def checks_end(scene: Scene, response: httpx.Response) -> None:
    """A time, or null; without an active link a 404."""
    path = f"/v1/images/{scene.things['shared']}/share"
    assert response.json()["expires_at"] == "2026-06-01T00:00:00Z"
    never = scene.team.ask("PATCH", path, json={"expires_at": None})
    assert never.json()["expires_at"] is None
    none = f"/v1/images/{scene.things['image']}/share"
    refused(scene.team.ask("PATCH", none, json={"expires_at": None}), 404, "not_found")


def checks_revoked(scene: Scene, response: httpx.Response) -> None:
    """Closed, with its count."""
    assert response.json()["revoked_at"] is not None
    assert response.json()["view_count"] == 0


SHOWN: list[Callable[[Scene, httpx.Response], None]] = [
    checks_events, checks_planned, checks_planned, checks_planned, checks_no_event,
    checks_live,
    checks_live, checks_trash, checks_detail,
    checks_generated, checks_edited, checks_words, checks_mark,
    checks_deleted, checks_restored, checks_forever, checks_all_deleted, checks_all_restored,
    checks_export, checks_report,
    checks_chat, checks_share, checks_end, checks_revoked,
]  # fmt: skip
"""Beside ``ROWS``, in the same order: what is seen of each."""


@pytest.mark.parametrize(
    ("row", "shows"),
    list(zip(ROWS, SHOWN, strict=True)),
    ids=NAMES,
)
def test_a_row_does_what_it_says_at_its_price(
    scene: Scene, row: Row, shows: Callable[[Scene, httpx.Response], None]
) -> None:
    """Asked as the reference asks, seen where it says; looking, tidying and sharing are free."""
    before = scene.spent()

    response = scene.ask(row)

    assert response.status_code == row.status, response.text
    assert scene.spent() == before + row.credits
    shows(scene, response)


@pytest.mark.parametrize(
    "query",
    [
        "q=image", "model=instant", "from=2026-05-01", "to=2026-05-01", "favorite=1",
        "tags[]=launch", "sort=newest", "sort=oldest", "sort=edited", "page=1", "per_page=20",
    ],
)  # fmt: skip
def test_every_filter_of_the_gallery_is_taken(scene: Scene, query: str) -> None:
    """Each alone finds the image that it fits."""
    path = f"/v1/images/{scene.things['image']}"
    scene.team.ask("PATCH", path, json={"tags": ["launch"]})
    scene.team.post(f"{path}/favorite")

    assert scene.things["image"] in scene.gallery(f"/v1/images?{query}")


@pytest.mark.parametrize(
    ("path", "limit"), [("bulk/delete", 200), ("bulk/restore", 200), ("bulk/export", 500)]
)
def test_bulk_limits_are_hard(scene: Scene, path: str, limit: int) -> None:
    """One too many and nothing is done; larger sets are sent in chunks."""
    image = scene.things["trashed" if path.endswith("restore") else "image"]
    body = {"ids": [image] * (limit + 1)}

    refused(scene.team.post(f"/v1/images/{path}", json=body), 422, "bulk_limit_exceeded")
    taken = scene.team.post(f"/v1/images/{path}", json={"ids": body["ids"][1:]})

    assert taken.status_code in (200, 202)


def test_the_trash_is_emptied_after_thirty_days(scene: Scene, clock: SteerableClock) -> None:
    """Until then it comes back, then never."""
    path = f"/v1/images/{scene.things['trashed']}"
    clock.advance(29 * DAY)
    assert scene.team.get(path).status_code == 200

    clock.advance(DAY)

    refused(scene.team.post(f"{path}/restore"), 404, "not_found")


@attrs.define
class Counter:
    """Ids as the reference has them."""

    at: int = 1

    def __call__(self) -> int:
        """One more than the last."""
        self.at += 1
        return self.at - 1


def test_its_commands_run_as_they_are_printed(portal: BlockingPortal) -> None:
    """Project 12, image 42: an event is planned, an edit is sent off, polled and found."""
    ids, clock = Counter(), SteerableClock()
    ports = attrs.evolve(memory_ports(now=clock), new_id=ids)
    with running_from_memory(portal, ports) as service:
        team = service.new_team()
        variables = {"BASE": f"{service.links.base_url}/v1", "TOKEN": team.token or ""}
        ids.at = 12
        assert service.new_project(team.id) == 12
        ids.at = 42
        assert team.asked_for()["image_id"] == 42
        service.run_due()

        def run(text: str) -> httpx.Response:
            command = Command.read(text, **variables)
            return service.http.request(
                command.method, command.url, headers=command.headers, content=command.body
            )

        planned = run(PLAN)
        dispatched = run(EDIT)
        early = Command.read(POLL).pick(run(POLL).json())
        service.run_due()
        late = Command.read(POLL).pick(run(POLL).json())

        assert planned.status_code == 201
        assert planned.json()["data"].items() >= ({"project_id": 12} | PLANNED).items()
        assert dispatched.status_code == 202
        assert dispatched.json().keys() >= {"job_id", "edit_session_id"}
        variant = dispatched.json()["image_id"]
        assert early == {"id": variant, "processing_status": "pending", "url": None}
        assert (late["id"], late["processing_status"]) == (variant, "ready")
        assert service.anybody.get(late["url"]).status_code == 200
