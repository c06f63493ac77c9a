"""Nobody overwrites what they have not seen, unless they want to."""

from datetime import timedelta

import attrs
import pytest

from tearsheet.adapters.memory import SteerableClock

from .calling import Json, refused
from .running import Service, TeamCaller


@attrs.frozen
class Thing:
    """Something with a version: where it is, and how it is changed."""

    team: TeamCaller
    path: str
    method: str
    change: Json

    def etag(self) -> str:
        """The version that a reader sees."""
        return self.team.get(self.path).headers["etag"]

    def changed(self, if_match: str | None = None, **fields: object) -> tuple[int, str]:
        """Change it; the status, and the version that the answer shows."""
        headers = {} if if_match is None else {"If-Match": if_match}
        answer = self.team.ask(self.method, self.path, json=self.change | fields, headers=headers)
        return answer.status_code, answer.headers.get("etag", "")


@pytest.fixture(params=["image", "event"])
def thing(request: pytest.FixtureRequest, idle: Service) -> Thing:
    """An image and an event in turn."""
    team = idle.new_team()
    if request.param == "image":
        path = f"/v1/images/{team.asked_for()['image_id']}"
        return Thing(team, path, "PATCH", {"title": "Hero"})
    project = idle.new_project(team.id)
    created = team.post(f"/v1/projects/{project}/calendar", json={"title": "Launch"})
    assert created.headers["etag"] == team.get(created.headers["location"]).headers["etag"]
    return Thing(team, created.headers["location"], "PUT", {"title": "Hero"})


def test_a_version_is_strong_and_stays(thing: Thing) -> None:
    """Read twice, the same tag, without ``W/``."""
    assert thing.etag() == thing.etag()
    assert thing.etag().startswith('"')
    assert thing.etag().endswith('"')


def test_a_change_answers_with_the_new_version(thing: Thing) -> None:
    """It is the one that the next reader sees, and not the old one."""
    before = thing.etag()

    status, after = thing.changed()

    assert status == 200
    assert after == thing.etag() != before


def test_whoever_saw_the_version_may_change_it(thing: Thing) -> None:
    """And again with the version that came back."""
    status, after = thing.changed(thing.etag())
    again, _ = thing.changed(after, title="Other")

    assert (status, again) == (200, 200)


def test_whoever_saw_an_older_version_may_not(thing: Thing) -> None:
    """412, and it stays as it is."""
    stale = thing.etag()
    thing.changed(title="By somebody else")
    now = thing.etag()

    answer = thing.team.ask(
        thing.method, thing.path, json={"title": "Mine"}, headers={"If-Match": stale}
    )

    refused(answer, 412, "precondition_failed")
    assert thing.etag() == now


@pytest.mark.parametrize("spelled", ["{}", '"other", {}', '{},"other"', "*", '"a,b" , {}'])
def test_one_of_several_tags_will_do(thing: Thing, spelled: str) -> None:
    """A list, or any version at all."""
    assert thing.changed(spelled.format(thing.etag()))[0] == 200


@pytest.mark.parametrize("spelled", ["W/{}", '""', '"other"', "plain", '"'])
def test_what_is_not_this_very_tag_is_not_it(thing: Thing, spelled: str) -> None:
    """A weak tag is never the same for a change; what is no tag matches nothing."""
    assert thing.changed(spelled.format(thing.etag()))[0] == 412


def test_nobody_has_to_say_what_they_saw(thing: Thing) -> None:
    """Without the header the last one wins."""
    assert thing.changed()[0] == 200
    assert thing.changed(title="Other")[0] == 200


def test_a_reader_who_has_it_is_told_so(thing: Thing) -> None:
    """304 without a body, with the tag; as soon as it changes, the whole again."""
    etag = thing.etag()

    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = thing.team.get(thing.path, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == etag
    thing.changed()

    assert thing.team.get(thing.path, headers={"If-None-Match": etag}).status_code == 200


def test_another_teams_thing_is_not_there_whatever_is_expected(thing: Thing) -> None:
    """404 comes before 412 and 304."""
    etag, other = thing.etag(), thing.team.service.new_team()

    for tag in (etag, "*", '"other"'):
        change = other.ask(thing.method, thing.path, json=thing.change, headers={"If-Match": tag})
        refused(change, 404, "not_found")
        refused(other.get(thing.path, headers={"If-None-Match": tag}), 404, "not_found")


def test_a_broken_body_is_told_before_a_stale_version(thing: Thing) -> None:
    """422 comes before 412."""
    answer = thing.team.ask(
        thing.method, thing.path, json={"title": 7}, headers={"If-Match": '"stale"'}
    )

    refused(answer, 422, "validation_failed")


def test_deleting_takes_the_same_care(thing: Thing) -> None:
    """With a stale version it stays; with the current one it goes."""
    stale = thing.etag()
    thing.changed()

    kept = thing.team.ask("DELETE", thing.path, headers={"If-Match": stale})
    gone = thing.team.ask("DELETE", thing.path, headers={"If-Match": thing.etag()})

    refused(kept, 412, "precondition_failed")
    assert gone.status_code in (200, 204)


def test_every_way_to_change_an_image_shows_its_version(idle: Service) -> None:
    """Favourite, trash and restore answer with what the next reader sees."""
    team = idle.new_team()
    path = f"/v1/images/{team.asked_for()['image_id']}"
    seen = []

    for method, way in (("POST", "/favorite"), ("DELETE", ""), ("POST", "/restore")):
        answer = team.ask(method, path + way)
        assert answer.headers["etag"] == team.get(path).headers["etag"]
        seen.append(answer.headers["etag"])

    assert len(set(seen)) == 3


def test_a_stale_version_is_told_before_the_trash(idle: Service) -> None:
    """412 comes before 409: an image in the trash, changed by who has not seen that."""
    team = idle.new_team()
    path = f"/v1/images/{team.asked_for()['image_id']}"
    stale = team.get(path).headers["etag"]
    live = team.ask("DELETE", f"{path}/forever", headers={"If-Match": '"stale"'})
    team.ask("DELETE", path)

    words = team.ask("PATCH", path, json={"title": "x"}, headers={"If-Match": stale})
    current = team.get(path).headers["etag"]
    seen = team.ask("PATCH", path, json={"title": "x"}, headers={"If-Match": current})
    forever = team.ask("DELETE", f"{path}/forever", headers={"If-Match": stale})

    refused(live, 412, "precondition_failed")
    refused(words, 412, "precondition_failed")
    refused(seen, 409, "image_trashed")
    refused(forever, 412, "precondition_failed")
    gone = team.ask("DELETE", f"{path}/forever", headers={"If-Match": current})
    assert gone.status_code == 204


def test_new_links_are_no_new_version(idle: Service, clock: SteerableClock) -> None:
    """The signed links move on with time, the version does not."""
    team = idle.new_team()
    image = team.asked_for()["image_id"]
    idle.run_due()
    first = team.get(f"/v1/images/{image}")

    clock.advance(timedelta(hours=1))
    second = team.get(f"/v1/images/{image}")

    assert first.json()["data"]["url"] != second.json()["data"]["url"]
    assert first.headers["etag"] == second.headers["etag"]
