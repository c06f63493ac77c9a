"""Every image model, and every maker of thumbnails, keeps every promise of its port."""

from collections.abc import Callable

import pytest

from tearsheet.adapters.memory import BlankThumbnails
from tearsheet.core.ports import Thumbnails
from tests.integration.contracts.models import ModelsContract
from tests.integration.contracts.thumbnails import ThumbnailsContract


def pillow() -> Thumbnails:
    """The real ones."""
    from tearsheet.adapters.thumbnails import PillowThumbnails

    return PillowThumbnails()


THUMBNAILS: dict[str, Callable[[], Thumbnails]] = {"blank": BlankThumbnails, "pillow": pillow}


class TestModels(ModelsContract):
    """Runs once for each model in ``opening.MODELS``."""


class TestThumbnails(ThumbnailsContract):
    """Runs once for each maker of thumbnails."""

    @pytest.fixture(params=THUMBNAILS)
    def thumbnails(self, request: pytest.FixtureRequest) -> Thumbnails:
        """Each in turn."""
        return THUMBNAILS[request.param]()
