"""All that a team can own over HTTP, in every state that it can be in."""

from datetime import timedelta

import attrs

from tearsheet.adapters.memory import SteerableClock
from tearsheet.core.gallery.image import Image
from tearsheet.core.ids import ImageId, JobId
from tearsheet.core.running import take
from tests.examples import DAY

from .calling import Json
from .running import TeamCaller
from .sharing import a_picture, shared

ARTICLE = 4_711
KEY = "a-key-of-everybody"
"""Stands beside one of their requests."""

WORD = "xylophone"
"""Stands in what these teams write, and nowhere else."""

KINDS = {
    "image_id": "image",
    "mask_image_id": "image",
    "ids": "image",
    "event_id": "event",
    "project_id": "project",
    "job_id": "job",
    "session_id": "chat session",
    "edit_session_id": "edit session",
    "article_id": "article",
}
"""What the ids are of that stand in addresses, bodies and queries, by the name they go by."""

Ids = dict[str, dict[str, str]]
"""Kind → state → id."""


@attrs.frozen(kw_only=True)
class Belongings:
    """A team with one of everything."""

    team: TeamCaller
    ids: Ids
    secret: str
    """Of the feed of the project ``fed``."""

    def one(self, kind: str) -> str:
        """The id of the most ordinary one of a kind."""
        return next(iter(self.ids[kind].values()))


def collect(team: TeamCaller, clock: SteerableClock) -> Belongings:
    """Make one of everything. The clock moves on; what is to wait stays so until ``run_due``."""
    past = _what_is_over(team, clock)
    projects = _projects(team)
    project = int(projects["fed"])
    ready = a_picture(
        team, prompt=WORD, title=WORD, tags=[WORD], project_id=project, article_id=ARTICLE
    )
    feed = team.post(f"/v1/projects/{project}/calendar/feed").json()["url"]
    images, sessions = _images(team, ready)
    exports = _exports(team, ready)
    failed = _cancelled(team)
    waiting, running = team.asked_for(WORD), team.asked_for(WORD)
    _start(team, running)
    return Belongings(
        team=team,
        ids={
            "image": {
                "ready": str(ready),
                **images,
                "failed": str(failed["image_id"]),
                "pending": str(waiting["image_id"]),
                "processing": str(running["image_id"]),
                "past its time in the trash": past["image"],
            },
            "event": _events(team, project, ready),
            "project": projects,
            "job": {
                "waiting": waiting["job_id"],
                "running": running["job_id"],
                "cancelled": failed["job_id"],
                **exports,
                "archive that is over": past["over"],
                "archive that is forgotten": past["forgotten"],
            },
            "chat session": {"open": str(_chat(team, ready))},
            "edit session": sessions,
            "article": {"used": str(ARTICLE)},
        },
        secret=feed.rpartition("=")[2],
    )


def _what_is_over(team: TeamCaller, clock: SteerableClock) -> dict[str, str]:
    """What time has ended, and no sweep has removed yet."""
    image, kept = a_picture(team), a_picture(team)
    assert team.ask("DELETE", f"/v1/images/{image}").status_code == 200
    forgotten = _exported(team, kept)
    clock.advance(31 * DAY)
    over = _exported(team, kept)
    shared(team, kept, expires_at=(clock() + timedelta(hours=1)).isoformat())
    clock.advance(2 * DAY)
    return {"image": str(image), "forgotten": forgotten, "over": over}


def _projects(team: TeamCaller) -> dict[str, str]:
    """One with everything, and one with nothing."""
    made = [team.post("/v1/projects", json={"name": f"{WORD} {name}"}) for name in ("a", "b")]
    fed, bare = (str(answer.json()["data"]["id"]) for answer in made)
    return {"fed": fed, "bare": bare}


def _images(team: TeamCaller, ready: int) -> tuple[dict[str, str], dict[str, str]]:
    """Images in the states of those that have a picture, and an edit session."""
    receipt = team.edited(ready, WORD)
    team.service.run_due()
    found = {"variant": receipt["image_id"]}
    for state in ("trashed", "shared", "revoked", "shared in the trash"):
        found[state] = image = a_picture(team, tags=[WORD])
        if state != "trashed":
            shared(team, image)
        if state == "revoked":
            assert team.ask("DELETE", f"/v1/images/{image}/share").status_code == 200
        if "trash" in state:
            assert team.ask("DELETE", f"/v1/images/{image}").status_code == 200
    assert team.post(f"/v1/images/{ready}/favorite").status_code == 200
    session = {"of a variant": receipt["edit_session_id"]}
    return {state: str(number) for state, number in found.items()}, session


def _events(team: TeamCaller, project: int, image: int) -> dict[str, str]:
    """Slots with a time, without one, cancelled, with a picture."""
    time = "2026-08-01T09:00:00Z"
    plans: dict[str, Json] = {
        "dated": {"scheduled_at": time, "image_id": image, "article_id": ARTICLE},
        "undated": {},
        "cancelled": {"scheduled_at": time, "status": "cancelled"},
    }
    found = {}
    for state, plan in plans.items():
        answer = team.post(f"/v1/projects/{project}/calendar", json={"title": WORD, **plan})
        found[state] = str(answer.json()["data"]["id"])
    return found


def _exported(team: TeamCaller, image: int) -> str:
    job = team.post("/v1/images/bulk/export", json={"ids": [image]}).json()["job_id"]
    team.service.run_due()
    return str(job)


def _exports(team: TeamCaller, image: int) -> dict[str, str]:
    """Archives that are ready, and given up; one that waits would be packed by anybody's run."""
    given_up = team.post("/v1/images/bulk/export", json={"ids": [image]}).json()["job_id"]
    assert team.post(f"/v1/jobs/{given_up}/cancel").status_code == 200
    return {"archive": _exported(team, image), "archive given up": str(given_up)}


def _cancelled(team: TeamCaller) -> Json:
    receipt = team.asked_for(WORD)
    assert team.post(f"/v1/jobs/{receipt['job_id']}/cancel").status_code == 200
    return receipt


def _start(team: TeamCaller, receipt: Json) -> None:
    """A worker has the job in hand, and the model at it."""
    ports = team.service.ports

    async def start() -> Image:
        await take(ports, JobId(receipt["job_id"]))
        async with ports.unit(team.id) as unit:
            image = await unit.images.get(ImageId(receipt["image_id"]))
            await unit.images.save(image.processing(ports.now()))
            await unit.commit()
        return image

    team.service.do(start)


def _chat(team: TeamCaller, image: int) -> int:
    path = f"/v1/images/{image}/open-in-chat"
    return int(team.post(path, headers={"Idempotency-Key": KEY}).json()["session_id"])
