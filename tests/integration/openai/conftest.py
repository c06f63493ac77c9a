"""A stand-in of OpenAI's, and our adapter asking it: started once, as good as new for each test."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tearsheet.adapters.openai_images.model import OpenAIImages
from tests.integration.openai_models import model_at
from tests.services.openai_stand_in import StandIn, stand_in


@pytest.fixture(scope="session")
def one_server() -> Iterator[StandIn]:
    """The server of all tests that do not start their own."""
    with stand_in() as server:
        yield server


@pytest.fixture
def server(one_server: StandIn) -> StandIn:
    """Strict, without a past, and well behaved until told otherwise."""
    one_server.forget()
    return one_server


@pytest.fixture(scope="session")
async def one_model(one_server: StandIn, anyio_backend: str) -> AsyncIterator[OpenAIImages]:
    """The adapter: making its client is what takes long."""
    async with model_at(one_server) as model:
        yield model


@pytest.fixture
def images(one_model: OpenAIImages, server: StandIn) -> OpenAIImages:
    """The adapter, asking ``server``."""
    return one_model
