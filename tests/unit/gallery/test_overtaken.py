"""What happens to a picture whose job was lost, cancelled or purged while it was painted."""

import asyncio

import anyio
import pytest

from tearsheet.adapters.fake_models import Slow
from tearsheet.core import running
from tearsheet.core.credits import Balance, EntryKind
from tearsheet.core.errors import LeaseLost, NotFound
from tearsheet.core.gallery import curating
from tearsheet.core.gallery.creating import Accepted
from tearsheet.core.gallery.image import ProcessingStatus
from tearsheet.core.jobs import CANCELLED, Job, JobStatus, Processing
from tests.examples import MINUTE
from tests.unit.world import World


class Studio:
    """A model that paints behind a closed door, and one image that waits in front of it."""

    def __init__(self, world: World, model: Slow, accepted: Accepted) -> None:
        self.world, self.model, self.accepted = world, model, accepted
        self.ended: list[str] = []

    @classmethod
    async def opened(cls) -> "Studio":
        """An image was asked for; nobody has begun."""
        model = Slow(gate=asyncio.Event())
        world = await World.of(model)
        return cls(world, model, await world.generate())

    def open_the_door(self) -> None:
        """Let the model finish."""
        assert self.model.gate is not None
        self.model.gate.set()

    async def claim(self) -> Job:
        """A worker takes the job."""
        return await self.world.take(self.accepted.job.id)

    async def carry_out(self, job: Job) -> None:
        """The worker carries the job out, and notes how that ended."""
        try:
            await running.carry_out(self.world.ports, job)
        except LeaseLost:
            self.ended.append("lost")
        else:
            self.ended.append("settled")


async def test_while_the_model_paints_the_image_is_processing() -> None:
    """And the store knows that the model was asked, before it answers."""
    studio = await Studio.opened()

    async with anyio.create_task_group() as group:
        group.start_soon(studio.carry_out, await studio.claim())
        await studio.model.asked.wait()
        during = await studio.world.image(studio.accepted.image.id)
        job = await studio.world.job(studio.accepted.job.id)
        studio.open_the_door()

    assert during.status is ProcessingStatus.PROCESSING
    assert isinstance(job.state, Processing)
    assert job.state.model_asked
    assert (await studio.world.image(during.id)).status is ProcessingStatus.READY


async def test_no_unit_is_open_while_the_model_paints() -> None:
    """Everybody else can go on writing."""
    studio = await Studio.opened()

    async with anyio.create_task_group() as group:
        group.start_soon(studio.carry_out, await studio.claim())
        await studio.model.asked.wait()
        with anyio.fail_after(5):
            await studio.world.generate("another fox")
        studio.open_the_door()

    assert await studio.world.balance() == Balance(available=90, held=5)


async def test_a_worker_that_lost_its_lease_throws_its_picture_away() -> None:
    """The other worker's picture is the one that counts, paid for once."""
    studio = await Studio.opened()
    world = studio.world
    slow = await studio.claim()
    world.pass_time(MINUTE)
    quick = await studio.claim()

    studio.open_the_door()
    await studio.carry_out(quick)
    await studio.carry_out(slow)

    image = await world.image(studio.accepted.image.id)
    assert studio.ended == ["settled", "lost"]
    assert image.picture is not None
    assert await world.stored() == {image.picture.original.key, image.picture.thumbnail.key}
    assert [entry.kind for entry in await world.entries()] == [EntryKind.HOLD, EntryKind.CAPTURE]


async def test_a_lease_lost_while_the_model_painted_leaves_no_bytes() -> None:
    """What was stored in vain is removed, and the job still belongs to the other."""
    studio = await Studio.opened()
    world = studio.world

    async with anyio.create_task_group() as group:
        group.start_soon(studio.carry_out, await studio.claim())
        await studio.model.asked.wait()
        world.pass_time(MINUTE)
        other = await studio.claim()
        studio.open_the_door()

    assert studio.ended == ["lost"]
    assert await world.stored() == set()
    assert await world.job(other.id) == other


async def test_deleting_an_image_that_is_being_painted_cancels_its_job() -> None:
    """The price is back at once; the late picture is thrown away."""
    studio = await Studio.opened()
    world, image_id = studio.world, studio.accepted.image.id

    async with anyio.create_task_group() as group:
        group.start_soon(studio.carry_out, await studio.claim())
        await studio.model.asked.wait()
        trashed = await curating.trash(world.ports, world.us, image_id)
        balance = await world.balance()
        studio.open_the_door()

    assert (trashed.problem, trashed.is_trashed) == (CANCELLED, True)
    assert balance == Balance(available=100, held=0)
    assert studio.ended == ["lost"]
    assert await world.image(image_id) == trashed
    assert await world.balance() == balance
    assert await world.stored() == set()


async def test_removing_an_image_for_good_while_it_is_painted_leaves_nothing() -> None:
    """No row, no bytes, no credits held."""
    studio = await Studio.opened()
    world, image_id = studio.world, studio.accepted.image.id

    async with anyio.create_task_group() as group:
        group.start_soon(studio.carry_out, await studio.claim())
        await studio.model.asked.wait()
        await curating.trash(world.ports, world.us, image_id)
        await curating.remove_forever(world.ports, world.us, image_id)
        studio.open_the_door()

    assert studio.ended == ["lost"]
    with pytest.raises(NotFound):
        await world.image(image_id)
    assert await world.stored() == set()
    assert await world.balance() == Balance(available=100, held=0)


async def test_deleting_an_image_that_nobody_has_begun_cancels_its_job() -> None:
    """No worker will be given it."""
    studio = await Studio.opened()
    world = studio.world

    await curating.trash(world.ports, world.us, studio.accepted.image.id)

    assert (await world.job(studio.accepted.job.id)).status is JobStatus.CANCELLED
    assert await world.run() == 0
    assert [entry.kind for entry in await world.entries()] == [EntryKind.HOLD, EntryKind.RELEASE]


async def test_a_variant_whose_source_was_purged_fails() -> None:
    """There is nothing to work from any more; the price is given back."""
    world = await World.of()
    source = await world.ready()
    accepted = await world.edit(source.id)
    await curating.trash(world.ports, world.us, source.id)
    await curating.remove_forever(world.ports, world.us, source.id)

    await world.run()

    image = await world.image(accepted.image.id)
    assert (image.status, image.parent_id) == (ProcessingStatus.FAILED, None)
    assert await world.balance() == Balance(available=95, held=0)


async def test_a_variant_whose_source_is_in_the_trash_is_still_painted() -> None:
    """It was asked for in time, and the bytes are there."""
    world = await World.of()
    source = await world.ready()
    accepted = await world.edit(source.id)
    await curating.trash(world.ports, world.us, source.id)

    await world.run()

    assert (await world.image(accepted.image.id)).status is ProcessingStatus.READY
