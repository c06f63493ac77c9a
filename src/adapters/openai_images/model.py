"""The ``ImageModel`` over the official client. It asks once: whether to ask again is the job's."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from ...core.errors import UnsupportedByModel
from ...core.gallery.model import (
    Call,
    ImageRequest,
    ModelCapabilities,
    ModelError,
    PaintedImage,
    PixelSize,
    SourceImage,
    Trouble,
)
from ..system import utc_now
from .answers import fitted, picture_in
from .asking import edit_size, fields_of
from .connection import CONNECT, Connection
from .fetching import fetched
from .options import OpenAIOptions
from .retirement import looking_ahead
from .troubles import failure
from .uploads import mask_upload, source_upload

T = TypeVar("T")


class OpenAIImages:
    """One model at one server. ``close`` it at the end.

    ``generate`` and ``edit`` raise ``ModelError`` and nothing else. ``call.timeout`` is the time
    for all of it: preparing, asking, waiting, reading.
    """

    def __init__(self, options: OpenAIOptions, now: Callable[[], datetime] = utc_now) -> None:
        self._options = options
        self._capabilities = options.capabilities
        self._connection = Connection(options, now)
        self._now = now
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="openai-pictures")

    @property
    def capabilities(self) -> ModelCapabilities:
        """What the preset says of this model."""
        return self._capabilities

    async def generate(self, request: ImageRequest, call: Call) -> PaintedImage:
        """A new picture; without a size, as large as the model likes."""
        self._check(request)
        async with _within(call):
            fields = fields_of(self._options, request, request.size)
            line = await self._connection.line()
            asking = line.api.images.with_streaming_response.generate
            return await self._paint(asking, fields, request, request.size, call)

    async def edit(
        self, request: ImageRequest, source: SourceImage, mask: SourceImage | None, call: Call
    ) -> PaintedImage:
        """A variant, as large as its source where the model paints in that size."""
        self._check(request, edit=True, masked=mask is not None)
        async with _within(call):
            size = edit_size(self._options, request, source)
            fields = fields_of(self._options, request, size)
            preset = self._options.preset
            fields["image"] = await self._in_thread(partial(source_upload, source, preset))
            if mask is not None:
                fields["mask"] = await self._in_thread(partial(mask_upload, mask, source, preset))
            line = await self._connection.line()
            asking = line.api.images.with_streaming_response.edit
            return await self._paint(asking, fields, request, size, call)

    def looking_ahead(self) -> AbstractAsyncContextManager[None]:
        """Warn, while the block runs, when the server announces the end of the model."""
        return looking_ahead(self._connection, self._options.model, self._now)

    async def close(self) -> None:
        """Give back the connections."""
        await self._connection.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _paint(
        self,
        asking: Callable[..., AbstractAsyncContextManager[Any]],
        fields: dict[str, Any],
        request: ImageRequest,
        size: PixelSize | None,
        call: Call,
    ) -> PaintedImage:
        import httpx2

        named = {"X-Client-Request-Id": f"{call.request_key}/{call.attempt}"}
        opening = asking(
            **fields,
            extra_headers={**self._connection.headers(), **named},
            timeout=httpx2.Timeout(call.timeout.total_seconds(), connect=CONNECT),
        )
        body, request_id = await self._connection.ask(opening)
        picture = await self._in_thread(partial(picture_in, body))
        if isinstance(picture, str):
            line = await self._connection.line()
            picture = await fetched(line.plain, picture, self._options)
        data = await self._in_thread(partial(fitted, picture, request.format, size))
        return PaintedImage(data=data, provider_request_id=request_id)

    def _check(self, request: ImageRequest, *, edit: bool = False, masked: bool = False) -> None:
        try:
            self._capabilities.check(request, edit=edit, masked=masked)
        except UnsupportedByModel as error:
            raise ModelError(Trouble.INVALID, error.message) from error

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


@asynccontextmanager
async def _within(call: Call) -> AsyncIterator[None]:
    """A deadline for the whole: the client's own is one for each read, which a drip outlives."""
    try:
        async with asyncio.timeout(call.timeout.total_seconds()):
            yield
    except TimeoutError as error:
        raise failure(Trouble.TIMEOUT) from error
