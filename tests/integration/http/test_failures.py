"""When the model does not deliver: the image says why, and the credits come back."""

from collections.abc import Iterator

import pytest
from anyio.from_thread import BlockingPortal

from .calling import Json
from .running import TeamCaller, running


@pytest.fixture(scope="module")
def ends(
    portal: BlockingPortal, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[TeamCaller, Json, Json]]]:
    """By model: who asked, and the image and the job as they were in the end."""
    found = {}
    asked = {}
    contexts = {
        name: running(portal, tmp_path_factory.mktemp(name), name)
        for name in ("flaky", "refusing", "garbage")
    }
    try:
        for name, context in contexts.items():
            team = context.__enter__().new_team(credits=100)
            asked[name] = (team, team.asked_for())
        for name, (team, receipt) in asked.items():
            found[name] = (team, team.ended(receipt), team.job(receipt))
        yield found
    finally:
        for context in contexts.values():
            context.__exit__(None, None, None)


def test_a_refused_prompt_fails_at_once(ends: dict[str, tuple[TeamCaller, Json, Json]]) -> None:
    """Asking again would not help: one attempt, and the model's own reason."""
    team, image, job = ends["refusing"]

    assert image["processing_status"] == job["status"] == "failed"
    assert image["error"] == job["error"]
    assert image["error"] == {
        "code": "refused",
        "message": "This prompt is against the rules of the model.",
    }
    assert job["attempts"] == 1
    assert team.credits() == (100, 0)


def test_bytes_that_are_no_picture_fail_after_a_second_try(
    ends: dict[str, tuple[TeamCaller, Json, Json]],
) -> None:
    """A model that answers with a web page is asked twice, then believed."""
    team, image, job = ends["garbage"]

    assert image["processing_status"] == job["status"] == "failed"
    assert image["error"]["code"] == "model_bad_output"
    assert image["url"] is image["thumbnail_url"] is image["bytes"] is None
    assert job["attempts"] == 2
    assert team.credits() == (100, 0)


def test_a_model_that_stumbles_is_asked_again(
    ends: dict[str, tuple[TeamCaller, Json, Json]],
) -> None:
    """A trouble that passes costs time, not the picture, and nothing twice."""
    team, image, job = ends["flaky"]

    assert image["processing_status"] == "ready"
    assert image["error"] is None
    assert (job["status"], job["attempts"]) == ("succeeded", 2)
    assert team.credits() == (95, 0)


def test_a_failed_image_cannot_be_edited(
    ends: dict[str, tuple[TeamCaller, Json, Json]],
) -> None:
    """There is nothing to edit: 409, and nothing is charged."""
    team, image, _ = ends["refusing"]

    response = team.post(f"/v1/images/{image['id']}/edit", json={"prompt": "x"})

    assert response.status_code == 409
    assert response.json()["code"] == "image_not_ready"
    assert team.credits() == (100, 0)


def test_a_failed_image_stays_in_the_gallery(
    ends: dict[str, tuple[TeamCaller, Json, Json]],
) -> None:
    """Whoever looks at the list sees what became of it, and why."""
    team, image, _ = ends["garbage"]

    (item,) = team.listed()["data"]

    assert item["id"] == image["id"]
    assert item["error"] == image["error"]
