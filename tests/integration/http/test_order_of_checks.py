"""Of several things wrong with a request one is told: the order is part of the contract."""

import pytest

from .calling import refused
from .running import Service, TeamCaller

MALFORMED = b'{"prompt":'
TOO_LARGE = MALFORMED.ljust(1024 * 1024 + 1)
INVALID = b'{"prompt":7}'
VALID = b'{"prompt":"x"}'
TEXT, JSON = "text/plain", "application/json"


@pytest.fixture
def poor(idle: Service) -> TeamCaller:
    """A team without credits; its one image is not ready."""
    team = idle.new_team(credits=5)
    team.asked_for()
    return team


def test_an_edit_with_everything_wrong_is_mended_step_by_step(poor: TeamCaller) -> None:
    """401, 403, 413, 404, 415, 400, 422, 409, 402: each shows once the one before is mended."""
    image = poor.listed()["data"][0]["id"]
    unknown, known = f"/v1/images/{image + 1}/edit", f"/v1/images/{image}/edit"
    stranger, reader = poor.service.anybody, poor.reader()

    refused(stranger.send(unknown, TOO_LARGE, TEXT), 401, "unauthenticated")
    refused(reader.send(unknown, TOO_LARGE, TEXT), 403, "forbidden")
    refused(poor.send(unknown, TOO_LARGE, TEXT), 413, "payload_too_large")
    refused(poor.send(unknown, MALFORMED, TEXT), 404, "not_found")
    refused(poor.send(known, MALFORMED, TEXT), 415, "unsupported_media_type")
    refused(poor.send(known, MALFORMED, JSON), 400, "malformed_json")
    refused(poor.send(known, INVALID, JSON), 422, "validation_failed")
    refused(poor.send(known, VALID, JSON), 409, "image_not_ready")
    poor.service.run_due()
    refused(poor.send(known, VALID, JSON), 402, "insufficient_credits")


def test_a_new_image_with_everything_wrong_is_mended_step_by_step(poor: TeamCaller) -> None:
    """The same ladder where no id is in the path."""
    address = "/v1/generate/image"
    stranger, reader = poor.service.anybody, poor.reader()

    refused(stranger.send(address, TOO_LARGE, TEXT), 401, "unauthenticated")
    refused(reader.send(address, TOO_LARGE, TEXT), 403, "forbidden")
    refused(poor.send(address, TOO_LARGE, TEXT), 413, "payload_too_large")
    refused(poor.send(address, MALFORMED, TEXT), 415, "unsupported_media_type")
    refused(poor.send(address, MALFORMED, JSON), 400, "malformed_json")
    refused(poor.send(address, INVALID, JSON), 422, "validation_failed")
    refused(poor.send(address, VALID, JSON), 402, "insufficient_credits")


def test_in_chunks_too_much_comes_before_what_is_not_there(poor: TeamCaller) -> None:
    """The size is found out while reading, and still told first."""
    image = poor.listed()["data"][0]["id"]

    response = poor.post(
        f"/v1/images/{image + 1}/edit", content=iter([TOO_LARGE]), headers={"Content-Type": TEXT}
    )

    refused(response, 413, "payload_too_large")


def test_what_the_model_does_not_take_comes_before_the_state(poor: TeamCaller) -> None:
    """A size that no picture can have is wrong whether the source is ready or not."""
    image = poor.listed()["data"][0]["id"]

    response = poor.post(f"/v1/images/{image}/edit", json={"prompt": "x", "size": "17x17"})

    refused(response, 422, "unsupported_by_model")


def test_address_and_method_come_before_everything(service: Service) -> None:
    """Who calls the wrong door need not show a token."""
    refused(service.anybody.send("/v1/nothing", TOO_LARGE, TEXT), 404, "not_found")
    refused(service.anybody.ask("PUT", "/v1/credits"), 405, "method_not_allowed")


def test_on_reading_what_is_not_there_comes_before_the_query(team: TeamCaller) -> None:
    """A bad parameter does not tell whether an image exists."""
    image = team.asked_for()["image_id"]

    refused(team.get(f"/v1/images/{image + 1}?colour=red"), 404, "not_found")
    refused(team.get(f"/v1/images/{image}?colour=red"), 422, "validation_failed")
