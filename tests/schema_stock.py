"""What the questions of ``schema_cases`` are about: some of everything, and their names."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import attrs

from tests.integration.http.running import TeamCaller

SPARE = 40
"""Of what a request may remove for good."""


@attrs.frozen(kw_only=True)
class Stock:
    """Things of one team, as values that requests may choose from."""

    base_url: str
    token: str
    words: dict[str, list[Any]]
    everywhere: dict[str, Any]
    """Parameter → whose values it likes, in every operation."""
    somewhere: list[dict[str, Any]]
    """The same for single operations."""


def liking(words: str, often: float = 0.8) -> dict[str, Any]:
    """Choose from these most of the time."""
    return {"dictionary": words, "probability": often}


def only(operation: str, **parameters: str) -> dict[str, Any]:
    """In this operation alone; names have a dot where these have two underscores."""
    bound = {name.replace("__", "."): liking(words) for name, words in parameters.items()}
    return {"include-operation-id": operation, "parameters": bound}


def collect(team: TeamCaller) -> Stock:
    """Make some of everything."""
    projects = [_project(team) for _ in range(4)]
    project = projects[0]
    images = [team.asked_for(f"a red balloon {i}", tags=["hero"])["image_id"] for i in range(8)]
    spare = [team.asked_for("soon gone")["image_id"] for _ in range(2 * SPARE)]
    team.service.run_due()
    while team.service.run_due():
        pass
    edit = team.edited(images[0])
    team.service.run_due()
    trashed = spare[SPARE:]
    for image in trashed:
        team.ask("DELETE", f"/v1/images/{image}")
    shares = [team.post(f"/v1/images/{image}/share").json()["token"] for image in images[:2]]
    export = team.post("/v1/images/bulk/export", json={"ids": images}).json()["job_id"]
    team.service.run_due()
    jobs = [team.asked_for("later")["job_id"] for _ in range(SPARE)]
    feed = team.post(f"/v1/projects/{project}/calendar/feed").json()["url"]
    archive = team.shown(f"/v1/images/exports/{export}")["download_url"]
    file = team.image(images[0])["url"]
    words: dict[str, list[Any]] = {
        "images": images,
        "spare images": spare[:SPARE],
        "trashed images": trashed,
        "projects": projects[1:],
        "fed project": [project],
        "feed secrets": parse_qs(urlsplit(feed).query)["token"],
        "spare projects": [_project(team) for _ in range(SPARE)],
        "events": [_event(team, project) for _ in range(8)],
        "spare events": [_event(team, project) for _ in range(SPARE)],
        "sessions": [
            team.post(f"/v1/images/{image}/open-in-chat").json()["session_id"] for image in images
        ],
        "edit sessions": [edit["edit_session_id"]],
        "shares": shares,
        "jobs": [edit["job_id"]],
        "waiting jobs": jobs,
        "exports": [export],
        "sizes": ["64x64", "1024x768", "auto"],
        "models": [team.shown("/v1/models")["data"][0]["name"]],
        "qualities": ["auto", "high"],
        "backgrounds": ["auto", "opaque"],
        "times to come": ["2999-01-01T00:00:00Z"],
    }
    words |= _link("file", file) | _link("archive", archive)
    return Stock(
        base_url=team.service.links.base_url,
        token=str(team.token),
        words=words,
        everywhere={
            "path.image_id": liking("images"),
            "path.project_id": liking("projects"),
            "path.event_id": liking("events"),
            "path.session_id": liking("sessions"),
            "path.job_id": liking("jobs"),
            "path.token": liking("shares"),
            "query.project_id": liking("projects"),
            "query.model": liking("models"),
            "body.project_id": liking("projects"),
            "body.image_id": liking("images"),
            "body.mask_image_id": liking("images"),
            "body.edit_session_id": liking("edit sessions"),
            "body.size": liking("sizes"),
            "body.model": liking("models"),
            "body.quality": liking("qualities"),
            "body.background": liking("backgrounds"),
            "body.expires_at": liking("times to come"),
        },
        somewhere=[
            only("deleteImage", path__image_id="spare images"),
            only("deleteImages", **{"body__ids[*]": "spare images"}),
            only("restoreImages", **{"body__ids[*]": "trashed images"}),
            only("exportImages", **{"body__ids[*]": "images"}),
            only("deleteImageForever", path__image_id="trashed images"),
            only("deleteProject", path__project_id="spare projects"),
            only("deleteFeed", path__project_id="spare projects"),
            only("deleteEvent", path__event_id="spare events"),
            only("cancelJob", path__job_id="waiting jobs"),
            only("getExport", path__job_id="exports"),
            only("getFeed", path__project_id="fed project", query__token="feed secrets"),
            *(_signed(name, "path__key", "file") for name in ("getFile", "headFile")),
            *(
                _signed(name, "path__job_id", "archive")
                for name in ("downloadExport", "headExport")
            ),
        ],
    )


def _project(team: TeamCaller) -> int:
    made = team.post("/v1/projects", json={"name": "The Weekly"})
    return int(made.json()["data"]["id"])


def _event(team: TeamCaller, project: int) -> int:
    plan = {"title": "Launch", "scheduled_at": "2026-05-15T09:00:00Z"}
    made = team.post(f"/v1/projects/{project}/calendar", json=plan)
    return int(made.json()["data"]["id"])


def _link(what: str, url: str) -> dict[str, list[Any]]:
    """The parts of a signed link."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        f"{what} name": [parts.path.rpartition("/")[2]],
        f"{what} expiry": query["expires"],
        f"{what} signature": query["signature"],
    }


def _signed(operation: str, name: str, what: str) -> dict[str, Any]:
    return only(
        operation,
        **{name: f"{what} name"},
        query__expires=f"{what} expiry",
        query__signature=f"{what} signature",
    )
