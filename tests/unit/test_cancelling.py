"""Cancelling a job: free until the model was asked, and only once."""

import asyncio

import pytest

from tearsheet.adapters.fake_models import Slow
from tearsheet.core import running
from tearsheet.core.cancelling import cancel
from tearsheet.core.credits import Balance
from tearsheet.core.errors import Forbidden, JobNotCancellable, LeaseLost, NotFound
from tearsheet.core.gallery.image import ProcessingStatus
from tearsheet.core.identity import Actor, Scope
from tearsheet.core.jobs import CANCELLED, JobStatus
from tests.unit.world import World


async def test_a_job_that_waits_is_cancelled() -> None:
    """The job is over, the image failed as cancelled, the credits are back, no worker finds it."""
    world = await World.of()
    accepted = await world.generate()

    job = await cancel(world.ports, world.us, accepted.job.id)

    assert job == await world.job(job.id)
    assert job.status is JobStatus.CANCELLED
    image = await world.image(accepted.image.id)
    assert (image.status, image.problem) == (ProcessingStatus.FAILED, CANCELLED)
    assert not image.is_trashed
    assert await world.balance() == Balance(available=100, held=0)
    assert await world.run() == 0


async def test_a_claimed_job_is_cancelled_until_the_model_was_asked() -> None:
    """The worker that has it finds its lease gone and asks nobody."""
    model = Slow()
    world = await World.of(model)
    accepted = await world.generate()
    claimed = await world.take(accepted.job.id)

    await cancel(world.ports, world.us, accepted.job.id)

    with pytest.raises(LeaseLost):
        await running.carry_out(world.ports, claimed)
    assert not model.asked.is_set()
    assert await world.balance() == Balance(available=100, held=0)


async def test_once_the_model_was_asked_it_is_too_late() -> None:
    """The refusal changes nothing: the picture comes, and is paid for."""
    model = Slow(gate=asyncio.Event())
    assert model.gate is not None
    world = await World.of(model)
    accepted = await world.generate()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(world.run())
        await model.asked.wait()

        with pytest.raises(JobNotCancellable):
            await cancel(world.ports, world.us, accepted.job.id)
        model.gate.set()

    assert (await world.image(accepted.image.id)).status is ProcessingStatus.READY
    assert await world.balance() == Balance(available=95, held=0)


async def test_a_second_time_is_refused() -> None:
    """The job is over; the credits came back once."""
    world = await World.of()
    accepted = await world.generate()
    await cancel(world.ports, world.us, accepted.job.id)

    with pytest.raises(JobNotCancellable):
        await cancel(world.ports, world.us, accepted.job.id)

    assert await world.balance() == Balance(available=100, held=0)


async def test_a_job_of_another_team_is_not_there() -> None:
    """It goes on."""
    world = await World.of()
    accepted = await world.generate()

    with pytest.raises(NotFound):
        await cancel(world.ports, world.them, accepted.job.id)

    assert (await world.job(accepted.job.id)).status is JobStatus.PENDING


async def test_a_reader_cancels_nothing() -> None:
    """It takes a token that may write."""
    world = await World.of()
    accepted = await world.generate()

    with pytest.raises(Forbidden):
        await cancel(world.ports, Actor("eve", world.us.team, Scope.READ), accepted.job.id)
