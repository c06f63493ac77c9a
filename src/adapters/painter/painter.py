"""The image model that is always there: it needs no key and no network."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ...core.errors import UnsupportedByModel
from ...core.gallery.model import (
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
from .editing import edit
from .files import editable, encoded, on_white, source_of
from .painting import paint

_DETAIL = {"low": 0, "medium": 1, "high": 2, "auto": 1}

CAPABILITIES = ModelCapabilities(
    name="painter",
    sizes=SizeGrid(step=16, shortest=256, longest=2048),
    default_size=PixelSize(1024, 1024),
    qualities=("low", "medium", "high", "auto"),
    default_quality="auto",
    backgrounds=("opaque",),
    can_edit=True,
    can_mask=True,
    deterministic=True,
)


class Painter:
    """Paints landscapes, still lifes, portraits and posters, offline and deterministically.

    A new picture follows from the prompt alone; size, quality and format say how it is carried
    out. An edit follows from the prompt and the bytes of source and mask. The same request gives
    the same bytes (as long as Pillow encodes them the same way). Words that it knows choose
    subject, colours, light and style; where it knows none, the hash of the request chooses.

    ``generate`` and ``edit`` raise ``ModelError``: ``INVALID`` for what ``capabilities`` rules
    out and for bytes that cannot be decoded, ``TIMEOUT`` when the call's time is up. The work is
    done in two threads, so a third call waits.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="painter")

    @property
    def capabilities(self) -> ModelCapabilities:
        """What it takes."""
        return CAPABILITIES

    async def generate(self, request: ImageRequest, call: Call) -> PaintedImage:
        """A new picture, 1024x1024 unless the request says otherwise."""
        _check(request)
        return await self._in_thread(lambda: _generate(request), call)

    async def edit(
        self, request: ImageRequest, source: SourceImage, mask: SourceImage | None, call: Call
    ) -> PaintedImage:
        """A variant of the source, in its own size unless the request says otherwise.

        With a mask, only those pixels change where its alpha is 0; a mask without transparency
        therefore changes nothing. A mask of another size is stretched over the source.
        """
        _check(request, edit=True, masked=mask is not None)
        return await self._in_thread(lambda: _edit(request, source, mask), call)

    async def _in_thread(self, work: Callable[[], bytes], call: Call) -> PaintedImage:
        try:
            async with asyncio.timeout(call.timeout.total_seconds()):
                data = await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except TimeoutError as error:
            raise ModelError(Trouble.TIMEOUT, "The painter was not ready in time.") from error
        return PaintedImage(data=data)


def _check(request: ImageRequest, *, edit: bool = False, masked: bool = False) -> None:
    try:
        CAPABILITIES.check(request, edit=edit, masked=masked)
    except UnsupportedByModel as error:
        raise ModelError(Trouble.INVALID, error.message) from error


def _generate(request: ImageRequest) -> bytes:
    size = request.size or CAPABILITIES.default_size
    assert size is not None
    detail = _DETAIL[request.quality or "auto"]
    return encoded(paint(request.prompt, size, detail), request.format, detail)


def _edit(request: ImageRequest, source: SourceImage, mask: SourceImage | None) -> bytes:
    detail = _DETAIL[request.quality or "auto"]
    picture = source_of(source, "source")
    seeds = [source.data]
    area = None
    if request.background == "opaque":
        picture = on_white(picture)
    if mask is not None:
        area = editable(mask, picture.size)
        seeds.append(mask.data)
    result = edit(request.prompt, picture, area, request.size, detail, *seeds)
    return encoded(result, request.format, detail)
