"""Blobs in a dictionary."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

from ...core.errors import BlobMissing, Conflict
from ...core.gallery.image import Blob
from ...core.ids import BlobKey
from ...core.ports import LinkMethod, StoredBlob
from ..digests import describe


class MemoryBlobs:
    """A ``BlobStore`` that forgets everything with the process."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._held: dict[BlobKey, tuple[bytes, datetime]] = {}

    async def put(self, key: BlobKey, data: bytes) -> Blob:
        """Keep the bytes."""
        if key in self._held:
            raise Conflict(f"{key} is taken")
        self._held[key] = (bytes(data), self._now())
        return describe(key, data)

    async def stat(self, key: BlobKey) -> StoredBlob:
        """Size and age."""
        data, stored_at = self._get(key)
        return StoredBlob(key, len(data), stored_at)

    async def open(
        self, key: BlobKey, start: int = 0, stop: int | None = None
    ) -> AsyncIterator[bytes]:
        """The bytes of the range, in one piece."""
        data, _ = self._get(key)
        return _one_piece(data[start:stop])

    async def remove(self, key: BlobKey) -> None:
        """Forget the bytes."""
        self._held.pop(key, None)

    async def link(self, key: BlobKey, lasting: timedelta, method: LinkMethod = "GET") -> None:
        """There are none."""

    async def all(self) -> AsyncIterator[StoredBlob]:
        """Everything that was held when the listing began."""
        for key, (data, stored_at) in list(self._held.items()):
            yield StoredBlob(key, len(data), stored_at)

    async def check(self) -> None:
        """Memory is always there."""

    def _get(self, key: BlobKey) -> tuple[bytes, datetime]:
        if key not in self._held:
            raise BlobMissing(key)
        return self._held[key]


async def _one_piece(data: bytes) -> AsyncIterator[bytes]:
    if data:
        yield data
