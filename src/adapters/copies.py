"""The same bytes under many keys, in whichever way a blob store does that best."""

import asyncio
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from ..core.ids import BlobKey
from ..core.ports import BlobStore

AT_ONCE = 16

Copies = Sequence[tuple[bytes, Sequence[BlobKey]]]


@runtime_checkable
class PutsCopies(Protocol):
    """A blob store with a quick way."""

    async def put_copies(self, copies: Copies) -> None:
        """Keep each of the bytes under all its keys, durably."""
        ...


async def put_copies(blobs: BlobStore, copies: Copies) -> None:
    """Keep each of the bytes under all its keys; each can be removed without the others."""
    if isinstance(blobs, PutsCopies):
        await blobs.put_copies(copies)
        return
    slots = asyncio.Semaphore(AT_ONCE)

    async def put(key: BlobKey, data: bytes) -> None:
        async with slots:
            await blobs.put(key, data)

    async with asyncio.TaskGroup() as group:
        for data, keys in copies:
            for key in keys:
                group.create_task(put(key, data))
