"""A running service with one of everything on its shelves, and a valid request for each route."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import attrs
import httpx

from tests.integration.http.calling import Caller
from tests.integration.http.judging import Judge
from tests.integration.http.operations import Operation, operations
from tests.integration.processes import install, started
from tests.integration.waiting import until

from .wire import Raw

CREDITS = 1_000_000_000


@attrs.frozen
class Shelf:
    """Where the service is, and what is there."""

    address: str
    pid: int
    token: str
    judge: Judge
    ids: dict[str, str]
    """Name of a parameter in a path → something that is there."""
    signed: dict[str, str]
    """Start of a path → its target with the right signature."""

    def valid(self, operation: Operation) -> list[Raw]:
        """Requests that are as they should be, one for each example of a body."""
        target = operation.at(**self.ids)
        for start, whole in self.signed.items():
            if operation.path.startswith(start):
                target = whole
        if operation.path.endswith("calendar.ics"):
            target += f"?token={self.ids['feed']}"
        plain = Raw(operation.method.encode(), target.encode(), ((b"Host", b"probed"),))
        if not operation.is_public:
            plain = plain.having((b"Authorization", b"Bearer " + self.token.encode()))
        bodies = [self._real(body) for body in operation.examples]
        return [plain.saying(json.dumps(body).encode()) for body in bodies] or [plain]

    def _real(self, body: Any) -> Any:
        """The example with ids that are there in place of those of the document."""
        known = {name: int(self.ids[name]) for name in ("project_id", "image_id")}
        known |= {"mask_image_id": known["image_id"], "ids": [known["image_id"]]}  # type: ignore[dict-item]
        if not isinstance(body, dict):
            return body
        kept = {name: value for name, value in body.items() if name != "edit_session_id"}
        return {name: known.get(name, value) for name, value in kept.items()}

    def routes(self) -> list[tuple[Operation, list[Raw]]]:
        """Every operation of the document with its valid requests."""
        return [(each, self.valid(each)) for each in operations(self.judge)]

    @property
    def memory(self) -> float:
        """Megabytes that the server has in memory now."""
        status = Path(f"/proc/{self.pid}/status")
        if status.exists():
            line = next(li for li in status.read_text().splitlines() if li.startswith("VmRSS"))
            return int(line.split()[1]) / 1024
        told = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self.pid)], capture_output=True, text=True, check=True
        )
        return int(told.stdout) / 1024


@contextmanager
def filled(folder: Path, **settings: str) -> Iterator[Shelf]:
    """A service in a process of its own, over SQLite and files, without limits on how often."""
    token = install(folder / "data", CREDITS)
    usual = {
        "DATA_DIR": str(folder / "data"),
        "IMAGE_MODEL": "instant",
        "RATE_LIMIT": "off",
        "MISS_LIMIT": "off",
        "LOG": "json",
    }
    with started(folder / "run", "serve", "--port", "0", **(usual | settings)) as server:
        address = server.address(120)
        with httpx.Client(base_url=address, timeout=60) as http:
            judge = Judge(http.get("/openapi.json").json())
            yield _fill(Caller(http, judge, token), address, server.process.pid)


def _fill(team: Caller, address: str, pid: int) -> Shelf:
    project = int(team.post("/v1/projects", json={"name": "The Weekly"}).json()["data"]["id"])
    receipt = team.asked_for("a red balloon", project_id=project, tags=["hero"])
    image = int(team.ended(receipt)["id"])
    plan = {"title": "Launch", "scheduled_at": "2026-05-15T09:00:00Z"}
    event = team.post(f"/v1/projects/{project}/calendar", json=plan).json()["data"]["id"]
    session = team.post(f"/v1/images/{image}/open-in-chat").json()["session_id"]
    share = team.post(f"/v1/images/{image}/share").json()["token"]
    export = team.post("/v1/images/bulk/export", json={"ids": [image]}).json()["job_id"]
    report = f"/v1/images/exports/{export}"
    archive = str(until(lambda: team.shown(report).get("download_url")))
    feed = team.post(f"/v1/projects/{project}/calendar/feed").json()["url"]
    file = str(team.image(image)["url"])
    return Shelf(
        address=address,
        pid=pid,
        token=str(team.token),
        judge=team.judge,
        ids={
            "project_id": str(project),
            "image_id": str(image),
            "event_id": str(event),
            "session_id": str(session),
            "job_id": str(receipt["job_id"]),
            "token": str(share),
            "key": quote(urlsplit(file).path.rpartition("/")[2]),
            "feed": str(feed).rpartition("=")[2],
        },
        signed={"/files/": _target(file), "/exports/": _target(archive)},
    )


def _target(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"
