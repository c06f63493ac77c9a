"""Carrying out a job, with models that are named after how they behave."""

import hashlib
from datetime import timedelta

import attrs
import pytest

from tearsheet.adapters.fake_models import Flaky, Garbage, Instant, Refusing, Slow
from tearsheet.adapters.memory import MemoryBlobs
from tearsheet.core.credits import Balance, EntryKind
from tearsheet.core.errors import Problem, StorageFull
from tearsheet.core.gallery.image import Blob, ProcessingStatus
from tearsheet.core.gallery.model import Call, ImageRequest, PaintedImage, Trouble
from tearsheet.core.gallery.picture import Format, Measure, measure
from tearsheet.core.ids import BlobKey
from tearsheet.core.jobs import JobStatus
from tearsheet.core.policy import Policy
from tearsheet.core.ports import read_whole
from tearsheet.core.running import run_due
from tests.examples import MINUTE, SECOND
from tests.unit.world import World

MILLISECOND = timedelta(milliseconds=1)


async def assert_given_up(world: World, problem: Problem) -> None:
    """Our only image has failed for this reason, and its price is back."""
    [image_id] = await world.images()
    image = await world.image(image_id)
    assert (image.status, image.problem) == (ProcessingStatus.FAILED, problem)
    assert [entry.kind for entry in await world.entries()] == [EntryKind.HOLD, EntryKind.RELEASE]
    assert await world.balance() == Balance(available=100)
    assert await world.stored() == set()


async def test_a_ready_image_has_its_bytes_and_a_thumbnail() -> None:
    """What is said of the bytes is true of them."""
    world = await World.of()

    image = await world.ready(size="48x32")

    assert image.picture is not None
    data = await read_whole(world.ports.blobs, image.picture.original.key)
    assert measure(data) == Measure(Format.PNG, 48, 32)
    assert (image.picture.width, image.picture.height) == (48, 32)
    assert image.picture.original.sha256 == hashlib.sha256(data).hexdigest()
    small = await read_whole(world.ports.blobs, image.picture.thumbnail.key)
    assert measure(small).format is Format.WEBP


class Signing(Instant):
    """A model that signs its pictures behind the last chunk, where no decoder looks."""

    async def generate(self, request: ImageRequest, call: Call) -> PaintedImage:
        """A picture and a signature."""
        painted = await super().generate(request, call)
        return PaintedImage(data=painted.data + b"c2pa: \x00\xff\r\n")


async def test_every_byte_that_the_model_delivered_is_kept() -> None:
    """Nothing is decoded and written anew: a signature in the file still fits."""
    world = await World.of(Signing())

    image = await world.ready()

    assert image.picture is not None
    painted = await Signing().generate(image.request, Call(request_key="another"))
    assert await read_whole(world.ports.blobs, image.picture.original.key) == painted.data


async def test_the_price_is_captured_when_the_image_is_ready() -> None:
    """Image, job and credits change together."""
    world = await World.of()
    accepted = await world.generate()

    await world.run()

    assert (await world.job(accepted.job.id)).status is JobStatus.SUCCEEDED
    assert [entry.kind for entry in await world.entries()] == [EntryKind.HOLD, EntryKind.CAPTURE]
    assert await world.balance() == Balance(available=95, held=0)


async def test_a_variant_is_painted_from_the_bytes_of_its_source() -> None:
    """The same words over another source make another picture."""
    world = await World.of()
    first, second = await world.ready("a fox"), await world.ready("a hare")

    variants = [await world.variant_of(source.id, prompt="blue") for source in (first, second)]

    hashes = {image.picture.original.sha256 for image in variants if image.picture}
    assert len(hashes) == 2


async def test_a_ready_variant_is_an_edit_of_its_parent() -> None:
    """The parent moves up, at the moment the picture is there and not before."""
    world = await World.of()
    source = await world.ready()
    world.pass_time(MINUTE)
    await world.edit(source.id)
    world.pass_time(MINUTE)

    await world.run()

    assert (await world.image(source.id)).edited_at == world.clock()


