"""An image model that is left alone while its account or its key is known not to work."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from ..core.gallery.model import (
    Call,
    ImageRequest,
    ModelCapabilities,
    ModelError,
    PaintedImage,
    SourceImage,
    Trouble,
)
from ..core.ports import ImageModel

log = logging.getLogger("tearsheet.models")

PAUSE = timedelta(seconds=30)
"""Between two questions to a provider that only its operator can bring back."""

OPERATORS = frozenset({Trouble.UNFUNDED, Trouble.MISCONFIGURED})
SILENCE = frozenset({Trouble.UNAVAILABLE, Trouble.TIMEOUT})
"""Troubles that say nothing about account and key."""


class Breaker:
    """Calls fail at once for ``PAUSE`` after an ``OPERATORS`` trouble; then one asks again.

    The operator reads one line in the log (ERROR) when it begins or changes its kind, and one
    when it is over.
    """

    def __init__(
        self, model: ImageModel, now: Callable[[], datetime], pause: timedelta = PAUSE
    ) -> None:
        self._model = model
        self._now = now
        self._pause = pause
        self._open: ModelError | None = None
        self._ask_again_at = now()

    @property
    def capabilities(self) -> ModelCapabilities:
        """Those of the model."""
        return self._model.capabilities

    async def generate(self, request: ImageRequest, call: Call) -> PaintedImage:
        """Ask the model, unless it is known that it will not paint."""
        async with self._watched():
            return await self._model.generate(request, call)

    async def edit(
        self, request: ImageRequest, source: SourceImage, mask: SourceImage | None, call: Call
    ) -> PaintedImage:
        """The same."""
        async with self._watched():
            return await self._model.edit(request, source, mask, call)

    @asynccontextmanager
    async def _watched(self) -> AsyncIterator[None]:
        if self._open is not None:
            if self._now() < self._ask_again_at:
                raise ModelError(self._open.trouble, self._open.message)
            self._ask_again_at = self._now() + self._pause
        try:
            yield
        except ModelError as error:
            if error.trouble in OPERATORS:
                self._trip(error)
            elif error.trouble not in SILENCE:
                self._mend()
            raise
        self._mend()

    def _trip(self, error: ModelError) -> None:
        name = self.capabilities.name
        if self._open is None or self._open.trouble is not error.trouble:
            log.error(
                "%s paints nothing until its operator acts (%s): jobs fail, credits go back",
                name,
                error.trouble.code,
            )
        self._open = error
        self._ask_again_at = self._now() + self._pause

    def _mend(self) -> None:
        if self._open is not None:
            log.warning("%s answers again", self.capabilities.name)
            self._open = None
