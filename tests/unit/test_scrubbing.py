"""Reading stored bytes again: what is found is told, and nothing is touched."""

from collections.abc import Callable

import attrs
import pytest

from tearsheet.adapters.memory import MemoryBlobs
from tearsheet.core import checkup
from tearsheet.core.errors import Unavailable
from tearsheet.core.findings import Trouble
from tearsheet.core.gallery import curating
from tearsheet.core.gallery.image import Blob, Image
from tearsheet.core.gallery.search import Search
from tearsheet.core.ids import BlobKey
from tearsheet.core.ports import StoredBlob
from tearsheet.core.scrubbing import Mark, scrub
from tests.unit.world import World


async def damage(world: World, blob: Blob, data: bytes | None) -> None:
    """Other bytes behind our back, or none."""
    await world.ports.blobs.remove(blob.key)
    if data is not None:
        await world.ports.blobs.put(blob.key, data)


def flipped(data: bytes) -> bytes:
    """One bit of it is another."""
    return data[:-1] + bytes([data[-1] ^ 1])


DAMAGES: tuple[Callable[[bytes], bytes | None], ...] = (
    flipped,
    lambda data: data[:-1],
    lambda data: None,
)


async def original(world: World, image: Image) -> tuple[Blob, bytes]:
    """Its bytes, and what is known of them."""
    assert image.picture is not None
    blob = image.picture.original
    return blob, b"".join([piece async for piece in await world.ports.blobs.open(blob.key)])


async def scrubbed(world: World, most: int) -> list[tuple[int, list[tuple[Trouble, str]]]]:
    """Each step of a whole round: how many images, and what is wrong with which."""
    mark: Mark | None = None
    steps: list[tuple[int, list[tuple[Trouble, str]]]] = []
    while True:
        step = await scrub(world.ports, mark, most)
        if step.mark is None:
            return steps
        mark = step.mark
        steps.append((step.images, [(each.trouble, each.subject) for each in step.findings]))


async def test_a_round_looks_at_every_image_once() -> None:
    """Those in the trash too, of every team, a few at a time; then it begins anew."""
    world = await World.of()
    for _ in range(4):
        await world.ready()
    await world.trashed()

    assert await scrubbed(world, 3) == [(3, []), (1, []), (1, [])]


@pytest.mark.parametrize("most", [1, 10])
async def test_what_is_wrong_is_said_of_that_image_alone(most: int) -> None:
    """One bit that is another, a byte too few, nothing at all; the images stay as they are."""
    world = await World.of()
    images = [await world.ready() for _ in range(4)]
    for image, damaged in zip(images, DAMAGES, strict=False):
        blob, data = await original(world, image)
        await damage(world, blob, damaged(data))

    found = [each for _, findings in await scrubbed(world, most) for each in findings]

    assert sorted(found, key=lambda each: int(each[1])) == [
        (Trouble.DAMAGED_BYTES, str(images[0].id)),
        (Trouble.DAMAGED_BYTES, str(images[1].id)),
        (Trouble.MISSING_BYTES, str(images[2].id)),
    ]
    assert await world.images() == {image.id for image in images}


async def test_the_doctor_reads_bytes_only_when_told() -> None:
    """A bit that is another shows when everything is read; mending leaves it as it is."""
    world = await World.of()
    blob, data = await original(world, await world.ready())
    await damage(world, blob, flipped(data))

    quick = [finding async for finding in checkup.examine(world.ports)]
    whole = [finding async for finding in checkup.examine(world.ports, mend=True, whole=True)]

    assert quick == []
    assert [(each.trouble, each.mended) for each in whole] == [(Trouble.DAMAGED_BYTES, False)]
    assert blob.key in await world.stored()


class Away(MemoryBlobs):
    """A store that does not answer."""

    async def stat(self, key: BlobKey) -> StoredBlob:
        """Nothing."""
        raise Unavailable("The blob folder is not there.")


async def test_a_store_that_is_away_is_no_finding() -> None:
    """Nothing is concluded: it is an outage, and the same images are looked at next time."""
    world = await World.of()
    await world.ready()

    with pytest.raises(Unavailable):
        await scrub(attrs.evolve(world.ports, blobs=Away(world.clock)), None, 10)


@attrs.define
class LateBlobs(MemoryBlobs):
    """A store that is asked just after somebody removed an image, and so its bytes."""

    world: World
    image: Image

    async def stat(self, key: BlobKey) -> StoredBlob:
        """Gone."""
        if self.image.id in await self.world.images(Search(trashed=True)):
            await curating.remove_forever(self.world.ports, self.world.us, self.image.id)
        return await self.world.ports.blobs.stat(key)


async def test_an_image_removed_meanwhile_is_no_finding() -> None:
    """Its bytes are gone by right."""
    world = await World.of()
    late = LateBlobs(world, await world.trashed())

    step = await scrub(attrs.evolve(world.ports, blobs=late), None, 10)

    assert (step.images, step.findings) == (1, ())
