"""The commands of the public reference, the same on one machine and on many."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest

from tests.integration.http.reference import EDIT, PLAN, PLANNED, POLL, Command
from tests.integration.installed import shared_parts
from tests.integration.processes import new_team, started, told
from tests.integration.waiting import until
from tests.services.openai_dialects import KEY, MODEL
from tests.services.openai_stand_in import stand_in


@attrs.frozen
class Place:
    """A service that is up, and somebody in it."""

    address: str
    token: str
    project: int

    def run(self, text: str, image: int = 0) -> httpx.Response:
        """One of the commands, about this project and this image."""
        text = text.replace("/projects/12/", f"/projects/{self.project}/")
        text = text.replace("/images/42", f"/images/{image}")
        command = Command.read(text, BASE=f"{self.address}/v1", TOKEN=self.token)
        return httpx.request(
            command.method, command.url, headers=command.headers, content=command.body, timeout=30
        )

    def polled(self, image: int) -> dict[str, Any]:
        """What the poll shows, once the variant is over."""

        def over() -> dict[str, Any] | None:
            found = Command.read(POLL).pick(self.run(POLL, image).json())
            return found if found["processing_status"] in ("ready", "failed") else None

        return until(over)


@contextmanager
def placed(folder: Path, shared: bool, painter: bool) -> Iterator[Place]:
    """One process over SQLite and a folder; or a server and a worker that share everything."""
    with ExitStack() as stack:
        settings = {"DATA_DIR": str(folder / "data")}
        if not painter:
            model = stack.enter_context(stand_in())
            settings |= {"IMAGE_MODEL": "openai", "OPENAI_MODEL": MODEL, "OPENAI_API_KEY": KEY}
            settings |= {"OPENAI_BASE_URL": model.base_url}
        if shared:
            settings = stack.enter_context(shared_parts(**settings)).settings
            stack.enter_context(started(folder / "worker", "worker", **settings))
        team, token = new_team(100, **settings)
        project = int(told("project", "create", "--team", team, "A project", **settings)["id"])
        server = stack.enter_context(started(folder / "serve", "serve", "--port", "0", **settings))
        yield Place(server.address(60), token, project)


@pytest.mark.parametrize(
    ("shared", "painter"),
    [(False, True), (True, True), (True, False)],
    ids=["sqlite-painter", "shared-painter", "shared-openai"],
)
def test_the_reference_s_commands_run_everywhere(
    tmp_path: Path, shared: bool, painter: bool
) -> None:
    """An event is planned, a picture edited, polled and looked at; only settings differ.

    Where all is kept elsewhere, no data folder is made.
    """
    with placed(tmp_path, shared, painter) as place:
        headers = {"Authorization": f"Bearer {place.token}"}
        with httpx.Client(base_url=place.address, headers=headers, timeout=30) as http:
            asked = http.post("/v1/generate/image", json={"prompt": "a hero image"}).json()
            image = asked["image_id"]
            status = asked["status_url"]
            until(lambda: http.get(status).json()["data"]["status"] == "succeeded")

        planned = place.run(PLAN)
        dispatched = place.run(EDIT, image)
        found = place.polled(image)

        assert planned.status_code == 201
        assert planned.json()["data"].items() >= PLANNED.items()
        assert dispatched.status_code == 202
        assert dispatched.json().keys() >= {"job_id", "edit_session_id"}
        assert (found["id"], found["processing_status"]) == (dispatched.json()["image_id"], "ready")
        picture = httpx.get(found["url"])
        assert (picture.status_code, picture.content[:4]) == (200, b"\x89PNG")
    assert (tmp_path / "data").exists() is not shared
