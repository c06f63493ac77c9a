"""What a worker does with a job: take, keep, carry out, hand back."""

from datetime import timedelta

import attrs
import pytest

from tearsheet.adapters.fake_models import Instant
from tearsheet.core import running
from tearsheet.core.credits import Balance
from tearsheet.core.errors import LeaseLost
from tearsheet.core.gallery import curating
from tearsheet.core.gallery.image import ProcessingStatus
from tearsheet.core.gallery.model import Call, ImageRequest, PaintedImage
from tearsheet.core.ids import JobId
from tearsheet.core.jobs import GAVE_UP, JobStatus
from tearsheet.core.policy import Policy
from tests.examples import MICROSECOND, MINUTE, SECOND
from tests.unit.world import World

NO_JOB = JobId("01890a5d-ac96-774b-bcce-b302099a8057")


async def test_a_job_is_taken_by_one_worker() -> None:
    """The second gets none, until the lease runs out."""
    world = await World.of()
    accepted = await world.generate()

    first = await running.take(world.ports, accepted.job.id)
    second = await running.take(world.ports, accepted.job.id)
    world.pass_time(MINUTE)
    third = await running.take(world.ports, accepted.job.id)

    assert first is not None
    assert second is None
    assert third is not None


async def test_what_is_not_due_is_not_taken() -> None:
    """Neither a job that is over nor one that never was."""
    world = await World.of()
    accepted = await world.generate()
    await world.run()

    assert await running.take(world.ports, accepted.job.id) is None
    assert await running.take(world.ports, NO_JOB) is None


async def test_a_worker_that_keeps_its_job_does_not_lose_it() -> None:
    """Each sign of life prolongs the lease by its full length."""
    world = await World.of(policy=Policy(lease=30 * SECOND))
    accepted = await world.generate()
    job = await world.take(accepted.job.id)

    for _ in range(10):
        world.pass_time(30 * SECOND - MICROSECOND)
        assert await running.keep(world.ports, job)

    assert await running.take(world.ports, job.id) is None


async def test_a_worker_learns_that_it_lost_its_job() -> None:
    """Another has it, or it was cancelled."""
    world = await World.of()
    lost, cancelled = await world.generate(), await world.generate()
    jobs = [await world.take(accepted.job.id) for accepted in (lost, cancelled)]

    world.pass_time(MINUTE)
    await world.take(lost.job.id)
    await curating.trash(world.ports, world.us, cancelled.image.id)

    assert [await running.keep(world.ports, job) for job in jobs] == [False, False]


async def test_a_worker_that_only_overslept_may_go_on() -> None:
    """As long as nobody else took the job."""
    world = await World.of()
    job = await world.take((await world.generate()).job.id)

    world.pass_time(5 * MINUTE)

    assert await running.keep(world.ports, job)


async def test_a_job_that_kills_its_workers_is_given_up() -> None:
    """After three attempts that did not end; the price is given back."""
    world = await World.of()
    accepted = await world.generate()

    for _ in range(3):
        await world.take(accepted.job.id)
        world.pass_time(MINUTE)
    await world.run()

    image = await world.image(accepted.image.id)
    assert (image.status, image.problem) == (ProcessingStatus.FAILED, GAVE_UP)
    assert (await world.job(accepted.job.id)).problem == GAVE_UP
    assert await world.balance() == Balance(available=100, held=0)
    assert await world.stored() == set()


async def test_two_dead_workers_do_no_harm() -> None:
    """The third attempt is carried out like the first."""
    world = await World.of()
    accepted = await world.generate()

    for _ in range(2):
        await world.take(accepted.job.id)
        world.pass_time(MINUTE)
    await world.run()

    assert (await world.image(accepted.image.id)).status is ProcessingStatus.READY


async def test_a_job_that_was_handed_back_is_due_at_once() -> None:
    """Another worker hears of it, and no attempt is lost."""
    world = await World.of()
    accepted = await world.generate()
    job = await world.take(accepted.job.id)
    world.queue.announced.clear()

    await running.hand_back(world.ports, job)

    assert world.queue.announced == [job.id]
    assert (await world.take(job.id)).attempts == 1


async def test_an_image_that_was_handed_back_waits_again() -> None:
    """It is not being painted any more."""
    world = await World.of()
    accepted = await world.generate()
    job = await world.take(accepted.job.id)
    async with world.ports.unit(world.us.team) as unit:
        await unit.images.save(accepted.image.processing(world.clock()))
        await unit.jobs.save(job.asking_model(world.clock()))
        await unit.commit()

    await running.hand_back(world.ports, job)

    assert (await world.image(accepted.image.id)).status is ProcessingStatus.PENDING
    assert (await world.job(job.id)).attempts == 1


async def test_handing_back_what_was_lost_changes_nothing() -> None:
    """The other worker keeps it, and the queue hears nothing."""
    world = await World.of()
    accepted = await world.generate()
    lost = await world.take(accepted.job.id)
    world.pass_time(MINUTE)
    other = await world.take(accepted.job.id)
    world.queue.announced.clear()

    await running.hand_back(world.ports, lost)

    assert await world.job(other.id) == other
    assert world.queue.announced == []


@attrs.define
class Broken(Instant):
    """A model with a bug."""

    async def generate(self, request: ImageRequest, call: Call) -> PaintedImage:
        """Fall over."""
        raise RuntimeError("a bug")


async def test_a_bug_is_recorded_and_reported() -> None:
    """The attempt counts as failed, and the worker hears the very exception."""
    world = await World.of(Broken())
    job = await world.take((await world.generate()).job.id)

    with pytest.raises(RuntimeError, match="a bug"):
        await running.carry_out(world.ports, job)

    after = await world.job(job.id)
    assert (after.status, after.due_at()) == (JobStatus.PENDING, world.clock() + 2 * SECOND)


async def test_a_bug_in_every_attempt_ends_the_job() -> None:
    """The price is given back, and the message shows nothing of our insides."""
    world = await World.of(Broken())
    accepted = await world.generate()

    for _ in range(3):
        with pytest.raises(RuntimeError):
            await world.run()
        world.pass_time(timedelta(minutes=5))

    problem = (await world.image(accepted.image.id)).problem
    assert problem is not None
    assert (problem.code, "bug" in problem.message) == ("model_unavailable", False)
    assert await world.balance() == Balance(available=100, held=0)


async def test_a_job_that_was_lost_is_not_carried_out() -> None:
    """The worker hears that, and nothing changes."""
    world = await World.of()
    accepted = await world.generate()
    job = await world.take(accepted.job.id)
    await curating.trash(world.ports, world.us, accepted.image.id)
    image = await world.image(accepted.image.id)

    with pytest.raises(LeaseLost):
        await running.carry_out(world.ports, job)

    assert await world.image(accepted.image.id) == image


async def test_what_is_due_is_done_for_every_team() -> None:
    """And counted."""
    world = await World.of()
    await world.generate()
    await attrs.evolve(world, us=world.them).generate()

    assert await world.run() == 2
    assert await world.run() == 0