async def test_trouble_that_may_pass_is_tried_again_later() -> None:
    """After 2 seconds, then after 4 more; then the picture is there and paid for once."""
    world = await World.of(Flaky(2))
    accepted = await world.generate()

    statuses = []
    for wait in (0 * SECOND, 2 * SECOND - MILLISECOND, MILLISECOND, 4 * SECOND):
        world.pass_time(wait)
        await world.run()
        statuses.append((await world.image(accepted.image.id)).status.value)

    assert statuses == ["pending", "pending", "pending", "ready"]
    assert (await world.job(accepted.job.id)).attempts == 3
    assert await world.balance() == Balance(available=95, held=0)


async def test_trouble_that_does_not_pass_ends_after_three_attempts() -> None:
    """Then the price is given back."""
    world = await World.of(Flaky(3))
    accepted = await world.generate()

    await world.run_for(3 * MINUTE)

    await assert_given_up(world, Problem("model_unavailable", "The model is asleep."))
    assert (await world.job(accepted.job.id)).attempts == 3


async def test_a_rate_limit_is_waited_out() -> None:
    """More often than any other trouble."""
    world = await World.of(Flaky(6, Trouble.RATE_LIMITED))
    accepted = await world.generate()

    await world.run_for(14 * MINUTE)

    assert (await world.image(accepted.image.id)).status is ProcessingStatus.READY


async def test_a_refusal_is_final_and_says_why() -> None:
    """The model's reason reaches the team, after one attempt."""
    world = await World.of(Refusing("No foxes."))
    accepted = await world.generate()

    await world.run()

    await assert_given_up(world, Problem("refused", "No foxes."))
    assert (await world.job(accepted.job.id)).attempts == 1


@pytest.mark.parametrize("data", [b"", b"<html>502</html>", b"\x89PNG\r\n\x1a\n"])
async def test_garbage_is_tried_twice_and_never_stored(data: bytes) -> None:
    """What cannot be measured is no picture, whatever the model says."""
    world = await World.of(Garbage(data))
    accepted = await world.generate()

    await world.run_for(5 * MINUTE)

    image = await world.image(accepted.image.id)
    assert image.problem is not None
    await assert_given_up(world, image.problem)
    assert image.problem.code == "model_bad_output"
    assert (await world.job(accepted.job.id)).attempts == 2


async def test_a_model_that_takes_too_long_is_given_up_after_two_attempts() -> None:
    """The time that one attempt may take is the house's to choose."""
    world = await World.of(Slow(10 * MINUTE), policy=Policy(model_timeout=timedelta(0)))
    accepted = await world.generate()

    await world.run_for(5 * MINUTE)

    await assert_given_up(world, Problem("model_timeout", "The model took too long."))
    assert (await world.job(accepted.job.id)).attempts == 2


async def test_the_house_may_keep_the_price_of_what_failed() -> None:
    """Then a failure costs as much as a success."""
    world = await World.of(Refusing(), policy=Policy(refund_failed=False))
    await world.generate()

    await world.run()

    assert [entry.kind for entry in await world.entries()] == [EntryKind.HOLD, EntryKind.CAPTURE]
    assert await world.balance() == Balance(available=95, held=0)


async def test_a_job_for_a_model_that_left_fails() -> None:
    """No other model steps in; the price is given back."""
    world = await World.of(Instant())
    await world.generate()

    await run_due(world.offering(Refusing()).ports)

    problem = Problem("model_misconfigured", "The model instant is no longer on offer.")
    await assert_given_up(world, problem)


class Full(MemoryBlobs):
    """A store without room for anything more."""

    async def put(self, key: BlobKey, data: bytes) -> Blob:
        """Refuse."""
        raise StorageFull("full")


async def test_without_room_to_store_it_an_image_fails_like_any_other() -> None:
    """It is tried again, and then given up."""
    world = await World.of()
    full = attrs.evolve(world, ports=attrs.evolve(world.ports, blobs=Full(world.clock)))
    await full.generate()

    await full.run_for(5 * MINUTE)

    problem = Problem("model_unavailable", "There is no room to store the picture.")
    await assert_given_up(full, problem)


async def test_a_variant_of_bytes_that_are_missing_fails() -> None:
    """Trying again would not bring them back."""
    world = await World.of()
    source = await world.ready()
    accepted = await world.edit(source.id)
    assert source.picture is not None
    await world.ports.blobs.remove(source.picture.original.key)

    await world.run()

    image = await world.image(accepted.image.id)
    assert image.problem == Problem("rejected_by_model", "The bytes of the source are missing.")
    assert await world.balance() == Balance(available=95, held=0)
