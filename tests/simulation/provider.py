"""An image model that answers whatever the seed wants: a picture, every trouble, nothing at all."""

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

import attrs

from tearsheet.adapters.fake_models import fake_capabilities
from tearsheet.core.gallery.model import (
    Call,
    ImageRequest,
    ModelCapabilities,
    ModelError,
    PaintedImage,
    SourceImage,
    Trouble,
)

GARBAGE = b"<html>502 Bad Gateway</html>"
_HEADER = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x40\x00\x00\x00\x40\x01\x00\x00\x00\x00crc4"
)
"""As much of a PNG as is looked at: 64 by 64 pixels."""

TROUBLES = tuple(Trouble)


def painted_for(data: bytes) -> str:
    """The id of the job that these bytes were painted for."""
    return data[len(_HEADER) :].split(b"/")[0].decode()


@attrs.define(eq=False)
class Moody:
    """Every picture names the job that it was painted for, and no two are the same."""

    chance: random.Random
    hang: Callable[[], Awaitable[None]]
    capabilities: ModelCapabilities = attrs.field(factory=lambda: fake_capabilities("moody"))
    healthy: bool = False
    """Whether every call brings a picture."""
    calls: int = 0
    misled: list[str] = attrs.field(factory=list)
    """Jobs whose source was not what a model had painted."""

    async def generate(self, request: ImageRequest, call: Call) -> PaintedImage:
        """A picture, or what the seed wants instead."""
        self.calls += 1
        number = self.calls
        roll = 1.0 if self.healthy else self.chance.random()
        if roll < 0.06:
            await self.hang()
            raise ModelError(Trouble.TIMEOUT, "The model took too long.")
        if roll < 0.30:
            trouble = TROUBLES[int(self.chance.random() * len(TROUBLES))]
            wish = timedelta(minutes=30) if self.chance.random() < 0.2 else None
            raise ModelError(trouble, "The model is asleep.", retry_after=wish)
        if roll < 0.36:
            return PaintedImage(data=GARBAGE)
        return PaintedImage(data=_HEADER + f"{call.request_key}/{number}".encode())

    async def edit(
        self, request: ImageRequest, source: SourceImage, mask: SourceImage | None, call: Call
    ) -> PaintedImage:
        """The same; the source must be whole."""
        if not source.data.startswith(_HEADER):
            self.misled.append(call.request_key)
        return await self.generate(request, call)


async def _never() -> None:
    raise AssertionError("a steady model does not hang")


def steady() -> Moody:
    """The same on its good days: every call brings a picture."""
    return Moody(random.Random(0), _never, healthy=True)
