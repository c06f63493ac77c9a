"""The client reads the body of an error to its end; one without an end is cut off here.

Imported with the client: it stands on the client's transport.
"""

from collections.abc import AsyncIterator

import httpx2

LONGEST_ERROR = 1024 * 1024
"""Bytes."""


async def errors_capped(response: httpx2.Response) -> None:
    """For the client's hook on responses, which runs before their bodies are read."""
    if response.is_error and isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = _Beginning(response.stream)


class _Beginning(httpx2.AsyncByteStream):
    """A stream up to ``LONGEST_ERROR``, then an error of the transport."""

    def __init__(self, whole: httpx2.AsyncByteStream) -> None:
        self._whole = whole

    async def __aiter__(self) -> AsyncIterator[bytes]:
        length = 0
        async for piece in self._whole:
            length += len(piece)
            if length > LONGEST_ERROR:
                raise httpx2.ReadError("an error of this length says nothing")
            yield piece

    async def aclose(self) -> None:
        await self._whole.aclose()
