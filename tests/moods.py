"""An image model whose answer depends on what it is asked for."""

import attrs

from tearsheet.adapters.fake_models import Instant
from tearsheet.core.gallery.model import (
    Call,
    ImageRequest,
    ModelError,
    PaintedImage,
    SourceImage,
    Trouble,
)


@attrs.define
class Moody(Instant):
    """Refuses what is forbidden, is asleep when asked for sleepy things, and paints the rest."""

    def _mind(self, request: ImageRequest) -> None:
        if "forbidden" in request.prompt:
            raise ModelError(Trouble.REFUSED, "Not that.")
        if "sleepy" in request.prompt:
            raise ModelError(Trouble.UNAVAILABLE, "Asleep.")

    async def generate(self, request: ImageRequest, call: Call) -> PaintedImage:
        """By mood."""
        self._mind(request)
        return await Instant().generate(request, call)

    async def edit(
        self, request: ImageRequest, source: SourceImage, mask: SourceImage | None, call: Call
    ) -> PaintedImage:
        """By mood."""
        self._mind(request)
        return await Instant().edit(request, source, mask, call)
