"""Image models that are named after how they behave. Products: a host tests with them.

All paint tiny files of the right size in pixels, PNG only, without any library.
"""

import asyncio
import hashlib
import struct
import zlib
from datetime import timedelta

import attrs

from ..core.gallery.model import (
    Call,
    ImageRequest,
    ModelCapabilities,
    ModelError,
    PaintedImage,
    PixelSize,
    SizeGrid,
    SourceImage,
    Trouble,
)
from ..core.gallery.picture import Format

DEFAULT_SIZE = PixelSize(64, 64)


def fake_capabilities(name: str) -> ModelCapabilities:
    """What every fake takes: sizes from 16 to 4096 pixels, PNG, edits and masks."""
    return ModelCapabilities(
        name=name,
        sizes=SizeGrid(step=16, shortest=16, longest=4096),
        default_size=DEFAULT_SIZE,
        qualities=("auto",),
        default_quality="auto",
        formats=(Format.PNG,),
        backgrounds=("opaque",),
        can_mask=True,
        deterministic=True,
    )


def striped_png(size: PixelSize, seed: bytes) -> bytes:
    """A black and white PNG, striped by the hash of ``seed``."""
    row = hashlib.sha256(seed).digest()[:1] * ((size.width + 7) // 8)
    header = struct.pack(">IIBBBBB", size.width, size.height, 1, 0, 0, 0, 0)
    pixels = zlib.compress((b"\x00" + row) * size.height, 1)
    chunks = (
        (b"IHDR", header),
        (b"tEXt", b"seed\x00" + seed.hex()[:64].encode()),
        (b"IDAT", pixels),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


@attrs.define
class Instant:
    """Paints at once."""

    capabilities: ModelCapabilities = attrs.field(factory=lambda: fake_capabilities("instant"))

    async def generate(self, request: ImageRequest, call: Call) -> PaintedImage:
        """Stripes that depend on the prompt."""
        size = request.size or DEFAULT_SIZE
        seed = hashlib.sha256(request.prompt.encode()).digest()
        return PaintedImage(data=striped_png(size, seed))

    async def edit(
        self, request: ImageRequest, source: SourceImage, mask: SourceImage | None, call: Call
    ) -> PaintedImage:
        """Stripes that depend on prompt, source and mask."""
        size = request.size or PixelSize(source.width, source.height)
        parts = (request.prompt.encode(), source.data, b"" if mask is None else mask.data)
        seed = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()
        return PaintedImage(data=striped_png(size, seed))


@attrs.define
class Flaky:
    """Fails ``times`` times, then paints."""

    times: int = 1
    trouble: Trouble = Trouble.UNAVAILABLE
    retry_after: timedelta | None = None
    capabilities: ModelCapabilities = attrs.field(factory=lambda: fake_capabilities("flaky"))

    def _stumble(self) -> None:
        if self.times > 0:
            self.times -= 1
            raise ModelError(self.trouble, "The model is asleep.", retry_after=self.retry_after)

    async def generate(self, request: ImageRequest, call: Call) -> PaintedImage:
        """Fail, or paint."""
        self._stumble()
        return await Instant().generate(request, call)

    async def edit(
        self, request: ImageRequest, source: SourceImage, mask: SourceImage | None, call: Call
    ) -> PaintedImage:
        """Fail, or paint."""
        self._stumble()
        return await Instant().edit(request, source, mask, call)


@attrs.define
class Refusing:
    """Paints nothing, on principle."""

    reason: str = "This prompt is against the rules of the model."
    capabilities: ModelCapabilities = attrs.field(factory=lambda: fake_capabilities("refusing"))

    async def generate(self, request: ImageRequest, call: Call) -> PaintedImage:
        """Refuse."""
        raise ModelError(Trouble.REFUSED, self.reason)

    async def edit(
        self, request: ImageRequest, source: SourceImage, mask: SourceImage | None, call: Call
    ) -> PaintedImage:
        """Refuse."""
        raise ModelError(Trouble.REFUSED, self.reason)


@attrs.define
class Slow:
    """Takes its time: ``delay`` for every picture, and as long as ``gate`` is closed."""

    delay: timedelta = timedelta(0)
    gate: asyncio.Event | None = None
    asked: asyncio.Event = attrs.field(factory=asyncio.Event)
    """Set once somebody waits for a picture."""
    capabilities: ModelCapabilities = attrs.field(factory=lambda: fake_capabilities("slow"))

    async def _wait(self, call: Call) -> None:
        self.asked.set()
        try:
            async with asyncio.timeout(call.timeout.total_seconds()):
                await asyncio.sleep(self.delay.total_seconds())
                if self.gate is not None:
                    await self.gate.wait()
        except TimeoutError:
            raise ModelError(Trouble.TIMEOUT, "The model took too long.") from None

    async def generate(self, request: ImageRequest, call: Call) -> PaintedImage:
        """Wait, then paint."""
        await self._wait(call)
        return await Instant().generate(request, call)

    async def edit(
        self, request: ImageRequest, source: SourceImage, mask: SourceImage | None, call: Call
    ) -> PaintedImage:
        """Wait, then paint."""
        await self._wait(call)
        return await Instant().edit(request, source, mask, call)


@attrs.define
class Garbage:
    """Answers at once, with bytes that are no picture."""

    data: bytes = b"<html>502 Bad Gateway</html>"
    capabilities: ModelCapabilities = attrs.field(factory=lambda: fake_capabilities("garbage"))

    async def generate(self, request: ImageRequest, call: Call) -> PaintedImage:
        """Garbage."""
        return PaintedImage(data=self.data)

    async def edit(
        self, request: ImageRequest, source: SourceImage, mask: SourceImage | None, call: Call
    ) -> PaintedImage:
        """Garbage."""
        return PaintedImage(data=self.data)
