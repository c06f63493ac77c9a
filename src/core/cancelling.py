"""Cancelling a job: free until the model was asked."""

from .audit.entry import Action
from .audit.recording import record
from .export import settling as export_settling
from .gallery.settling import settle_cancelled
from .identity import Actor
from .ids import JobId
from .jobs import Job
from .ports import Ports


async def cancel(ports: Ports, actor: Actor, job_id: JobId) -> Job:
    """Give up a job whose model was not asked yet: its image or archive fails, credits come back.

    Raises ``NotFound``, ``Forbidden``, or ``JobNotCancellable`` once the model was asked or the
    job is over, a second time too.
    """
    actor.check_may_write()
    async with ports.unit(actor.team) as unit:
        before, now = await unit.jobs.get(job_id), ports.now()
        before.check_cancellable()
        if before.image_id is None:
            await export_settling.settle_cancelled(unit, before, now)
        else:
            image = await unit.images.get(before.image_id)
            await settle_cancelled(unit, before, image, now)
        job = await unit.jobs.get(job_id)
        await unit.audit.add(record(actor, Action.JOB_CANCELLED, now, before, job))
        await unit.commit()
        return job
