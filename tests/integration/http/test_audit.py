"""``GET /v1/audit``: who did what, for the team to read."""

from datetime import timedelta
from typing import Any

import pytest

from tearsheet.adapters.memory import SteerableClock
from tearsheet.core.gallery.sweeping import sweep

from .calling import Json, fields_of
from .running import Service, TeamCaller
from .sharing import a_picture

DAY = timedelta(days=1)


def entries(team: TeamCaller, **query: Any) -> list[Json]:
    """What the team reads, the newest first."""
    found: list[Json] = team.shown("/v1/audit", per_page=100, **query)["data"]
    return found


def actions(team: TeamCaller, **query: Any) -> list[str]:
    """The same, by what was done, the oldest first."""
    return [entry["action"] for entry in reversed(entries(team, **query))]


def lived(team: TeamCaller) -> int:
    """A team that did everything once; the image that most of it was about."""
    image = a_picture(team, title="Fox")
    share = f"/v1/images/{image}/share"
    team.post(share)
    team.ask("PATCH", share, json={"expires_at": "2027-01-01T00:00:00Z"})
    team.ask("DELETE", share)
    team.post("/v1/images/bulk/export", json={"ids": [image]})
    team.post("/v1/images/bulk/delete", json={"ids": [image, 404]})
    team.post(f"/v1/images/{image}/restore")
    team.ask("DELETE", f"/v1/images/{image}")
    team.ask("DELETE", f"/v1/images/{image}/forever")
    waiting = team.asked_for()
    team.post(f"{waiting['status_url']}/cancel")
    project = team.post("/v1/projects", json={"name": "The Weekly"}).json()["data"]["id"]
    feed = f"/v1/projects/{project}/calendar/feed"
    team.post(feed)
    team.post(feed)
    team.ask("DELETE", feed)
    event = team.post(f"/v1/projects/{project}/calendar", json={"title": "x"}).json()["data"]["id"]
    team.ask("DELETE", f"/v1/calendar/{event}")
    team.ask("PUT", f"/v1/projects/{project}", json={"name": "The Monthly"})
    team.ask("DELETE", f"/v1/projects/{project}")
    return image


EVERYTHING = [
    "team.created",
    "credits.granted",
    "token.created",
    "share.created",
    "share.updated",
    "share.revoked",
    "export.requested",
    "image.deleted",
    "image.restored",
    "image.deleted",
    "image.purged",
    "job.cancelled",
    "project.created",
    "feed.created",
    "feed.replaced",
    "feed.deleted",
    "event.deleted",
    "project.updated",
    "project.deleted",
]


def test_all_that_matters_is_recorded(us: TeamCaller) -> None:
    """Once each, in the order in which it was done; whatever changes nothing is not."""
    image = lived(us)
    assert us.post(f"/v1/images/{image}/restore").status_code == 404

    assert actions(us) == EVERYTHING
    assert [entry["id"] for entry in entries(us)] == list(range(len(EVERYTHING), 0, -1))


def test_what_is_so_already_is_not_recorded(us: TeamCaller) -> None:
    """A second delete, a restore of what is live, the same link again, no feed to close."""
    image = a_picture(us)
    us.post(f"/v1/images/{image}/restore")
    us.post(f"/v1/images/{image}/share")
    us.post(f"/v1/images/{image}/share")
    project = us.service.new_project(us.id)
    us.ask("DELETE", f"/v1/projects/{project}/calendar/feed")
    for _ in range(2):
        us.ask("DELETE", f"/v1/images/{image}")

    assert actions(us)[3:] == ["share.created", "project.created", "image.deleted"]


def test_an_entry_says_who_did_what(us: TeamCaller) -> None:
    """The user and the name of the token, the thing, what changed by it, and the request."""
    image = a_picture(us, title="Fox")
    answer = us.ask("DELETE", f"/v1/images/{image}", headers={"X-Request-Id": "that.one"})

    [found] = entries(us, action="image.deleted")

    deleted_at = answer.json()["data"]["deleted_at"]
    assert found == {
        "id": 4,
        "at": deleted_at,
        "action": "image.deleted",
        "actor": {"type": "user", "user": "owner", "token": "a token"},
        "object": {"type": "image", "id": str(image), "name": "Fox", "image_id": image},
        "before": {"deleted_at": None},
        "after": {"deleted_at": deleted_at},
        "request_id": "that.one",
    }


def test_what_time_does_the_service_did(
    still: Service, us: TeamCaller, clock: SteerableClock
) -> None:
    """The trash that empties itself closes the link too."""
    image = a_picture(us)
    us.post(f"/v1/images/{image}/share")
    us.ask("DELETE", f"/v1/images/{image}")
    clock.advance(31 * DAY)

    still.do(lambda: sweep(still.ports))

    purged, revoked = entries(us, actor_type="service")
    assert (purged["action"], revoked["action"]) == ("image.purged", "share.revoked")
    nobody = {"type": "service", "user": None, "token": None}
    assert purged["actor"] == revoked["actor"] == nobody
    assert purged["request_id"] is None


