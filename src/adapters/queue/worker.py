"""A worker: claims jobs, keeps their leases while it works, and finds what nobody announced."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from time import monotonic

from ...core.errors import LeaseLost, TearsheetError
from ...core.export.expiring import expire_all_due
from ...core.gallery.sweeping import forget_answers, purge_all_due, remove_orphans
from ...core.ids import JobId
from ...core.jobs import Job
from ...core.ports import Ports
from ...core.running import carry_out, hand_back, keep, take
from ...core.scrubbing import Mark, scrub
from ..log_context import logging_about
from ..watching import JOB, SCRUBBING, Watchers
from .readings import Readings

log = logging.getLogger("tearsheet.worker")

POLL = timedelta(seconds=1)
"""How often due jobs are looked for: the most that a lost announcement, or a retry, waits."""

PURGE = timedelta(minutes=1)
ORPHANS = timedelta(hours=6)
SCRUB = timedelta(minutes=1)
SCRUBBED = 10
"""Images whose bytes are read again each time: a hundred thousand in a week."""

HEARTBEATS_PER_LEASE = 3
GRACE = timedelta(seconds=20)
"""How long a stopping worker waits for what is under way before it hands it back."""

ALIVE_WITHIN = 15.0
"""Seconds since the last poll after which a worker counts as stuck."""


class Worker:
    """Carries out jobs, at most ``concurrency`` at once."""

    def __init__(
        self,
        ports: Ports,
        concurrency: int,
        *,
        grace: timedelta = GRACE,
        watchers: Watchers | None = None,
        monotonic: Callable[[], float] = monotonic,
    ) -> None:
        self._ports = ports
        self._monotonic = monotonic
        self._watchers = watchers or Watchers()
        self._slots = asyncio.Semaphore(concurrency)
        self._concurrency = concurrency
        self._grace = grace
        self._under_way: dict[JobId, asyncio.Task[None]] = {}
        self._ended = 0
        self._stopping = False
        self._polled = monotonic()
        self._readings = Readings(ports.now, monotonic)
        self._scrubbed: Mark | None = None

    @property
    def is_alive(self) -> bool:
        """Whether it looked for work lately."""
        return self._monotonic() - self._polled < ALIVE_WITHIN

    async def look(self, job_id: JobId) -> None:
        """Carry out the job if it is due; hearing of it twice is the same as once."""
        if task := self._start(job_id):
            await asyncio.wait([task])

    def _start(self, job_id: JobId) -> asyncio.Task[None] | None:
        if self._stopping or job_id in self._under_way:
            return None
        task = asyncio.create_task(self._in_turn(job_id))
        self._under_way[job_id] = task
        task.add_done_callback(lambda _: self._under_way.pop(job_id, None))
        return task

    async def _in_turn(self, job_id: JobId) -> None:
        with logging_about(job_id=job_id):
            await self._in_a_slot(job_id)

    async def _in_a_slot(self, job_id: JobId) -> None:
        async with self._slots:
            if self._stopping:  # it was heard here: say it again, to whoever goes on
                await self._ports.queue.announce(job_id)
                return
            try:
                job = await take(self._ports, job_id)
                if job is not None:
                    try:
                        await self._supervise(job)
                    finally:
                        self._ended += 1
            except TearsheetError as error:
                log.warning("job %s: %s", job_id, error)
            except Exception:
                log.exception("job %s", job_id)

    async def _supervise(self, job: Job) -> None:
        """Work and heartbeat side by side; when either ends, so does the other."""
        work = asyncio.create_task(self._carry_out(job))
        beat = asyncio.create_task(self._beat(job))
        try:
            await asyncio.wait({work, beat}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                await _stop(work)
                raise LeaseLost("the lease ran out or the job was cancelled")
            await work
        except asyncio.CancelledError:
            await _stop(work)
            await hand_back(self._ports, job)
            raise
        finally:
            beat.cancel()

    async def _carry_out(self, job: Job) -> None:
        with self._watchers.step(JOB, job.id, kind=job.work.kind) as step:
            after = await carry_out(self._ports, job)
            step.outcome = after.status.value
        log.info("%s: %s, attempt %d", job.work.kind, after.status, job.attempts)

    async def _beat(self, job: Job) -> None:
        """Extend the lease until it is lost."""
        lease = self._ports.policy.lease.total_seconds()
        deadline = monotonic() + lease
        while monotonic() < deadline:
            await asyncio.sleep(lease / HEARTBEATS_PER_LEASE)
            try:
                if not await keep(self._ports, job):
                    return
                deadline = monotonic() + lease
            except TearsheetError as error:
                log.warning("job %s: no heartbeat: %s", job.id, error)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look for due jobs and do the house work while the block runs; then wind down."""
        chores = [
            asyncio.create_task(self._regularly(POLL, self._poll)),
            asyncio.create_task(self._regularly(PURGE, self.purge)),
            asyncio.create_task(self._regularly(ORPHANS, self._clear_orphans)),
            asyncio.create_task(self._regularly(SCRUB, self.scrub)),
        ]
        try:
            yield
        finally:
            self._stopping = True
            for chore in chores:
                chore.cancel()
            await asyncio.wait(chores)
            await self._wind_down()

    async def _wind_down(self) -> None:
        """Wait for what is under way; what does not end in time is handed back."""
        if self._under_way:
            await asyncio.wait(self._under_way.values(), timeout=self._grace.total_seconds())
        late = list(self._under_way.values())
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)

    async def _regularly(self, pause: timedelta, chore: Callable[[], Awaitable[None]]) -> None:
        """Do it now and again. A chore that fails is reported and tried at its next turn."""
        while True:
            try:
                await chore()
            except TearsheetError as error:
                log.warning("%s", error)
            except Exception:
                log.exception("in the worker's own chores")
            await asyncio.sleep(pause.total_seconds())

    async def _poll(self) -> None:
        """Start what is due; where more is waiting, look again as soon as a hand is free.

        When no job ended meanwhile, something is wrong or others are at it: then it pauses.
        """
        while True:
            ended, limit = self._ended, self._concurrency + len(self._under_way)
            due = await self._ports.lobby.due_jobs(self._ports.now(), limit)
            for job_id in due:
                if len(self._under_way) < 2 * self._concurrency:
                    self._start(job_id)
            self._polled = self._monotonic()
            if len(due) < limit or not self._under_way:
                return
            await asyncio.wait(
                self._under_way.values(),
                timeout=POLL.total_seconds(),
                return_when=asyncio.FIRST_COMPLETED,
            )
            if self._ended == ended:
                return

    async def purge(self) -> None:
        """Clear away what is due, unless the clock has jumped since the last time."""
        if not self._readings.agree():
            log.warning(
                "the clock has jumped: nothing is ended for good before it goes on steadily"
            )
            return
        if ended := await expire_all_due(self._ports):
            log.info("ended or forgot %d exports whose time was over", ended)
        if purged := await purge_all_due(self._ports):
            log.info("purged %d images whose time in the trash was over", purged)
        if forgotten := await forget_answers(self._ports):
            log.info("forgot %d answers that nobody may ask for again", forgotten)

    async def _clear_orphans(self) -> None:
        if removed := await remove_orphans(self._ports):
            log.info("removed %d files that no image names", len(removed))

    async def scrub(self) -> None:
        """Read the bytes of some images again, going on where the last time ended."""
        with self._watchers.step(SCRUBBING) as step:
            scrubbed = await scrub(self._ports, self._scrubbed, SCRUBBED)
            self._scrubbed = scrubbed.mark
            if scrubbed.findings:
                step.outcome = scrubbed.findings[0].trouble.value
        for finding in scrubbed.findings:
            log.error("%s: image %s: %s", finding.trouble, finding.subject, finding.message)


async def _stop(work: asyncio.Task[None]) -> None:
    """Cancel the work and see it end, however it does."""
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
