"""Blobs as objects of an S3-style store: whole or not there, and never replaced."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError

from ...core.errors import BlobMissing, Conflict, Unavailable
from ...core.gallery.image import Blob
from ...core.gallery.picture import media_type_of
from ...core.ids import BlobKey, is_blob_key
from ...core.ports import LinkMethod, StoredBlob
from ..bucket import Bucket
from ..digests import describe
from .place import Place
from .refusals import Trouble, meaning, translated

if TYPE_CHECKING:
    from obstore import ObjectMeta

PIECE = 2 * 1024 * 1024
"""Bytes asked for at once: most pictures in one go, and no more memory than this for the others."""

PATIENCE = 5.0
"""Seconds that a check takes at most."""

_ATTEMPTS = 3
_PAGE = 1000
_MARK = "tearsheet-put"
_KEPT_BY_BROWSERS = "private, max-age=3600, immutable"


class S3Blobs:
    """A ``BlobStore`` in a bucket, under a prefix. Other objects there are not looked at."""

    def __init__(self, bucket: Bucket, shift: timedelta) -> None:
        """Use ``open_bucket``, which also finds out whether the place is there."""
        self._place = Place(bucket)
        self._shift = shift
        self._conditional = True

    @classmethod
    async def open_bucket(cls, bucket: Bucket, shift: timedelta = timedelta(0)) -> "S3Blobs":
        """Take the place over, marking it when it is new; raises ``Unavailable``.

        ``shift`` is how far the service's clock is from the store's, in drills: blobs are as old
        as the service thinks.
        """
        blobs = cls(bucket, shift)
        blobs._conditional = await blobs._place.mark()
        return blobs

    async def put(self, key: BlobKey, data: bytes) -> Blob:
        """Send the bytes in one request, which the store refuses when the key is taken.

        An answer can get lost, and the request be sent again; then it is our own bytes that are
        in the way. So each call leaves a mark of its own with the object, and knows it again.
        """
        _check_key(key)
        mark = secrets.token_hex(16)
        for attempt in range(_ATTEMPTS):
            try:
                await self._send(key, data, mark)
                break
            except AlreadyExistsError:
                found = await self._mark_of(key)
                if found == mark:
                    break
                if found is not None:
                    raise Conflict(f"{key} is taken") from None
                # else somebody else was at this key, and nothing came of it
            except BaseError as error:
                if attempt > 0 or not Trouble.of(error).lost:
                    raise meaning(self._place.bucket, error) from None
        else:
            raise Unavailable(f"Others keep writing {key} in {self._place.bucket}.")
        return await asyncio.to_thread(describe, key, data)

    async def _send(self, key: BlobKey, data: bytes, mark: str) -> None:
        if not self._conditional and await self._mark_of(key) not in (None, mark):
            raise Conflict(f"{key} is taken")
        try:
            await obstore.put_async(
                self._place.writing,
                key,
                data,
                mode="create" if self._conditional else "overwrite",
                use_multipart=False,
                attributes={
                    "Content-Type": media_type_of(key),
                    "Cache-Control": _KEPT_BY_BROWSERS,
                    _MARK: mark,
                },
            )
        except FileNotFoundError:
            raise self._place.away() from None

    async def _mark_of(self, key: BlobKey) -> str | None:
        """What the ``put`` of this object left with it; None when there is no object."""
        try:
            async with self._place.missing_means(key):
                found = await obstore.get_async(self._place.reading, key, options={"head": True})
        except BlobMissing:
            return None
        return found.attributes.get(_MARK, "")

    async def stat(self, key: BlobKey) -> StoredBlob:
        """Size and age."""
        _check_key(key)
        async with self._place.missing_means(key):
            found = await obstore.head_async(self._place.reading, key)
        return self._stored(found)

    async def open(
        self, key: BlobKey, start: int = 0, stop: int | None = None
    ) -> AsyncIterator[bytes]:
        """The range, in pieces of at most ``PIECE`` bytes, each a request of its own."""
        _check_key(key)
        if stop is not None and stop <= start:
            await self.stat(key)
            return _nothing()
        first, size = await self._read(key, start, stop)
        return self._pieces(key, start, size if stop is None else min(stop, size), first)

    async def _pieces(
        self, key: BlobKey, start: int, stop: int, piece: bytes
    ) -> AsyncIterator[bytes]:
        while piece:
            yield piece
            start += len(piece)
            if start >= stop:
                return
            piece, _ = await self._read(key, start, stop)
        if start < stop:
            raise BlobMissing(key)  # it became shorter: nobody may take this for the whole

    async def _read(self, key: BlobKey, start: int, stop: int | None) -> tuple[bytes, int]:
        """A piece, and the size of the whole. The library refuses a piece that comes cut short."""
        end = start + PIECE if stop is None else min(stop, start + PIECE)
        async with self._place.missing_means(key):
            try:
                found = await obstore.get_async(
                    self._place.reading, key, options={"range": (start, end)}
                )
                return (await found.bytes_async()).to_bytes(), found.meta["size"]
            except BaseError as error:
                if Trouble.of(error).status != 416:
                    raise
        return b"", 0  # no byte of it is in this range

    async def remove(self, key: BlobKey) -> None:
        """Forget the object."""
        _check_key(key)
        try:
            async with self._place.missing_means(key):
                await obstore.delete_async(self._place.writing, key)
        except BlobMissing:
            pass

    async def all(self) -> AsyncIterator[StoredBlob]:
        """Every blob, a page at a time."""
        await self._place.check()
        pages = aiter(obstore.list(self._place.reading, chunk_size=_PAGE))
        while True:
            with translated(self._place.bucket):
                page = await anext(pages, None)
            if page is None:
                return
            for found in page:
                if is_blob_key(found["path"]):
                    yield self._stored(found)

    async def check(self) -> None:
        """The place is there, is ours, and takes an object: its mark, which it has already."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._place.check()
                await self._place.mark()
        except TimeoutError:
            raise Unavailable(f"{self._place.bucket} takes too long.") from None

    async def link(
        self, key: BlobKey, lasting: timedelta, method: LinkMethod = "GET"
    ) -> str | None:
        """A presigned address."""
        _check_key(key)
        with translated(self._place.bucket):
            return await obstore.sign_async(self._place.linking, method, key, lasting)

    def _stored(self, found: "ObjectMeta") -> StoredBlob:
        moment = found["last_modified"].astimezone(UTC) + self._shift
        return StoredBlob(BlobKey(found["path"]), found["size"], moment)


def _check_key(key: BlobKey) -> None:
    if not is_blob_key(key):
        raise BlobMissing(key)


async def _nothing() -> AsyncIterator[bytes]:
    pieces: tuple[bytes, ...] = ()
    for piece in pieces:
        yield piece
