"""The whole service with the OpenAI model, configured as an operator would."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from tearsheet.entrypoints.settings import Settings
from tests.integration.http.running import Service, calling, serving
from tests.services.openai_dialects import KEY, MODEL
from tests.services.openai_faults import moderated, refusing
from tests.services.openai_stand_in import StandIn


@pytest.fixture(scope="module")
def portal() -> Iterator[BlockingPortal]:
    """The thread that the service runs in."""
    with start_blocking_portal("asyncio") as portal:
        yield portal


@pytest.fixture
def service(portal: BlockingPortal, server: StandIn, tmp_path: Path) -> Iterator[Service]:
    """SQLite, files, a worker, and the stand-in behind ``OPENAI_BASE_URL``."""
    settings = Settings.read(
        {
            "TEARSHEET_DATA_DIR": str(tmp_path),
            "TEARSHEET_IMAGE_MODEL": "openai",
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": server.base_url,
        }
    )
    with (
        portal.wrap_async_context_manager(serving(settings)) as opened,
        calling(portal, *opened) as service,
    ):
        yield service


def test_a_picture_is_made_and_edited(service: Service, server: StandIn) -> None:
    """Fifteen credits, two requests."""
    team = service.new_team()
    image = team.ready_image(prompt="a fox", size="1024x640")

    variant = team.ended(team.edited(image))

    assert (variant["processing_status"], variant["parent_id"]) == ("ready", image)
    assert (variant["width"], variant["height"], variant["format"]) == (1024, 640, "png")
    assert team.credits() == (985, 0)
    assert [request.path for request in server.requests] == [
        "/v1/images/generations",
        "/v1/images/edits",
    ]


def test_what_the_model_takes_is_shown(service: Service) -> None:
    """Every rule that a request is checked with."""
    (model,) = service.new_team().get("/v1/models").json()["data"]

    assert model["name"] == MODEL
    assert model["sizes"] == {
        "list": None, "step": 16, "shortest": 16, "longest": 3840, "max_ratio": 3.0,
        "min_pixels": 655_360, "max_pixels": 8_294_400,
    }  # fmt: skip
    assert (model["default_size"], model["default_quality"]) == ("auto", "auto")
    assert model["qualities"] == ["low", "medium", "high", "xhigh", "max", "auto"]
    assert model["backgrounds"] == ["transparent", "opaque", "auto"]
    assert (model["edit"], model["mask"], model["max_source_bytes"]) == (True, True, 50_000_000)


def test_a_refusal_is_understood(service: Service, server: StandIn) -> None:
    """By whoever looks at the image; nothing was paid."""
    team = service.new_team()
    server.will(moderated("input", "violence"))

    image = team.ended(team.asked_for(prompt="something", size="1024x640"))

    assert image["processing_status"] == "failed"
    assert image["error"] == {
        "code": "refused",
        "message": "The image model refused to make this picture (violence).",
    }
    assert team.credits() == (1_000, 0)


def test_a_used_up_account_is_not_asked_again_at_once(service: Service, server: StandIn) -> None:
    """The second job fails in the same words without a request."""
    team = service.new_team()
    server.will(refusing(429, "credit_balance_exhausted", "insufficient_quota"))

    images = [team.ended(team.asked_for(prompt="x", size="1024x640")) for _ in range(2)]

    assert [image["error"]["code"] for image in images] == ["model_unfunded"] * 2
    assert "its operator has been told" in images[1]["error"]["message"]
    assert len(server.requests) == 1
    assert team.credits() == (1_000, 0)
