"""The place in a bucket where blobs are: whether it is there, and is ours."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotSupportedError
from obstore.store import S3Store

from ...core.errors import BlobMissing, Unavailable
from ...core.ids import BlobKey
from ..bucket import READ, WRITE, Bucket
from .refusals import Trouble, translated

SENTINEL = "tearsheet-blobs"
"""Marks the place as ours. When it is missing, the place is: that is an outage, not a deletion."""

_TEXT = b"Pictures of tearsheet. Do not delete this object.\n"


class Place:
    """A bucket and a prefix, with a client for each thing that takes its time."""

    def __init__(self, bucket: Bucket) -> None:
        """Nothing is asked yet."""
        self.bucket = bucket
        self.reading = S3Store(bucket.name, **bucket.arguments(READ))
        self.writing = S3Store(bucket.name, **bucket.arguments(WRITE))
        self.linking = S3Store(bucket.name, **bucket.arguments(READ, public=True))

    async def mark(self) -> bool:
        """Put the sentinel where there is none; says whether the store refuses a taken key.

        A store that does not know the condition ignores it, or answers that it is not implemented.
        """
        with translated(self.bucket):
            try:
                for _ in range(2):
                    await self._put_sentinel("create")
            except AlreadyExistsError:
                return True
            except NotSupportedError:
                await self._put_sentinel("overwrite")
            except BaseError as error:
                if Trouble.of(error).status != 501:
                    raise
                await self._put_sentinel("overwrite")
        return False

    async def _put_sentinel(self, mode: Literal["create", "overwrite"]) -> None:
        try:
            await obstore.put_async(self.writing, SENTINEL, _TEXT, mode=mode, use_multipart=False)
        except FileNotFoundError:
            raise self.away() from None

    async def check(self) -> None:
        """Raise ``Unavailable`` when the sentinel is not there."""
        try:
            with translated(self.bucket):
                await obstore.head_async(self.reading, SENTINEL)
        except FileNotFoundError:
            raise self.away() from None

    def away(self) -> Unavailable:
        """The place is not there."""
        return Unavailable(f"It is not there, or not marked as ours: {self.bucket}.")

    @asynccontextmanager
    async def missing_means(self, key: BlobKey) -> AsyncIterator[None]:
        """While the block runs, no object means no blob, unless the whole place is away."""
        try:
            with translated(self.bucket):
                yield
        except FileNotFoundError:
            await self.check()
            raise BlobMissing(key) from None
