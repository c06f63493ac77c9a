"""Every image model, and every maker of thumbnails, keeps every promise of its port."""

from collections.abc import AsyncIterator, Callable

import pytest

from tearsheet.adapters.memory import BlankThumbnails
from tearsheet.core.ports import ImageModel, Thumbnails
from tests.integration.contracts.masking import MaskingContract
from tests.integration.contracts.models import ModelsContract
from tests.integration.contracts.thumbnails import ThumbnailsContract
from tests.integration.opening import MODELS


def pillow() -> Thumbnails:
    """The real ones."""
    from tearsheet.adapters.thumbnails import PillowThumbnails

    return PillowThumbnails()


THUMBNAILS: dict[str, Callable[[], Thumbnails]] = {"blank": BlankThumbnails, "pillow": pillow}


class TestModels(ModelsContract):
    """Runs once for each model in ``opening.MODELS``."""


class TestMasking(MaskingContract):
    """Runs for the painter, and for the OpenAI API."""

    @pytest.fixture(params=["painter", "openai"])
    async def masking(
        self, request: pytest.FixtureRequest, anyio_backend: str
    ) -> AsyncIterator[ImageModel]:
        """The models of ours that look at masks."""
        async with MODELS[request.param]() as model:
            yield model


class TestThumbnails(ThumbnailsContract):
    """Runs once for each maker of thumbnails."""

    @pytest.fixture(params=THUMBNAILS)
    def thumbnails(self, request: pytest.FixtureRequest) -> Thumbnails:
        """Each in turn."""
        return THUMBNAILS[request.param]()
