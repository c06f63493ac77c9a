"""Another secret key: what the one before made works while that is given, and no longer."""

from pathlib import Path
from urllib.parse import urlsplit

import attrs
import httpx
from anyio.from_thread import BlockingPortal

from tests.integration.waiting import until

from .calling import Caller, Json
from .running import Service, running

OLD = {"TEARSHEET_SECRET_KEY": "the key of last year, 4711"}
NEW = {"TEARSHEET_SECRET_KEY": "the key of this year, 0815"}
BOTH = {**NEW, "TEARSHEET_SECRET_KEY_PREVIOUS": OLD["TEARSHEET_SECRET_KEY"]}
AHEAD = {**OLD, "TEARSHEET_SECRET_KEY_PREVIOUS": NEW["TEARSHEET_SECRET_KEY"]}
"""Still makes everything with the old key, and knows the new one already."""

SHARE = "a public link"
FILE = "a picture's link"
ARCHIVE = "an archive's link"
CURSOR = "a cursor"
ANSWER = "a kept answer"
FEED = "a feed"
LINKS = {SHARE, FILE, ARCHIVE, CURSOR, ANSWER, FEED}


@attrs.frozen
class Handed:
    """A team, and one of everything that it was given."""

    token: str
    image: int
    answer: bytes
    places: dict[str, str]
    """Addresses, without the host, which changes from start to start."""

    def working(self, service: Service) -> set[str]:
        """What of it still works there."""
        team = service.bearer(self.token)
        paths = self.places.items()
        works = {name for name, path in paths if team.get(path).status_code == 200}
        if self.told_again(service) == self.answer:
            works.add(ANSWER)
        return works

    def told_again(self, service: Service) -> bytes:
        """The answer to what was asked before, with the same ``Idempotency-Key``."""
        return ask_for_share(service.bearer(self.token), self.image).content


def ask_for_share(team: Caller, image: int) -> httpx.Response:
    """The public link, asked for with a key; 201 the first time."""
    return team.post(f"/v1/images/{image}/share", headers={"Idempotency-Key": f"share-{image}"})


def place(url: str) -> str:
    """Where it leads, on whatever host."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def archive_of(team: Caller, status_url: str) -> Json | None:
    """The report on an export, once it is ready."""
    report: Json = team.get(status_url).json()
    return report if report["status"] == "ready" else None


def handed_out(service: Service) -> Handed:
    """One of everything that holds a secret, made now."""
    team = service.new_team()
    images = [team.ready_image() for _ in range(2)]
    answer = ask_for_share(team, images[0])
    page: Json = team.get("/v1/images?per_page=1").json()
    export = team.post("/v1/images/bulk/export", json={"ids": images}).json()
    archive = until(lambda: archive_of(team, export["status_url"]))
    project = service.new_project(team.id)
    feed: Json = team.post(f"/v1/projects/{project}/calendar/feed").json()
    assert team.token is not None
    return Handed(
        team.token,
        images[0],
        answer.content,
        {
            SHARE: f"/s/{answer.json()['token']}",
            FILE: place(page["data"][0]["url"]),
            ARCHIVE: place(archive["download_url"]),
            CURSOR: f"/v1/images?per_page=1&cursor={page['meta']['next_cursor']}",
            FEED: place(feed["url"]),
        },
    )


def test_the_old_key_holds_for_as_long_as_it_is_given(
    portal: BlockingPortal, tmp_path: Path
) -> None:
    """Everything made under it works beside the new one, and ends with it; feeds have no key."""
    with running(portal, tmp_path, **OLD) as service:
        before = handed_out(service)
        assert before.working(service) == LINKS

    with running(portal, tmp_path, **BOTH) as service:
        assert before.working(service) == LINKS
        after = handed_out(service)
        assert after.working(service) == LINKS

    with running(portal, tmp_path, **NEW) as service:
        assert before.working(service) == {FEED}
        assert after.working(service) == LINKS

    with running(portal, tmp_path, **OLD) as service:
        assert after.working(service) == {FEED}, "the new key made what came after"


def test_a_link_of_the_old_key_is_shown_again_as_it_was(
    portal: BlockingPortal, tmp_path: Path
) -> None:
    """Who asks for the link of a shared image is given the same; without the old key, a new one."""
    with running(portal, tmp_path, **OLD) as service:
        team = service.new_team()
        image = team.ready_image()
        first = team.post(f"/v1/images/{image}/share").json()["token"]

    with running(portal, tmp_path, **BOTH) as service:
        again = service.bearer(str(team.token)).post(f"/v1/images/{image}/share")
        listed = service.bearer(str(team.token)).get("/v1/shares").json()["data"]
    assert (again.status_code, again.json()["token"]) == (200, first)
    assert [share["token"] for share in listed] == [first]

    with running(portal, tmp_path, **NEW) as service:
        anew = service.bearer(str(team.token)).post(f"/v1/images/{image}/share")
    assert anew.status_code == 201
    assert anew.json()["token"] != first


def test_processes_may_change_over_one_by_one(portal: BlockingPortal, tmp_path: Path) -> None:
    """One makes with the old key, one already with the new; each takes what the other made."""
    with (
        running(portal, tmp_path, **AHEAD) as late,
        running(portal, tmp_path, **BOTH) as early,
    ):
        of_late, of_early = handed_out(late), handed_out(early)

        for service in (late, early):
            assert of_late.working(service) == LINKS
            assert of_early.working(service) == LINKS


def test_the_key_in_the_data_folder_can_be_changed_too(
    portal: BlockingPortal, tmp_path: Path
) -> None:
    """Moved aside and given as the one before, it holds; the service makes itself another."""
    with running(portal, tmp_path) as service:
        before = handed_out(service)
    old = (tmp_path / "secret.key").rename(tmp_path / "previous.key").read_text()

    with running(portal, tmp_path, TEARSHEET_SECRET_KEY_PREVIOUS=old) as service:
        assert (tmp_path / "secret.key").read_text() != old
        assert before.working(service) == LINKS
    with running(portal, tmp_path) as service:
        assert before.working(service) == {FEED}


def test_two_keys_are_no_looser_than_one(portal: BlockingPortal, tmp_path: Path) -> None:
    """With either key, what was changed by one character opens nothing."""
    with running(portal, tmp_path, **BOTH) as service:
        handed = handed_out(service)
        for name, path in handed.places.items():
            other = "0" if path[-5] != "0" else "1"
            response = service.bearer(handed.token).get(path[:-5] + other + path[-4:])
            assert response.status_code in {403, 404, 422}, name
