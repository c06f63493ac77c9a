"""Workers and the sweeper, step for step what ``adapters.queue.worker`` does, without its loop."""

from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from typing import Any

import attrs

from tearsheet.core import running
from tearsheet.core.errors import LeaseLost, Unavailable
from tearsheet.core.ids import JobId
from tearsheet.core.jobs import Job
from tests.simulation.scheduler import Process, Task
from tests.simulation.world import World


@attrs.define(eq=False)
class Hands:
    """What the workers of a world have under way."""

    world: World
    under_way: dict[Task, Job] = attrs.field(factory=dict)

    def look(self, worker: Process, job_id: JobId) -> None:
        """Carry out the job if it is due; hearing of it twice is the same as once."""
        self._start(worker, f"job {job_id}", self._look, worker, job_id)

    async def _look(self, worker: Process, job_id: JobId) -> None:
        ports, task = self.world.ports_of(worker), self.world.scheduler.current
        assert task is not None
        job = await running.take(ports, job_id)
        if job is not None:
            task.token = job.token
            self.under_way[task] = job
            await self.world.mutant.carry_out(ports, job)

    def poll(self, worker: Process) -> None:
        """Look for what nobody announced."""
        self._start(worker, "poll", self._poll, worker)

    async def _poll(self, worker: Process) -> None:
        ports = self.world.ports_of(worker)
        for job_id in await ports.lobby.due_jobs(ports.now(), 4):
            self.look(worker, job_id)

    def beat(self, task: Task) -> None:
        """Prolong a lease; who learns that it was lost stops."""
        self._start(task.process, f"heartbeat of {task.name}", self._beat, task)

    async def _beat(self, task: Task) -> None:
        job = self.under_way.get(task)
        if job is None:
            return
        kept = await running.keep(self.world.ports_of(task.process), job)
        if not kept and task in self.under_way:
            task.told = CancelledError()

    def hand_back(self, worker: Process) -> None:
        """The worker is told to stop: it lets go of everything."""
        for task, job in list(self.under_way.items()):
            if task.process is worker:
                self.world.scheduler.step(task, CancelledError())
                ports = self.world.ports_of(worker)
                handing = self._start(worker, f"hand back {job.id}", running.hand_back, ports, job)
                if handing is not None:
                    handing.token = job.token

    def chore(self, worker: Process, number: int) -> None:
        """One of the things that a worker does now and again."""
        ports, mutant = self.world.ports_of(worker), self.world.mutant
        name, chore = (
            ("purge", mutant.purge),
            ("expire", mutant.expire),
            ("collect", mutant.collect),
            ("forget answers", mutant.forget),
        )[number % 4]
        self._start(worker, name, chore, ports)

    def _start(
        self, worker: Process, name: str, act: Callable[..., Awaitable[Any]], *args: Any
    ) -> Task | None:
        """A task of the worker, unless it is at it already."""
        if any(task.name == name for task in worker.tasks):
            return None

        async def run() -> None:
            await act(*args)

        return self.world.scheduler.start(worker, name, run(), self._ended)

    def _ended(self, task: Task, error: BaseException | None) -> None:
        self.under_way.pop(task, None)
        if error is None or isinstance(error, LeaseLost | Unavailable):
            return
        if isinstance(error, Exception):
            self.world.violated(
                f"{task.process.name}, {task.name}: {type(error).__name__}: {error}"
            )
