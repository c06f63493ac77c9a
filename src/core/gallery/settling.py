"""How a job ends: job, image and credits change together, in one unit.

These four functions are the only place where a hold is captured or released.
"""

from datetime import datetime

from ..credits import capture, release
from ..errors import Problem
from ..jobs import CANCELLED, Job, Painting
from ..policy import Policy
from ..ports import Unit
from ..repositories import ImageReader
from .image import Image, Picture
from .model import ModelError


async def image_of(images: ImageReader, job: Job) -> Image:
    """The image that the job is to bring a picture for; ``NotFound`` once it was purged."""
    assert isinstance(job.work, Painting)
    return await images.get(job.work.image_id)


async def settle_ready(unit: Unit, job: Job, picture: Picture, now: datetime) -> Job:
    """The picture is stored: the image is ready, the price is spent."""
    image = (await image_of(unit.images, job)).ready(picture, now)
    await unit.images.save(image)
    if image.parent_id is not None:
        parent = await unit.images.get(image.parent_id)
        await unit.images.save(parent.gained_variant(now))
    await unit.credits.append(capture(job.id, job.price, now))
    job = job.succeeded(now)
    await unit.jobs.save(job)
    return job


async def settle_error(
    unit: Unit, job: Job, error: ModelError, policy: Policy, now: datetime
) -> Job:
    """The attempt came to nothing: another one later, or the end of it."""
    after = job.after(error, now)
    if after.problem is not None:
        return await settle_failed(unit, job, after.problem, policy, now)
    await put_back(unit, job, now)
    await unit.jobs.save(after)
    return after


async def put_back(unit: Unit, job: Job, now: datetime) -> None:
    """The picture is not being made any more, and will be."""
    image = await image_of(unit.images, job)
    await unit.images.save(image.waiting(now))


async def settle_failed(
    unit: Unit, job: Job, problem: Problem, policy: Policy, now: datetime
) -> Job:
    """There will be no picture: the price is given back, unless the house keeps it."""
    image = await image_of(unit.images, job)
    await unit.images.save(image.failed(problem, now))
    end = release if policy.refund_failed else capture
    await unit.credits.append(end(job.id, job.price, now))
    job = job.failed(problem, now)
    await unit.jobs.save(job)
    return job


async def settle_cancelled(unit: Unit, job: Job, image: Image, now: datetime) -> Image:
    """Nobody wants the picture any more: the price is given back.

    Whoever is at it finds the lease gone and throws the result away.
    """
    await unit.credits.append(release(job.id, job.price, now))
    await unit.jobs.save(job.cancelled(now))
    image = image.failed(CANCELLED, now)
    await unit.images.save(image)
    return image
