"""The main job, with the public reference's own requests: generate, poll, edit, look, open."""

import hashlib
import io
from collections.abc import Iterator

import pytest
from anyio.from_thread import BlockingPortal
from PIL import Image

from .calling import Json
from .running import Service, TeamCaller, running


@pytest.fixture(scope="module")
def painted(portal: BlockingPortal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose pictures are painted by the model that a new installation has."""
    with running(portal, tmp_path_factory.mktemp("painted"), "painter") as service:
        yield service


@pytest.fixture
def painter(painted: Service) -> TeamCaller:
    """A team at ``painted``."""
    return painted.new_team(credits=100)


def check_bytes(team: TeamCaller, image: Json, kind: str, size: tuple[int, int]) -> None:
    """The links of a ready image give what the image says of itself; no token is needed."""
    original = team.http.get(image["url"])
    small = team.http.get(image["thumbnail_url"])

    assert original.status_code == small.status_code == 200
    assert original.headers["content-type"] == f"image/{kind}"
    assert len(original.content) == image["bytes"]
    assert hashlib.sha256(original.content).hexdigest() == image["sha256"]
    with Image.open(io.BytesIO(original.content)) as picture:
        assert picture.format == kind.upper()
        assert picture.size == (image["width"], image["height"]) == size
    assert small.headers["content-type"] == "image/webp"
    with Image.open(io.BytesIO(small.content)) as picture:
        assert picture.format == "WEBP"
        assert max(picture.size) <= 512


def test_generate_poll_edit_and_open(painter: TeamCaller) -> None:
    """What the reference shows works as it stands there, and costs what it says."""
    generated = painter.post(
        "/v1/generate/image", json={"prompt": "AI coding tools, launch hero", "size": "256x384"}
    )
    receipt = generated.json()

    assert generated.status_code == 202
    assert list(receipt) == ["job_id", "image_id", "status", "status_url", "credits_charged"]
    assert receipt["status"] == "pending"
    assert receipt["credits_charged"] == 5
    assert receipt["status_url"] == f"/v1/jobs/{receipt['job_id']}"
    assert generated.headers["location"] == f"/v1/images/{receipt['image_id']}"

    image = painter.ended(receipt)

    assert image["processing_status"] == "ready"
    assert painter.credits() == (95, 0)
    check_bytes(painter, image, "png", (256, 384))

    edit = painter.post(
        f"/v1/images/{image['id']}/edit", json={"prompt": "same scene, golden hour lighting"}
    )
    second = edit.json()

    assert edit.status_code == 202
    assert list(second) == [
        "job_id", "edit_session_id", "image_id", "status", "status_url", "credits_charged",
    ]  # fmt: skip
    assert second["credits_charged"] == 10
    assert edit.headers["location"] == f"/v1/images/{second['image_id']}"

    variant = painter.ended(second)
    shown = painter.image(image["id"])["variants"][-1]

    assert {key: shown[key] for key in ("id", "processing_status")} == {
        "id": second["image_id"],
        "processing_status": "ready",
    }
    check_bytes(painter, shown, "png", (256, 384))
    assert variant["sha256"] != image["sha256"]
    assert painter.credits() == (85, 0)


def test_the_original_is_never_changed(painter: TeamCaller) -> None:
    """An edit makes a variant beside it: bytes, words and checksum of the source stay."""
    first = painter.ended(painter.asked_for(size="256x256", title="Hero"))
    before = painter.http.get(first["url"]).content

    painter.ended(painter.edited(first["id"]))
    after = painter.image(first["id"])

    for field in ("sha256", "title", "prompt", "width", "height", "bytes", "parent_id", "root_id"):
        assert after[field] == first[field], field
    assert painter.http.get(after["url"]).content == before


@pytest.mark.parametrize("kind", ["png", "webp", "jpeg"])
def test_a_format_that_is_asked_for_is_delivered(painter: TeamCaller, kind: str) -> None:
    """The bytes are what the image says they are."""
    image = painter.ended(painter.asked_for(size="256x256", format=kind))

    assert image["format"] == kind
    check_bytes(painter, image, kind, (256, 256))


def test_the_same_prompt_paints_the_same_picture(painter: TeamCaller) -> None:
    """The painter is deterministic: what a test or a demo shows today it shows tomorrow."""
    first, second = [
        painter.ended(painter.asked_for("two boats", size="256x256")) for _ in range(2)
    ]

    assert first["id"] != second["id"]
    assert first["sha256"] == second["sha256"]
    assert first["url"] != second["url"]


def test_what_the_painter_does_not_take_is_refused_before_a_credit_moves(
    painter: TeamCaller,
) -> None:
    """A size off its grid and an unknown quality are named together; nothing is charged."""
    response = painter.post(
        "/v1/generate/image", json={"prompt": "x", "size": "250x250", "quality": "best"}
    )

    assert response.status_code == 422
    assert response.json()["code"] == "unsupported_by_model"
    assert [error["field"] for error in response.json()["errors"]] == ["/size", "/quality"]
    assert painter.credits() == (100, 0)


def test_the_job_tells_how_it_goes(painter: TeamCaller) -> None:
    """Behind the receipt's status_url: kind, state, attempts, progress and price."""
    receipt = painter.asked_for(size="256x256")
    painter.ended(receipt)

    job = painter.job(receipt)

    assert job["id"] == receipt["job_id"]
    assert job["image_id"] == receipt["image_id"]
    assert (job["kind"], job["status"], job["attempts"]) == ("generate", "succeeded", 1)
    assert job["progress"] == {"done": 1, "total": 1}
    assert job["error"] is None
    assert job["credits_charged"] == 5
