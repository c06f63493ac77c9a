"""What ``BlobStore`` promises: bytes under keys of our own making."""

import hashlib
import zlib
from datetime import timedelta

import anyio
import anyio.lowlevel
import httpx
import pytest

from tearsheet.core.errors import BlobMissing, Conflict
from tearsheet.core.gallery.image import Blob
from tearsheet.core.ids import BlobKey
from tearsheet.core.ports import BlobStore, StoredBlob, read_whole
from tests.examples import SECOND, a_key
from tests.integration.opening import Shelf

KEY, OTHER = a_key(1), a_key(2, "webp")
LARGE = bytes(range(256)) * 4096 * 5
"""5 MiB: more than one piece for any store."""


def described(key: BlobKey, data: bytes) -> Blob:
    """What is true of these bytes."""
    sha256 = hashlib.sha256(data).hexdigest()
    return Blob(key=key, size=len(data), sha256=sha256, crc32=zlib.crc32(data))


async def held(blobs: BlobStore) -> dict[BlobKey, int]:
    """Every key and size that the store lists."""
    return {blob.key: blob.size async for blob in blobs.all()}


async def part(blobs: BlobStore, start: int, stop: int | None) -> bytes:
    """A range, its pieces put together."""
    return b"".join([piece async for piece in await blobs.open(KEY, start, stop)])


