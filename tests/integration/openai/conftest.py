"""A stand-in of OpenAI's, and our adapter asking it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tearsheet.adapters.openai_images.model import OpenAIImages
from tests.integration.openai_models import model_at
from tests.services.openai_stand_in import StandIn, stand_in


@pytest.fixture
def server() -> Iterator[StandIn]:
    """Strict, and well behaved until told otherwise."""
    with stand_in() as server:
        yield server


@pytest.fixture
async def images(server: StandIn, anyio_backend: str) -> AsyncIterator[OpenAIImages]:
    """The adapter, asking ``server``."""
    async with model_at(server) as model:
        yield model