def test_what_is_sent_again_is_recorded_once(us: TeamCaller) -> None:
    """A replay does nothing, so it records nothing; nor does a rehearsal, or a refusal."""
    image = a_picture(us)
    again = {"Idempotency-Key": "once"}
    for _ in range(2):
        us.post("/v1/images/bulk/delete", json={"ids": [image]}, headers=again)
    us.post("/v1/images/bulk/restore?dry_run=1", json={"ids": [image]})
    us.post(f"/v1/images/{image}/share")

    assert actions(us)[3:] == ["image.deleted"]


def test_somebody_who_may_only_read_reads_it(us: TeamCaller, them: TeamCaller) -> None:
    """Their own team's log, and nobody else's; nobody without a token."""
    image = a_picture(us)
    us.ask("DELETE", f"/v1/images/{image}")

    read = us.reader().shown("/v1/audit", action="image.deleted")["data"]

    assert [entry["object"]["image_id"] for entry in read] == [image]
    assert actions(them) == ["team.created", "credits.granted", "token.created"]
    assert entries(them, image_id=image) == []
    assert us.service.anybody.get("/v1/audit").status_code == 401


FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    ({"action[]": ["share.revoked", "image.purged"]}, ["share.revoked", "image.purged"]),
    ({"object": "share"}, ["share.created", "share.updated", "share.revoked"]),
    ({"object": "team"}, ["team.created", "credits.granted"]),
    ({"actor_type": "operator"}, EVERYTHING[:3]),
    ({"actor": "owner", "object": "export"}, ["export.requested"]),
    ({"actor": "somebody"}, []),
    ({"from": "2026-05-01", "to": "2026-05-01", "object": "job"}, ["job.cancelled"]),
    ({"from": "2026-05-02"}, []),
]


def test_entries_are_found(us: TeamCaller) -> None:
    """By action, kind of thing, who did it, when; all that is asked for has to hold.

    By image: those about its links too; or those about itself alone.
    """
    image = lived(us)

    for query, found in FILTERS:
        assert actions(us, **query) == found, query
    assert actions(us, image_id=image) == [*EVERYTHING[3:6], *EVERYTHING[7:11]]
    assert actions(us, object=f"image:{image}") == EVERYTHING[7:11]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("action=image.painted", "action[]"),
        ("object=cat", "object"),
        ("object=image:x", "object"),
        ("object=token:1", "object"),
        ("image_id=0", "image_id"),
        ("actor=%20", "actor"),
        ("actor_type=cat", "actor_type"),
        ("from=2026-05-02&to=2026-05-01", "from"),
        ("from=yesterday", "from"),
        ("cursor=x", "cursor"),
        ("per_page=101", "per_page"),
        ("sort=oldest", "sort"),
    ],
)
def test_a_wrong_question_is_refused(team: TeamCaller, query: str, field: str) -> None:
    """The field and the rule."""
    response = team.get(f"/v1/audit?{query}")

    assert response.status_code == 422
    assert list(fields_of(response)) == [field]


def test_a_cursor_leads_through_it(us: TeamCaller) -> None:
    """Every entry once, while others come in; a cursor for other filters is none."""
    lived(us)
    seen: list[int] = []
    page = us.shown("/v1/audit", per_page=7)
    while True:
        seen += [entry["id"] for entry in page["data"]]
        us.service.new_project(us.id)
        if page["links"]["next"] is None or page["meta"]["next_cursor"] is None:
            break
        page = us.shown("/v1/audit", per_page=7, cursor=page["meta"]["next_cursor"])

    assert seen == list(range(len(EVERYTHING), 0, -1))
    cursor = us.shown("/v1/audit", per_page=7)["meta"]["next_cursor"]
    assert us.get(f"/v1/audit?object=image&cursor={cursor}").status_code == 422


def test_neither_prompts_nor_secrets_are_in_it(us: TeamCaller) -> None:
    """Whatever was done: no prompt, no link, no token; nor how many tokens and teams there are."""
    image = a_picture(us, prompt="a xylophone")
    token = us.post(f"/v1/images/{image}/share").json()["token"]
    project = us.service.new_project(us.id)
    url = us.post(f"/v1/projects/{project}/calendar/feed").json()["url"]
    us.ask("DELETE", f"/v1/images/{image}")

    text = us.get("/v1/audit?per_page=100").text

    for secret in ("xylophone", token, url.partition("token=")[2], str(us.token), "ts_pat_"):
        assert secret not in text
    numbered = [e["object"]["id"] for e in entries(us) if e["object"]["type"] in ("team", "token")]
    assert numbered == [None, None, None]