class BlobsContract:
    """Bytes, written once and never changed."""

    @pytest.mark.parametrize("data", [b"", b"x", b"\x00\xff\r\n" * 9, LARGE])
    async def test_bytes_come_back_as_they_were_put(self, shelf: Shelf, data: bytes) -> None:
        """Whole, however many; and what is said of them is true."""
        blob = await shelf.blobs.put(KEY, data)

        assert blob == described(KEY, data)
        assert await read_whole(shelf.blobs, KEY) == data

    async def test_a_taken_key_is_refused(self, shelf: Shelf) -> None:
        """The bytes that are there stay, whatever was tried."""
        await shelf.blobs.put(KEY, b"first")

        for data in (b"second", b"first", b""):
            with pytest.raises(Conflict):
                await shelf.blobs.put(KEY, data)

        assert await read_whole(shelf.blobs, KEY) == b"first"
        assert await held(shelf.blobs) == {KEY: 5}

    async def test_of_ten_who_put_under_one_key_one_succeeds(self, shelf: Shelf) -> None:
        """All or nothing: what is there afterwards is the winner's, to the last byte."""
        won: list[Blob] = []
        lost: list[int] = []

        async def put(number: int) -> None:
            try:
                won.append(await shelf.blobs.put(KEY, bytes([number]) * 300_000))
            except Conflict:
                lost.append(number)

        async with anyio.create_task_group() as group:
            for number in range(10):
                group.start_soon(put, number)

        assert (len(won), len(lost)) == (1, 9)
        assert described(KEY, await read_whole(shelf.blobs, KEY)) == won[0]

    async def test_no_reader_ever_sees_a_part(self, shelf: Shelf) -> None:
        """Somebody who looks while bytes are put finds none or all of them."""
        seen: set[int] = set()
        done = anyio.Event()

        async def watch() -> None:
            while not done.is_set():
                try:
                    seen.add(len(await read_whole(shelf.blobs, KEY)))
                except BlobMissing:
                    seen.add(0)
                seen.update((await held(shelf.blobs)).values())
                await anyio.lowlevel.checkpoint()

        async with anyio.create_task_group() as group:
            group.start_soon(watch)
            await anyio.lowlevel.checkpoint()
            await shelf.blobs.put(KEY, LARGE)
            done.set()

        assert seen <= {0, len(LARGE)}

    async def test_stat_tells_size_and_age(self, shelf: Shelf) -> None:
        """By the store's clock, to the second."""
        before = shelf.now()
        await shelf.blobs.put(KEY, b"12345")

        blob = await shelf.blobs.stat(KEY)

        assert blob == StoredBlob(KEY, 5, blob.stored_at)
        assert blob.stored_at.utcoffset() == timedelta(0)
        assert before - SECOND <= blob.stored_at <= shelf.now() + SECOND

    @pytest.mark.parametrize(
        ("start", "stop", "expected"),
        [
            (0, None, b"0123456789"),
            (0, 10, b"0123456789"),
            (3, None, b"3456789"),
            (3, 4, b"3"),
            (9, 10, b"9"),
            (0, 0, b""),
            (4, 4, b""),
            (10, None, b""),
            (50, 60, b""),
            (5, 1_000, b"56789"),
        ],
    )
    async def test_a_range_ends_before_its_stop(
        self, shelf: Shelf, start: int, stop: int | None, expected: bytes
    ) -> None:
        """From ``start`` up to, not including, ``stop``, and never past the end."""
        await shelf.blobs.put(KEY, b"0123456789")

        assert await part(shelf.blobs, start, stop) == expected

    async def test_a_large_range_comes_in_pieces_that_fit(self, shelf: Shelf) -> None:
        """Across the seams nothing is lost and nothing repeats."""
        await shelf.blobs.put(KEY, LARGE)

        for start, stop in ((1, len(LARGE) - 1), (2**21 - 1, 2**21 + 1), (2**22, None)):
            assert await part(shelf.blobs, start, stop) == LARGE[start:stop]

    async def test_what_is_not_there_is_missing(self, shelf: Shelf) -> None:
        """Before the first piece, and with the key that was asked for."""
        await shelf.blobs.put(OTHER, b"x")

        with pytest.raises(BlobMissing) as opened:
            await shelf.blobs.open(KEY)
        with pytest.raises(BlobMissing) as described:
            await shelf.blobs.stat(KEY)

        assert opened.value.key == described.value.key == KEY

    async def test_a_link_leads_to_the_bytes(self, shelf: Shelf) -> None:
        """Where the store has links: anybody's ``GET`` is answered with them, ranges as well."""
        await shelf.blobs.put(KEY, b"0123456789")

        link = await shelf.blobs.link(KEY, timedelta(minutes=1))

        if link is not None:
            async with httpx.AsyncClient() as anybody:
                whole = await anybody.get(link)
                some = await anybody.get(link, headers={"Range": "bytes=3-5"})
            assert (whole.status_code, whole.content) == (200, b"0123456789")
            assert whole.headers["content-type"] == "image/png"
            assert (some.status_code, some.content) == (206, b"345")

    async def test_a_link_to_ask_with_head(self, shelf: Shelf) -> None:
        """Tells the size, or there is none, as for ``GET``."""
        await shelf.blobs.put(KEY, b"0123456789")

        link = await shelf.blobs.link(KEY, timedelta(minutes=1), "HEAD")

        assert (link is None) == (await shelf.blobs.link(KEY, timedelta(minutes=1)) is None)
        if link is not None:
            async with httpx.AsyncClient() as anybody:
                answer = await anybody.head(link)
            assert (answer.status_code, answer.headers["content-length"]) == (200, "10")

    async def test_a_link_does_not_ask_for_the_bytes(self, shelf: Shelf) -> None:
        """To nothing there is one as well; it leads nowhere."""
        link = await shelf.blobs.link(KEY, timedelta(minutes=1))

        if link is not None:
            async with httpx.AsyncClient() as anybody:
                assert (await anybody.get(link)).status_code == 404

    async def test_removed_bytes_are_forgotten(self, shelf: Shelf) -> None:
        """Those under other keys are not."""
        await shelf.blobs.put(KEY, b"1")
        await shelf.blobs.put(OTHER, b"22")

        await shelf.blobs.remove(KEY)

        assert await held(shelf.blobs) == {OTHER: 2}
        with pytest.raises(BlobMissing):
            await shelf.blobs.open(KEY)

    async def test_removing_what_is_not_there_does_nothing(self, shelf: Shelf) -> None:
        """Never there, or not any more."""
        await shelf.blobs.put(KEY, b"1")

        await shelf.blobs.remove(OTHER)
        await shelf.blobs.remove(KEY)
        await shelf.blobs.remove(KEY)

        assert await held(shelf.blobs) == {}

    async def test_all_lists_everything_once(self, shelf: Shelf) -> None:
        """With size and age, as ``stat`` tells them."""
        keys = [a_key(number * 2**150, "jpeg") for number in range(1, 60)]
        for size, key in enumerate(keys):
            await shelf.blobs.put(key, b"x" * size)

        listed = [blob async for blob in shelf.blobs.all()]

        assert sorted(blob.key for blob in listed) == sorted(keys)
        assert {blob.key: blob for blob in listed} == {
            key: await shelf.blobs.stat(key) for key in keys
        }

    async def test_an_empty_store_lists_nothing(self, shelf: Shelf) -> None:
        """Not even what it keeps for itself."""
        assert await held(shelf.blobs) == {}

    async def test_what_is_listed_may_be_removed_on_the_way(self, shelf: Shelf) -> None:
        """As a sweep does."""
        for number in range(1, 30):
            await shelf.blobs.put(a_key(number * 2**150), b"x")

        async for blob in shelf.blobs.all():
            await shelf.blobs.remove(blob.key)

        assert await held(shelf.blobs) == {}

    async def test_a_store_that_works_passes_its_check(self, shelf: Shelf) -> None:
        """And the check leaves nothing behind."""
        await shelf.blobs.check()

        assert await held(shelf.blobs) == {}
